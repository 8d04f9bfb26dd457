"""A creative's design as the compositor takes it: with the picture's bytes and the brand's look."""

import logging
from dataclasses import replace
from typing import NamedTuple

from generation.compositor import Rendering, RenderSpec, render
from generation.files import storage
from generation.models import Output
from webapp.brand import kits
from webapp.models import BrandKit, Creative
from webapp.models.design import Design

TAKEN_DOWN = "Its picture was taken down"
HIDDEN = "Its picture is hidden until an owner decides about a report"

log = logging.getLogger(__name__)


class Incomplete(Exception):
    """What a creative is made of cannot all be read; the message is a sentence for the person."""


class Preview(NamedTuple):
    rendering: Rendering
    lost: list[str]


def preview(creative: Creative, design: Design, format_key: str, layout: str = "") -> Preview:
    """The real layout as SVG, with the small picture in it. layout: another one than the design's."""
    kit = creative.campaign.kit
    spec = _spec(creative, kit, design, format_key, layout=layout, small=True)
    return Preview(render(spec, "svg"), _lost_parts(creative, kit))


def whole(creative: Creative, design: Design, format_key: str) -> RenderSpec:
    """To be taken away. Raises Incomplete: what is left out may be noticed only when it is printed."""
    if why := withdrawn(creative.output):
        raise Incomplete(f"{why}, so nothing was made. Make a creative of another picture.")
    kit = creative.campaign.kit
    if lost := _lost_parts(creative, kit):
        raise Incomplete(
            f"The file of the {' and of the '.join(lost)} is missing or damaged on this machine, so nothing"
            " was made. Choose it anew, or ask whoever runs the machine to put it back from a backup."
        )
    return _spec(creative, kit, design, format_key)


def fingerprint(creative: Creative) -> str:
    """Differs when the creative would look different: by its design, the brand's or what can be read."""
    kit = creative.campaign.kit
    look = f"{kit.pk.hex[:8]}-{kit.version}" if kit else "none"
    return f"{creative.current.digest}-{look}-{len(_lost_parts(creative, kit))}"


def _spec(
    creative: Creative,
    kit: BrandKit | None,
    design: Design,
    format_key: str,
    *,
    layout: str = "",
    small: bool = False,
) -> RenderSpec:
    look = design.look_of(format_key)
    spec = RenderSpec(
        layout=layout or look.layout,
        format=format_key,
        ad_copy=look.ad_copy,
        focal_point=look.focal_point,
        zoom=look.zoom,
        ai_label=look.ai_label,
        picture=picture_of(creative, small=small),
        picture_width=creative.output.width if creative.output else 0,
    )
    return replace(spec, **kits.look(kit)) if kit else spec


def _lost_parts(creative: Creative, kit: BrandKit | None) -> list[str]:
    """What of the picture and the brand's look cannot be read as it was stored."""
    output = creative.output if creative.output and creative.output.may_be_shown else None
    files = {output.file, output.small_file} if output else set()
    is_sound = not withdrawn(creative.output) and all(map(storage.is_sound, files))
    lost = [] if is_sound else ["picture"]
    return lost + (kits.lost_parts(kit) if kit else [])


def withdrawn(output: Output | None) -> str:
    """Why a picture may not be used, or not now, as the beginning of a sentence; empty where it may."""
    if output and output.taken_down_at:
        return TAKEN_DOWN
    return HIDDEN if output and output.hidden_at else ""


def picture_of(creative: Creative, *, small: bool = False) -> bytes | None:
    """The picture's file, None when it is gone, damaged or hidden: the words are not lost with it."""
    if creative.output is None or not creative.output.may_be_shown:
        return None
    try:
        return storage.read(creative.output.small_file if small else creative.output.file)
    except FileNotFoundError:
        log.warning("creative %s: its picture's file is gone or damaged", creative.pk)
        return None
