"""Pictures to mark, and what people do to pictures."""

import io

import numpy as np
from PIL import Image

from generation.provenance import MarkFacts
from generation.provenance.marks import PictureType

FACTS = MarkFacts("starter", "StarterPipeline", "ab" * 32)
TYPES: list[PictureType] = ["image/png", "image/jpeg", "image/webp"]


def noise(width: int = 32, height: int = 24, mode: str = "RGB") -> Image.Image:
    pixels = np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(pixels).convert(mode)


def cloudy(width: int, height: int, seed: int = 0) -> Image.Image:
    """Like a photograph to statistics: 1/f noise in three colours."""
    random = np.random.default_rng(seed)
    frequency = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.fftfreq(width)[None])
    frequency[0, 0] = 1
    planes = []
    for _ in range(3):
        plane = np.fft.ifft2(np.fft.fft2(random.normal(size=(height, width))) / frequency**1.2).real
        planes.append((plane - plane.min()) / np.ptp(plane) * 255)
    return Image.fromarray(np.stack(planes, axis=-1).astype(np.uint8))


def poster(width: int, height: int) -> Image.Image:
    """Even areas with hard edges, as set by a printer."""
    image = Image.new("RGB", (width, height), "#f4ead5")
    image.paste("#c8553d", (width // 8, height // 8, width // 2, height // 2))
    image.paste("#2d3047", (width // 2, height // 3, width * 7 // 8, height * 7 // 8))
    return image


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def saved(image: Image.Image, form: str = "PNG", **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, form, **options)
    return stream.getvalue()


def halved(image: Image.Image) -> Image.Image:
    return image.resize((image.width // 2, image.height // 2), Image.Resampling.LANCZOS)


def cropped(image: Image.Image) -> Image.Image:
    """A tenth off its width and its height."""
    width, height = image.size
    return image.crop((width * 7 // 100, height * 3 // 100, width * 97 // 100, height * 93 // 100))
