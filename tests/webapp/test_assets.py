"""A creative: started from a picture, set in a real layout while one types, saved version by version."""

import base64
import io
import re

import pytest
from django.urls import reverse
from PIL import Image

from accounts.models import AuditEvent
from generation import storage
from generation.compositor import FORMATS, LAYOUTS
from webapp import assets, brand_kits
from webapp.design import WORDS, Design
from webapp.models import Asset

from . import stage, studio

WORDS_TYPED = {
    "headline": "Pumpkin week",
    "offer": "Two for one",
    "price": "3.50 €",
    "qr": "https://example.com/menu",
}
CHANGES = (
    "asset_versions",
    "asset_preview",
    "asset_undo",
    "asset_redo",
    "asset_formats",
    "asset_archival",
)
FIRST = Design().formats[0]


@pytest.fixture
def bob(people, as_):
    return as_(people.bob)


@pytest.fixture
def asset(people, media) -> Asset:
    return assets.create(people.campaign, [stage.picture(people.campaign, people.bob)], by=people.bob)[0]


def test_it_starts_with_the_subject_of_its_picture_in_view(people, media):
    output = stage.picture(people.campaign, people.bob)
    image = Image.new("RGB", (64, 64), "#f0e8d8")
    image.paste("#802010", (8, 40, 24, 56))
    data = io.BytesIO()
    image.save(data, "PNG")
    output.thumbnail = storage.store(output.job.account_id, data.getvalue(), "png").path
    output.save()
    [asset] = assets.create(people.campaign, [output], by=people.bob)
    assert asset.design.look.focal_point == pytest.approx((0.25, 0.75), abs=0.02)


def typed(asset: Asset, **changes: object) -> dict[str, object]:
    """All that the page's form sends."""
    blank = dict.fromkeys(WORDS, "")
    look = {"layout": next(iter(LAYOUTS)), "focal_x": "0.5", "focal_y": "0.5", "zoom": "1", "format": FIRST}
    return {**blank, **WORDS_TYPED, **look, "based_on": asset.version.number, **changes}


def save(client, asset: Asset, *, htmx: bool = True, **changes: object):
    headers = studio.HTMX if htmx else {}
    return client.post(studio.url("asset_versions", asset), typed(asset, **changes), headers=headers)


def image_in(answer) -> str:
    """The preview's SVG."""
    found = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', answer.text)
    return base64.b64decode(found[1]).decode()


def headline(asset: Asset) -> str:
    asset = Asset.objects.select_related("version").get(pk=asset.pk)
    return asset.design.look.copy.headline


def test_a_picture_becomes_a_creative_and_several_become_several(people, bob, media):
    first, second = stage.finished_job(people.campaign, people.bob).outputs.order_by("index")
    url = studio.url("campaign_assets", people.campaign)
    one = bob.post(url, {"output": first.pk})
    assert one.url == studio.url("asset", Asset.objects.get())
    assert bob.post(url, {"output": [first.pk, second.pk]}).url == url
    assert Asset.objects.count() == 3
    assert AuditEvent.objects.filter(verb="asset.created").count() == 3


def test_pictures_of_other_campaigns_or_not_yet_made_become_nothing(people, bob, media):
    elsewhere = stage.picture(people.foreign_campaign, people.mallory)
    waiting = stage.waiting_job(people.campaign, people.bob, count=1).outputs.get()
    for output in (waiting.pk, elsewhere.pk, "nonsense"):
        bob.post(studio.url("campaign_assets", people.campaign), {"output": output})
    assert not Asset.objects.exists()


def test_what_is_typed_is_set_at_once_and_nothing_is_saved(bob, asset):
    url = studio.url("asset_preview", asset)
    empty = bob.post(url, typed(asset, **dict.fromkeys(WORDS_TYPED, "")), headers=studio.HTMX)
    answer = bob.post(url, typed(asset), headers=studio.HTMX)
    assert image_in(answer).startswith("<svg")
    assert image_in(answer) != image_in(empty)
    assert asset.versions.count() == 1


def test_a_link_that_is_half_typed_stops_no_preview(bob, asset):
    answer = bob.post(studio.url("asset_preview", asset), typed(asset, qr="https:/"), headers=studio.HTMX)
    assert image_in(answer).startswith("<svg")


def test_saving_makes_a_version_and_the_same_again_makes_none(bob, asset):
    assert "Saved, version 2" in save(bob, asset).text
    assert "Saved, version 2" in save(bob, asset, based_on=2).text
    assert asset.versions.count() == 2
    assert headline(asset) == "Pumpkin week"


def test_a_save_in_a_mistake_says_so_and_changes_nothing(bob, asset):
    answer = save(bob, asset, qr="not a link")
    assert answer.status_code == 422
    assert "whole link" in answer.text
    page = save(bob, asset, htmx=False, qr="not a link")
    assert 'value="not a link"' in page.text
    assert "Pumpkin week" in page.text
    assert asset.versions.count() == 1


@pytest.mark.parametrize("word", WORDS)
def test_far_too_much_text_is_refused_in_words(bob, asset, word):
    answer = save(bob, asset, **{word: "https://example.com/" + "a" * 3000})
    assert answer.status_code == 422
    assert "are the most" in answer.text or "at most" in answer.text


def test_typst_in_the_text_is_text(bob, asset):
    answer = save(bob, asset, headline='#panic("x") $1/0$ \\ *bold* @nobody <b>')
    assert answer.status_code == 200
    assert image_in(bob.get(studio.url("asset", asset))).startswith("<svg")


@pytest.fixture
def kit(people):
    kit = brand_kits.create(people.bakery, "Corner Bakery", by=people.alice)
    changes = {"banned_words": ["cheap"], "contact_line": "12 Mill Lane", "primary": "#7a1f2b"}
    return brand_kits.change(kit, changes, based_on=kit.version, by=people.alice)


def test_the_brand_reaches_the_creative(people, bob, kit, asset):
    assert asset.design.look.copy.contact == "12 Mill Lane"
    branded = image_in(bob.get(studio.url("asset", asset)))
    url = reverse("asset_picture", args=[asset.pk, FIRST])
    before = bob.get(url)["ETag"]
    brand_kits.archive(kit, by=people.alice)
    assert image_in(bob.get(studio.url("asset", asset))) != branded
    assert bob.get(url)["ETag"] != before


def test_banned_words_are_refused_with_the_word_named(bob, kit, asset):
    answer = save(bob, asset, offer="Cheap as chips")
    assert answer.status_code == 422
    assert "“cheap”" in answer.text
    assert asset.versions.count() == 1


def test_undo_goes_back_and_redo_forward(bob, asset):
    for number, words in enumerate(("One", "Two"), start=1):
        save(bob, asset, headline=words, based_on=number)
    seen = []
    for step in ("undo", "undo", "undo", "redo", "redo", "redo"):
        bob.post(studio.url(f"asset_{step}", asset), {"format": FIRST})
        seen.append(headline(asset))
    assert seen == ["One", "", "", "One", "Two", "Two"]


def test_a_change_after_undoing_is_what_redo_then_leads_to(bob, asset):
    save(bob, asset, headline="One")
    bob.post(studio.url("asset_undo", asset))
    save(bob, asset, headline="Other", based_on=2)
    bob.post(studio.url("asset_undo", asset))
    bob.post(studio.url("asset_redo", asset))
    assert headline(asset) == "Other"


def test_the_second_of_two_people_sees_it_and_loses_nothing(people, as_, bob, asset):
    save(bob, asset, headline="Bob was here")
    late = save(as_(people.alice), asset, headline="Alice too")
    assert late.status_code == 409
    assert "Bob changed this creative" in late.text
    assert headline(asset) == "Bob was here"
    page = save(as_(people.alice), asset, htmx=False, headline="Alice too")
    assert page.status_code == 409
    assert "Alice too" in page.text
    told = int(*studio.values_of(late, "based_on"))
    again = save(as_(people.alice), asset, headline="Alice too", based_on=told)
    assert again.status_code == 200
    assert headline(asset) == "Alice too"
    bob.post(studio.url("asset_undo", asset))
    assert headline(asset) == "Bob was here"


def test_one_person_is_never_outpaced_by_themselves(bob, asset):
    save(bob, asset, headline="One")
    assert save(bob, asset, headline="Two").status_code == 200


def test_all_formats_in_one_click_and_each_tuned_alone(bob, asset):
    bob.post(studio.url("asset_formats", asset), {"all": "1", "format": FIRST})
    asset.refresh_from_db()
    assert asset.design.formats == tuple(FORMATS)
    save(bob, asset, headline="Everywhere", based_on=2)
    other = asset.design.formats[1]
    save(bob, asset, headline="Here alone", only_here="on", format=other, based_on=3)
    asset.refresh_from_db()
    assert asset.design.look_of(other).copy.headline == "Here alone"
    assert asset.design.look_of(FIRST).copy.headline == "Everywhere"


def test_formats_that_nobody_offers_are_left_out_and_one_stays(bob, asset):
    bob.post(studio.url("asset_formats", asset), {"formats": ["nonsense", "../etc"]})
    asset.refresh_from_db()
    assert asset.design.formats == (FIRST,)


def test_small_pictures_follow_the_version(bob, asset):
    url = reverse("asset_picture", args=[asset.pk, FIRST])
    first = bob.get(url)
    assert first["Content-Type"] == "image/svg+xml"
    assert bob.get(url, headers={"If-None-Match": first["ETag"]}).status_code == 304
    save(bob, asset)
    changed = bob.get(url, headers={"If-None-Match": first["ETag"]})
    assert (changed.status_code, changed.content == first.content) == (200, False)
    assert bob.get(reverse("asset_picture", args=[asset.pk, "nonsense"])).status_code == 404
    assert bob.get(url, {"layout": "nonsense"}).status_code == 404


def test_a_picture_that_is_gone_takes_no_words_with_it(people, bob, asset):
    save(bob, asset)
    for path in (asset.output.file, asset.output.thumbnail):
        storage.path_of(path).unlink()
    page = bob.get(studio.url("asset", asset))
    assert "The picture of this creative is gone" in page.text
    assert "Pumpkin week" in page.text
    asset.output.delete()
    assert bob.get(studio.url("asset", asset)).status_code == 200


def test_viewers_look_and_strangers_see_nothing(people, as_, asset):
    page = as_(people.carol).get(studio.url("asset", asset))
    assert image_in(page).startswith("<svg")
    assert 'name="headline"' not in page.text
    for name in CHANGES:
        assert as_(people.carol).post(studio.url(name, asset), typed(asset)).status_code == 403
        assert as_(people.mallory).post(studio.url(name, asset), typed(asset)).status_code == 404


def test_a_creative_is_put_away_and_comes_back(bob, asset, people):
    bob.post(studio.url("asset_archival", asset), {"archived": "1"})
    assert not list(assets.of(people.campaign))
    bob.post(studio.url("asset_archival", asset), {"archived": "0"})
    assert list(assets.of(people.campaign)) == [asset]
    verbs = AuditEvent.objects.filter(verb__startswith="asset.").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["asset.created", "asset.archived", "asset.restored"]


def test_only_the_design_page_takes_pictures_from_its_own_text(bob, asset, people):
    policy = bob.get(studio.url("asset", asset))["Content-Security-Policy"]
    assert "img-src 'self' data:" in policy
    elsewhere = bob.get(studio.url("campaign", people.campaign))["Content-Security-Policy"]
    assert "data:" not in elsewhere
