"""A creative: started from a picture, set in a real layout while one types, saved version by version."""

import base64
import html
import io
import json
import re
from functools import partial
from itertools import cycle

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.models import AuditEvent
from generation.compositor import FORMATS, LAYOUTS
from generation.files import storage
from tests.generation.parallel import at_once
from tests.webapp import stage, steps
from webapp.brand import kits
from webapp.creatives import exports, versions
from webapp.models import Asset, AssetVersion, FileKind
from webapp.models.design import WORDS, Design

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
    return versions.create(people.campaign, [stage.picture(people.campaign, people.bob)], by=people.bob)[0]


def test_whoever_saves_or_orders_at_the_same_moment_is_served(transactional_db, people, asset):
    began = asset.design.values(FIRST)
    said = {"headline": "Pumpkin", "offer": "Two for one", "price": "3.50 €", "details": "All week"}
    writers = cycle([people.alice, people.bob])
    saves = [
        partial(versions.edit, asset, FIRST, {**began, name: words}, began_from=began, by=next(writers))
        for name, words in said.items()
    ]
    orders = [partial(exports.order, asset, kind, by=people.bob) for kind in (FileKind.PNG, FileKind.JPEG)]
    answers = at_once([*saves, *orders])
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    asset.refresh_from_db()
    assert {name: asset.design.values(FIRST)[name] for name in said} == said


def test_it_starts_with_the_subject_of_its_picture_in_view(people, media):
    output = stage.picture(people.campaign, people.bob)
    image = Image.new("RGB", (64, 64), "#f0e8d8")
    image.paste("#802010", (8, 40, 24, 56))
    data = io.BytesIO()
    image.save(data, "PNG")
    output.thumbnail = storage.store(output.job.account_id, data.getvalue(), "png").path
    output.save()
    [asset] = versions.create(people.campaign, [output], by=people.bob)
    assert asset.design.look.focal_point == pytest.approx((0.25, 0.75), abs=0.02)


def typed(asset: Asset, **changes: object) -> dict[str, object]:
    """All that the page's form sends."""
    blank = dict.fromkeys(WORDS, "")
    look = {"layout": next(iter(LAYOUTS)), "focal_x": "0.5", "focal_y": "0.5", "zoom": "1", "format": FIRST}
    return {**blank, **WORDS_TYPED, **look, **changes}


def opened(client, asset: Asset) -> dict[str, object]:
    """What a page that is opened now sends if nothing is typed in it."""
    page = client.get(steps.url("asset", asset))
    began_from = html.unescape(*steps.values_of(page, "began_from"))
    values = {name: value for name, value in json.loads(began_from).items() if value is not False}
    return {**values, "format": FIRST, "began_from": began_from}


def send(client, asset: Asset, page: dict[str, object], *, htmx: bool = True, **changes: object):
    headers = steps.HTMX if htmx else {}
    return client.post(steps.url("asset_versions", asset), page | changes, headers=headers)


def words_of(asset: Asset) -> dict[str, str]:
    asset = Asset.objects.select_related("version").get(pk=asset.pk)
    return asset.design.values(FIRST)


def save(client, asset: Asset, *, htmx: bool = True, **changes: object):
    headers = steps.HTMX if htmx else {}
    return client.post(steps.url("asset_versions", asset), typed(asset, **changes), headers=headers)


def save_only(client, asset: Asset, **words: str):
    """Save these words and no others."""
    return save(client, asset, **dict.fromkeys(WORDS_TYPED, "") | words)


def image_in(answer) -> str:
    """The preview's SVG."""
    found = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', answer.text)
    return base64.b64decode(found[1]).decode()


def headline(asset: Asset) -> str:
    asset = Asset.objects.select_related("version").get(pk=asset.pk)
    return asset.design.look.copy.headline


def test_a_picture_becomes_a_creative_and_several_become_several(people, bob, media):
    first, second = stage.finished_job(people.campaign, people.bob).outputs.order_by("index")
    url = steps.url("campaign_assets", people.campaign)
    one = bob.post(url, {"output": first.pk})
    assert one.url == steps.url("asset", Asset.objects.get())
    assert bob.post(url, {"output": [first.pk, second.pk]}).url == url
    assert Asset.objects.count() == 3
    assert AuditEvent.objects.filter(verb="asset.created").count() == 3


def test_pictures_of_other_campaigns_or_not_yet_made_become_nothing(people, bob, media):
    elsewhere = stage.picture(people.foreign_campaign, people.mallory)
    waiting = stage.waiting_job(people.campaign, people.bob, count=1).outputs.get()
    for output in (waiting.pk, elsewhere.pk, "nonsense"):
        bob.post(steps.url("campaign_assets", people.campaign), {"output": output})
    assert not Asset.objects.exists()


def test_what_is_typed_is_set_at_once_and_nothing_is_saved(bob, asset):
    url = steps.url("asset_preview", asset)
    empty = bob.post(url, typed(asset, **dict.fromkeys(WORDS_TYPED, "")), headers=steps.HTMX)
    answer = bob.post(url, typed(asset), headers=steps.HTMX)
    assert image_in(answer).startswith("<svg")
    assert image_in(answer) != image_in(empty)
    assert asset.versions.count() == 1


def test_a_link_that_is_half_typed_stops_no_preview(bob, asset):
    answer = bob.post(steps.url("asset_preview", asset), typed(asset, qr="https:/"), headers=steps.HTMX)
    assert image_in(answer).startswith("<svg")


def test_saving_makes_a_version_and_the_same_again_makes_none(bob, asset):
    assert "Saved just now" in save(bob, asset).text
    assert "Saved just now" in save(bob, asset).text
    assert asset.versions.count() == 2
    assert headline(asset) == "Pumpkin week"


def test_a_mistake_is_told_and_keeps_nothing_else_from_being_saved(bob, asset):
    answer = save(bob, asset, qr="not a link")
    assert answer.status_code == 422
    assert "whole link" in answer.text
    page = save(bob, asset, htmx=False, qr="not a link")
    assert 'value="not a link"' in page.text
    assert "Pumpkin week" in page.text
    assert words_of(asset)["headline"] == "Pumpkin week"
    assert words_of(asset)["qr"] == ""


@pytest.mark.parametrize("word", WORDS)
def test_far_too_much_text_is_refused_in_words(bob, asset, word):
    answer = save(bob, asset, **{word: "https://example.com/" + "a" * 3000})
    assert answer.status_code == 422
    assert "are the most" in answer.text or "at most" in answer.text


def test_typst_in_the_text_is_text(bob, asset):
    answer = save(bob, asset, headline='#panic("x") $1/0$ \\ *bold* @nobody <b>')
    assert answer.status_code == 200
    assert image_in(bob.get(steps.url("asset", asset))).startswith("<svg")


@pytest.fixture
def kit(people):
    kit = kits.create(people.bakery, "Corner Bakery", by=people.alice)
    changes = {"banned_words": ["cheap"], "contact_line": "12 Mill Lane", "primary": "#7a1f2b"}
    return kits.change(kit, changes, by=people.alice)


def test_the_brand_reaches_the_creative(people, bob, kit, asset):
    assert asset.design.look.copy.contact == "12 Mill Lane"
    branded = image_in(bob.get(steps.url("asset", asset)))
    url = reverse("asset_picture", args=[asset.pk, FIRST])
    before = bob.get(url)["ETag"]
    kits.archive(kit, by=people.alice)
    assert image_in(bob.get(steps.url("asset", asset))) != branded
    assert bob.get(url)["ETag"] != before


def test_banned_words_are_refused_with_the_word_named(bob, kit, asset):
    answer = save(bob, asset, offer="Cheap as chips")
    assert answer.status_code == 422
    assert "“cheap”" in answer.text
    assert words_of(asset)["offer"] == ""
    assert headline(asset) == "Pumpkin week"


def test_a_word_banned_since_stops_no_other_word(bob, people, asset):
    save(bob, asset, offer="Cheap as chips")
    kit = kits.create(people.bakery, "Corner Bakery", by=people.alice)
    kits.change(kit, {"banned_words": ["cheap"]}, by=people.alice)
    assert save(bob, asset, offer="Cheap as chips", price="4 €").status_code == 200
    assert words_of(asset)["price"] == "4 €"


def test_undo_goes_back_and_redo_forward(bob, asset):
    for words in ({"headline": "One"}, {"headline": "One", "price": "2 €"}):
        save_only(bob, asset, **words)
    seen = []
    for step in ("undo", "undo", "undo", "redo", "redo", "redo"):
        bob.post(steps.url(f"asset_{step}", asset), {"format": FIRST})
        seen.append((words_of(asset)["headline"], words_of(asset)["price"]))
    assert seen == [("One", ""), ("", ""), ("", ""), ("One", ""), ("One", "2 €"), ("One", "2 €")]


def test_a_change_after_undoing_is_what_redo_then_leads_to(bob, asset):
    save(bob, asset, headline="One")
    bob.post(steps.url("asset_undo", asset))
    save(bob, asset, headline="Other")
    bob.post(steps.url("asset_undo", asset))
    bob.post(steps.url("asset_redo", asset))
    assert headline(asset) == "Other"


def test_a_word_typed_letter_by_letter_is_one_version(bob, asset):
    for length in range(1, 8):
        save_only(bob, asset, headline="Pumpkin"[:length])
    assert headline(asset) == "Pumpkin"
    assert asset.versions.count() == 2
    bob.post(steps.url("asset_undo", asset))
    assert headline(asset) == ""


@pytest.mark.parametrize("between", ["export", "another person", "another field", "a while"])
def test_a_version_is_never_changed_once_something_came_between(people, as_, bob, asset, between):
    save_only(bob, asset, headline="Pump")
    version = Asset.objects.get(pk=asset.pk).version
    if between == "export":
        exports.order(Asset.objects.get(pk=asset.pk), FileKind.WEBP, by=people.bob)
    elif between == "another person":
        save_only(as_(people.alice), asset, headline="Pum")
    elif between == "another field":
        save_only(bob, asset, headline="Pump", price="2 €")
    else:
        AssetVersion.objects.filter(pk=version.pk).update(created_at=timezone.now() - versions.ONE_BREATH)
    save_only(bob, asset, headline="Pumpkin")
    version.refresh_from_db()
    assert version.content["look"]["copy"]["headline"] == "Pump"
    assert headline(asset) == "Pumpkin"


@pytest.mark.parametrize("second", ["bob", "alice"])
def test_two_pages_that_change_different_fields_both_win(people, as_, bob, asset, second):
    """A second tab of the same person is as much another page as a colleague's is."""
    late = bob if second == "bob" else as_(people.alice)
    early_page, late_page = opened(bob, asset), opened(late, asset)
    send(bob, asset, early_page, headline="Pumpkin week", layout="full_bleed")
    answer = send(late, asset, late_page, price="3.50 €", zoom="2")
    who = "You, in another window," if second == "bob" else "Bob"
    assert f"{who} changed “Headline” meanwhile" in answer.text
    now = words_of(asset)
    assert (now["headline"], now["price"]) == ("Pumpkin week", "3.50 €")
    assert (now["layout"], now["zoom"]) == ("full_bleed", 2)


@pytest.mark.parametrize("second", ["bob", "alice"])
@pytest.mark.parametrize("htmx", [True, False])
def test_the_later_of_two_in_one_field_is_told_and_both_texts_stay(people, as_, bob, asset, second, htmx):
    late = bob if second == "bob" else as_(people.alice)
    early_page, late_page = opened(bob, asset), opened(late, asset)
    send(bob, asset, early_page, headline="First", price="1 €")
    answer = send(late, asset, late_page, htmx=htmx, headline="Second")
    assert answer.status_code == (200 if htmx else 409)
    assert "“<bdi>First</bdi>”" in answer.text
    assert (headline(asset), words_of(asset)["price"]) == ("Second", "1 €")
    began_from = html.unescape(*steps.values_of(answer, "began_from"))
    changed_mind = {"headline": "Second", "use-headline": "First", "price": "1 €", "began_from": began_from}
    assert "meanwhile" not in send(late, asset, late_page | changed_mind).text
    assert headline(asset) == "First"
    assert sorted(headlines(asset)) == ["", "First", "First", "Second"]


@pytest.mark.parametrize(
    ("name", "wrong", "right"), [("headline", "Cheap!", "Good"), ("qr", "no link", "https://a.example/")]
)
def test_words_that_are_refused_stay_whatever_others_said_there(people, as_, bob, asset, name, wrong, right):
    kit = kits.create(people.bakery, "Corner Bakery", by=people.bob)
    kits.change(kit, {"banned_words": ["cheap"]}, by=people.bob)
    theirs = {"headline": "Alice", "qr": "https://b.example/"}
    page = opened(bob, asset)
    send(as_(people.alice), asset, opened(bob, asset), **theirs)
    answer = send(bob, asset, page, **{name: wrong})
    assert answer.status_code == 422
    assert f'data-taken="{name}"' not in answer.text
    page |= {"began_from": html.unescape(*steps.values_of(answer, "began_from"))} | theirs
    assert "Yours is in its place" in send(bob, asset, page, **{name: right}).text
    assert words_of(asset)[name] == right


def test_a_page_that_is_gone_overwrites_nobody(people, as_, bob, asset):
    page = opened(bob, asset)
    send(as_(people.alice), asset, opened(bob, asset), headline="Alice")
    send(bob, asset, page, headline="Bob", price="1 €", unheard="1")
    assert (headline(asset), words_of(asset)["price"]) == ("Alice", "1 €")


@pytest.mark.parametrize("nonsense", ["[" * 100_000, "9" * 5000, "{", '{"headline": {}}', "[]"])
def test_a_beginning_that_no_page_has_sent_is_none(bob, asset, nonsense):
    assert send(bob, asset, typed(asset), began_from=nonsense, headline="Pumpkin week").status_code == 200
    assert headline(asset) == "Pumpkin week"


def headlines(asset: Asset) -> list[str]:
    return [version.content["look"]["copy"]["headline"] for version in asset.versions.all()]


def test_typing_on_after_being_told_is_told_once(people, as_, bob, asset):
    page = opened(bob, asset)
    send(as_(people.alice), asset, opened(bob, asset), headline="Alice")
    told = send(bob, asset, page, headline="B")
    page |= {"began_from": html.unescape(*steps.values_of(told, "began_from"))}
    again = send(bob, asset, page, headline="Bo")
    assert "meanwhile" not in again.text
    assert sorted(headlines(asset)) == ["", "Alice", "Bo"]


def test_all_formats_in_one_click_and_each_tuned_alone(bob, asset):
    bob.post(steps.url("asset_formats", asset), {"all": "1", "format": FIRST})
    asset.refresh_from_db()
    assert asset.design.formats == tuple(FORMATS)
    save(bob, asset, headline="Everywhere")
    other = asset.design.formats[1]
    save(bob, asset, headline="Here alone", only_here="on", format=other)
    asset.refresh_from_db()
    assert asset.design.look_of(other).copy.headline == "Here alone"
    assert asset.design.look_of(FIRST).copy.headline == "Everywhere"


def test_two_pages_that_change_the_set_both_win(bob, asset):
    second, third = [key for key in FORMATS if key != FIRST][:2]
    url = steps.url("asset_formats", asset)
    bob.post(url, {"had": FIRST, "formats": [FIRST, second]})
    bob.post(url, {"had": FIRST, "formats": [FIRST, third]})
    asset.refresh_from_db()
    assert set(asset.design.formats) == {FIRST, second, third}


def test_formats_that_nobody_offers_are_left_out_and_one_stays(bob, asset):
    bob.post(steps.url("asset_formats", asset), {"formats": ["nonsense", "../etc"]})
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
    page = bob.get(steps.url("asset", asset))
    assert "The file of the picture is missing or damaged" in page.text
    assert "Pumpkin week" in page.text
    asset.output.delete()
    assert "The picture of this creative is gone" in bob.get(steps.url("asset", asset)).text


def test_viewers_look_and_strangers_see_nothing(people, as_, asset):
    page = as_(people.carol).get(steps.url("asset", asset))
    assert image_in(page).startswith("<svg")
    assert 'name="headline"' not in page.text
    for name in CHANGES:
        assert as_(people.carol).post(steps.url(name, asset), typed(asset)).status_code == 403
        assert as_(people.mallory).post(steps.url(name, asset), typed(asset)).status_code == 404


def test_a_creative_is_put_away_and_comes_back(bob, asset, people):
    bob.post(steps.url("asset_archival", asset), {"archived": "1"})
    assert not list(versions.of(people.campaign))
    bob.post(steps.url("asset_archival", asset), {"archived": "0"})
    assert list(versions.of(people.campaign)) == [asset]
    verbs = AuditEvent.objects.filter(verb__startswith="asset.").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["asset.created", "asset.archived", "asset.restored"]


def test_only_the_design_page_takes_pictures_from_its_own_text(bob, asset, people):
    policy = bob.get(steps.url("asset", asset))["Content-Security-Policy"]
    assert "img-src 'self' data:" in policy
    elsewhere = bob.get(steps.url("campaign", people.campaign))["Content-Security-Policy"]
    assert "data:" not in elsewhere
