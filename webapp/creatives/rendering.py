"""An asset's design as the compositor takes it: with the picture's bytes and the brand's look."""

import logging
from typing import NamedTuple

from generation.compositor import Rendering, RenderSpec, render
from generation.files import storage
from webapp.brand import kits
from webapp.models import Asset, BrandKit
from webapp.models.design import Design

log = logging.getLogger(__name__)


class Incomplete(Exception):
    """What a creative is made of cannot all be read; the message is a sentence for the person."""


class Preview(NamedTuple):
    rendering: Rendering
    lost: list[str]


def preview(asset: Asset, design: Design, format_key: str, layout: str = "") -> Preview:
    """The real layout as SVG, with the small picture in it. layout: another one than the design's."""
    kit = kits.of(asset.campaign)
    creative = _creative(asset, kit, design, format_key, layout=layout, small=True)
    return Preview(render(creative, "svg"), _lost_parts(asset, kit))


def whole(asset: Asset, design: Design, format_key: str) -> RenderSpec:
    """To be taken away. Raises Incomplete: what is left out may be noticed only when it is printed."""
    kit = kits.of(asset.campaign)
    if lost := _lost_parts(asset, kit):
        raise Incomplete(
            f"The file of the {' and of the '.join(lost)} is missing or damaged on this machine, so nothing"
            " was made. Choose it anew, or ask whoever runs the machine to put it back from a backup."
        )
    return _creative(asset, kit, design, format_key)


def fingerprint(asset: Asset) -> str:
    """Differs when the asset would look different: its design, the brand's, or what can be read of them."""
    kit = kits.of(asset.campaign)
    look = f"{kit.pk.hex[:8]}-{kit.version}" if kit else "none"
    return f"{asset.version.digest}-{look}-{len(_lost_parts(asset, kit))}"


def _creative(
    asset: Asset,
    kit: BrandKit | None,
    design: Design,
    format_key: str,
    *,
    layout: str = "",
    small: bool = False,
) -> RenderSpec:
    look = design.look_of(format_key)
    return RenderSpec(
        **(kits.look(kit) if kit else {}),
        layout=layout or look.layout,
        format=format_key,
        copy=look.copy,
        focal_point=look.focal_point,
        zoom=look.zoom,
        ai_label=look.ai_label,
        picture=picture_of(asset, small=small),
    )


def _lost_parts(asset: Asset, kit: BrandKit | None) -> list[str]:
    """What of the picture and the brand's look cannot be read as it was stored."""
    output = asset.output if asset.output and asset.output.is_stored else None
    files = {output.file, output.small_file} if output else set()
    lost = [] if all(map(storage.is_sound, files)) else ["picture"]
    return lost + (kits.lost_parts(kit) if kit else [])


def picture_of(asset: Asset, *, small: bool = False) -> bytes | None:
    """The picture's file, None when it is gone or damaged: the words are not lost with it."""
    if asset.output is None or not asset.output.is_stored:
        return None
    try:
        return storage.read(asset.output.small_file if small else asset.output.file)
    except FileNotFoundError:
        log.warning("asset %s: its picture's file is gone or damaged", asset.pk)
        return None
