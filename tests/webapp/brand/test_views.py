"""The pages of brand kits, and what a kit changes on a campaign's page."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from generation.files.storage import StorageFull
from generation.models import Job, PictureRequest
from generation.sandbox import Broken, Busy
from tests.compositor.test_uploaded_font import built
from tests.webapp import brand_samples, steps
from webapp.brand import kits
from webapp.brand.forms import LogoField
from webapp.http import uploads
from webapp.models import BrandKit

pytestmark = pytest.mark.usefixtures("media")


def upload(data: bytes, name: str = "logo.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def typed(kit: BrandKit, **changes: object) -> dict[str, object]:
    """What a browser sends when somebody changes this much of a kit's page."""
    plain = ("name", "primary", "accent", "surface", "text", "heading_family", "text_family", "contact_line")
    lists = {"voice": ", ".join(kit.voice), "banned_words": "\n".join(kit.banned_words)}
    began_from = json.dumps(kits.plain(kit))
    return {"began_from": began_from, **{name: getattr(kit, name) for name in plain}, **lists, **changes}


def save(client, kit: BrandKit, **changes):
    answer = client.post(steps.url("brand_kit", kit), typed(kit, **changes))
    kit.refresh_from_db()
    return answer


@pytest.fixture
def kit(people) -> BrandKit:
    return brand_samples.kit(people.bakery, people.bob)


@pytest.fixture
def bob(as_, people):
    return as_(people.bob)


def test_the_first_visit_says_what_to_do_with_the_name_filled_in(bob):
    page = bob.get("/brand/").text
    assert "No brand kit yet" in page
    assert 'value="Corner Bakery"' in page


def test_somebody_who_only_looks_is_asked_for_nothing(as_, people, kit):
    page = as_(people.carol).get("/brand/").text
    assert "<form class" not in page
    page = as_(people.carol).get(steps.url("brand_kit", kit)).text
    assert "Save the kit" not in page
    assert "Prompts call them “teal and gold”" in page


def test_a_logo_and_a_name_make_a_kit(bob, people):
    answer = bob.post("/brand/", {"name": "Bakery", "logo": upload(brand_samples.SVG.encode(), "logo.svg")})
    kit = BrandKit.objects.get()
    assert answer.url == steps.url("brand_kit", kit)
    assert (kit.business, kit.primary) == (people.bakery, brand_samples.TEAL)


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (b"", "This file is empty."),
        (b"<html>hello</html>", "not a logo"),
        (
            brand_samples.SVG.replace("<circle", '<image href="/etc/passwd"/><circle').encode(),
            "from another file",
        ),
        (brand_samples.picture()[:70], "damaged"),
    ],
)
def test_a_logo_that_is_refused_says_why_and_what_was_typed_stays(bob, file, sentence):
    answer = bob.post("/brand/", {"name": "Bread & Co", "logo": upload(file)})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="Bread &amp; Co"' in answer.text
    assert not BrandKit.objects.exists()


def test_everything_on_the_page_is_saved(bob, kit):
    answer = save(
        bob,
        kit,
        name="Corner",
        primary="#AA0000",
        heading_family="Lora",
        voice="warm, down to earth, proud",
        banned_words="cheap\nBargain, cheap",
        contact_line="12 Mill Lane",
        logo_on_dark=upload(brand_samples.picture(colours=("#ffffff",))),
    )
    assert answer.status_code == 302
    assert (kit.name, kit.primary, kit.heading_family) == ("Corner", "#aa0000", "Lora")
    assert kit.voice == ["warm", "down to earth", "proud"]
    assert kit.banned_words == ["cheap", "Bargain"]
    assert kit.contact_line == "12 Mill Lane"
    assert kit.logo_on_dark
    assert kit.logo_on_light


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": " "}, "This field is required"),
        ({"primary": "red"}, "six digits"),
        ({"text": "#12345"}, "six digits"),
        ({"accent": "#123456\n"}, "six digits"),
        ({"surface": "url(x)"}, "six digits"),
        ({"heading_family": "Comic Sans"}, "not one of the available choices"),
        ({"voice": "one two three four"}, "Three words are the most; this has 4."),
        ({"voice": "a" * 31}, "too long"),
        ({"banned_words": "!!!"}, "no letter and no digit"),
        ({"banned_words": "\n".join(map(str, range(201)))}, "200 words are the most; this has 201."),
        ({"banned_words": "b" * 61}, "too long"),
        ({"contact_line": "c" * 201}, "That is 201 characters; 200 are the most."),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_typed_is_lost(bob, kit, changes, sentence):
    answer = save(bob, kit, **{"contact_line": "Mill Lane 12", **changes})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert kit.version == 1
    assert "contact_line" in changes or "Mill Lane 12" in answer.text


def test_a_broken_font_is_refused_and_what_was_typed_stays(bob, kit):
    answer = save(bob, kit, voice="warm", font=upload(built()[:300], "bread.ttf"))
    assert answer.status_code == 422
    assert "font" in "".join(re.findall(r'class="errorlist"[^>]*>(.*?)</ul>', answer.text, re.DOTALL))
    assert 'value="warm"' in answer.text


def test_a_font_of_ones_own_can_be_chosen_and_taken_away(bob, kit):
    assert save(bob, kit, font=upload(built(), "bread.ttf")).status_code == 302
    assert "Bread Sans" in bob.get(steps.url("brand_kit", kit)).text
    assert save(bob, kit, heading_family="Bread Sans").status_code == 302
    assert bob.get(steps.url("brand_kit", kit)).status_code == 200
    save(bob, kit, without_fonts=[kit.fonts.get().pk])
    assert (kit.fonts.count(), kit.heading_family) == (0, "Bricolage Grotesque")


def test_too_many_files_are_not_looked_at_and_what_was_typed_stays(bob, kit, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "upload": "2/m/user"}
    for _ in range(2):
        save(bob, kit, logo_on_dark=upload(b"no picture"))
    answer = save(bob, kit, voice="warm", logo_on_dark=upload(b"no picture"))
    assert answer.status_code == 429
    assert "a lot of files in a short time" in answer.text
    assert "no picture that can be read" not in answer.text
    assert 'value="warm"' in answer.text
    assert save(bob, kit, voice="warm").status_code == 302
    assert bob.post("/brand/", {"name": "Bread", "logo": upload(b"no picture")}).status_code == 429


@pytest.mark.parametrize("trouble", [Busy("Try again in a moment."), Broken("no sandbox")])
def test_a_sandbox_that_is_busy_or_broken_loses_nothing(bob, kit, monkeypatch, trouble):
    def read(*_: object, **__: object) -> bytes:
        raise trouble

    monkeypatch.setattr("generation.sandbox.read", read)
    answer = save(bob, kit, voice="warm", logo_on_dark=upload(brand_samples.picture()))
    assert answer.status_code == 422
    assert (
        "again in a moment" if isinstance(trouble, Busy) else "cannot be looked at just now"
    ) in answer.text
    assert 'value="warm"' in answer.text


def test_a_logo_is_taken_away_only_when_asked(bob, kit):
    save(bob, kit)
    assert kit.logo_on_light
    save(bob, kit, without_logo_on_light="on")
    assert not kit.logo_on_light


def test_a_button_takes_the_colours_of_the_logo_again(bob, kit):
    save(bob, kit, primary="#123456")
    assert kit.primary == "#123456"
    save(bob, kit, primary="#654321", from_logo="1")
    assert kit.primary == brand_samples.TEAL
    new = upload(brand_samples.picture(colours=("#e63946",)))
    save(bob, kit, logo_on_light=new, from_logo="1")
    assert kit.primary == "#e63946"


def test_a_pairing_is_both_families_without_a_script_too(bob, kit):
    save(bob, kit, pairing="1", voice="warm")
    assert (kit.heading_family, kit.text_family, kit.voice) == ("Fraunces", "DM Sans", ["warm"])
    save(bob, kit, pairing="99999999999999999999")
    save(bob, kit, pairing="²")
    assert kit.heading_family == "Fraunces"


def test_a_better_colour_for_the_text_is_offered_and_taken(bob, kit):
    page = save(bob, kit, text="#e0e0e0")
    page = bob.get(steps.url("brand_kit", kit)).text
    assert "can hardly be read" in page
    better = re.search(r'name="text" value="(#[0-9a-f]{6})">.{0,200}for text', page, re.DOTALL)[1]
    save(bob, kit, text=["#e0e0e0", better])  # the field, then the button
    assert kit.text == better
    assert "can hardly be read" not in bob.get(steps.url("brand_kit", kit)).text


def test_the_second_of_two_people_sees_it_and_loses_nothing(as_, bob, people, kit):
    before = typed(kit)
    save(as_(people.alice), kit, voice="proud")
    answer = bob.post(steps.url("brand_kit", kit), before | {"voice": "warm"})
    assert answer.status_code == 409
    assert "Alice changed the same" in answer.text
    assert "“<bdi>proud</bdi>”" in answer.text
    assert 'value="warm"' in answer.text
    kit.refresh_from_db()
    assert kit.voice == ["proud"]
    assert save(bob, kit, voice="warm").status_code == 302


@pytest.mark.parametrize("first", ["bob", "alice"])
def test_two_pages_that_change_different_fields_of_a_kit_both_win(as_, bob, people, kit, first):
    """A second tab of the same person is as much another page as a colleague's is."""
    before = typed(kit)
    save(as_(getattr(people, first)), kit, voice="proud")
    answer = bob.post(steps.url("brand_kit", kit), before | {"contact_line": "5 Mill Lane"}, follow=True)
    kit.refresh_from_db()
    assert (kit.voice, kit.contact_line) == (["proud"], "5 Mill Lane")
    assert "changed “Voice in three words” meanwhile. It is kept." in answer.text


def test_a_full_disk_is_said_and_what_was_typed_stays(bob, kit, monkeypatch):
    def full(*_):
        raise StorageFull

    monkeypatch.setattr(kits.storage, "store", full)
    answer = save(bob, kit, voice="warm", logo_on_dark=upload(brand_samples.picture()))
    assert answer.status_code == 422
    assert "Nothing was saved. The disk is full." in answer.text
    assert 'value="warm"' in answer.text


def test_typing_shows_the_kit_at_work_and_saves_nothing(bob, kit):
    def preview(**changes) -> str:
        return bob.post(steps.url("brand_kit_preview", kit), typed(kit, **changes), headers=steps.HTMX).text

    first, other = preview(), preview(primary="#e63946")
    assert "data:image/svg+xml" in first
    assert first != other
    assert "can hardly be read" in preview(text=kit.surface)
    assert 'id="families"' in preview(pairing="1")
    assert "Fraunces" in preview(pairing="1")
    assert preview(primary="no colour") == first
    kit.refresh_from_db()
    assert kit.version == 1


def test_the_page_has_no_style_that_the_policy_forbids(bob, kit):
    answer = bob.get(steps.url("brand_kit", kit))
    assert "style=" not in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "img-src 'self' data:" in policy
    assert "unsafe" not in policy
    assert "data:" not in bob.get("/brand/").headers["Content-Security-Policy"]


def test_a_logo_is_a_picture_that_only_members_get(as_, bob, people, kit):
    address = reverse("brand_kit_logo", args=[kit.pk, "light"])
    answer = bob.get(address)
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert as_(people.mallory).get(address).status_code == 404
    for ground in ("dark", "none", "on_light"):
        assert bob.get(reverse("brand_kit_logo", args=[kit.pk, ground])).status_code == 404


def test_a_specimen_is_asked_for_again_only_when_the_kit_has_changed(bob, kit):
    address = steps.url("brand_kit_specimen", kit)
    first = bob.get(address)
    assert first.headers["Content-Type"] == "image/svg+xml"
    assert bob.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    save(bob, kit, primary="#e63946")
    assert bob.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_a_pairing_that_there_is_not_is_not_found(bob):
    assert bob.get("/brand/pairings/0/").status_code == 200
    assert bob.get("/brand/pairings/99/").status_code == 404


def test_a_kit_that_was_put_away_waits_below_the_others(bob, kit):
    bob.post(steps.url("brand_kit_archival", kit), {"archived": "1"})
    page = bob.get("/brand/").text
    assert "Archived kits (1)" in page
    assert "This kit is archived" in bob.get(steps.url("brand_kit", kit)).text
    bob.post(steps.url("brand_kit_archival", kit), {"archived": "0"})
    kit.refresh_from_db()
    assert kit.archived_at is None
    assert kit.is_default


def test_a_campaign_chooses_its_kit_in_its_settings(bob, people, kit):
    other = brand_samples.kit(people.bakery, people.bob)
    assert "The default (Corner Bakery)" in bob.get(steps.url("campaign", people.campaign)).text
    address = steps.url("campaign_brand_kit", people.campaign)
    bob.post(address, {"brand_kit": str(other.pk)})
    people.campaign.refresh_from_db()
    assert people.campaign.brand_kit == other
    foreign = brand_samples.kit(people.garage, people.mallory)
    for nonsense in (str(foreign.pk), "x"):
        assert "not there any more" in bob.post(address, {"brand_kit": nonsense}, follow=True).text
    people.campaign.refresh_from_db()
    assert people.campaign.brand_kit == other
    bob.post(address, {"brand_kit": ""})
    people.campaign.refresh_from_db()
    assert people.campaign.brand_kit is None


def colours_offered(page: str) -> list[str]:
    return re.findall(r'name="colours" value="([^"]*)"', page)


def test_the_brands_colours_are_offered_first_and_reach_the_prompt(bob, people, kit):
    steps.general_model()
    page = bob.get(steps.url("campaign", people.campaign)).text
    assert colours_offered(page)[:2] == ["brand", ""]
    answer = steps.ask(bob, people.campaign, colours="brand")
    job = steps.only_job()
    assert "teal and gold colours" in PictureRequest.of(job).prompt
    assert job.brief.colours == "teal and gold"
    again = re.search(r'name="colours" value="brand"[^>]*', answer.text)[0]
    assert "checked" in again


def test_ones_own_colours_go_before_the_brands(bob, people, kit):
    steps.general_model()
    steps.ask(bob, people.campaign, colours="brand", own_colours="pink")
    assert "pink colours" in PictureRequest.of(steps.only_job()).prompt


def test_without_a_brand_its_colours_are_neither_offered_nor_taken(bob, people):
    steps.general_model()
    page = bob.get(steps.url("campaign", people.campaign)).text
    assert "brand" not in colours_offered(page)
    assert steps.ask(bob, people.campaign, colours="brand").status_code == 422
    assert not Job.objects.exists()


def test_the_brands_colours_of_yesterday_are_remembered_as_words(bob, people, kit):
    steps.general_model()
    steps.ask(bob, people.campaign, colours="brand")
    save(bob, kit, primary="#e63946")
    page = bob.get(steps.url("campaign", people.campaign)).text
    assert 'name="own_colours" value="teal and gold"' in page


def test_a_banned_word_is_said_while_typing_and_refused_at_the_click(bob, people, kit):
    steps.general_model()
    save(bob, kit, banned_words="cheap")
    assert "“cheap”" in steps.compose(bob, people.campaign, subject="a cheap loaf").text
    answer = steps.ask(bob, people.campaign, subject="a cheap loaf")
    assert answer.status_code == 422
    assert "Your brand does not use “cheap”" in answer.text
    assert "a cheap loaf" in steps.typed_in(answer, "subject")
    assert not Job.objects.exists()


@pytest.mark.parametrize("trick", [{"prompt": "a CHÉAP loaf", "composed": "x"}, {"own_colours": "cheap"}])
def test_no_field_of_the_page_is_a_way_round_the_ban(bob, people, kit, trick):
    steps.general_model()
    save(bob, kit, banned_words="cheap")
    assert steps.ask(bob, people.campaign, **trick).status_code == 422
    assert not Job.objects.exists()


@pytest.mark.parametrize("nonsense", ["[" * 100_000, "9" * 5000, "{", "[]"])
def test_a_beginning_that_no_page_has_sent_is_none(bob, kit, nonsense):
    assert save(bob, kit, began_from=nonsense, contact_line="12 Mill Lane").status_code == 302
    assert kit.contact_line == "12 Mill Lane"


def test_a_form_without_a_file_keeps_its_connection(monkeypatch):
    """A preview is asked for while one types, and has three empty file fields."""
    monkeypatch.setattr(uploads, "give_connection_back", lambda: pytest.fail("given back for no file"))
    assert LogoField().clean(None) is None
