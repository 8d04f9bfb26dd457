"""Baking: a plate of each thing and podium under each camera, but those that are as they would be made."""

from collections.abc import Callable, Iterable
from pathlib import Path

from generation.starter.plates import coding, plate, rig

from . import objects, stages, states
from .packing import is_like, likeness, pack
from .states import Detail
from .thing import Thing


def names() -> list[str]:
    return [*objects.names(), *stages.names()]


def bake(names: Iterable[str], say: Callable[[str], None]) -> None:
    """Raises KeyError for a thing that there is not; ImportError without the packages of
    `requirements/bake.txt`. What is broken off goes on where it was: a plate is written whole or not at all.
    """
    for name in names:
        is_stage = name in stages.names()
        thing = (stages if is_stage else objects).made(name)
        folder = plate.PODIUMS if is_stage else plate.SHIPPED
        detail = stages.DETAIL if is_stage else states.SHIPPED
        folder.mkdir(parents=True, exist_ok=True)
        for camera in rig.CAMERAS:
            file = folder / f"{name}-{camera}.zip"
            if is_up_to_date(file, thing, camera, detail):
                say(f"{file.name}: there already")
                continue
            _bake(thing, camera, detail, file)
            say(f"{file.name}: {file.stat().st_size / 1000:.0f} kB")


def _bake(thing: Thing, camera: str, detail: Detail, file: Path) -> None:
    from .stage import traced  # here, as it takes the path tracer along

    pack(thing, camera, detail, traced(thing, camera, detail), file)


def is_up_to_date(file: Path, thing: Thing, camera: str, detail: Detail) -> bool:
    return file.is_file() and is_like(coding.facts_of(file)["likeness"], likeness(thing, camera, detail))
