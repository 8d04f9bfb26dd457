"""What `generation.provenance` found in a file, in words for whoever asks."""

from dataclasses import dataclass

from generation.provenance import Finding, Verdict


@dataclass(frozen=True, slots=True)
class Words:
    """tone: "good", "warn" or "plain", for the eye; the title says the same."""

    tone: str
    title: str
    meaning: str


WORDS = {
    Finding.OURS: Words(
        "good",
        "Made here, and unchanged",
        "This studio made the file with AI, and nothing in it has changed since it left.",
    ),
    Finding.CHANGED: Words(
        "warn",
        "Made here, and changed since",
        "This studio made the file with AI, and something in it was altered after it was signed.",
    ),
    Finding.WATERMARKED: Words(
        "warn",
        "Made here, and saved again since",
        "This studio’s watermark is in the picture; the signature that left with it is not. So it goes when a"
        " picture is posted, cut, made smaller or saved by another program. What was changed cannot be told.",
    ),
    Finding.STRANGER: Words(
        "plain",
        "Signed by somebody else",
        "The signature is whole, but it is not this studio’s. Who made it, only its owner can say.",
    ),
    Finding.BROKEN: Words(
        "warn",
        "The signature does not hold",
        "The file carries a signature that is damaged or made for another file, and nothing of this"
        " studio’s.",
    ),
    Finding.UNSIGNED: Words(
        "plain",
        "Says that it was made with AI",
        "Nothing in the file proves who made it: such a note is easily written, and easily taken out.",
    ),
    Finding.UNMARKED: Words(
        "plain",
        "No marks found",
        "Nothing shows that this studio made it. That proves nothing else: marks can be taken out, and"
        " another studio’s watermark cannot be seen from here.",
    ),
    Finding.UNREADABLE: Words(
        "plain",
        "This file cannot be read",
        "Handbill can look at PNG, JPEG, WebP and PDF files of at most 32 MB.",
    ),
}
COPIED = Words(
    "warn",
    "Not the file that was signed",
    "This studio’s signature is in the file, but it was made for another one, and the watermark is not there:"
    " the signature was probably copied into it.",
)
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
    "changed": "This studio’s, and it does not fit the file",
    "stranger": "Somebody else’s, and it holds",
    "broken": "It does not hold",
}


def words(verdict: Verdict) -> Words:
    copied = verdict.finding == Finding.CHANGED and verdict.watermark is False
    return COPIED if copied else WORDS[verdict.finding]


def findings(verdict: Verdict) -> list[tuple[str, str]]:
    """Each mark and what was found of it; nothing for a file that cannot be read."""
    if verdict.finding == Finding.UNREADABLE:
        return []
    marks, statement = verdict.marks, verdict.statement
    nowhere = NO_PIXELS if verdict.media_type == "application/pdf" else TOO_FEW_PIXELS
    watermark = {True: "This studio’s", False: "Not found", None: nowhere}
    rows = [
        ("Signature", SIGNATURES[statement.standing]),
        ("Watermark", watermark[verdict.watermark]),
        ("Note in the file", "Made with AI" if verdict.says_made_with_ai else "Nothing about AI"),
        ("What was done", ", ".join(dict.fromkeys(ACTIONS.get(one, one) for one in statement.actions))),
        ("Program", statement.generator or (marks.creator_tool if marks else "")),
        ("Model", marks.ai_system if marks else ""),
    ]
    return [(name, found) for name, found in rows if found]
