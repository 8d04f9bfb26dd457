"""What may be done with the kits of a business, and what they decide."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from accounts.models import AuditEvent
from generation import jobs
from generation.compositor import Palette, uploaded_font
from generation.files.storage import StorageFull, path_of
from generation.jobs import heartbeat
from generation.models import Job
from tests.webapp import brand_samples, stage
from webapp.brand import kits
from webapp.brand.kits import Outpaced
from webapp.campaigns import briefs
from webapp.models import BrandKit, Brief, Campaign

pytestmark = pytest.mark.usefixtures("media")
WHITE_LOGO = brand_samples.logo_of(brand_samples.picture(colours=("#ffffff", "#f4c542")))


def verbs() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))


def test_a_kit_has_the_colours_of_its_logo_and_the_first_is_the_default(people):
    kit = brand_samples.kit(people.bakery, people.bob)
    assert (kit.primary, kit.accent) == (brand_samples.TEAL, brand_samples.GOLD)
    assert kit.is_default
    assert kit.logo_on_light.startswith(f"{people.bakery.pk}/")
    assert not brand_samples.kit(people.bakery, people.bob).is_default


def test_a_kit_without_a_logo_begins_with_our_colours_which_are_not_its_own(people):
    kit = kits.create(people.bakery, "Plain", by=people.bob)
    assert kit.palette == Palette()
    assert not kit.has_palette


def test_a_name_that_is_none_makes_no_kit(people):
    with pytest.raises(ValidationError):
        kits.create(people.bakery, "  ", by=people.bob)
    assert not BrandKit.objects.exists()


def test_a_first_logo_brings_its_colours_and_a_later_one_does_not(people):
    kit = kits.create(people.bakery, "Plain", by=people.bob)
    first = brand_samples.logo_of(brand_samples.picture())
    kit = kits.change(kit, {"logo_on_light": first}, by=people.bob)
    assert kit.primary == brand_samples.TEAL
    kit = kits.change(
        kit,
        {"logo_on_light": brand_samples.logo_of(brand_samples.picture(colours=("#e63946",)))},
        by=people.bob,
    )
    assert kit.primary == brand_samples.TEAL


def test_colours_that_were_chosen_with_the_logo_stay(people):
    kit = kits.create(people.bakery, "Plain", by=people.bob)
    changes = {"logo_on_light": brand_samples.logo_of(brand_samples.picture()), "primary": "#e63946"}
    assert kits.change(kit, changes, by=people.bob).primary == "#e63946"


def test_a_change_is_recorded_with_what_changed_and_nothing_else(people):
    kit = brand_samples.kit(people.bakery, people.bob)
    changes = {"voice": ["warm"], "banned_words": ["secret recipe"], "name": kit.name}
    kit = kits.change(kit, changes, by=people.alice)
    event = AuditEvent.objects.get(verb="brand_kit.changed")
    assert (event.actor, event.business) == (people.alice, people.bakery)
    assert event.detail == {"fields": ["voice", "banned_words"]}
    assert kit.version == 2


def test_no_difference_is_no_change(people):
    kit = brand_samples.kit(people.bakery, people.bob)
    assert kits.change(kit, {"name": kit.name, "voice": []}, by=people.bob).version == 1
    assert verbs() == ["brand_kit.created"]


def test_what_is_no_field_of_a_kit_cannot_be_changed(people):
    kit = brand_samples.kit(people.bakery, people.bob)
    kit = kits.change(kit, {"business_id": people.garage.pk, "is_default": False}, by=people.bob)
    assert (kit.business, kit.is_default) == (people.bakery, True)


@pytest.mark.parametrize("first", ["alice", "bob"])
def test_who_changes_what_another_page_changed_is_told(people, first):
    kit = brand_samples.kit(people.bakery, people.bob)
    began_from = kits.plain(kit)
    kits.change(kit, {"voice": ["warm"]}, by=getattr(people, first), began_from=began_from)
    with pytest.raises(Outpaced) as outpaced:
        kits.change(kit, {"voice": ["cold"]}, by=people.bob, began_from=began_from)
    kit.refresh_from_db()
    assert kit.voice == ["warm"]
    began_from = kits.plain(outpaced.value.kit)
    assert kits.change(kit, {"voice": ["cold"]}, by=people.bob, began_from=began_from).voice == ["cold"]


def test_a_full_disk_changes_nothing(people, monkeypatch):
    kit = brand_samples.kit(people.bakery, people.bob)
    monkeypatch.setattr(kits.storage, "store", lambda *_: (_ for _ in ()).throw(StorageFull("no room")))
    with pytest.raises(StorageFull):
        kits.change(kit, {"logo_on_dark": WHITE_LOGO, "name": "New"}, by=people.bob)
    kit.refresh_from_db()
    assert (kit.name, kit.logo_on_dark) == ("Corner Bakery", "")


def test_a_font_is_added_once_and_its_family_can_be_chosen(people):
    kit = kits.create(people.bakery, "Plain", by=people.bob)
    font = uploaded_font.UploadedFont(brand_samples.FONT, "Bread Sans", "Bold", "ttf")
    for _ in range(2):
        kit = kits.change(kit, {}, by=people.bob, added_font=font)
    assert kit.families[0] == "Bread Sans"
    assert [str(one) for one in kit.fonts.all()] == ["Bread Sans Bold"]
    assert kits.font_files(kit) == (brand_samples.FONT,)
    assert verbs().count("brand_kit.changed") == 1


def test_a_font_that_goes_is_no_longer_what_the_kit_is_set_in(people):
    kit = kits.create(people.bakery, "Plain", by=people.bob)
    font = uploaded_font.UploadedFont(brand_samples.FONT, "Bread Sans", "Bold", "ttf")
    kit = kits.change(kit, {}, by=people.bob, added_font=font)
    kit = kits.change(kit, {"heading_family": "Bread Sans", "text_family": "Lora"}, by=people.bob)
    kit = kits.change(kit, {}, by=people.bob, removed_fonts=kit.fonts.all())
    assert (kit.heading_family, kit.text_family) == ("Bricolage Grotesque", "Lora")


def test_anothers_font_cannot_be_taken_away(people):
    theirs = kits.create(people.garage, "Garage", by=people.mallory)
    font = uploaded_font.UploadedFont(brand_samples.FONT, "Bread Sans", "Bold", "ttf")
    theirs = kits.change(theirs, {}, by=people.mallory, added_font=font)
    kit = brand_samples.kit(people.bakery, people.bob)
    kits.change(kit, {}, by=people.bob, removed_fonts=theirs.fonts.all())
    assert theirs.fonts.count() == 1


def test_there_is_one_default_and_the_database_holds_to_it(people):
    first, second = brand_samples.kit(people.bakery, people.bob), brand_samples.kit(people.bakery, people.bob)
    kits.make_default(second, by=people.bob)
    first.refresh_from_db()
    assert (first.is_default, second.is_default) == (False, True)
    with pytest.raises(IntegrityError), transaction.atomic():
        BrandKit.objects.update(is_default=True)


def test_the_default_passes_on_when_it_is_put_away_and_comes_back_to_nobody(people):
    first, second = brand_samples.kit(people.bakery, people.bob), brand_samples.kit(people.bakery, people.bob)
    kits.archive(first, by=people.bob)
    second.refresh_from_db()
    assert second.is_default
    kits.restore(first, by=people.bob)
    assert not first.is_default
    kits.archive(first, by=people.bob)
    kits.archive(second, by=people.bob)
    assert kit_of(people.campaign) is None
    kits.restore(first, by=people.bob)
    assert first.is_default


def test_a_kit_that_was_put_away_cannot_become_the_default(people):
    kit = brand_samples.kit(people.bakery, people.bob)
    kits.archive(kit, by=people.bob)
    kits.make_default(kit, by=people.bob)
    assert not kit.is_default


def kit_of(campaign: Campaign) -> BrandKit | None:
    """Which kit holds for it now: a campaign looks that up once."""
    return Campaign.objects.get(pk=campaign.pk).kit


def test_a_campaign_follows_the_kit_it_chose_else_the_default(people):
    default, other = (
        brand_samples.kit(people.bakery, people.bob),
        brand_samples.kit(people.bakery, people.bob),
    )
    assert kit_of(people.campaign) == default
    kits.choose(people.campaign, other, by=people.bob)
    assert kit_of(people.campaign) == other
    kits.archive(other, by=people.bob)
    assert kit_of(people.campaign) == default


def test_a_campaign_cannot_follow_the_kit_of_another_business(people):
    theirs = brand_samples.kit(people.garage, people.mallory)
    with pytest.raises(ValueError, match="another business"):
        kits.choose(people.campaign, theirs, by=people.bob)
    assert kit_of(people.campaign) is None


def submit(people, prompt: str, **options) -> Job:
    model = stage.model()
    request = model.request(prompt, **options)
    return briefs.submit(
        Brief(campaign=people.campaign), request, by=people.bob, key=prompt, model=model, count=1
    )


def test_a_prompt_with_a_banned_word_is_refused_with_the_word_named(people):
    brand_samples.kit(people.bakery, people.bob, banned_words=["cheap", "Café"])
    with pytest.raises(ValidationError) as bad:
        submit(people, "a CHEAP cafe table")
    assert "“cheap” and “Café”" in bad.value.message_dict["prompt"][0]
    assert not Job.objects.exists()
    assert submit(people, "the cheapest table")


def test_the_kit_that_a_campaign_chose_is_the_one_that_forbids(people):
    brand_samples.kit(people.bakery, people.bob, banned_words=["cheap"])
    other = brand_samples.kit(people.bakery, people.bob, banned_words=["posh"])
    kits.choose(people.campaign, other, by=people.bob)
    assert submit(people, "a cheap table")
    with pytest.raises(ValidationError):
        submit(people, "a posh table")


def test_what_should_not_be_in_the_picture_may_be_named_by_a_banned_word(people):
    brand_samples.kit(people.bakery, people.bob, banned_words=["cigarette"])
    assert submit(people, "a table", negative_prompt="cigarette")


def test_asking_again_is_refused_too_once_a_word_is_banned(people):
    failed = jobs.fail(stage.running_job(people.campaign, people.bob), "internal")
    brand_samples.kit(people.bakery, people.bob, banned_words=["pumpkins"])
    with pytest.raises(ValidationError) as bad:
        briefs.retry(failed, by=people.bob)
    assert "“pumpkins”" in bad.value.message_dict["prompt"][0]


def test_the_command_is_refused_as_the_page_is(people, tmp_path):
    stage.model()
    heartbeat.attend("a worker of the tests", "cpu")
    brand_samples.kit(people.bakery, people.bob, banned_words=["cheap"])
    with pytest.raises(CommandError, match="“cheap”"):
        call_command(
            "generate",
            "a cheap loaf",
            business="corner-bakery",
            campaign="pumpkin-week",
            out=tmp_path,
            count=1,
        )
    assert not Job.objects.exists()


def test_colours_reach_a_prompt_only_where_a_kit_has_its_own(people):
    def words() -> str:
        return kits.colour_words(Campaign.objects.get(pk=people.campaign.pk))

    assert words() == ""
    kits.create(people.bakery, "Plain", by=people.bob)
    assert words() == ""
    kits.make_default(brand_samples.kit(people.bakery, people.bob), by=people.bob)
    assert words() == "teal and gold"


def test_a_kits_look_is_what_a_creative_takes(people):
    kit = brand_samples.kit(people.bakery, people.bob, logo_on_dark=WHITE_LOGO, heading_family="Anton")
    look = kits.look(kit)
    assert look["palette"].primary == brand_samples.TEAL
    assert look["heading_family"] == "Anton"
    assert look["logo_on_light"].startswith(b"\x89PNG")
    assert look["logo_on_dark"] == WHITE_LOGO.png
    path_of(kit.logo_on_dark).unlink()
    assert kits.look(kit)["logo_on_dark"] is None
