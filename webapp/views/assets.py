import base64
from uuid import UUID

from csp.decorators import csp_update
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Role
from generation.compositor import FORMATS, LAYOUTS
from generation.jobs import BadRequest
from webapp import assets, creatives, gallery
from webapp.access import asset_for, campaign_for
from webapp.design import Design
from webapp.forms.asset import LookForm
from webapp.fragments import wants_fragment
from webapp.models import Asset, FileKind
from webapp.revalidation import revalidated


@require_http_methods(["GET", "HEAD", "POST"])
def campaign_assets(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A campaign's creatives; a POST starts one of each picture named in `output`."""
    if request.method != "POST":
        campaign = campaign_for(request, pk)
        return render(request, "assets/assets.html", {"campaign": campaign, "assets": assets.of(campaign)})
    campaign = campaign_for(request, pk, Role.EDITOR)
    chosen = gallery.parse_seen(request.POST.getlist("output"))
    pictures = gallery.in_order(gallery.outputs_of(campaign).filter(pk__in=chosen))
    made = assets.create(campaign, pictures, by=request.user)
    if not made:
        messages.error(request, "Pick a picture first.")
        return redirect("campaign", pk)
    return redirect("asset", made[0].pk) if len(made) == 1 else redirect("campaign_assets", pk)


@require_safe
def asset(request: HttpRequest, pk: UUID) -> HttpResponse:
    asset = asset_for(request, pk)
    shown = _format(asset, request.GET.get("format"))
    return _page(request, asset, shown, LookForm.of(asset.design, shown, asset.version.number))


@require_POST
def asset_versions(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Save what was typed. Field `go`: the format to show next."""
    asset = asset_for(request, pk, Role.EDITOR)
    form = LookForm(request.POST)
    shown = _format(asset, request.POST.get("format"))
    if not form.is_valid():
        return _answer(request, asset, shown, form, status=422)
    design = _typed(asset, form)
    try:
        asset = assets.save(asset, design, based_on=form.cleaned_data["based_on"], by=request.user)
    except assets.Outpaced as outpaced:
        return _answer(request, asset, shown, form, outpaced_by=outpaced.version, status=409)
    except BadRequest as refused:
        for field, words in refused.errors.items():
            form.add_error(field, words)
        return _answer(request, asset, shown, form, status=422)
    if wants_fragment(request):
        return _answer(request, asset, shown, form, is_saving=True)
    return redirect(_address(asset, _format(asset, request.POST.get("go") or shown)))


@require_POST
def asset_preview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What was typed, set in the real layout; nothing is saved."""
    asset = asset_for(request, pk, Role.EDITOR)
    form = LookForm(request.POST)
    form.is_valid()
    shown = _format(asset, request.POST.get("format"))
    context = {"asset": asset, "form": form, **_preview(asset, _typed(asset, form), shown)}
    return render(request, "assets/asset.html#preview", context)


@require_POST
def asset_undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    asset = assets.undo(asset_for(request, pk, Role.EDITOR))
    return redirect(_address(asset, _format(asset, request.POST.get("format"))))


@require_POST
def asset_redo(request: HttpRequest, pk: UUID) -> HttpResponse:
    asset = assets.redo(asset_for(request, pk, Role.EDITOR))
    return redirect(_address(asset, _format(asset, request.POST.get("format"))))


@require_POST
def asset_formats(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The set: field `all` for every format there is, else those in `formats`."""
    asset = asset_for(request, pk, Role.EDITOR)
    keys = FORMATS if request.POST.get("all") else request.POST.getlist("formats")
    design = asset.design.with_formats(keys)
    assets.save(asset, design, based_on=asset.version.number, by=request.user)
    return redirect(_address(asset, _format(asset, request.POST.get("format"))))


@require_POST
def asset_archival(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Field `archived`: 1 puts the creative away, anything else brings it back."""
    asset = asset_for(request, pk, Role.EDITOR)
    if request.POST.get("archived") == "1":
        assets.archive(asset, by=request.user)
        messages.success(request, f"“{asset}” is archived.")
        return redirect("campaign_assets", asset.campaign_id)
    assets.restore(asset, by=request.user)
    return redirect("asset", pk)


@require_safe
def asset_picture(request: HttpRequest, pk: UUID, format: str) -> HttpResponse:
    """The current version in one format, as SVG; `layout` in the query tries another one on."""
    asset = asset_for(request, pk)
    layout = request.GET.get("layout", "")
    if format not in FORMATS or (layout and layout not in LAYOUTS):
        raise Http404("No such format or layout")
    etag = f'"{creatives.fingerprint(asset)}-{format}-{layout}"'

    def make() -> HttpResponse:
        rendering = creatives.preview(asset, asset.design, format, layout).rendering
        return HttpResponse(rendering.data, content_type="image/svg+xml")

    return revalidated(request, etag, make)


# The preview is an image inside the page: no second request between a key and its picture.
@csp_update({"img-src": ["data:"]})
def _page(request: HttpRequest, asset: Asset, shown: str, form: LookForm, **more: object) -> HttpResponse:
    status = more.pop("status", 200)
    return render(request, "assets/asset.html", _context(asset, shown, form) | more, status=status)


def _answer(request: HttpRequest, asset: Asset, shown: str, form: LookForm, **more: object) -> HttpResponse:
    """What saving changed, or why it did not save: to htmx the line that says so, else the page."""
    if not wants_fragment(request):
        return _page(request, asset, shown, form, **more)
    status = more.pop("status", 200)
    return render(request, "assets/asset.html#saved", _context(asset, shown, form) | more, status=status)


def _context(asset: Asset, shown: str, form: LookForm) -> dict[str, object]:
    design = asset.design
    return {
        "asset": asset,
        "campaign": asset.campaign,
        "design": design,
        "form": form,
        "layouts": LAYOUTS.values(),
        "formats": [FORMATS[key] for key in design.formats],
        "all_formats": FORMATS.values(),
        "kinds": FileKind,
        "may_redo": asset.version.children.exists(),
        **_preview(asset, _typed(asset, form) if form.is_bound else design, shown),
    }


def _preview(asset: Asset, design: Design, shown: str) -> dict[str, object]:
    rendering, picture_is_gone = creatives.preview(asset, design, shown)
    image = base64.b64encode(rendering.data).decode()
    return {
        "shown": FORMATS[shown],
        "image": f"data:image/svg+xml;base64,{image}",
        "warnings": rendering.warnings,
        "picture_is_gone": picture_is_gone,
    }


def _typed(asset: Asset, form: LookForm) -> Design:
    """The asset's design with what was typed in it."""
    form.is_valid()
    only_here = form.cleaned_data.get("only_here", False)
    shown = _format(asset, form.cleaned_data.get("format"))
    return asset.design.changed(shown, form.look, only_here=only_here)


def _format(asset: Asset, asked: object) -> str:
    """A format of the asset's set: the one asked for, else the first."""
    formats = asset.design.formats
    return str(asked) if asked in formats else formats[0]


def _address(asset: Asset, format_key: str) -> str:
    return f"{reverse('asset', args=[asset.pk])}?format={format_key}"
