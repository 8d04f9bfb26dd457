"""A wish in one line, as the tables in `prompts/` write it."""

from dataclasses import fields

from generation.starter.reading import Wanted, Wish


def line(wish: Wish) -> str:
    """ "things: coffee_cup x2 (red/white), candle; floor: wood; is_flat"; "nothing" for an empty wish."""
    said = [_field(field.name, getattr(wish, field.name)) for field in fields(wish)]
    return "; ".join(filter(None, said)) or "nothing"


def _field(name: str, value: object) -> str:
    if value is True:
        return name
    if isinstance(value, tuple):
        value = ", ".join(_thing(one) if isinstance(one, Wanted) else one for one in value)
    return f"{name}: {value}" if value else ""


def _thing(wanted: Wanted) -> str:
    count = f" x{wanted.count}" if wanted.count > 1 else ""
    colours = "/".join(colour or "any" for colour in (wanted.colour, wanted.second))
    return wanted.thing + count + (f" ({colours.removesuffix('/any')})" if colours != "any/any" else "")
