"""What may be scattered: how large it is, how many there are, and how each is made."""

from .flames import LAMPS
from .kind import Sort
from .paper import CONFETTI, CRESCENTS, HEARTS, RIBBONS, STARS
from .plants import BEANS, LEAVES, PETALS, PUMPKINS
from .round import BAUBLES, CRUMBS, EGGS, SNOW

KINDS: dict[str, Sort] = {
    "beans": BEANS,
    "crumbs": CRUMBS,
    "petals": PETALS,
    "leaves": LEAVES,
    "confetti": CONFETTI,
    "ribbons": RIBBONS,
    "snow": SNOW,
    "hearts": HEARTS,
    "stars": STARS,
    "baubles": BAUBLES,
    "eggs": EGGS,
    "pumpkins": PUMPKINS,
    "crescents": CRESCENTS,
    "lamps": LAMPS,
}
