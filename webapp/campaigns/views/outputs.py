from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.models import Role
from generation.models import Output
from webapp.access import output_for
from webapp.campaigns import gallery
from webapp.campaigns.gallery import Show
from webapp.http import file_names, file_response
from webapp.http.fragments import page_or_partial, wants_fragment
from webapp.http.requests import SignedInRequest


@require_safe
def output(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """A picture by itself, with how it was made; for htmx the inside of the campaign page's dialog."""
    output = _shown(request, pk)
    show = Show(request.GET["show"]) if request.GET.get("show") in Show.values else Show.ALL
    before, after = gallery.neighbours(output, show)
    context = {
        "output": output,
        "job": output.job,
        "campaign": output.job.brief.campaign,
        "before": before,
        "after": after,
        "show": show,
        "place": "dialog" if wants_fragment(request) else "page",
    }
    return page_or_partial(request, "campaigns/output.html", context, partial="viewer")


@require_safe
def output_file(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return file_response.shown(request, _shown(request, pk).file)


@require_safe
def output_thumbnail(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return file_response.shown(request, _shown(request, pk).small_file)


@require_safe
def output_download(request: SignedInRequest, pk: UUID) -> HttpResponse:
    output = _shown(request, pk)
    campaign = file_names.stem(output.job.brief.campaign.name, "picture", gap=" ")
    response = file_response.saved(output.file, f"{campaign} {output.pk.hex[:6]}")
    if request.method == "GET":
        with transaction.atomic():
            audit.record(request.user, "output.downloaded", output, business=output.job.business)
    return response


@require_safe
def output_preview(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """How far the picture is, small. A page that saw it a moment ago may ask when it is done, or ended
    without: then it is the picture itself, or nothing.
    """
    output = output_for(request, pk)
    if output.may_be_shown:
        return redirect("output_thumbnail", pk)
    if output.taken_down_at or output.hidden_at:
        raise Http404("Taken down, or hidden")
    if not output.preview:
        return HttpResponse(status=204)
    return HttpResponse(bytes(output.preview), content_type="image/webp")


@require_POST
def output_keep(request: SignedInRequest, pk: UUID) -> HttpResponse:
    output = output_for(request, pk, Role.EDITOR)
    output.keep(by=request.user)
    return _decided(request, output)


@require_POST
def output_discard(request: SignedInRequest, pk: UUID) -> HttpResponse:
    output = output_for(request, pk, Role.EDITOR)
    output.discard(by=request.user)
    return _decided(request, output)


@require_POST
def output_release(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Undo keep or discard."""
    output = output_for(request, pk, Role.EDITOR)
    output.release(by=request.user)
    return _decided(request, output)


def _decided(request: SignedInRequest, output: Output) -> HttpResponse:
    """Each place that shows the decision. Field `from`: "page" for the picture's own page, "dialog" for the
    same over a gallery, else the gallery itself.
    """
    campaign, place = output.job.brief.campaign, request.POST.get("from", "gallery")
    if not wants_fragment(request):
        frame = reverse("campaign", args=[campaign.pk]) + f"#frame-{output.pk}"
        return redirect("output", output.pk) if place == "page" else redirect(frame)
    context = {
        "output": output,
        "campaign": campaign,
        "changed": gallery.frames(gallery.outputs_of(campaign).filter(pk=output.pk)),
        "totals": gallery.totals(campaign),
        "place": place,
    }
    return render(request, "campaigns/_decided.html", context)


def _shown(request: SignedInRequest, pk: UUID) -> Output:
    output = output_for(request, pk)
    if not output.may_be_shown:
        raise Http404("Not made yet, taken down or hidden")
    return output
