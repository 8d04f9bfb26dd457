from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from generation import jobs
from generation.jobs import eta, heartbeat
from generation.models import Queue, Status
from webapp.access import creative_for, export_for
from webapp.campaigns.duration_words import in_words
from webapp.creatives import exports, rendering
from webapp.http import file_response, idempotency
from webapp.http.fragments import page_or_partial
from webapp.http.requests import SignedInRequest
from webapp.models import FileKind


@require_POST
def creative_file(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One format of a creative. Fields `format` and `kind`."""
    creative = creative_for(request, pk)
    kind, format_key = _kind(request), request.POST.get("format", "")
    if format_key not in creative.design.formats:
        raise Http404("No such format")
    try:
        file = exports.single_file(creative, format_key, kind, by=request.user)
    except exports.NotExported as error:
        messages.error(request, str(error))
        return redirect("creative", pk)
    response = HttpResponse(file.data, content_type=kind.media_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, file.name)
    return response


@require_POST
def creative_exports(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The whole set as an archive. Field `kind`."""
    creative = creative_for(request, pk)
    if _are_too_many(request):
        return redirect("creative", pk)

    def make() -> HttpResponse:
        return redirect("export", exports.order(creative, _kind(request), by=request.user).pk)

    return idempotency.answer(request, make, made_of=rendering.fingerprint(creative))


@require_safe
def export(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """How far it is; the poll ends when it is finished."""
    export = export_for(request, pk)
    outlook = eta.outlooks([export.job])[export.job.pk]
    context = {
        "export": export,
        "job": export.job,
        "is_anybody_at_work": heartbeat.workers_alive(Queue.CPU),
        "place": outlook.place,
        "time_left": in_words(outlook.seconds_left),
        "may_cancel": jobs.may_cancel(export.job, by=request.user),
        "creative": export.creative,
        "withdrawn": rendering.withdrawn(export.creative.output),
        "campaign": export.creative.campaign,
    }
    return page_or_partial(request, "creatives/export.html", context, partial="progress")


@require_POST
def export_cancellation(request: SignedInRequest, pk: UUID) -> HttpResponse:
    jobs.cancel(export_for(request, pk).job, by=request.user)
    return redirect("export", pk)


@require_POST
def export_retry(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The same files once more, of the version that they were to be made of."""
    export = export_for(request, pk)
    if _are_too_many(request):
        return redirect("export", pk)
    try:
        again = jobs.retry(export.job, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("export", pk)
    return redirect("export", again.pk)


@require_safe
def export_file(request: SignedInRequest, pk: UUID) -> HttpResponse:
    export = export_for(request, pk)
    if export.job.status != Status.DONE or rendering.withdrawn(export.creative.output):
        raise Http404("Not ready, or its picture is hidden")
    response = file_response.saved(export.file, exports.archive_name(export))
    if request.method == "GET":
        with transaction.atomic():
            audit.record(request.user, "export.downloaded", export)
    return response


def _are_too_many(request: SignedInRequest) -> bool:
    """Whether they are, and it was said."""
    if ratelimit.consume(request, action="make_files"):
        return False
    messages.error(request, "Very many files were asked for from your network. Go on in an hour.")
    return True


def _kind(request: SignedInRequest) -> FileKind:
    asked = request.POST.get("kind")
    return FileKind(asked) if asked in FileKind.values else FileKind.PNG
