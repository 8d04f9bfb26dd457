"""Baking: a plate of each thing under each camera, but those that are there and as they would be made."""

from collections.abc import Callable, Iterable
from pathlib import Path

from generation.starter.plates import coding, rig

from . import objects
from .packing import fingerprint, pack
from .states import Detail
from .thing import Thing


def bake(names: Iterable[str], folder: Path, detail: Detail, say: Callable[[str], None]) -> None:
    """Raises KeyError for a thing that there is not; ImportError without the packages of
    `requirements/bake.txt`. What is broken off goes on where it was: a plate is written whole or not at all.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        thing = objects.made(name)
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
    return file.is_file() and coding.facts_of(file)["fingerprint"] == fingerprint(thing, camera, detail)
