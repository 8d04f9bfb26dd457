"""How `generation.checkpoints` says no, and whoever opens a file inside a folder."""


class CheckpointRefused(Exception):
    """A checkpoint is not what Handbill may load. Its text is one clause that names the file and the reason.

    Names come from strangers: what cannot be printed is shown as "?", and long ones are cut.
    """

    def __init__(self, path: str, reason: str) -> None:
        self.path = printable(path)
        self.reason = reason
        super().__init__(f"{self.path} {reason}")


def printable(text: str, longest: int = 120) -> str:
    """`text` fit for a terminal or a log: no control characters, no line breaks, at most `longest` long."""
    clean = "".join(char if char.isprintable() else "?" for char in text)
    return clean if len(clean) <= longest else clean[: longest - 3] + "..."
