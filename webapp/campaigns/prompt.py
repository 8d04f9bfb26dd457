"""A brief in a shop owner's words, composed into a prompt. Pure: knows no form, no model, no database.

The phrases are among those that the starter model reads; other models read them as plain English.
"""

import re

MOODS = ("cosy", "elegant", "playful", "fresh", "bold", "calm", "festive", "minimal")
COLOURS = ("warm", "cool", "pastel", "earthy", "dark", "bright", "neutral", "light and airy")
ROOM = {
    "left": "room for text on the left",
    "right": "room for text on the right",
    "top": "room for text at the top",
}
ENDS_IN_COLOUR = re.compile(r"\b(colou?rs?|tones?|shades?|palette|hues?)$", re.IGNORECASE)


def compose(subject: str, *, mood: str = "", colours: str = "", room: str = "none") -> str:
    """For instance "a cup of coffee, cosy mood, warm colours, room for text on the left".

    Empty for an empty subject: a mood alone is no picture. room: a key of ROOM, anything else asks for none.
    """
    subject = one_line(subject)
    if not subject:
        return ""
    phrases = [subject, _mood(one_line(mood)), _colours(one_line(colours)), ROOM.get(room, "")]
    return ", ".join(filter(None, phrases))


def is_edited(prompt: str, composed: str) -> bool:
    """Whether somebody changed by hand what was composed. An emptied prompt asks for the composed one."""
    return one_line(prompt) not in ("", one_line(composed))


def instead(text: str, unknown: str, known: str) -> str:
    """`text` with the thing `unknown` exchanged for `known`, where it stands as a whole word.

    An article before it becomes the one that `known` wants, unless `known` brings its own.
    """
    bare = re.sub(r"^(an?|the) ", "", known)
    article = "an " if bare[:1].lower() in "aeiou" else "a "
    word = rf"(?<!\w)(an? )?{re.escape(unknown)}(?!\w)"
    return re.sub(word, lambda found: article + bare if found[1] else known, text, flags=re.IGNORECASE)


def one_line(text: str) -> str:
    """`text` in one line, without the blanks and commas at its ends that would double ours."""
    return " ".join(text.split()).strip(" ,;").removesuffix(".")


def _mood(mood: str) -> str:
    return f"{mood} mood" if mood else ""


def _colours(colours: str) -> str:
    return colours if not colours or ENDS_IN_COLOUR.search(colours) else f"{colours} colours"
