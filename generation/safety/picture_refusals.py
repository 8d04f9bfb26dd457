"""Why a picture is withheld, in the words for the person who asked."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PictureRefusal:
    """rule: its key, as the log has it. sentence: for the person who asked."""

    rule: str
    sentence: str


ABOUT_MINORS = PictureRefusal(
    "picture_about_minors",
    "The picture was withheld. Its words speak of children, and it may be taken for a sexual one. Say more"
    " about what should be seen, such as clothes and a place, or leave the children out.",
)
OF_A_PERSON = PictureRefusal(
    "picture_of_a_person",
    "The picture was withheld: it shows somebody in a way that may be taken for sexual, and such pictures are"
    " not made here. Ask for more clothes, for a picture without people, or for another seed.",
)
SEXUAL = PictureRefusal(
    "picture_sexual",
    "The picture was withheld: it looks like a sexual one, and such pictures are not made here. Change the"
    " words, or try another seed.",
)
FLAGGED = PictureRefusal(
    "picture_flagged",
    "The picture was withheld: the model’s own check took it for one that is not fit for a shop. Change the"
    " words, or try another seed.",
)
PICTURE_REFUSALS = (ABOUT_MINORS, OF_A_PERSON, SEXUAL, FLAGGED)
