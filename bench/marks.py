"""What files are marked with: whether the watermark is seen, whether it survives, what marking costs.

Two kinds of pictures: the starter model's own, and "dead leaves" (Lee, Mumford and Huang, "Occlusion models
for natural images", IJCV 41, 2001), which have the edges and the spectrum of photographs. Every picture is
looked at without the watermark, for somebody else's, and with it after what people do to pictures.
"""

from __future__ import annotations

import io
import itertools
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice, product

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from bench.harness import Cell, Result, Target
from bench.own_identity import own_identity
from generation.provenance import MarkFacts, mark_picture
from generation.provenance.detection import Detection, detect
from generation.provenance.watermark import LUMA, WatermarkKey, embed, local_mean

TARGETS = (
    Target("jpeg", "watermarks found after JPEG 75", 99, "%"),
    Target("half", "watermarks found at half size", 99, "%"),
    Target("crop", "watermarks found with a tenth cut off", 99, "%"),
    Target("false", "watermarks found where there is none", 0, "%", at_most=True),
    Target("psnr", "least peak signal to noise of a marked picture", 40, " dB"),
    Target("ssim", "least structural similarity of a marked picture", 0.97, ""),
    Target("embed", "watermark of 1024 x 1024 on one core", 150, " ms", at_most=True),
)
KEY = WatermarkKey(bytes(range(32)))
OTHER_KEY = WatermarkKey(bytes(32))
SIDE = 1024
WORDS = ("on a wooden table", "in the morning light", "on a bright wall", "with soft shadows")


def jpeg(image: Image.Image, quality: int) -> Image.Image:
    return _again(image, "JPEG", quality=quality)


def scaled(image: Image.Image, by: float) -> Image.Image:
    size = (round(image.width * by), round(image.height * by))
    return image.resize(size, Image.Resampling.LANCZOS)


def cropped(image: Image.Image, share: float = 0.1) -> Image.Image:
    """`share` of the width and of the height cut off, unevenly."""
    width, height = image.size
    left, top = int(width * share * 0.7), int(height * share * 0.3)
    return image.crop((left, top, left + int(width * (1 - share)), top + int(height * (1 - share))))


Deed = Callable[[Image.Image], Image.Image]
DEEDS: dict[str, Deed] = {
    "as it left": lambda image: image,
    "JPEG 75": partial(jpeg, quality=75),
    "half size": partial(scaled, by=0.5),
    "a tenth cut off": cropped,
    "half size, then JPEG 75": lambda image: jpeg(scaled(image, 0.5), 75),
    "a tenth cut off, half size, JPEG 75": lambda image: jpeg(scaled(cropped(image), 0.5), 75),
}
# Done to every fifth picture alone.
MORE_DEEDS: dict[str, Deed] = {
    "JPEG 50": partial(jpeg, quality=50),
    "WebP 80": lambda image: _again(image, "WEBP", quality=80),
    "a third of the size": partial(scaled, by=1 / 3),
    "half of it cut off": partial(cropped, share=0.3),
    "one and a half times the size": partial(scaled, by=1.5),
    "blurred by a pixel": lambda image: image.filter(ImageFilter.GaussianBlur(1)),
    "turned by a degree": lambda image: image.rotate(1, Image.Resampling.BICUBIC),
    "mirrored": lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
}
TARGETED = {"jpeg": "JPEG 75", "half": "half size", "crop": "a tenth cut off"}
SIZES = ((512, 512), (300, 250), (728, 90), (160, 600), (320, 50))  # pixels: the small formats


@dataclass(frozen=True, slots=True)
class Seen:
    """One picture: how faint its watermark is, what was found after each deed, what where there was none."""

    psnr: float
    ssim: float
    found: dict[str, Detection]
    unmarked: list[Detection]


def run(quick: bool) -> Result:
    count = 6 if quick else 50
    result = Result("marks", seed=0)
    pictures = {"starter": starter_pictures(count), "dead leaves": map(dead_leaves, range(count))}
    for kind, images in pictures.items():
        with ProcessPoolExecutor(2) as pool:
            seen = list(pool.map(look, images, itertools.count()))
        _note(result, kind, seen)
    _note_targets(result)
    _sizes(result, 3 if quick else 10)
    _costs(result, 3 if quick else 9)
    return result


def look(image: Image.Image, number: int) -> Seen:
    marked = embed(image, KEY)
    deeds = DEEDS | (MORE_DEEDS if number % 5 == 0 else {})
    return Seen(
        psnr(image, marked),
        ssim(image, marked),
        {name: detect(deed(marked), KEY) for name, deed in deeds.items()},
        [detect(image, KEY), detect(marked, OTHER_KEY)],
    )


def starter_pictures(count: int) -> Iterator[Image.Image]:
    import torch

    from generation.starter import load, understanding

    pipeline = load()
    pipeline.set_progress_bar_config(disable=True)
    for seed, (words, thing) in enumerate(islice(_endless(product(WORDS, understanding.drawable())), count)):
        generator = torch.Generator().manual_seed(seed)
        made = pipeline(f"{thing} {words}", height=SIDE, width=SIDE, generator=generator)
        assert not isinstance(made, tuple), "which it is for whoever asks for no return_dict"
        yield made.images[0]


def _endless(pairs: product) -> Iterator[tuple[str, str]]:
    kept = list(pairs)
    while True:
        yield from kept


def dead_leaves(seed: int, size: tuple[int, int] = (SIDE, SIDE)) -> Image.Image:
    """Discs of all sizes laid over each other, seen through a lens, with a sensor's noise."""
    random = np.random.default_rng(seed)
    image = Image.new("RGB", size)
    draw = ImageDraw.Draw(image)
    # As many discs of each octave of size as fill the picture: sizes fall with the third power.
    radii = 1 / np.sqrt(random.uniform(1 / 400**2, 1 / 3**2, 12_000))
    for radius in radii:
        x, y = random.uniform(0, size)
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), tuple(random.integers(0, 256, 3)))
    pixels = np.asarray(image.filter(ImageFilter.GaussianBlur(0.8)), float)
    noisy = pixels + random.normal(0, 2, pixels.shape)
    return Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))


def psnr(one: Image.Image, other: Image.Image) -> float:
    """Peak signal to noise, in decibels, over all three colours."""
    error = np.mean((np.asarray(one, float) - np.asarray(other, float)) ** 2)
    return float(10 * np.log10(255**2 / error))


def ssim(one: Image.Image, other: Image.Image) -> float:
    """Structural similarity of the brightness (Wang et al., IEEE Trans. Image Processing 13(4), 2004), with
    even windows of 7 pixels.
    """
    a, b = (np.asarray(image, np.float32) @ LUMA for image in (one, other))
    mean_a, mean_b = local_mean(a, 3), local_mean(b, 3)
    var_a, var_b = local_mean(a * a, 3) - mean_a**2, local_mean(b * b, 3) - mean_b**2
    both = local_mean(a * b, 3) - mean_a * mean_b
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    likeness = (2 * mean_a * mean_b + c1) * (2 * both + c2)
    return float((likeness / ((mean_a**2 + mean_b**2 + c1) * (var_a + var_b + c2))).mean())


def _again(image: Image.Image, form: str, **options: int) -> Image.Image:
    stream = io.BytesIO()
    image.save(stream, form, **options)
    return Image.open(stream).convert("RGB")


def _note(result: Result, kind: str, seen: Sequence[Seen]) -> None:
    result.cells.append(Cell("fidelity, peak signal to noise", kind, "dB", tuple(one.psnr for one in seen)))
    result.cells.append(Cell("fidelity, structural similarity", kind, "", tuple(one.ssim for one in seen)))
    for name in DEEDS | MORE_DEEDS:
        result.cells.append(_found(name, kind, [one.found[name] for one in seen if name in one.found]))
    result.cells.append(_found("no watermark", kind, [found for one in seen for found in one.unmarked]))


def _found(what: str, kind: str, detections: Sequence[Detection]) -> Cell:
    """The scores, with the share that is called a watermark."""
    share = 100 * statistics.mean(found.found for found in detections)
    scores = tuple(found.score for found in detections)
    return Cell(what, kind, "standard deviations", scores, note=f"found in {share:.4g} %")


def _note_targets(result: Result) -> None:
    shares = {
        what: [float(cell.note.split()[2]) for cell in result.cells if cell.what == what]
        for what in (*TARGETED.values(), "no watermark")
    }
    result.measured |= {key: min(shares[what]) for key, what in TARGETED.items()}
    result.measured["false"] = max(shares["no watermark"])
    for key, what in (("psnr", "fidelity, peak"), ("ssim", "fidelity, structural")):
        result.measured[key] = min(min(cell.samples) for cell in result.cells if cell.what.startswith(what))


def _sizes(result: Result, count: int) -> None:
    """Smaller pictures hold less."""
    for size in SIZES:
        marked = [embed(dead_leaves(seed, size), KEY) for seed in range(count)]
        for name in ("as it left", "JPEG 75", "half size"):
            found = [detect(DEEDS[name](image), KEY) for image in marked]
            result.cells.append(_found(name, f"{size[0]} x {size[1]}", found))


def _costs(result: Result, rounds: int) -> None:
    """What marking costs, beside saving the same picture without marks; seconds and bytes."""
    image, facts = next(starter_pictures(1)), MarkFacts("starter", "StarterPipeline", "ab" * 32)
    with own_identity() as identity:
        plain, whole = io.BytesIO(), partial(mark_picture, image, "image/png", facts, identity)
        image.save(plain, "PNG")
        marked = whole()
        arms: dict[str, Callable[[], object]] = {
            "saved plainly": lambda: image.save(io.BytesIO(), "PNG"),
            "marked and saved": whole,
            "the watermark alone": partial(embed, image, KEY),
        }
        taken: dict[str, list[float]] = {arm: [] for arm in arms}
        for _ in range(rounds):
            for arm, did in arms.items():
                taken[arm].append(1000 * _computing(did))
    for arm, samples in taken.items():
        result.cells.append(Cell("one picture of 1024 x 1024 as PNG", arm, "ms", tuple(samples)))
    result.measured["embed"] = statistics.median(taken["the watermark alone"])
    for arm, data in (("saved plainly", plain.getvalue()), ("marked and saved", marked)):
        result.cells.append(Cell("its file", arm, "kB", (len(data) / 1000,)))


def _computing(did: Callable[[], object]) -> float:
    """Seconds of computing, not of the clock: others use the machine too."""
    began = time.process_time()
    did()
    return time.process_time() - began
