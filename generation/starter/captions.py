"""Captions: English that states some attributes of a scene. The grammar behind the starter's training.

A caption states a subset; the prior fills the rest, so that the model learns p(scene | words) and not one
scene a caption. `reserved` phrasings are never trained on: the evaluation uses them to see how far
understanding carries.
"""

from random import Random

from . import statements
from .prior import SCATTERED, Stated
from .world import COLOUR_WORDS, MOODS, OBJECT_WORDS, OCCASIONS, THEMES, TONES

ROOM_PHRASES = {
    "side": ["room for text on the {s}", "space for text on the {s}", "copy space on the {s}",
             "text space {s}",
             "empty space on the {s} for text", "room for a headline on the {s}", "{s} side left empty",
             "leave room on the {s}", "room for text on the {s} side", "blank area on the {s}"],
    "side reserved": ["negative space on the {s}", "leave the {s} side free for copy"],
    "top": ["room for text at the top", "space for text above", "room for a headline at the top",
            "copy space at the top", "empty space above for text", "top left empty for text"],
    "below": ["falling from the top", "space for text below", "room for text at the bottom"],
    "middle": ["space for text in the middle", "empty centre", "room for text in the middle",
               "text in the centre"],
    "center": ["centered", "centred composition", "in the centre", "centered composition"],
}  # fmt: skip
DECOR_PHRASES = {
    "arch": ["arch", "arch niche", "archway", "arch behind it"],
    "circle": ["circle behind", "round disc on the wall", "circle backdrop"],
    "window": [
        "window light shadow",
        "window shadow on the wall",
        "sunlight through a window",
        "window light",
    ],
    "leaf": ["palm leaf shadow", "leaf shadow on the wall", "tropical leaf shadows", "leaf shadows"],
    "spot": ["spotlight", "dramatic spotlight", "beam of light", "spot light from above"],
}
LIGHT_PHRASES = {
    "side": ["soft light from the {s}", "light from the {s}", "{s} side lighting", "lit from the {s}"],
    "side reserved": ["illuminated from the {s}", "with the lamp on the {s}"],
    "top": ["soft overhead light", "light from above", "top light"],
}
STYLE_PHRASES = {
    "flat": ["flat illustration", "flat vector style", "flat design", "flat style"],
    "3d": ["3d render", "realistic 3d", "soft shadows"],
}
GRADIENTS = ("linear", "mesh", "radial")
PATTERN_PHRASES = {
    "radial": ["radial gradient", "glowing radial gradient", "soft glow"],
    "mesh": ["blurred mesh gradient", "soft abstract gradient", "fluid blurry gradient"],
    "linear": ["smooth gradient", "gradient background", "colour gradient", "color gradient"],
    "waves": ["paper cut waves", "layered paper waves", "wavy papercut layers", "waves"],
    "frame": ["paper cut waves at the top and bottom", "wavy paper frame"],
    "mountains": ["paper cut mountains", "layered mountains", "mountain silhouettes", "mountains"],
    "bokeh": ["bokeh lights", "bokeh", "blurred lights"],
    "memphis": ["memphis pattern", "playful geometric shapes", "retro geometric pattern"],
    "sunburst": ["sunburst", "retro sunburst rays", "sun rays"],
    "checkered": ["checkered pattern", "checkerboard", "chequered pattern"],
    "polka dots": ["polka dots", "polka dot pattern"],
    "stripes": ["stripes", "striped pattern"],
}
DIRECTION_WORDS = {
    "vertical": "vertical ",
    "horizontal": "horizontal ",
    "diagonal": "diagonal ",
    "antidiagonal": "diagonal ",
}
SETTINGS = [" on a table", " on a counter", " on a shelf", " in the studio"]  # words that change nothing


def draw_pair(
    rng: Random, *, reserved: bool = False, held_out: tuple[str, str] | None = None
) -> tuple[Stated, str]:
    """What a caption states, and the caption."""
    while True:
        stated = statements.with_pair(held_out, rng) if held_out else statements.choose(rng)
        if text := write(stated, rng, reserved=reserved):
            return stated, text


def write(stated: Stated, rng: Random, *, reserved: bool = False) -> str:
    """A caption of exactly what is stated; empty when nothing can be said."""
    heads = [words for words in (_occasion(stated, rng), _subject(stated, rng, reserved)) if words]
    if len(heads) == 2 and rng.random() < 0.5:
        heads.reverse()
    head = (rng.choice((", ", " with ")) if len(heads) == 2 and rng.random() < 0.5 else ", ").join(heads)
    head = _with_ground(head, stated, rng, reserved)
    rest = [words for words in _details(stated, rng, reserved) if words]
    rng.shuffle(rest)
    parts = [head, *rest] if head and rng.random() < 0.85 else [*rest, head]
    return (", " if rng.random() < 0.85 else " ").join(part for part in parts if part)


def _occasion(stated: Stated, rng: Random) -> str:
    if "theme" not in stated:
        return rng.choice(OCCASIONS) if rng.random() < 0.12 else ""
    words = rng.choice(THEMES[stated["theme"]]["words"])
    if "trade" in stated:
        trade = rng.choice(THEMES[stated["trade"]]["words"])
        words = rng.choice((f"{words} {trade}", f"{trade}, {words}", f"{words} at the {trade}"))
    roll = rng.random()
    if roll < 0.55:
        return f"{words} {rng.choice(OCCASIONS)}"
    return words if roll < 0.8 else f"{rng.choice(OCCASIONS)} for {words}"


def _subject(stated: Stated, rng: Random, reserved: bool) -> str:
    if stated.get("object", "none") != "none":
        return _object(stated, rng, reserved)
    if stated.get("podium", "none") != "none":
        empty = rng.choice(("empty ", "vacant ", "")) if stated.get("object") == "none" else ""
        stand = _podium(stated, rng)
        return f"{empty}{stand}" + (", nothing on it" if stated.get("object") == "none" and not empty else "")
    kind = stated.get("kind")
    if kind == "studio":
        return (
            ""
            if "theme" in stated
            else rng.choice(("studio scene", "product scene", "studio backdrop", "product stage"))
        )
    return _pattern_words(stated, rng) if kind else ""


def _object(stated: Stated, rng: Random, reserved: bool) -> str:
    thing = rng.choice(OBJECT_WORDS[stated["object"]]) if rng.random() < 0.65 else stated["object"]
    colour = _colour(stated["c1"], rng) if "c1" in stated else ""
    if "{c}" in thing:
        thing = thing.format(c=colour) if colour else "potted plant"
    elif colour:
        thing = _coloured(thing, colour, rng, reserved)
    words = _article(thing) if rng.random() < 0.85 else thing
    if "c2" in stated:
        words += f" with {_colour(stated['c2'], rng)} {rng.choice(('details', 'accents', 'details'))}"
    if "podium" in stated and stated["podium"] != "none":
        words += rng.choice((" on ", " on ", " placed on ", " standing on ")) + _article(_podium(stated, rng))
    elif rng.random() < 0.12:
        words += rng.choice(SETTINGS)
    return (
        rng.choice(("product photo of ", "render of ", "picture of ", "photo of ")) + words
        if rng.random() < 0.2
        else words
    )


def _coloured(thing: str, colour: str, rng: Random, reserved: bool) -> str:
    if reserved:
        return f"{thing} whose colour is {colour}"
    roll = rng.random()
    if roll < 0.7:
        return f"{colour} {thing}"
    return f"{thing} in {colour}" if roll < 0.9 else f"{colour}-coloured {thing}"


def _podium(stated: Stated, rng: Random) -> str:
    shape = stated["podium"] if stated["podium"] != "round" or rng.random() < 0.7 else ""
    colour = _colour(stated["c3"], rng) if "c3" in stated else ""
    words = rng.sample((colour, shape), 2) if rng.random() < 0.3 else (colour, shape)
    return " ".join(
        word
        for word in (*words, rng.choice(("podium", "podium", "pedestal", "product stand", "plinth")))
        if word
    )


def _pattern_words(stated: Stated, rng: Random) -> str:
    kind = stated["kind"]
    ground, first, second = (
        _colour(stated[slot], rng) if slot in stated else "" for slot in ("bg", "c1", "c2")
    )
    if kind in GRADIENTS:
        words = _gradient(kind, ground, first, second, rng)
    elif kind in SCATTERED:
        words = _scattered(kind, first, stated.get("multicolour") == "yes", rng)
    else:
        words = _shapes(kind, first, second, rng)
    if "direction" in stated:
        words = DIRECTION_WORDS[stated["direction"]] + words
    if ground and kind not in GRADIENTS:
        words += rng.choice(
            (
                f" on {_article(ground + ' background')}",
                f" on {ground}",
                f", {ground} background",
                f", {ground} backdrop",
            )
        )
    return words


def _gradient(kind: str, ground: str, first: str, second: str, rng: Random) -> str:
    if kind == "linear" and ground and first:
        return rng.choice((f"smooth gradient from {ground} to {first}", f"{ground} to {first} gradient"))
    colours = ", ".join(word for word in (ground, first, second) if word)
    return rng.choice(PATTERN_PHRASES[kind]) + (f" of {colours}" if colours else "")


def _scattered(kind: str, colour: str, is_multicolour: bool, rng: Random) -> str:
    many = ("colourful ", "colorful ", "multicolour ", "rainbow ")
    colours = rng.choice(many) if is_multicolour else f"{colour} " if colour else ""
    return colours + rng.choice((kind, f"scattered {kind}", f"falling {kind}"))


def _shapes(kind: str, first: str, second: str, rng: Random) -> str:
    both = f"{first} and {second} " if first and second and kind == "memphis" else ""
    words = (both or (f"{first} " if first else "")) + rng.choice(PATTERN_PHRASES[kind])
    return f"{words} with {_article(second + ' sun')}" if kind == "mountains" and second else words


def _with_ground(head: str, stated: Stated, rng: Random, reserved: bool) -> str:
    if "bg" not in stated or stated.get("kind", "studio") != "studio":
        return head
    colour = _colour(stated["bg"], rng)
    if reserved:
        return f"{head} in front of {colour}".strip()
    wall = f"{colour} {rng.choice(('background', 'backdrop', 'wall', 'studio background'))}"
    if not head:
        return wall
    roll = rng.random()
    if roll < 0.45:
        return head + rng.choice((" on ", " against ", " with ", " in front of ")) + _article(wall)
    if roll < 0.6:
        return f"{head} {rng.choice(('set against', 'against', 'on'))} {colour}"
    return f"{head}, {wall}" if roll < 0.85 else f"{wall}, {head}"


def _details(stated: Stated, rng: Random, reserved: bool) -> list[str]:
    suffix = " reserved" if reserved else ""
    details = []
    decor = stated.get("decor")
    if decor in DECOR_PHRASES:
        colour = f"{_colour(stated['c4'], rng)} " if "c4" in stated else ""
        details.append(colour + rng.choice(DECOR_PHRASES[decor]))
    light = stated.get("light")
    if light and decor != "spot":
        phrases = LIGHT_PHRASES["top" if light == "top" else f"side{suffix}"]
        details.append(rng.choice(phrases).format(s=light))
    room = stated.get("room")
    if room in ("left", "right"):
        details.append(rng.choice(ROOM_PHRASES[f"side{suffix}"]).format(s=room))
    elif room:
        details.append(rng.choice(ROOM_PHRASES[room]))
    if "style" in stated:
        details.append(rng.choice(STYLE_PHRASES[stated["style"]]))
    details += [rng.choice(MOODS[stated["mood"]]["words"])] if "mood" in stated else []
    details += [rng.choice(TONES[stated["tone"]]["words"])] if "tone" in stated else []
    return details


def _colour(name: str, rng: Random) -> str:
    return name if rng.random() < 0.6 else rng.choice(COLOUR_WORDS[name])


def _article(words: str) -> str:
    return ("an " if words[0] in "aeiou" else "a ") + words
