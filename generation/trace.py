"""What may be logged of an error."""

import traceback


def trace_of(error: BaseException) -> str:
    """Where an error came from, without its message: a database's, for one, may quote the row with the
    prompt.
    """
    places = "".join(traceback.format_tb(error.__traceback__))
    return f"{type(error).__name__}\n{places}"
