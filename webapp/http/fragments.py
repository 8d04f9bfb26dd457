"""A page and its fragments are one view and one template: answer with the page, or with a named partial."""

from collections.abc import Mapping

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from .requests import Request


def page_or_partial(
    request: Request,
    template: str,
    context: Mapping[str, object],
    *,
    partial: str,
    status: int = 200,
) -> HttpResponse:
    """The whole of `template`; for htmx only what it wraps in `{% partialdef <partial> %}`."""
    name = f"{template}#{partial}" if wants_fragment(request) else template
    response = render(request, name, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def wants_fragment(request: Request) -> bool:
    """A boosted link and the restoring of history want the whole page, though htmx asks."""
    return bool(request.htmx) and not request.htmx.boosted and not request.htmx.history_restore_request
