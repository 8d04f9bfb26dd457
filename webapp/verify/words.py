"""What `generation.provenance` found in a file, in words for whoever asks."""

from dataclasses import dataclass

from generation.provenance import Finding, Verdict


@dataclass(frozen=True, slots=True)
class VerdictWords:
    """tone: "good", "warn" or "plain", for the eye; the title says the same."""

    tone: str
    title: str
    meaning: str


WORDS = {
    Finding.OURS: VerdictWords(
        "good",
        "Made here, and unchanged",
        "The file is as it left this studio: the studio’s signature fits it, and says that it was made"
        " with AI.",
    ),
    Finding.MISMATCH: VerdictWords(
        "warn",
        "Not the file that was signed",
        "This studio’s signature is in the file, but it was made for another one. Either this file was"
        " changed after it left the studio, or the signature was copied into it. Which of the two, the file"
        " cannot tell: do not take it for the studio’s work, and ask for the original.",
    ),
    Finding.WATERMARKED: VerdictWords(
        "warn",
        "Carries a mark that could have been copied",
        "This studio’s watermark is in the picture, but no signature of this studio’s. That is what is left"
        " of a picture made here after it was posted, cut or saved by another program. But a watermark can"
        " also be copied onto a picture from elsewhere, so it proves nothing by itself: ask for the file as"
        " it left the studio.",
    ),
    Finding.STRANGER: VerdictWords(
        "plain",
        "Signed by somebody else",
        "The signature fits the file, but it is not this studio’s, and this studio does not know whose it"
        " is.",
    ),
    Finding.BROKEN: VerdictWords(
        "warn",
        "The signature does not hold",
        "The file carries a signature that is damaged or was made for another file, and nothing of this"
        " studio’s.",
    ),
    Finding.UNSIGNED: VerdictWords(
        "plain",
        "Says that it was made with AI",
        "A note in the file says so. Such a note is easily written and easily taken out: it does not show who"
        " made the file, nor how.",
    ),
    Finding.UNMARKED: VerdictWords(
        "plain",
        "No marks found",
        "Nothing shows that this studio made it. That does not show the opposite: marks can be taken out, and"
        " other studios’ watermarks cannot be seen from here.",
    ),
    Finding.UNREADABLE: VerdictWords(
        "plain",
        "This file cannot be read",
        "Handbill can look at PNG, JPEG, WebP and PDF files of at most 32 MB. This one is something else, or"
        " it is damaged.",
    ),
}
SIGNED_SAYS = "This studio signed it."
STRANGER_SAYS = "Whoever signed it says so; this studio cannot confirm it."
ANYBODY_SAYS = "Nobody vouches for this: anybody can write it into a file."
ACTIONS = {
    "c2pa.created": "Made by a model",
    "c2pa.drawing": "Text and shapes set over it",
    "c2pa.placed": "Placed in a layout",
    "c2pa.cropped": "Cropped",
    "c2pa.resized": "Made larger or smaller",
    "c2pa.color_adjustments": "Colours adjusted",
    "c2pa.edited": "Edited",
    "c2pa.converted": "Saved in another format",
}
NO_PIXELS, TOO_FEW_PIXELS = "A PDF has none of its own", "Not found; the picture may be too small for it"
SIGNATURES = {
    "none": "None",
    "ours": "This studio’s, and it holds",
    "changed": "This studio’s, made for another file",
    "stranger": "Somebody else’s, and it holds",
    "broken": "Damaged, or made for another file",
}


LONGEST = 200  # characters of what a stranger wrote


@dataclass(frozen=True, slots=True)
class Section:
    """Some of what was found, as names and values; `note` says how far to believe it."""

    title: str
    note: str
    rows: tuple[tuple[str, str], ...]


def words(verdict: Verdict) -> VerdictWords:
    return WORDS[verdict.finding]


def sections(verdict: Verdict) -> list[Section]:
    """What was looked for, apart from what the file says of itself; nothing for one that cannot be read."""
    if verdict.finding == Finding.UNREADABLE:
        return []
    said = tuple((name, found[:LONGEST]) for name, found in _said(verdict) if found)
    found = [Section("What was looked for", "", tuple(_looked_for(verdict)))]
    if not said:
        return found
    return [*found, Section("What the file says of itself", _believable(verdict), said)]


def _looked_for(verdict: Verdict) -> list[tuple[str, str]]:
    nowhere = NO_PIXELS if verdict.media_type == "application/pdf" else TOO_FEW_PIXELS
    watermark = {True: "This studio’s", False: "Not found", None: nowhere}
    return [
        ("Signature", SIGNATURES[verdict.statement.standing]),
        ("Watermark", watermark[verdict.watermark]),
    ]


def _said(verdict: Verdict) -> list[tuple[str, str]]:
    marks, statement = verdict.marks, verdict.statement
    return [
        ("Kind", "Made with AI" if verdict.says_made_with_ai else ""),
        ("What was done", ", ".join(dict.fromkeys(ACTIONS.get(one, one) for one in statement.actions))),
        ("Program", statement.generator or (marks.creator_tool if marks else "")),
        ("Model", marks.ai_system if marks else ""),
    ]


def _believable(verdict: Verdict) -> str:
    if verdict.is_ours:
        return SIGNED_SAYS
    return STRANGER_SAYS if verdict.finding == Finding.STRANGER else ANYBODY_SAYS
