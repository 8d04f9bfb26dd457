"""A letter that could not be sent. The page ends in an error, and whoever runs the machine is told."""

from django.http import HttpRequest
from django.utils.deprecation import MiddlewareMixin

from . import notices


class UnsentLetter(Exception):
    """Of the error beneath only its kind is told: its words may quote the address."""

    def __init__(self, error: OSError) -> None:
        super().__init__(type(error).__name__)


class TellOfUnsentLetters(MiddlewareMixin):
    """Here every transaction of the request has ended: what is told within one that fails is not told."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        if isinstance(exception, UnsentLetter):
            notices.tell_operator(
                f"A letter could not be sent ({exception}): look at HANDBILL_SMTP_URL and at the mail server."
            )
