"""A design: what a person decided about one creative, in every format of its set. Pure values, kept as JSON.

A format shows the common look until somebody tunes it; from then on it goes its own way.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from generation.compositor import FORMATS, LAYOUTS, AdCopy

FIRST_FORMAT = "instagram-portrait"
WORDS = tuple(one.name for one in fields(AdCopy))


@dataclass(frozen=True, kw_only=True)
class Look:
    """The words, the layout, and what of the picture shows: focal point in 0..1 of it, zoom from 1."""

    ad_copy: AdCopy = field(default_factory=AdCopy)
    layout: str = field(default_factory=lambda: next(iter(LAYOUTS)))
    focal_point: tuple[float, float] = (0.5, 0.5)
    zoom: float = 1.0
    ai_label: bool = False


@dataclass(frozen=True, kw_only=True)
class Design:
    look: Look = field(default_factory=Look)
    formats: tuple[str, ...] = (FIRST_FORMAT,)
    tuned: Mapping[str, Look] = field(default_factory=dict)

    def look_of(self, format_key: str) -> Look:
        return self.tuned.get(format_key, self.look)

    def changed(self, format_key: str, look: Look, *, only_here: bool) -> "Design":
        """With another look: of this format alone, or of every format that is not tuned.

        A format that was tuned and no longer is takes the others along.
        """
        if only_here:
            return replace(self, tuned={**self.tuned, format_key: look})
        tuned = {key: other for key, other in self.tuned.items() if key != format_key}
        return replace(self, look=look, tuned=tuned)

    def values(self, format_key: str) -> dict[str, Any]:
        """What a format shows, by field, as a page asks for it; `only_here`: whether it goes its own way."""
        look = self.look_of(format_key)
        x, y = look.focal_point
        return {
            **asdict(look.ad_copy),
            "layout": look.layout,
            "focal_x": round(x, 2),
            "focal_y": round(y, 2),
            "zoom": look.zoom,
            "ai_label": look.ai_label,
            "only_here": format_key in self.tuned,
        }

    def with_values(self, format_key: str, values: Mapping[str, Any]) -> "Design":
        """With some of the fields of `values()` changed."""
        look = self.look_of(format_key)
        words = {name: values[name] for name in WORDS if name in values}
        plain = {name: values[name] for name in ("layout", "zoom", "ai_label") if name in values}
        x, y = look.focal_point
        focal_point = (values.get("focal_x", x), values.get("focal_y", y))
        look = replace(look, ad_copy=replace(look.ad_copy, **words), focal_point=focal_point, **plain)
        return self.changed(format_key, look, only_here=values.get("only_here", format_key in self.tuned))

    def differences(self, other: "Design") -> set[tuple[str, ...]]:
        """The places in `as_json` where the two differ."""
        mine, theirs = dict(_leaves(self.as_json())), dict(_leaves(other.as_json()))
        return {place for place in mine.keys() | theirs.keys() if mine.get(place) != theirs.get(place)}

    def with_formats(self, keys: Iterable[str]) -> "Design":
        """With this set, in the order in which formats are offered. Never empty: the first stays."""
        wanted = set(keys)
        chosen = tuple(key for key in FORMATS if key in wanted) or self.formats[:1]
        return replace(self, formats=chosen)

    def as_json(self) -> dict[str, object]:
        return {
            "look": _look_as_json(self.look),
            "formats": list(self.formats),
            "tuned": {key: _look_as_json(look) for key, look in self.tuned.items()},
        }

    @classmethod
    def from_json(cls, content: Mapping) -> "Design":
        """What `as_json` gave, also an older one: a layout or format that is gone is left out."""
        formats = tuple(key for key in content["formats"] if key in FORMATS)
        return cls(
            look=_look(content["look"]),
            formats=formats or (FIRST_FORMAT,),
            tuned={key: _look(look) for key, look in content["tuned"].items() if key in FORMATS},
        )


def _leaves(content: object, place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], object]]:
    if not isinstance(content, dict):
        yield place, content
        return
    for name, inner in content.items():
        yield from _leaves(inner, (*place, name))


def _look_as_json(look: Look) -> dict[str, object]:
    # "copy": so the versions on people's disks have it, and none is ever rewritten.
    return {"copy" if name == "ad_copy" else name: value for name, value in asdict(look).items()}


def _look(content: Mapping) -> Look:
    known = {one.name: content[one.name] for one in fields(Look) if one.name in content}
    known["ad_copy"] = AdCopy(**{name: text for name, text in content["copy"].items() if name in WORDS})
    known["focal_point"] = tuple(content["focal_point"])
    if content["layout"] not in LAYOUTS:
        del known["layout"]
    return Look(**known)
