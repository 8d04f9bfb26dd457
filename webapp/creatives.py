"""An asset's design as the compositor takes it: with the picture's bytes and the brand's look."""

import logging
from typing import NamedTuple

from generation import storage
from generation.compositor import Creative, Rendering, render

from . import brand_kits
from .design import Design
from .models import Asset

log = logging.getLogger(__name__)


class Preview(NamedTuple):
    rendering: Rendering
    picture_is_gone: bool


def preview(asset: Asset, design: Design, format_key: str, layout: str = "") -> Preview:
    """The real layout as SVG, with the small picture in it. layout: another one than the design's."""
    creative = creative_of(asset, design, format_key, layout=layout, small=True)
    return Preview(render(creative, "svg"), picture_is_gone=creative.picture is None)


def creative_of(
    asset: Asset, design: Design, format_key: str, *, layout: str = "", small: bool = False
) -> Creative:
    look = design.look_of(format_key)
    kit = brand_kits.of(asset.campaign)
    return Creative(
        **(brand_kits.look(kit) if kit else {}),
        layout=layout or look.layout,
        format=format_key,
        copy=look.copy,
        focal_point=look.focal_point,
        zoom=look.zoom,
        ai_label=look.ai_label,
        picture=picture_of(asset, small=small),
    )


def fingerprint(asset: Asset) -> str:
    """Differs when the asset would look different: its design, or the brand's."""
    kit = brand_kits.of(asset.campaign)
    return f"{asset.version.digest}-{kit.pk.hex[:8]}-{kit.version}" if kit else asset.version.digest


def picture_of(asset: Asset, *, small: bool = False) -> bytes | None:
    """The picture's file, None when it is gone: the words are not lost with it."""
    if asset.output is None or not asset.output.is_stored:
        return None
    try:
        return storage.read(asset.output.small_file if small else asset.output.file)
    except FileNotFoundError:
        log.warning("asset %s: its picture's file is gone", asset.pk)
        return None
