from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe


@require_safe
@login_not_required
def health(request: HttpRequest) -> JsonResponse:
    """For machines that watch: 200 when the database answers, else 503 by way of the outage page."""
    connection.ensure_connection()
    return JsonResponse({"status": "ok"})
