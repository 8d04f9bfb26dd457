"""CSS in an SVG made as plain as its renderer needs: colours that it reads, custom properties filled in."""

import re
from collections.abc import Callable, Iterator, Mapping

from generation.sandbox import FileRefused

from .svg_colours import NOT_READ, plain

PAINTS = frozenset({"fill", "stroke", "color", "stop-color", "flood-color", "lighting-color"})
WIDE = re.compile(r"(?:color|(?:ok)?l(?:ab|ch))\(", re.IGNORECASE)  # often behind the same colour in sRGB
COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
PIECE = re.compile(r"""((?:[^;"'(){}]|"[^"]*"|'[^']*'|\((?:[^()"']|"[^"]*"|'[^']*'|\([^()]*\))*\))+)""")
ALWAYS = re.compile(r"@layer\b[^{]*|@media\s+(?:all|screen)", re.IGNORECASE)
STATEMENT = re.compile(r"@[\w-]+[^{};]*+(;?)")
RULE = re.compile(r"(?<![^{}])([^{}]++)\{([^{}]*+)\}")
VARIABLE = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,((?:[^()]|\([^()]*\))*))?\)")
GEOMETRY = frozenset({"d", "x", "y", "cx", "cy", "r", "rx", "ry"})
TRANSFORM = re.compile(r"none|(?:(?:matrix|translate|scale|rotate|skewX|skewY)\([-+\d.e,\s]*\)[\s,]*)+")
DEEPEST = 8  # variables in variables
Look = Callable[[str], str | None]


def declarations(style: str) -> Iterator[tuple[str, str, bool]]:
    """Name, value and whether it is important, of each declaration in a block, in their order."""
    for piece in PIECE.findall(COMMENT.sub(" ", style)):
        name, colon, value = piece.partition(":")
        if colon:
            value, bang, _ = value.strip().partition("!")
            name = name.strip()
            yield name if name.startswith("--") else name.lower(), value.strip(), bool(bang)


def plain_block(style: str, look: Look, has_other: Callable[[str], bool] = lambda name: False) -> str:
    """A block of declarations with every colour as the renderer reads it, the last of each name only.

    look: the value of a custom property. has_other: whether something else gives this property a value.
    Raises FileRefused for a colour that a browser draws and nothing here stands in for.
    """
    kept: dict[str, str] = {}
    missed: dict[str, str] = {}
    for name, value, important in declarations(style):
        if name.startswith("--"):
            continue
        filled = fill_in(value, look)
        made = plain(filled) if name in PAINTS else _placed(name, filled)
        if made is None:
            missed[name] = filled
        elif not (name in kept and WIDE.match(filled)):
            kept[name] = made + (" !important" if important else "")
    for name, value in missed.items():
        if name not in kept and not has_other(name):
            refuse_unknown(value)
    return ";".join(f"{name}:{value}" for name, value in kept.items())


def _placed(name: str, value: str) -> str:
    """The value of any other property. Raises FileRefused where CSS moves or cuts what the renderer would
    not.
    """
    made = value
    if name == "transform":
        made = re.sub(r"(?<=[\d.])(?:px|deg)\b", "", value)
        made = re.sub(r"translateY\(", "translate(0 ", re.sub(r"translateX\(", "translate(", made))
    is_read = name != "transform" or TRANSFORM.fullmatch(made)
    cuts = name in ("clip-path", "mask") and not re.match(r"url\(|none$", value)
    if name in GEOMETRY or cuts or not is_read:
        raise FileRefused(
            f"This SVG places its parts by style ({name}: {value[:40]}), which is not drawn here. Export it "
            "with plain attributes, or export the logo as a PNG."
        )
    return made


def refuse_unknown(value: str) -> None:
    """Nonsense is passed over, as browsers do."""
    if NOT_READ.match(value):
        raise FileRefused(
            f"This SVG has a colour in a way of writing that is not understood here: {value[:60]}. Write it "
            "as #rrggbb, have the design program export in sRGB, or export the logo as a PNG."
        )


def fill_in(value: str, look: Look) -> str:
    """`value` with its custom properties replaced by what they stand for, or by what it names instead."""
    for _ in range(DEEPEST):
        if "var(" not in value:
            break
        value = VARIABLE.sub(lambda found: look(found[1]) or (found[2] or "").strip(), value)
    return value


def rules(sheet: str) -> str:
    """A style sheet's plain rules: without comments and without the at-rules that a screen may not follow.

    Raises FileRefused for what it would need and cannot have.
    """
    sheet = COMMENT.sub(" ", sheet)
    if re.search(r"@import\b", sheet, re.IGNORECASE):
        raise FileRefused(
            "This SVG takes its colours from a style sheet in another file. Export it with its styles inside."
        )
    if re.search(r"@(?:-\w+-)?keyframes\b", sheet, re.IGNORECASE):
        raise FileRefused(MOVES)
    sheet = STATEMENT.sub(lambda found: "" if found[1] else found[0], sheet)
    while (begin := sheet.find("@")) >= 0 and (end := _end_of_block(sheet, begin)):
        head, _, inside = sheet[begin : end - 1].partition("{")
        sheet = sheet[:begin] + (inside if ALWAYS.fullmatch(head.strip()) else "") + sheet[end:]
    if re.search(r"\{[^}]*\{", sheet):
        raise FileRefused("This SVG has style rules inside of style rules. Export it with plain attributes.")
    return sheet


MOVES = (
    "This SVG moves, and a logo stands still. Export it again without the animation, or save the moment that "
    "you want as a PNG."
)


def _end_of_block(sheet: str, begin: int) -> int:
    """Behind the brace that closes the block which begins after `begin`; 0 where none does."""
    depth = 0
    for place in range(begin, len(sheet)):
        depth += {"{": 1, "}": -1}.get(sheet[place], 0)
        if depth == 0 and sheet[place] == "}":
            return place + 1
    return 0


def plain_sheet(sheet: str, variables: Mapping[str, str], has_other: Callable[[str], bool]) -> str:
    made = (
        f"{selector.strip()}{{{plain_block(block, variables.get, has_other)}}}"
        for selector, block in RULE.findall(rules(sheet))
    )
    return "\n".join(made)


def variables_of(sheet: str) -> dict[str, str]:
    """The custom properties that a style sheet sets, whatever for; of a name set twice the last."""
    blocks = (block for _, block in RULE.findall(rules(sheet)))
    return {name: value for block in blocks for name, value, _ in declarations(block) if name[:2] == "--"}
