"""Stored files read again: what the disk damaged is found, told and put out of the way."""

import logging

import pytest

from generation.files import orphans, scrub, storage
from tests.generation.files.test_storage import damage

ALL = range(scrub.SHARES)


@pytest.fixture
def named(settings, tmp_path, monkeypatch):
    """Twenty files, all of which some row names."""
    settings.MEDIA_DIR = tmp_path / "media"
    paths = [storage.store(7, bytes([number]) * 1000, "png").path for number in range(20)]
    monkeypatch.setattr(orphans, "named", lambda: iter(paths))
    return paths


@pytest.mark.django_db
def test_every_file_comes_round_and_what_is_damaged_or_missing_is_told(named, caplog):
    damaged, missing = named[3], named[8]
    for path in named:
        storage.check(path)
    damage(damaged)
    storage.path_of(missing).unlink()
    found = [path for share in ALL for path in scrub.run([share])]
    assert sorted(found) == sorted([damaged, missing])
    told = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert any(damaged in line and "damaged" in line for line in told)
    assert any(missing in line and "missing" in line for line in told)
    assert not any(str(storage.settings.MEDIA_DIR) in line for line in told)


@pytest.mark.django_db
def test_a_damaged_file_makes_room_for_the_one_from_the_backup(named):
    """rsync leaves a file alone whose size and time are as in the backup: it must not lie there."""
    damage(named[0])
    scrub.run(ALL)
    with pytest.raises(FileNotFoundError):
        storage.path_of(named[0])
    storage.store(7, bytes([0]) * 1000, "png")
    assert scrub.run(ALL) == []


def test_each_share_has_its_turn(named, monkeypatch):
    looked_at = []
    monkeypatch.setattr(scrub.storage, "check", lambda path, anew: looked_at.append(path))
    for turn in range(scrub.SHARES):
        monkeypatch.setattr(scrub.time, "time", lambda now=turn: now * scrub.EVERY)
        scrub.run()
    assert sorted(looked_at) == sorted(named)


def test_the_beat_rings_for_it_as_often_as_it_takes_a_share(settings):
    entry = settings.CELERY_BEAT_SCHEDULE["scrub"]
    assert (entry["task"], entry["schedule"]) == ("generation.tasks.scrub", scrub.EVERY)
