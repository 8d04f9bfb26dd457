"""What is said where a page replaced what came in meanwhile: both texts are told."""

from django.contrib import messages
from django.http import HttpRequest


def tell(request: HttpRequest, stored: object, new: object) -> None:
    """For a page of one field; `before` is what the page had when it was opened."""
    before = request.POST.get("before")
    if before is not None and str(stored) not in (before, str(new)):
        say(request, stored, new)


def say(request: HttpRequest, stored: object, new: object) -> None:
    messages.warning(request, f"It was changed to “{stored}” while this page was open; now it is “{new}”.")
