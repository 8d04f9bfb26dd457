"""A creative: started from a picture, set in a real layout while one types, saved version by version."""

import base64
import html
import io
import json
import re
from functools import partial
from itertools import cycle
from typing import Any

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
from webapp.models import Creative, CreativeVersion, FileKind
from webapp.models.design import WORDS, Design

WORDS_TYPED = {
    "headline": "Pumpkin week",
    "offer": "Two for one",
    "price": "3.50 €",
    "qr": "https://example.com/menu",
}
CHANGES = (
    "creative_versions",
    "creative_preview",
    "creative_undo",
    "creative_redo",
    "creative_formats",
    "creative_archival",
)
FIRST = Design().formats[0]


@pytest.fixture
def bob(people, as_):
    return as_(people.bob)


@pytest.fixture
def creative(people, media) -> Creative:
    return versions.create(people.campaign, [stage.picture(people.campaign, people.bob)], by=people.bob)[0]


def test_whoever_saves_or_orders_at_the_same_moment_is_served(transactional_db, people, creative):
    began = creative.design.values(FIRST)
    said = {"headline": "Pumpkin", "offer": "Two for one", "price": "3.50 €", "details": "All week"}
    writers = cycle([people.alice, people.bob])
    saves = [
        partial(versions.edit, creative, FIRST, {**began, name: words}, began_from=began, by=next(writers))
        for name, words in said.items()
    ]
    orders = [partial(exports.order, creative, kind, by=people.bob) for kind in (FileKind.PNG, FileKind.JPEG)]
    answers = at_once([*saves, *orders])
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    creative.refresh_from_db()
    assert {name: creative.design.values(FIRST)[name] for name in said} == said


def test_it_starts_with_the_subject_of_its_picture_in_view(people, media):
    output = stage.picture(people.campaign, people.bob)
    image = Image.new("RGB", (64, 64), "#f0e8d8")
    image.paste("#802010", (8, 40, 24, 56))
    data = io.BytesIO()
    image.save(data, "PNG")
    output.thumbnail = storage.store(output.job.business_id, data.getvalue(), "png").path
    output.save()
    [creative] = versions.create(people.campaign, [output], by=people.bob)
    assert creative.design.look.focal_point == pytest.approx((0.25, 0.75), abs=0.02)


def typed(creative: Creative, **changes: object) -> dict[str, object]:
    """All that the page's form sends."""
    blank = dict.fromkeys(WORDS, "")
    look = {"layout": next(iter(LAYOUTS)), "focal_x": "0.5", "focal_y": "0.5", "zoom": "1", "format": FIRST}
    return {**blank, **WORDS_TYPED, **look, **changes}


def opened(client, creative: Creative) -> dict[str, object]:
    """What a page that is opened now sends if nothing is typed in it."""
    page = client.get(steps.url("creative", creative))
    began_from = html.unescape(*steps.values_of(page, "began_from"))
    values = {name: value for name, value in json.loads(began_from).items() if value is not False}
    return {**values, "format": FIRST, "began_from": began_from}


def send(client, creative: Creative, page: dict[str, object], *, htmx: bool = True, **changes: object):
    headers = steps.HTMX if htmx else {}
    return client.post(steps.url("creative_versions", creative), page | changes, headers=headers)


def words_of(creative: Creative) -> dict[str, Any]:
    creative = Creative.objects.select_related("version").get(pk=creative.pk)
    return creative.design.values(FIRST)


def save(client, creative: Creative, *, htmx: bool = True, **changes: object):
    headers = steps.HTMX if htmx else {}
    return client.post(steps.url("creative_versions", creative), typed(creative, **changes), headers=headers)


def save_only(client, creative: Creative, **words: str):
    """Save these words and no others."""
    only: dict[str, Any] = dict.fromkeys(WORDS_TYPED, "") | words
    return save(client, creative, **only)


def image_in(answer) -> str:
    """The preview's SVG."""
    found = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', answer.text)
    return base64.b64decode(found[1]).decode()


def headline(creative: Creative) -> str:
    creative = Creative.objects.select_related("version").get(pk=creative.pk)
    return creative.design.look.ad_copy.headline


def test_a_picture_becomes_a_creative_and_several_become_several(people, bob, media):
    first, second = stage.finished_job(people.campaign, people.bob).outputs.order_by("index")
    url = steps.url("campaign_creatives", people.campaign)
    one = bob.post(url, {"output": first.pk})
    assert one.url == steps.url("creative", Creative.objects.get())
    assert bob.post(url, {"output": [first.pk, second.pk]}).url == url
    assert Creative.objects.count() == 3
    assert AuditEvent.objects.filter(verb="creative.created").count() == 3


def test_pictures_of_other_campaigns_or_not_yet_made_become_nothing(people, bob, media):
    elsewhere = stage.picture(people.foreign_campaign, people.mallory)
    waiting = stage.waiting_job(people.campaign, people.bob, count=1).outputs.get()
    for output in (waiting.pk, elsewhere.pk, "nonsense"):
        bob.post(steps.url("campaign_creatives", people.campaign), {"output": output})
    assert not Creative.objects.exists()


def test_what_is_typed_is_set_at_once_and_nothing_is_saved(bob, creative):
    url = steps.url("creative_preview", creative)
    empty = bob.post(url, typed(creative, **dict.fromkeys(WORDS_TYPED, "")), headers=steps.HTMX)
    answer = bob.post(url, typed(creative), headers=steps.HTMX)
    assert image_in(answer).startswith("<svg")
    assert image_in(answer) != image_in(empty)
    assert creative.versions.count() == 1


def test_a_link_that_is_half_typed_stops_no_preview(bob, creative):
    answer = bob.post(
        steps.url("creative_preview", creative), typed(creative, qr="https:/"), headers=steps.HTMX
    )
    assert image_in(answer).startswith("<svg")


def test_saving_makes_a_version_and_the_same_again_makes_none(bob, creative):
    assert "Saved just now" in save(bob, creative).text
    assert "Saved just now" in save(bob, creative).text
    assert creative.versions.count() == 2
    assert headline(creative) == "Pumpkin week"


def test_a_mistake_is_told_and_keeps_nothing_else_from_being_saved(bob, creative):
    answer = save(bob, creative, qr="not a link")
    assert answer.status_code == 422
    assert "whole link" in answer.text
    page = save(bob, creative, htmx=False, qr="not a link")
    assert 'value="not a link"' in page.text
    assert "Pumpkin week" in page.text
    assert words_of(creative)["headline"] == "Pumpkin week"
    assert words_of(creative)["qr"] == ""


@pytest.mark.parametrize("word", WORDS)
def test_far_too_much_text_is_refused_in_words(bob, creative, word):
    far_too_much: dict[str, Any] = {word: "https://example.com/" + "a" * 3000}
    answer = save(bob, creative, **far_too_much)
    assert answer.status_code == 422
    assert "are the most" in answer.text or "at most" in answer.text


def test_typst_in_the_text_is_text(bob, creative):
    answer = save(bob, creative, headline='#panic("x") $1/0$ \\ *bold* @nobody <b>')
    assert answer.status_code == 200
    assert image_in(bob.get(steps.url("creative", creative))).startswith("<svg")


@pytest.fixture
def kit(people):
    kit = kits.create(people.bakery, "Corner Bakery", by=people.alice)
    changes = {"banned_words": ["cheap"], "contact_line": "12 Mill Lane", "primary": "#7a1f2b"}
    return kits.change(kit, changes, by=people.alice)


def test_the_brand_reaches_the_creative(people, bob, kit, creative):
    assert creative.design.look.ad_copy.contact == "12 Mill Lane"
    branded = image_in(bob.get(steps.url("creative", creative)))
    url = reverse("creative_picture", args=[creative.pk, FIRST])
    before = bob.get(url)["ETag"]
    kits.archive(kit, by=people.alice)
    assert image_in(bob.get(steps.url("creative", creative))) != branded
    assert bob.get(url)["ETag"] != before


def test_banned_words_are_refused_with_the_word_named(bob, kit, creative):
    answer = save(bob, creative, offer="Cheap as chips")
    assert answer.status_code == 422
    assert "“cheap”" in answer.text
    assert words_of(creative)["offer"] == ""
    assert headline(creative) == "Pumpkin week"


def test_a_word_banned_since_stops_no_other_word(bob, people, creative):
    save(bob, creative, offer="Cheap as chips")
    kit = kits.create(people.bakery, "Corner Bakery", by=people.alice)
    kits.change(kit, {"banned_words": ["cheap"]}, by=people.alice)
    assert save(bob, creative, offer="Cheap as chips", price="4 €").status_code == 200
    assert words_of(creative)["price"] == "4 €"


def test_undo_goes_back_and_redo_forward(bob, creative):
    for words in ({"headline": "One"}, {"headline": "One", "price": "2 €"}):
        save_only(bob, creative, **words)
    seen = []
    for step in ("undo", "undo", "undo", "redo", "redo", "redo"):
        bob.post(steps.url(f"creative_{step}", creative), {"format": FIRST})
        seen.append((words_of(creative)["headline"], words_of(creative)["price"]))
    assert seen == [("One", ""), ("", ""), ("", ""), ("One", ""), ("One", "2 €"), ("One", "2 €")]


def test_a_change_after_undoing_is_what_redo_then_leads_to(bob, creative):
    save(bob, creative, headline="One")
    bob.post(steps.url("creative_undo", creative))
    save(bob, creative, headline="Other")
    bob.post(steps.url("creative_undo", creative))
    bob.post(steps.url("creative_redo", creative))
    assert headline(creative) == "Other"


def test_a_word_typed_letter_by_letter_is_one_version(bob, creative):
    for length in range(1, 8):
        save_only(bob, creative, headline="Pumpkin"[:length])
    assert headline(creative) == "Pumpkin"
    assert creative.versions.count() == 2
    bob.post(steps.url("creative_undo", creative))
    assert headline(creative) == ""


@pytest.mark.parametrize("between", ["export", "another person", "another field", "a while"])
def test_a_version_is_never_changed_once_something_came_between(people, as_, bob, creative, between):
    save_only(bob, creative, headline="Pump")
    version = Creative.objects.get(pk=creative.pk).version
    if between == "export":
        exports.order(Creative.objects.get(pk=creative.pk), FileKind.WEBP, by=people.bob)
    elif between == "another person":
        save_only(as_(people.alice), creative, headline="Pum")
    elif between == "another field":
        save_only(bob, creative, headline="Pump", price="2 €")
    else:
        CreativeVersion.objects.filter(pk=version.pk).update(created_at=timezone.now() - versions.ONE_BREATH)
    save_only(bob, creative, headline="Pumpkin")
    version.refresh_from_db()
    assert version.content["look"]["copy"]["headline"] == "Pump"
    assert headline(creative) == "Pumpkin"


@pytest.mark.parametrize("second", ["bob", "alice"])
def test_two_pages_that_change_different_fields_both_win(people, as_, bob, creative, second):
    """A second tab of the same person is as much another page as a colleague's is."""
    late = bob if second == "bob" else as_(people.alice)
    early_page, late_page = opened(bob, creative), opened(late, creative)
    send(bob, creative, early_page, headline="Pumpkin week", layout="full_bleed")
    answer = send(late, creative, late_page, price="3.50 €", zoom="2")
    who = "You, in another window," if second == "bob" else "Bob"
    assert f"{who} changed “Headline” meanwhile" in answer.text
    now = words_of(creative)
    assert (now["headline"], now["price"]) == ("Pumpkin week", "3.50 €")
    assert (now["layout"], now["zoom"]) == ("full_bleed", 2)


@pytest.mark.parametrize("second", ["bob", "alice"])
@pytest.mark.parametrize("htmx", [True, False])
def test_the_later_of_two_in_one_field_is_told_and_both_texts_stay(people, as_, bob, creative, second, htmx):
    late = bob if second == "bob" else as_(people.alice)
    early_page, late_page = opened(bob, creative), opened(late, creative)
    send(bob, creative, early_page, headline="First", price="1 €")
    answer = send(late, creative, late_page, htmx=htmx, headline="Second")
    assert answer.status_code == (200 if htmx else 409)
    assert "“<bdi>First</bdi>”" in answer.text
    assert (headline(creative), words_of(creative)["price"]) == ("Second", "1 €")
    began_from = html.unescape(*steps.values_of(answer, "began_from"))
    changed_mind = {"headline": "Second", "use-headline": "First", "price": "1 €", "began_from": began_from}
    assert "meanwhile" not in send(late, creative, late_page | changed_mind).text
    assert headline(creative) == "First"
    assert sorted(headlines(creative)) == ["", "First", "First", "Second"]


@pytest.mark.parametrize(
    ("name", "wrong", "right"), [("headline", "Cheap!", "Good"), ("qr", "no link", "https://a.example/")]
)
def test_words_that_are_refused_stay_whatever_others_said_there(
    people, as_, bob, creative, name, wrong, right
):
    kit = kits.create(people.bakery, "Corner Bakery", by=people.bob)
    kits.change(kit, {"banned_words": ["cheap"]}, by=people.bob)
    theirs: dict[str, Any] = {"headline": "Alice", "qr": "https://b.example/"}
    page = opened(bob, creative)
    send(as_(people.alice), creative, opened(bob, creative), **theirs)
    answer = send(bob, creative, page, **{name: wrong})
    assert answer.status_code == 422
    assert f'data-taken="{name}"' not in answer.text
    page |= {"began_from": html.unescape(*steps.values_of(answer, "began_from"))} | theirs
    assert "Yours is in its place" in send(bob, creative, page, **{name: right}).text
    assert words_of(creative)[name] == right


def test_a_page_that_is_gone_overwrites_nobody(people, as_, bob, creative):
    page = opened(bob, creative)
    send(as_(people.alice), creative, opened(bob, creative), headline="Alice")
    send(bob, creative, page, headline="Bob", price="1 €", unheard="1")
    assert (headline(creative), words_of(creative)["price"]) == ("Alice", "1 €")


@pytest.mark.parametrize("nonsense", ["[" * 100_000, "9" * 5000, "{", '{"headline": {}}', "[]"])
def test_a_beginning_that_no_page_has_sent_is_none(bob, creative, nonsense):
    assert (
        send(bob, creative, typed(creative), began_from=nonsense, headline="Pumpkin week").status_code == 200
    )
    assert headline(creative) == "Pumpkin week"


def headlines(creative: Creative) -> list[str]:
    return [version.content["look"]["copy"]["headline"] for version in creative.versions.order_by("number")]


def test_typing_on_after_being_told_is_told_once(people, as_, bob, creative):
    page = opened(bob, creative)
    send(as_(people.alice), creative, opened(bob, creative), headline="Alice")
    told = send(bob, creative, page, headline="B")
    page |= {"began_from": html.unescape(*steps.values_of(told, "began_from"))}
    again = send(bob, creative, page, headline="Bo")
    assert "meanwhile" not in again.text
    assert sorted(headlines(creative)) == ["", "Alice", "Bo"]


def test_all_formats_in_one_click_and_each_tuned_alone(bob, creative):
    bob.post(steps.url("creative_formats", creative), {"all": "1", "format": FIRST})
    creative.refresh_from_db()
    assert creative.design.formats == tuple(FORMATS)
    save(bob, creative, headline="Everywhere")
    other = creative.design.formats[1]
    save(bob, creative, headline="Here alone", only_here="on", format=other)
    creative.refresh_from_db()
    assert creative.design.look_of(other).ad_copy.headline == "Here alone"
    assert creative.design.look_of(FIRST).ad_copy.headline == "Everywhere"


def test_two_pages_that_change_the_set_both_win(bob, creative):
    second, third = [key for key in FORMATS if key != FIRST][:2]
    url = steps.url("creative_formats", creative)
    bob.post(url, {"had": FIRST, "formats": [FIRST, second]})
    bob.post(url, {"had": FIRST, "formats": [FIRST, third]})
    creative.refresh_from_db()
    assert set(creative.design.formats) == {FIRST, second, third}


def test_formats_that_nobody_offers_are_left_out_and_one_stays(bob, creative):
    bob.post(steps.url("creative_formats", creative), {"formats": ["nonsense", "../etc"]})
    creative.refresh_from_db()
    assert creative.design.formats == (FIRST,)


def test_small_pictures_follow_the_version(bob, creative):
    url = reverse("creative_picture", args=[creative.pk, FIRST])
    first = bob.get(url)
    assert first["Content-Type"] == "image/svg+xml"
    assert bob.get(url, headers={"If-None-Match": first["ETag"]}).status_code == 304
    save(bob, creative)
    changed = bob.get(url, headers={"If-None-Match": first["ETag"]})
    assert (changed.status_code, changed.content == first.content) == (200, False)
    assert bob.get(reverse("creative_picture", args=[creative.pk, "nonsense"])).status_code == 404
    assert bob.get(url, {"layout": "nonsense"}).status_code == 404


def test_a_picture_that_is_gone_takes_no_words_with_it(people, bob, creative):
    save(bob, creative)
    for path in (creative.output.file, creative.output.thumbnail):
        storage.path_of(path).unlink()
    page = bob.get(steps.url("creative", creative))
    assert "The file of the picture is missing or damaged" in page.text
    assert "Pumpkin week" in page.text
    creative.output.delete()
    assert "The picture of this creative is gone" in bob.get(steps.url("creative", creative)).text


def test_viewers_look_and_strangers_see_nothing(people, as_, creative):
    page = as_(people.carol).get(steps.url("creative", creative))
    assert image_in(page).startswith("<svg")
    assert 'name="headline"' not in page.text
    for name in CHANGES:
        assert as_(people.carol).post(steps.url(name, creative), typed(creative)).status_code == 403
        assert as_(people.mallory).post(steps.url(name, creative), typed(creative)).status_code == 404


def test_a_creative_is_put_away_and_comes_back(bob, creative, people):
    bob.post(steps.url("creative_archival", creative), {"archived": "1"})
    assert not list(versions.creatives_of(people.campaign))
    bob.post(steps.url("creative_archival", creative), {"archived": "0"})
    assert list(versions.creatives_of(people.campaign)) == [creative]
    verbs = (
        AuditEvent.objects.filter(verb__startswith="creative.").order_by("pk").values_list("verb", flat=True)
    )
    assert list(verbs) == ["creative.created", "creative.archived", "creative.restored"]


def test_only_the_design_page_takes_pictures_from_its_own_text(bob, creative, people):
    policy = bob.get(steps.url("creative", creative))["Content-Security-Policy"]
    assert "img-src 'self' data:" in policy
    elsewhere = bob.get(steps.url("campaign", people.campaign))["Content-Security-Policy"]
    assert "data:" not in elsewhere
