"""The answer to what `body_limit` or `charset` stopped: a page, with the headers of every other."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.deprecation import MiddlewareMixin

from .body_limit import REFUSAL, TOO_BUSY, TOO_LARGE, TOO_SLOW
from .charset import NOT_UNDERSTOOD

PAGES = {
    NOT_UNDERSTOOD: "400.html",
    TOO_LARGE: "413.html",
    TOO_SLOW: "408.html",
    TOO_BUSY: "503_busy.html",
}


class Refusals(MiddlewareMixin):
    """Answers before anything asks who it is, or touches the database."""

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        status = getattr(request, "scope", {}).get(REFUSAL)
        if status is None:
            return None
        headers = {"Connection": "close"} | ({"Retry-After": "5"} if status == TOO_BUSY else {})
        return HttpResponse(render_to_string(PAGES[status]), status=status, headers=headers)
