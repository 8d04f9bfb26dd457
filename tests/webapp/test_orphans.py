"""A stored file lives as long as some row names it, whichever application the row is of."""

import os
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from generation.compositor import uploaded_font
from generation.files import orphans, storage
from generation.models import Job
from webapp.brand import kits

from . import brand_samples, stage


@pytest.fixture
def aged(media):
    """Every file there is looks a day old to the sweep."""

    def aged() -> list[str]:
        files = [file for file in media.rglob("*") if file.is_file()]
        for file in files:
            os.utime(file, (0, 0))
        return sorted(file.relative_to(media).as_posix() for file in files)

    return aged


def test_pictures_logos_and_fonts_are_spared_and_nothing_else(people, media, aged):
    picture = stage.picture(people.campaign, people.bob)
    kit = brand_samples.kit(
        people.bakery,
        people.bob,
        logo_on_dark=brand_samples.logo_of(brand_samples.picture(colours=("#ffffff",))),
    )
    kit = kits.change(kit, {}, by=people.bob, added_font=uploaded_font.read(brand_samples.FONT))
    named = {picture.file, picture.thumbnail, kit.logo_on_light, kit.logo_on_dark, kit.fonts.get().file}
    forgotten = storage.store(people.bakery.pk, b"forgotten", "png").path
    assert set(aged()) == named | {forgotten}

    assert orphans.remove() == 1
    assert set(aged()) == named


@pytest.mark.parametrize(("minutes", "removed"), [(50, 0), (70, 1)])
def test_what_is_young_may_be_named_soon(minutes, removed, people, media):
    file = storage.path_of(storage.store(people.bakery.pk, b"just stored", "png").path)
    stored_at = time.time() - 60 * minutes
    os.utime(file, (stored_at, stored_at))
    assert orphans.remove() == removed


def test_a_logo_that_was_taken_away_goes_with_the_sweep(people, media, aged):
    kit = brand_samples.kit(people.bakery, people.bob)
    kits.change(kit, {"logo_on_light": None}, by=people.bob)
    assert len(aged()) == 1
    assert orphans.remove() == 1
    assert aged() == []


def test_the_first_pictures_of_a_job_that_takes_hours_are_spared(people, media, aged):
    """They are on disk for as long as the job is made, and rows name them at its end."""
    job = stage.running_job(people.campaign, people.bob, count=1)
    early = storage.store(job.business_id, b"the first picture", "png").path
    now = time.time()
    Job.objects.filter(pk=job.pk).update(started_at=timezone.now() - timedelta(hours=5))
    os.utime(storage.path_of(early), (now - 4 * 3600, now - 4 * 3600))
    assert orphans.remove() == 0
    assert storage.read(early) == b"the first picture"

    stage.finish(job)
    assert orphans.remove() == 1


def test_nothing_is_removed_with_the_database_of_another_folder(people, media, aged, caplog):
    """An empty database beside a full folder is a slip of the operator's, and no reason to lose all."""
    for number in range(orphans.FEW + 1):
        storage.store(people.bakery.pk, bytes([number]), "png")
    assert len(aged()) == orphans.FEW + 1
    assert orphans.remove() == 0
    assert "is this their database?" in caplog.text
    stage.picture(people.campaign, people.bob)
    assert orphans.remove() == orphans.FEW + 1


def test_what_is_to_go_goes_at_once_unless_a_row_names_it(people, media):
    picture = stage.picture(people.campaign, people.bob)
    forgotten = storage.store(people.bakery.pk, b"forgotten", "png").path
    orphans.remove_at_once([picture.file, forgotten, "../escape"], timezone.now())
    assert storage.is_sound(picture.file)
    assert not storage.is_sound(forgotten)


def test_nothing_goes_through_a_link(people, media, tmp_path):
    forgotten = storage.path_of(storage.store(people.bakery.pk, b"forgotten", "png").path)
    elsewhere = tmp_path / "elsewhere"
    forgotten.parent.rename(elsewhere)
    forgotten.parent.symlink_to(elsewhere)
    orphans.remove_at_once([forgotten.relative_to(media).as_posix()], timezone.now())
    assert (elsewhere / forgotten.name).exists()
