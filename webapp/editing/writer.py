"""Who changed something while a page was open."""

from accounts.models import User


def writer_name(writer: User | None, *, reader: User) -> str:
    """What `reader` is told of who it was: the beginning of a sentence that goes on with a verb."""
    if writer is None:
        return "Somebody"
    return "You, in another window," if writer == reader else str(writer)
