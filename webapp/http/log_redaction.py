"""Keeps the secrets of links out of the logs: Django and the server log the paths of requests."""

import logging
import re

SECRET_PATH = re.compile(
    r"/(g|invitations|reports|sign-in|account/confirm-email|account/password/reset/key)/[^/\s?\"']+"
)


class HideTokens(logging.Filter):
    """Replaces what follows /g/, /invitations/, /sign-in/ ... in a record's message and arguments."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(hidden(value) if isinstance(value, str) else value for value in record.args)
        record.msg = hidden(str(record.msg))
        return True


def hidden(text: str) -> str:
    return SECRET_PATH.sub(r"/\1/...", text)
