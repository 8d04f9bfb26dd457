"""A database that is away is a pause, not a crash: answer 503 with a page that tries again by itself."""

import logging
import sys

from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

logger = logging.getLogger(__name__)


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """The site's `handler500`. It meets every error there is, also those of sessions and sign-in.

    Rendered without the request: the shell's own queries might fail again.
    """
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        logger.error("The database is away")
        return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "5"})
    return HttpResponse(render_to_string("500.html"), status=500)
