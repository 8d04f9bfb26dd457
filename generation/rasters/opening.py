"""A picture's pixels as a page needs them: upright, in sRGB, no larger than asked for.

A large one is made smaller in strips, so that at no time there are two of it.
"""

import io
from dataclasses import dataclass

from PIL import (  # The plug-ins: Pillow would look for them when the first picture is opened.
    Image,
    ImageCms,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

from generation.sandbox import FileRefused

from .headers import DAMAGED, UNKNOWN, header

PLUG_INS = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin, WebPImagePlugin)
SRGB = ImageCms.createProfile("sRGB")
STRIP = 256  # rows
ORIENTATION = 0x0112  # EXIF's tag, and what brings each of its values upright
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# What Pillow calls the ways a pixel is kept, as it can be made smaller.
PLAIN = {"1": "L", "LA": "RGBA", "La": "RGBA", "PA": "RGBA", "RGBa": "RGBA", "RGBX": "RGB", "YCbCr": "RGB"}


@dataclass(frozen=True, slots=True)
class Opened:
    """colours: RGB, in sRGB. alpha: how opaque each pixel is, None where all are."""

    colours: Image.Image
    alpha: Image.Image | None

    @property
    def whole(self) -> Image.Image:
        image = self.colours.convert("RGB")
        if self.alpha:
            image.putalpha(self.alpha)
        return image


def opened(data: bytes, side: int) -> Opened:
    """The first picture in a file, its longer side at most `side`. Raises FileRefused."""
    told = header(data, side)
    try:
        image = Image.open(io.BytesIO(data), formats=[told.form])
        if told.form == "JPEG":
            image.draft(None, _fitted(image.size, side))
        orientation = image.getexif().get(ORIENTATION, 1)
        profile = image.info.get("icc_profile")
        is_grey = image.mode in ("1", "L", "LA") or image.mode.startswith("I")
        small = _small(image, side)
    except (FileRefused, MemoryError):
        raise
    except Image.UnidentifiedImageError as error:
        raise FileRefused(UNKNOWN) from error
    except Exception as error:  # Whatever Pillow's decoders raise, which is many things, the file is broken.
        raise FileRefused(DAMAGED) from error
    alpha = small.getchannel("A") if small.mode == "RGBA" else None
    colours = _in_srgb(small, profile, grey=is_grey)
    return Opened(_upright(colours, orientation), alpha and _upright(alpha, orientation))


def _small(image: Image.Image, side: int) -> Image.Image:
    """Decoded, in L, RGB, RGBA or CMYK; `image` is closed."""
    small = _reduced(image, max(1, max(image.size) // side))
    image.close()
    small.thumbnail((side, side), Image.Resampling.LANCZOS)
    return small


def _reduced(image: Image.Image, factor: int) -> Image.Image:
    """A `factor`-th of the width and height, each pixel the mean of those that were there."""
    image.load()
    height, made = -(-image.height // factor), None
    rows = max(1, STRIP // factor) * factor
    for top in range(0, image.height, rows):
        strip = _plain(image.crop((0, top, image.width, min(top + rows, image.height))))
        strip = strip.reduce(factor) if factor > 1 else strip
        made = made or Image.new(strip.mode, (strip.width, height))
        made.paste(strip, (0, top // factor))
    assert made is not None, "a header with a height of none is refused"
    return made


def _plain(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # sixteen bits, which Pillow would clip to eight
        return image.convert("I").point(lambda value: value / 257).convert("L")
    if image.mode == "P" or (image.has_transparency_data and image.mode in ("L", "RGB", "1")):
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    wanted = PLAIN.get(image.mode, image.mode)
    return image if image.mode == wanted else image.convert(wanted)


def _in_srgb(image: Image.Image, profile: bytes | None, *, grey: bool) -> Image.Image:
    """The colours alone, by the profile that came with them."""
    colours = image.convert("RGB") if image.mode == "RGBA" else image
    if profile:
        # Grey with an alpha channel was made RGB, and its profile is still one of grey.
        source = colours.convert("L") if grey else colours
        try:
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(source, own, SRGB, outputMode="RGB")
            assert converted is not None, "only a change in place gives none"
            return converted
        except (ImageCms.PyCMSError, OSError):  # A broken profile: the colours as they are.
            pass
    return colours.convert("RGB")


def _fitted(size: tuple[int, int], side: int) -> tuple[int, int]:
    scale = min(1, side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    return image.transpose(TURNS[orientation]) if orientation in TURNS else image
