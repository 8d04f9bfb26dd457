"""What a caption states: some attributes of a scene, chosen as people choose them.

Colours are stated often and together, so that the model learns which colour belongs to which thing.
"""

from random import Random

from .prior import Stated, sample
from .scene import COLOURS, OBJECTS, PATTERNS, Scene
from .world import MOODS, SEASON_THEMES, THEMES, TONES, TRADE_THEMES


def choose(rng: Random) -> Stated:
    """What one caption of the training states."""
    roll = rng.random()
    if roll < 0.30:
        return _brief_like(rng)
    if roll < 0.55:
        return _themed(rng)
    return _colourful(rng) if roll < 0.80 else _descriptive(rng)


def with_pair(pair: tuple[str, str], rng: Random) -> Stated:
    stated = {"object": pair[0], "c1": pair[1]}
    scene = sample(stated, rng, held_out=True)
    stated = _some(scene, stated, rng, ("podium", "decor", "light", "room"), 0.35)
    return _tidied(stated | _colours(scene, stated, rng, 0.5))


def _brief_like(rng: Random) -> Stated:
    """As the studio's own brief composes it: a subject, perhaps a mood, perhaps colours, perhaps room for
    text.
    """
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
        if slot in scene.names and ((thing := things[slot]) is None or stated.get(thing, "none") != "none")
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


def implied(stated: Stated) -> Stated:
    """`stated` with the kind of scene that its words imply, so that scenes drawn for it do not contradict
    the caption.
    """
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
