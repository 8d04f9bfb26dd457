import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Role, User
from generation.compositor import FORMATS, LAYOUTS
from webapp.access import campaign_for, creative_for
from webapp.campaigns import gallery
from webapp.creatives import rendering, versions
from webapp.creatives.forms import LookForm
from webapp.editing.writer import writer_name
from webapp.http import idempotency
from webapp.http.etag import revalidated
from webapp.http.fragments import wants_fragment
from webapp.http.headers import images_inside
from webapp.http.requests import SignedInRequest
from webapp.models import Campaign, Creative, FileKind
from webapp.models.design import WORDS, Design


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What somebody else said in a field while the page was open. is_contested: the page says otherwise."""

    name: str
    value: object
    label: str
    writer: str
    is_contested: bool

    @property
    def sentence(self) -> str:
        kept = "Yours is in its place" if self.is_contested else "It is kept"
        return f"{self.writer} changed “{self.label}” meanwhile. {kept}."

    @property
    def is_text(self) -> bool:
        return self.name in WORDS


@require_http_methods(["GET", "HEAD", "POST"])
def campaign_creatives(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """A campaign's creatives; a POST starts one of each picture named in `output`."""
    if request.method != "POST":
        campaign = campaign_for(request, pk)
        return render(
            request,
            "creatives/creatives.html",
            {"campaign": campaign, "creatives": versions.creatives_of(campaign)},
        )
    campaign = campaign_for(request, pk, Role.EDITOR)
    return idempotency.answer(request, partial(_creatives_of_pictures, request, campaign))


def _creatives_of_pictures(request: SignedInRequest, campaign: Campaign) -> HttpResponse:
    chosen = gallery.parse_seen(request.POST.getlist("output"))
    pictures = gallery.in_order(gallery.outputs_of(campaign).filter(pk__in=chosen))
    made = versions.create(campaign, pictures, by=request.user)
    if not made:
        messages.error(request, "Pick a picture first.")
        return redirect("campaign", campaign.pk)
    return redirect("creative", made[0].pk) if len(made) == 1 else redirect("campaign_creatives", campaign.pk)


@require_safe
def creative(request: SignedInRequest, pk: UUID) -> HttpResponse:
    creative = creative_for(request, pk)
    shown = _format(creative, request.GET.get("format"))
    return _page(request, creative, shown, LookForm.from_design(creative.design, shown))


@require_POST
def creative_versions(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Save what was typed, field by field. Fields `go`: what to show next; `unheard`: the page is gone."""
    creative = creative_for(request, pk, Role.EDITOR)
    shown = _format(creative, request.POST.get("format"))
    form = LookForm(request.POST)
    form.is_valid()
    began_from, goes_on = form.cleaned_data.get("began_from", {}), not form.is_choice
    how = {"goes_on": goes_on, "is_heard": not request.POST.get("unheard")}
    edit = versions.edit(creative, shown, form.typed, began_from=began_from, by=request.user, **how)
    mistakes = form.mistakes | dict(edit.refused)
    meanwhile = _meanwhile(edit, by=request.user)
    # A refused field goes on from where it began: what others said in it is told once it is saved.
    not_saved = {name: began_from[name] for name in mistakes if name in began_from}
    told = {"mistakes": _named(mistakes), "meanwhile": meanwhile, **_began(edit.creative, shown, not_saved)}
    if wants_fragment(request):
        return _saved(request, edit.creative, shown, told)
    if not (mistakes or edit.merged.contested):
        for one in meanwhile:
            messages.info(request, one.sentence)
        return redirect(_address(edit.creative, _format(edit.creative, request.POST.get("go") or shown)))
    left = LookForm.from_design(edit.creative.design, shown, {name: form[name].value() for name in mistakes})
    return _page(request, edit.creative, shown, left, **told, status=422 if mistakes else 409)


@require_POST
def creative_preview(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """What was typed, set in the real layout; nothing is saved."""
    creative = creative_for(request, pk, Role.EDITOR)
    form = LookForm(request.POST)
    form.is_valid()
    shown = _format(creative, request.POST.get("format"))
    design = creative.design.with_values(shown, form.typed)
    return render(
        request,
        "creatives/creative.html#previewed",
        {"creative": creative, "form": form, **_preview(creative, design, shown)},
    )


@require_POST
def creative_undo(request: SignedInRequest, pk: UUID) -> HttpResponse:
    creative = versions.undo(creative_for(request, pk, Role.EDITOR), by=request.user)
    address = _address(creative, _format(creative, request.POST.get("format")))
    return redirect(f"{address}#undo-button")  # with the focus


@require_POST
def creative_redo(request: SignedInRequest, pk: UUID) -> HttpResponse:
    creative = versions.redo(creative_for(request, pk, Role.EDITOR), by=request.user)
    address = _address(creative, _format(creative, request.POST.get("format")))
    return redirect(f"{address}#redo-button")  # with the focus


@require_POST
def creative_formats(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The set: field `all` for every format there is, else those in `formats`; `had`: those on the page."""
    creative = creative_for(request, pk, Role.EDITOR)
    keys = FORMATS if request.POST.get("all") else request.POST.getlist("formats")
    had = request.POST.getlist("had") or creative.design.formats
    creative = versions.choose_formats(creative, keys, began_from=had, by=request.user)
    return redirect(_address(creative, _format(creative, request.POST.get("format"))))


@require_POST
def creative_archival(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Field `archived`: 1 puts the creative away, anything else brings it back."""
    creative = creative_for(request, pk, Role.EDITOR)
    if request.POST.get("archived") == "1":
        versions.archive(creative, by=request.user)
        messages.success(request, f"“{creative}” is archived.")
        return redirect("campaign_creatives", creative.campaign_id)
    versions.restore(creative, by=request.user)
    return redirect("creative", pk)


@require_safe
def creative_picture(request: SignedInRequest, pk: UUID, format: str) -> HttpResponse:
    """The current version in one format, as SVG; `layout` in the query tries another one on."""
    creative = creative_for(request, pk)
    layout = request.GET.get("layout", "")
    if format not in FORMATS or (layout and layout not in LAYOUTS):
        raise Http404("No such format or layout")
    etag = f'"{rendering.fingerprint(creative)}-{format}-{layout}"'

    def make() -> HttpResponse:
        drawn = rendering.preview(creative, creative.design, format, layout).rendering
        return HttpResponse(drawn.data, content_type="image/svg+xml")

    return revalidated(request, etag, make)


@images_inside
def _page(
    request: SignedInRequest,
    creative: Creative,
    shown: str,
    form: LookForm,
    *,
    status: int = 200,
    **more: object,
) -> HttpResponse:
    context = {
        **_state(creative, shown),
        "campaign": creative.campaign,
        "form": form,
        "all_formats": FORMATS.values(),
        "kinds": FileKind,
        **_preview(creative, creative.design, shown),
    }
    return render(request, "creatives/creative.html", context | more, status=status)


def _saved(request: SignedInRequest, creative: Creative, shown: str, told: dict[str, object]) -> HttpResponse:
    """What saving changed, and why some of it did not."""
    context = {**_state(creative, shown), "is_saving": True, **told}
    return render(request, "creatives/creative.html#saved", context, status=422 if told["mistakes"] else 200)


def _state(creative: Creative, shown: str) -> dict[str, object]:
    """What both the page and the line about saving tell."""
    design = creative.design
    return {
        "creative": creative,
        "design": design,
        "shown": FORMATS[shown],
        **_began(creative, shown),
        "layouts": LAYOUTS.values(),
        "formats": [FORMATS[key] for key in design.formats],
        "may_redo": creative.current.children.exists(),
    }


def _began(creative: Creative, shown: str, not_saved: Mapping[str, object] | None = None) -> dict[str, str]:
    return {"began_from": json.dumps({**creative.design.values(shown), **(not_saved or {})})}


def _named(mistakes: dict[str, str]) -> list[tuple[str, str, str]]:
    """Name, label and sentence of each."""
    return [(name, str(LookForm.base_fields[name].label), words) for name, words in mistakes.items()]


def _meanwhile(edit: versions.Edit, *, by: User) -> list[Meanwhile]:
    merged = edit.merged
    return [
        Meanwhile(
            name,
            value,
            str(LookForm.base_fields[name].label),
            writer_name(edit.writers.get(name), reader=by),
            name in merged.contested,
        )
        for name, value in (merged.contested | merged.taken).items()
    ]


def _preview(creative: Creative, design: Design, shown: str) -> dict[str, object]:
    drawn, lost = rendering.preview(creative, design, shown)
    image = base64.b64encode(drawn.data).decode()
    return {
        "shown": FORMATS[shown],
        "image": f"data:image/svg+xml;base64,{image}",
        "warnings": drawn.warnings,
        "lost": lost,
    }


def _format(creative: Creative, asked: object) -> str:
    """A format of the creative's set: the one asked for, else the first."""
    formats = creative.design.formats
    return str(asked) if asked in formats else formats[0]


def _address(creative: Creative, format_key: str) -> str:
    return f"{reverse('creative', args=[creative.pk])}?format={format_key}"
