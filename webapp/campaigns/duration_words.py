"""How long something takes, in words as rough as the knowledge of it."""


def in_words(seconds: float | None) -> str:
    """For instance "about 40 s", "about 3 min"; empty for what is not known."""
    if seconds is None:
        return ""
    if seconds < 10:
        return "a few seconds"
    if seconds < 55:
        return f"about {10 * round(seconds / 10)} s"
    if seconds < 55 * 60:
        return f"about {max(1, round(seconds / 60))} min"
    return f"about {max(1, round(seconds / 3600))} h"
