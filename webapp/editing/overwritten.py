"""What is said where a page of one field replaced what came in meanwhile: both texts are told."""

from django.contrib import messages
from django.http import HttpRequest


def tell(request: HttpRequest, stored: object, new: object) -> None:
    """Field `before`: what the page had when it was opened."""
    before = request.POST.get("before")
    if before is not None and str(stored) not in (before, str(new)):
        messages.warning(
            request, f"It was changed to “{stored}” while this page was open; now it is “{new}”."
        )
