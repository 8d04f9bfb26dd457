"""What everything is drawn with: a band of the picture, signed distances, soft edges, colours in linear
light.

A field is a tensor (h, w) over the band; a colour is (3, 1, 1), a picture (3, h, w), both in linear RGB.
Distances are negative inside. Units: the shorter side of the picture goes from -1 to 1, x to the right, y
down. Distance functions after Inigo Quilez, "2D distance functions".
"""

import math
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from ..colours import OKLab

Number = float | Tensor


@dataclass(frozen=True, eq=False)
class Band:
    """Rows `top` to `bottom` of a picture of `height` by `width` pixels."""

    height: int
    width: int
    top: int
    bottom: int

    @cached_property
    def x(self) -> Tensor:
        row = ((torch.arange(self.width) + 0.5) * 2 - self.width) / min(self.height, self.width)
        return row[None, :].expand(self.bottom - self.top, -1)

    @cached_property
    def y(self) -> Tensor:
        column = ((torch.arange(self.top, self.bottom) + 0.5) * 2 - self.height) / min(
            self.height, self.width
        )
        return column[:, None].expand(-1, self.width)

    @property
    def pixel(self) -> float:
        """A pixel's side."""
        return 2 / min(self.height, self.width)

    @property
    def half_width(self) -> float:
        return self.width / min(self.height, self.width)

    @property
    def half_height(self) -> float:
        return self.height / min(self.height, self.width)


# --- colours ------------------------------------------------------------------------------------------------


def linear(lab: Tensor) -> Tensor:
    """Linear RGB (3, ...) of OKLab (3, ...), clipped to the gamut. Matrices: Ottosson, 2020."""
    lightness, a, b = lab
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    return torch.stack([red, green, blue]).clamp(0, 1)


def lab(colour: OKLab, lighter: float = 0.0, chroma: float = 1.0) -> Tensor:
    """(3, 1, 1) of a colour, made lighter by `lighter`."""
    lightness, a, b = colour
    return torch.tensor([min(max(lightness + lighter, 0.05), 0.995), a * chroma, b * chroma]).view(3, 1, 1)


def paint(colour: OKLab, lighter: float = 0.0) -> Tensor:
    """(3, 1, 1) linear RGB."""
    return linear(lab(colour, lighter))


def blend(one: Tensor, other: Tensor, amount: Tensor) -> Tensor:
    """From OKLab `one` to `other` by the field `amount`, as linear RGB."""
    return linear(one + (other - one) * amount)


def encode_srgb(picture: Tensor) -> Tensor:
    """0..1 for the screen (IEC 61966-2-1)."""
    curve = 1.055 * picture.clamp(min=1e-6) ** (1 / 2.4) - 0.055
    return torch.where(picture <= 0.0031308, 12.92 * picture, curve)


def over(picture: Tensor, colour: Tensor, cover: Tensor) -> Tensor:
    return picture + (colour - picture) * cover


# --- edges --------------------------------------------------------------------------------------------------


def step(low: float, high: float, value: Tensor) -> Tensor:
    """Hermite step from 0 to 1."""
    t = ((value - low) / (high - low)).clamp(0, 1)
    return t * t * (3 - 2 * t)


def edge(distance: Tensor, width: float) -> Tensor:
    """Cover of a shape with an edge `width` wide: analytic anti-aliasing."""
    return (0.5 - distance / width).clamp(0, 1)


def blurred(distance: Tensor, width: float) -> Tensor:
    return torch.sigmoid(-distance / width * 2.4)


def length(x: Tensor, y: Tensor) -> Tensor:
    return torch.sqrt(x * x + y * y + 1e-9)


# --- distances ----------------------------------------------------------------------------------------------


def box(x: Tensor, y: Tensor, half_width: Number, half_height: Number, radius: float = 0.0) -> Tensor:
    dx, dy = x.abs() - half_width + radius, y.abs() - half_height + radius
    return length(dx.clamp(min=0), dy.clamp(min=0)) + torch.maximum(dx, dy).clamp(max=0) - radius


def ellipse(x: Tensor, y: Tensor, a: Number, b: Number) -> Tensor:
    """Right to first order near the outline: the implicit function over its gradient's length."""
    k1 = length(x / a, y / b)
    k2 = length(x / (a * a), y / (b * b))
    return k1 * (k1 - 1) / k2.clamp(min=1e-6)


def heart(x: Tensor, y: Tensor) -> Tensor:
    """About one unit wide, y up, its middle at the origin."""
    x, y = x.abs(), y + 0.55
    lobe = length(x - 0.25, y - 0.75) - 0.35355
    half = 0.5 * (x + y).clamp(min=0)
    inner = torch.minimum(x**2 + (y - 1) ** 2, (x - half) ** 2 + (y - half) ** 2)
    return torch.where(x + y > 1, lobe, torch.sqrt(inner.clamp(min=1e-9)) * torch.sign(x - y))


def star(x: Tensor, y: Tensor, radius: Number, points: int, inner: float) -> Tensor:
    """A star, or with inner = cos(pi / points) a polygon; one tip up."""
    half = math.pi / points
    angle = (torch.remainder(torch.atan2(x, y), 2 * half) - half).abs()
    r = length(x, y)
    dx, dy = r * torch.sin(angle), r * torch.cos(angle)
    ex, ey = math.sin(half) * radius, math.cos(half) * radius - inner * radius
    return (
        -(dx * ey - (dy - inner * radius) * ex) / (torch.as_tensor(ex) ** 2 + torch.as_tensor(ey) ** 2).sqrt()
    )


def turned(x: Tensor, y: Tensor, angle: Number) -> tuple[Tensor, Tensor]:
    angle = torch.as_tensor(angle)
    return torch.cos(angle) * x + torch.sin(angle) * y, torch.cos(angle) * y - torch.sin(angle) * x
