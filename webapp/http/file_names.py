"""Names of files that people take away: their own words, in any script, safe on Windows, macOS and Linux."""

import re
import unicodedata

MOST_BYTES = 96  # in UTF-8: with a format and an ending it stays below what any file system takes
KEPT = frozenset("LMN")  # letters, marks and numbers, by the first letter of Unicode's category
# Windows keeps these names for devices, with any ending. (Naming Files, Paths, and Namespaces, Microsoft.)
DEVICES = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])", re.IGNORECASE)


def stem(words: str, otherwise: str, gap: str = "-") -> str:
    """The letters and numbers of `words`, with `gap` between them; `otherwise` where there are none."""
    composed = unicodedata.normalize("NFC", words)
    kept = "".join(letter if _is_kept(letter) else " " for letter in composed if not _is_hidden(letter))
    name = gap.join(_cut(" ".join(kept.split())).split())
    return f"{name}_" if DEVICES.fullmatch(name) else name or otherwise


def _is_kept(letter: str) -> bool:
    return unicodedata.category(letter)[0] in KEPT


def _is_hidden(letter: str) -> bool:
    """What is not seen, such as a mark of direction: gone, and no gap between the letters beside it."""
    return unicodedata.category(letter) == "Cf"


def _cut(name: str) -> str:
    """At most MOST_BYTES of it, without a broken letter at its end."""
    if len(name.encode()) <= MOST_BYTES:
        return name
    cut = name.encode()[:MOST_BYTES].decode(errors="ignore")
    following = name[len(cut) :]
    while (
        cut and unicodedata.category(following[0])[0] == "M"
    ):  # A letter keeps its marks, or goes with them.
        cut, following = cut[:-1], cut[-1] + following
    return cut
