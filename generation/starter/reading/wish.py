"""What a prompt asks for, as far as the starter understands it. Plain data, without torch: the web process
tells of it before the click, and the pipeline holds it in every picture.
"""

from dataclasses import dataclass

Colour = str  # a name of `colours.RANGES`, or "#rrggbb"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A thing that is asked for. thing: of `stock.THINGS`; said: as it stands in the prompt; count: 1 to 3;
    colour: of its main part; second: of its second one ("a red cup with a white saucer").
    """

    thing: str
    said: str
    count: int = 1
    colour: Colour | None = None
    second: Colour | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """Names are those of `stock`, None where nothing is said; a colour may be said without its thing.

    things: in the order said, three pieces at most in all. unknown: things in the prompt that are not in
    stock, as they are written. unheeded: what is in stock and yet not drawn as said: more pieces than three,
    a fourth thing. palette: colours said of nothing ("in red and gold", "#c02d2d", brand colours).
    wall, wall_colour: of what is behind; floor, floor_colour: of what it stands on. side: where the light
    comes from. light: how the light is. room: where text finds room. pattern: a picture without things.
    """

    things: tuple[Wanted, ...] = ()
    unknown: tuple[str, ...] = ()
    unheeded: tuple[str, ...] = ()
    palette: tuple[Colour, ...] = ()
    floor: str | None = None
    floor_colour: Colour | None = None
    wall: str | None = None
    wall_colour: Colour | None = None
    stage: str | None = None
    stage_colour: Colour | None = None
    decor: str | None = None
    decor_colour: Colour | None = None
    scatter: str | None = None
    scatter_colour: Colour | None = None
    room: str | None = None
    side: str | None = None
    light: str | None = None
    camera: str | None = None
    feeling: str | None = None
    tone: str | None = None
    occasion: str | None = None
    trade: str | None = None
    pattern: str | None = None
    pattern_colour: Colour | None = None
    is_flat: bool = False
    is_multicolour: bool = False
    direction: str | None = None  # of stripes and gradients: "vertical", "horizontal"
