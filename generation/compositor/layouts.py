"""The layouts there are: one line each in layouts/layouts.toml, one `.typ` file each beside it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from .render_spec import FIELDS

FOLDER = Path(__file__).with_name("layouts")
Need = Literal["needed", "optional", "none"]


@dataclass(frozen=True, kw_only=True)
class Layout:
    """What a person chooses from: a name, the fields shown where there is room, its need of a picture."""

    key: str
    name: str
    fields: tuple[str, ...]
    picture: Need

    def __post_init__(self) -> None:
        if unknown := set(self.fields) - set(FIELDS):
            raise ValueError(f"layout {self.key} names fields that there are not: {sorted(unknown)}")

    @property
    def path(self) -> Path:
        return FOLDER / f"{self.key}.typ"


def _read(path: Path) -> Mapping[str, Layout]:
    rows = tomllib.loads(path.read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            key: Layout(
                key=key, name=row["name"], fields=tuple(row["fields"].split()), picture=row["picture"]
            )
            for key, row in rows.items()
        }
    )


LAYOUTS = _read(FOLDER / "layouts.toml")
