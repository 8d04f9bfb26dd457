"""Captions: English that states some attributes of a scene. The grammar behind the starter's training.

A caption states a subset; the prior fills the rest, so that the model learns p(scene | words) and not one scene a caption.
`reserved` phrasings are never trained on: the evaluation uses them to see how far understanding carries.
"""

from random import Random

from .prior import HELD_OUT, SCATTERED, Stated, sample
from .scene import COLOURS, OBJECTS, PATTERNS, Scene
from .world import COLOUR_WORDS, MOODS, OBJECT_WORDS, OCCASIONS, SEASON_THEMES, THEMES, TONES, TRADE_THEMES

ROOM_PHRASES = {
    "side": ["room for text on the {s}", "space for text on the {s}", "copy space on the {s}", "text space {s}",
             "empty space on the {s} for text", "room for a headline on the {s}", "{s} side left empty",
             "leave room on the {s}", "room for text on the {s} side", "blank area on the {s}"],
    "side reserved": ["negative space on the {s}", "leave the {s} side free for copy"],
    "top": ["room for text at the top", "space for text above", "room for a headline at the top", "copy space at the top",
            "empty space above for text", "top left empty for text"],
    "below": ["falling from the top", "space for text below", "room for text at the bottom"],
    "middle": ["space for text in the middle", "empty centre", "room for text in the middle", "text in the centre"],
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
        stated = _held_pair(held_out, rng) if held_out else _choose_stated(rng)
        if text := write(stated, rng, reserved=reserved):
            return stated, text


def implied(stated: Stated) -> Stated:
    """`stated` with the kind of scene that its words imply, so that scenes drawn for it do not contradict the caption."""
    whole = dict(stated)
    if any(name in whole for name in ("object", "podium", "decor", "light", "c3", "c4")):
        whole["kind"] = "studio"
    if whole.get("room") in ("left", "right") and whole.get("kind") != "bokeh":
        whole["kind"] = "studio"
    if whole.get("room") == "top" and whole.get("kind") not in ("waves", "mountains"):
        whole["kind"] = "studio"
    nothing = whole.get("object", "none") == "none" and "podium" not in whole
    if (
        whole.get("kind") == "studio"
        and whole.get("room") in ("left", "right", "top")
        and nothing
        and "object" in whole
    ):
        whole["podium"] = "round"
    return whole


# --- what is stated -----------------------------------------------------------------------------------------


def _choose_stated(rng: Random) -> Stated:
    roll = rng.random()
    if roll < 0.30:
        return _brief_like(rng)
    if roll < 0.55:
        return _themed(rng)
    return _colourful(rng) if roll < 0.80 else _descriptive(rng)


def _held_pair(pair: tuple[str, str], rng: Random) -> Stated:
    stated = {"object": pair[0], "c1": pair[1]}
    scene = sample(stated, rng, held_out=True)
    return _some(scene, stated, rng, ("podium", "decor", "light", "room"), 0.35) | _colours(
        scene, stated, rng, 0.5
    )


def _brief_like(rng: Random) -> Stated:
    """As the studio's own brief composes it: a subject, perhaps a mood, perhaps colours, perhaps room for text."""
    pre: Stated = {}
    if rng.random() < 0.75:
        pre["object"] = rng.choice(OBJECTS)
    else:
        pre["theme"] = rng.choice(list(THEMES))
    if rng.random() < 0.65:
        pre["mood"] = rng.choice(list(MOODS))
    if rng.random() < 0.5:
        pre["tone"] = rng.choice(list(TONES))
    if rng.random() < 0.7:
        pre["room"] = rng.choice(("left", "right", "top"))
        pre["kind"] = "studio"
    if "object" in pre and rng.random() < 0.3:
        pre["c1"] = sample(pre, rng).names["c1"]
    return pre


def _themed(rng: Random) -> Stated:
    theme = rng.choice(list(THEMES))
    pre: Stated = {"theme": theme}
    if rng.random() < 0.3:
        pre = {"theme": rng.choice(SEASON_THEMES), "trade": rng.choice(TRADE_THEMES)}
        if pre["theme"] == pre["trade"]:
            del pre["trade"]
    if rng.random() < 0.25:
        grounds = set(THEMES[pre["theme"]]["grounds"])
        pre["tone"] = rng.choice(
            [name for name, tone in TONES.items() if grounds & set(tone["grounds"])] or list(TONES)
        )
    if rng.random() < 0.25:
        pre["mood"] = rng.choice(list(MOODS))
    scene = sample(pre, rng)
    if not scene.is_studio:
        return pre | ({"kind": scene["kind"]} if rng.random() < 0.3 else {})
    stated = _some(scene, pre, rng, ("object", "podium", "decor", "light", "room"), rng.choice((0.15, 0.45)))
    return _tidied(stated | _colours(scene, stated, rng, 0.4))


def _colourful(rng: Random) -> Stated:
    """Several things, most with their colour: binding is learnt from captions that need it."""
    if rng.random() < 0.25:
        return _pattern(rng, 0.9)
    pre: Stated = {"kind": "studio"}
    if rng.random() < 0.75:
        pre["object"] = rng.choice(OBJECTS)
    if rng.random() < 0.5:
        pre["podium"] = rng.choice(("round", "square", "stepped"))
    if rng.random() < 0.5:
        pre["decor"] = rng.choice(("arch", "circle"))
    scene = sample(pre, rng)
    stated = _some(scene, pre, rng, ("light", "room"), 0.35)
    if scene.is_flat:
        stated["style"] = "flat"
    return _tidied(stated | _colours(scene, stated, rng, 0.85))


def _descriptive(rng: Random) -> Stated:
    if rng.random() < 0.4:
        return _pattern(rng, 0.6)
    scene = sample({"kind": "studio"}, rng)
    stated = _some(
        scene, {"kind": "studio"}, rng, ("object", "podium", "decor", "light", "room"), rng.choice((0.4, 0.8))
    )
    if scene.is_flat or rng.random() < 0.15:
        stated["style"] = scene["style"]
    if rng.random() < 0.15:
        stated["tone"] = rng.choice(list(TONES))
    return _tidied(stated | _colours(scene, stated, rng, 0.6))


def _pattern(rng: Random, colours: float) -> Stated:
    scene = sample({"kind": rng.choice(PATTERNS)}, rng)
    stated: Stated = {"kind": scene["kind"]}
    for slot in ("bg", "c1", "c2"):
        needed = {"c1": "bg", "c2": "c1"}.get(slot, "kind")
        if slot in scene.names and needed in stated and rng.random() < colours:
            stated[slot] = scene.names[slot]
    if scene["multicolour"] == "yes" and rng.random() < 0.8:
        stated = {name: value for name, value in stated.items() if name not in ("c1", "c2")} | {
            "multicolour": "yes"
        }
    if (
        scene["kind"] in ("linear", "stripes")
        and scene["direction"] in ("vertical", "horizontal")
        and rng.random() < 0.5
    ):
        stated["direction"] = scene["direction"]
    if scene["room"] != "center" and rng.random() < 0.6:
        stated["room"] = scene["room"]
    if scene.is_flat and rng.random() < 0.8:
        stated["style"] = "flat"
    return stated


def _some(scene: Scene, given: Stated, rng: Random, attributes: tuple[str, ...], share: float) -> Stated:
    picked = {name: scene[name] for name in attributes if rng.random() < share}
    if "light" in picked and (scene["decor"] == "spot" or scene.is_flat):
        del picked["light"]
    return {**picked, **given}


def _colours(scene: Scene, stated: Stated, rng: Random, share: float) -> Stated:
    """Names of colours whose thing is named too."""
    things = {"bg": None, "c1": "object", "c2": "object", "c3": "podium", "c4": "decor"}
    shares = {"c2": 0.2 * share}
    return {
        slot: scene.names[slot]
        for slot in COLOURS
        if slot in scene.names and (things[slot] is None or stated.get(things[slot], "none") != "none")
        and slot not in stated and rng.random() < shares.get(slot, share)
    }  # fmt: skip


def _tidied(stated: Stated) -> Stated:
    """Without attributes that no phrase can say."""
    out = dict(stated)
    if out.get("decor") == "none":
        del out["decor"]
    bare = out.get("object", "none") == "none"
    if bare and out.get("podium", "none") == "none":
        for name in ("object", "podium"):
            out.pop(name, None)
    if out.get("podium") == "none":
        del out["podium"]
    if out.get("object") == "none" and "podium" not in out:
        del out["object"]
    if not out.get("object") and not out.get("podium") and "theme" not in out:
        out["kind"] = "studio"
    if "bg" in out and "tone" in out and out["bg"] not in TONES[out["tone"]]["grounds"]:
        del out["bg"]
    if "bg" in out and "mood" in out and out["bg"] not in MOODS[out["mood"]]["grounds"]:
        del out["bg"]
    return out


# --- how it is said -----------------------------------------------------------------------------------------


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
    if kind == "linear" and ground and first:
        words = rng.choice((f"smooth gradient from {ground} to {first}", f"{ground} to {first} gradient"))
    elif kind in ("linear", "mesh", "radial"):
        of = ", ".join(word for word in (ground, first, second) if word)
        words = rng.choice(PATTERN_PHRASES[kind]) + (f" of {of}" if of else "")
    elif kind in SCATTERED:
        many = (
            rng.choice(("colourful ", "colorful ", "multicolour ", "rainbow "))
            if stated.get("multicolour") == "yes"
            else ""
        )
        words = (many or (f"{first} " if first else "")) + rng.choice(
            (kind, f"scattered {kind}", f"falling {kind}")
        )
    else:
        pair = (
            f"{first} and {second} "
            if first and second and kind == "memphis"
            else f"{first} "
            if first
            else ""
        )
        words = pair + rng.choice(PATTERN_PHRASES[kind])
        if kind == "mountains" and second:
            words += f" with {_article(second + ' sun')}"
    if "direction" in stated:
        words = DIRECTION_WORDS[stated["direction"]] + words
    if ground and kind not in ("linear", "mesh", "radial"):
        words += rng.choice(
            (
                f" on {_article(ground + ' background')}",
                f" on {ground}",
                f", {ground} background",
                f", {ground} backdrop",
            )
        )
    return words


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


def held_out_pairs() -> list[tuple[str, str]]:
    return sorted(HELD_OUT)
