import base64
from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import client_address
from accounts.access import membership_for
from accounts.models import Membership, Role
from generation.compositor import PAIRINGS
from generation.compositor.specimen import Brand, specimen, specimen_of
from generation.files.storage import NotStored
from generation.jobs.reasons import REASONS
from webapp.access import brand_kit_for, campaign_for
from webapp.editing import began_from
from webapp.editing.merge import merge
from webapp.editing.writer import writer_name
from webapp.http import file_response, idempotency, uploads
from webapp.http.etag import revalidated
from webapp.http.headers import images_inside
from webapp.http.requests import SignedInRequest
from webapp.models import BrandKit

from . import kits
from .forms import BrandKitForm, CampaignBrandKitForm, NewBrandKitForm, pairing


@require_http_methods(["GET", "HEAD", "POST"])
def brand_kits(request: SignedInRequest) -> HttpResponse:
    """The kits of the business; a POST makes one."""
    if request.method != "POST":
        membership = membership_for(request)
        has_any = membership.business.brand_kits.exists()
        name = "" if has_any else membership.business.name
        return _kits_page(request, membership, NewBrandKitForm(initial={"name": name}))
    membership = membership_for(request, Role.EDITOR)
    if uploads.too_many(request):
        form = NewBrandKitForm(request.POST)
        form.add_error(None, uploads.TOO_MANY)
        return _kits_page(request, membership, form, status=429)
    form = NewBrandKitForm(request.POST, request.FILES, asker=client_address.household(request))
    if form.is_valid():
        cleaned = form.cleaned_data

        def make() -> HttpResponse:
            kit = kits.create(membership.business, cleaned["name"], logo=cleaned["logo"], by=request.user)
            return redirect("brand_kit", kit.pk)

        try:
            return idempotency.answer(request, make)
        except NotStored as error:
            form.add_error(None, _not_saved(error))
    return _kits_page(request, membership, form, status=422)


def _kits_page(
    request: SignedInRequest, membership: Membership, form: NewBrandKitForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "kits": list(kits.all_of(membership.business)),
        "archived": list(kits.all_of(membership.business, archived=True)),
        "form": form,
    }
    return render(request, "brand/brand_kits.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def brand_kit(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """A kit; a POST saves all of it, with what the buttons `from_logo` and `pairing` add."""
    if request.method != "POST":
        kit = brand_kit_for(request, pk)
        return _kit_page(request, BrandKitForm(kit=kit))
    kit = brand_kit_for(request, pk, Role.EDITOR)
    if uploads.too_many(request):
        form = BrandKitForm(request.POST, kit=kit)
        form.add_error(None, uploads.TOO_MANY)
        return _kit_page(request, form, status=429)
    form = BrandKitForm(request.POST, request.FILES, kit=kit, asker=client_address.household(request))
    if not form.is_valid():
        return _kit_page(request, form, status=422)
    changes = form.changes()
    typed = {name: changes["changes"][name] for name in kits.PLAIN}
    taken = merge(changes["began_from"], typed, kits.plain(kit)).taken
    try:
        kits.change(kit, by=request.user, **changes)
    except NotStored as error:
        form.add_error(None, _not_saved(error))
        return _kit_page(request, form, status=422)
    except kits.Outpaced as outpaced:
        return _outpaced_page(request, form, outpaced)
    messages.success(request, "Saved.")
    for label in _labels(form, taken):
        messages.info(
            request,
            f"{writer_name(kit.changed_by, reader=request.user)} changed “{label}” meanwhile. It is kept.",
        )
    return redirect("brand_kit", pk)


def _outpaced_page(request: SignedInRequest, form: BrandKitForm, outpaced: kits.Outpaced) -> HttpResponse:
    """What was typed, with what somebody else said in the same fields, and what they changed elsewhere."""
    kit, merged = outpaced.kit, outpaced.merged
    told = {
        "writer": writer_name(kit.changed_by, reader=request.user),
        "theirs": list(zip(_labels(form, merged.contested), merged.contested.values(), strict=True)),
    }
    return _kit_page(request, form.over(kit, merged.taken), **told, status=409)


def _labels(form: BrandKitForm, names: Iterable[str]) -> list[str]:
    return [str(form.fields[name].label) for name in names]


@require_POST
def brand_kit_preview(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """What was typed, as a specimen; nothing is saved."""
    kit = brand_kit_for(request, pk, Role.EDITOR)
    data = request.POST.copy()
    paired = pairing(data.get("pairing", ""))
    data.update(paired)
    form = BrandKitForm(data, kit=kit)
    context = {**_specimen(form), "is_paired": bool(paired)}
    return render(request, "brand/_preview.html", context)


@images_inside
def _kit_page(
    request: SignedInRequest, form: BrandKitForm, *, status: int = 200, **more: object
) -> HttpResponse:
    context = {
        **_specimen(form),
        "pairings": list(enumerate(PAIRINGS)),
        "lost": kits.lost_parts(form.kit),
        "began_from": began_from.to_send(form, kits.plain(form.kit)),
        **more,
    }
    return render(request, "brand/brand_kit.html", context, status=status)


def _specimen(form: BrandKitForm) -> dict[str, object]:
    kit = form.tried() if form.is_bound else form.kit
    image = base64.b64encode(specimen(_brand(kit), "board")).decode()
    return {"kit": form.kit, "form": form, "specimen": f"data:image/svg+xml;base64,{image}"}


@require_safe
def brand_kit_specimen(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The kit on a card, as SVG."""
    kit = brand_kit_for(request, pk)

    def make() -> HttpResponse:
        return HttpResponse(specimen(_brand(kit), "card"), content_type="image/svg+xml")

    return revalidated(request, f'"{kit.pk}-{kit.version}-{len(kits.lost_parts(kit))}"', make)


@require_safe
def brand_kit_logo(request: SignedInRequest, pk: UUID, ground: str) -> HttpResponse:
    """The kit's logo for `ground`: light or dark."""
    path = getattr(brand_kit_for(request, pk), f"logo_on_{ground}", "")
    if not path:
        raise Http404("No such logo")
    return file_response.shown(request, path)


@require_safe
def brand_pairing(request: SignedInRequest, number: int) -> HttpResponse:
    """Two bundled families, each set in itself, as SVG."""
    membership_for(request)
    if number >= len(PAIRINGS):
        raise Http404("No such pairing")
    response = HttpResponse(specimen_of(PAIRINGS[number]), content_type="image/svg+xml")
    response.headers["Cache-Control"] = "private, max-age=86400"
    return response


@require_POST
def brand_kit_default(request: SignedInRequest, pk: UUID) -> HttpResponse:
    kit = brand_kit_for(request, pk, Role.EDITOR)
    kits.make_default(kit, by=request.user)
    return redirect("brand_kits")


@require_POST
def brand_kit_archival(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Field `archived`: 1 puts the kit away, anything else brings it back."""
    kit = brand_kit_for(request, pk, Role.EDITOR)
    if request.POST.get("archived") == "1":
        kits.archive(kit, by=request.user)
        messages.success(request, f"“{kit}” is archived.")
        return redirect("brand_kits")
    kits.restore(kit, by=request.user)
    return redirect("brand_kit", pk)


@require_POST
def campaign_brand_kit(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The kit of a campaign; an empty choice is the default of the business."""
    campaign = campaign_for(request, pk, Role.EDITOR)
    form = CampaignBrandKitForm(request.POST, campaign=campaign)
    if form.is_valid():
        kits.choose(campaign, form.cleaned_data["brand_kit"], by=request.user)
    else:
        messages.error(request, "This kit is not there any more. Choose another.")
    return redirect("campaign", pk)


def _not_saved(error: NotStored) -> str:
    return f"Nothing was saved. {REASONS[error.reason]}"


def _brand(kit: BrandKit) -> Brand:
    return Brand(name=kit.name, voice=tuple(kit.voice), contact=kit.contact_line, **kits.look(kit))
