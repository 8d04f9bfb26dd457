"""English plurals, by rule. The other languages list theirs."""

IRREGULAR = {
    "knife": "knives", "wolf": "wolves", "leaf": "leaves", "loaf": "loaves", "calf": "calves", "shelf":
    "shelves", "scarf": "scarves", "elf": "elves", "mouse": "mice", "goose": "geese", "tooth": "teeth",
    "foot": "feet", "man": "men", "woman": "women", "child": "children", "mango": "mangoes", "tomato":
    "tomatoes", "potato": "potatoes", "hero": "heroes", "ox": "oxen", "cactus": "cacti", "person": "people",
    "businessman": "businessmen", "snowman": "snowmen", "wife": "wives",
}  # fmt: skip


def plurals(phrase: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Of the word that counts: the last one, or the one before "of" or "with"."""
    found = [(*phrase[:-1], plural(phrase[-1]))]
    for at, word in enumerate(phrase[1:], 1):
        if word in ("of", "with"):
            found.append((*phrase[: at - 1], plural(phrase[at - 1]), *phrase[at:]))
    return found


def plural(word: str) -> str:
    if word in IRREGULAR:
        return IRREGULAR[word]
    if word.endswith("y") and word[-2:-1] not in tuple("aeiou"):
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "z", "ch", "sh")) else "s")
