"""The watermark: not seen, found again after what people do to pictures, and not where it is not."""

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageFilter

from generation.provenance.detection import detect
from generation.provenance.watermark import BITS, WatermarkKey, embed

from .pictures import cloudy, cropped, halved, noise, opened, poster, saved

KEY = WatermarkKey(b"k" * 32)
OTHER_KEY = WatermarkKey(b"o" * 32)
PICTURES = {"photograph": cloudy(512, 448), "poster": poster(448, 512)}


def jpeg(quality: int) -> Callable[[Image.Image], Image.Image]:
    return lambda image: opened(saved(image, "JPEG", quality=quality))


DONE = {
    "nothing": lambda image: image,
    "JPEG 75": jpeg(75),
    "half size": halved,
    "a tenth cut off": cropped,
    "half size, JPEG 85": lambda image: jpeg(85)(halved(image)),
    "a tenth cut off, JPEG 75": lambda image: jpeg(75)(cropped(image)),
    "larger": lambda image: image.resize((image.width * 3 // 2, image.height * 3 // 2)),
    "WebP 80": lambda image: opened(saved(image, "WEBP", quality=80)),
    "grey": lambda image: image.convert("L"),
    "brighter": lambda image: image.point(lambda level: min(255, level * 1.2)),
    "blurred": lambda image: image.filter(ImageFilter.GaussianBlur(1)),
}


@pytest.fixture(scope="module")
def marked() -> dict[str, Image.Image]:
    return {name: embed(picture, KEY) for name, picture in PICTURES.items()}


@pytest.mark.parametrize("done", DONE)
@pytest.mark.parametrize("picture", PICTURES)
def test_it_survives(marked: dict[str, Image.Image], picture: str, done: str) -> None:
    assert detect(DONE[done](marked[picture]), KEY).found


@pytest.mark.parametrize("picture", PICTURES)
def test_its_bits_are_read(marked: dict[str, Image.Image], picture: str) -> None:
    assert detect(marked[picture], KEY).bits >= BITS - 2


@pytest.mark.parametrize("picture", PICTURES)
def test_it_is_too_faint_to_see(marked: dict[str, Image.Image], picture: str) -> None:
    change = np.asarray(marked[picture], float) - np.asarray(PICTURES[picture], float)
    assert 10 * np.log10(255**2 / np.mean(change**2)) > 40
    assert abs(change.mean()) < 0.5  # no brighter and no darker


def test_it_is_not_found_where_it_is_not() -> None:
    pictures = [
        *PICTURES.values(),
        noise(400, 300),
        Image.new("RGB", (300, 300), "white"),
        cloudy(300, 400, 5),
    ]
    assert [detect(picture, KEY).found for picture in pictures] == [False] * len(pictures)


def test_who_has_another_key_finds_nothing(marked: dict[str, Image.Image]) -> None:
    assert not detect(marked["poster"], OTHER_KEY).found


def test_two_watermarks_do_not_harm_each_other(marked: dict[str, Image.Image]) -> None:
    both = embed(marked["photograph"], OTHER_KEY)
    assert detect(both, KEY).found
    assert detect(both, OTHER_KEY).found


@pytest.mark.slow
def test_a_large_picture_carries_a_large_pattern_that_survives_being_posted() -> None:
    print_size = embed(cloudy(1440, 960), KEY)
    assert detect(print_size, KEY).found
    assert detect(print_size.resize((600, 400), Image.Resampling.LANCZOS), KEY).found


def test_a_part_that_was_transparent_stays_so() -> None:
    image = poster(64, 64).convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    assert embed(image, KEY).getchannel("A").tobytes() == image.getchannel("A").tobytes()


def test_the_same_key_makes_the_same_watermark() -> None:
    assert embed(PICTURES["poster"], KEY) == embed(PICTURES["poster"], WatermarkKey(b"k" * 32))
    assert embed(PICTURES["poster"], KEY) != embed(PICTURES["poster"], OTHER_KEY)


@pytest.mark.parametrize("size", [(1, 1), (31, 31), (1, 3000), (3000, 33)])
def test_odd_sizes_are_taken(size: tuple[int, int]) -> None:
    image = embed(Image.new("RGB", size, "teal"), KEY)
    assert image.size == size
    assert detect(image, KEY).bits <= BITS


def test_a_key_has_its_length() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        WatermarkKey(b"short")
