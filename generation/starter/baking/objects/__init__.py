"""The things that can be baked: a file each, whose `thing()` makes it."""

from importlib import import_module
from pathlib import Path

from generation.starter.baking.thing import Thing


def names() -> list[str]:
    return sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem != "__init__")


def made(name: str) -> Thing:
    """Raises KeyError for one that there is not."""
    if name not in names():
        raise KeyError(f"there is no {name}; there are {', '.join(names())}")
    return import_module(f"{__name__}.{name}").thing()
