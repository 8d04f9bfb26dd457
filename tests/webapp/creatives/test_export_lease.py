"""Exports as rows that makers take up: each made once, or ended with a reason, and none in another's way."""

import pytest
from django.db.models import Q
from django.utils import timezone

from accounts.models import AuditEvent
from generation.files import storage
from tests.webapp import stage, steps
from webapp.creatives import export_lease, exports, versions
from webapp.models import Creative, Export, ExportStatus, FileKind

SECRET = "a prompt that nobody else may read"
SMALL = ("display-rectangle", "display-leaderboard", "display-skyscraper", "display-mobile")


@pytest.fixture
def bob(people, as_):
    return as_(people.bob)


@pytest.fixture
def set_of(people, media):
    def make(*formats: str) -> Creative:
        picture = stage.picture(people.campaign, people.bob)
        creative = versions.create(people.campaign, [picture], by=people.bob)[0]
        return stage.design(creative, *formats, by=people.bob)

    return make


def spoil(creative: Creative, content: bytes = b"no picture any more") -> bytes:
    """Write over the stored picture of a creative; returns what it was."""
    path = storage.path_of(creative.output.file)
    before = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(content)
    return before


def state(export: Export) -> tuple[str, int, int]:
    export.refresh_from_db()
    return export.status, export.attempts, export.done


def another(people) -> Creative:
    """A creative of another picture: the same bytes would be the same file."""
    picture = stage.finished_job(people.campaign, people.bob).outputs.get(index=1)
    creative = versions.create(people.campaign, [picture], by=people.bob)[0]
    return stage.design(creative, "display-mobile", by=people.bob)


def expire() -> None:
    silent = timezone.now() - export_lease.LEASE
    Export.objects.filter(status=ExportStatus.RUNNING).update(lease_until=silent)


def test_a_damaged_picture_ends_its_export_with_a_reason_and_no_other(bob, set_of, people):
    damaged = exports.order(set_of(*SMALL), FileKind.PNG, by=people.bob)
    fine = exports.order(another(people), FileKind.PNG, by=people.bob)
    whole = spoil(damaged.creative)
    exports.make_waiting()
    assert state(damaged)[0] == ExportStatus.FAILED
    assert state(fine)[0] == ExportStatus.READY
    page = bob.get(steps.url("export", damaged))
    assert "picture is missing or damaged" in page.text
    assert "Try again" in page.text
    spoil(damaged.creative, whole)
    again = bob.post(steps.url("creative_exports", damaged.creative), {"kind": "png"})
    exports.make_waiting()
    assert "Download the archive" in bob.get(again.url).text


@pytest.mark.parametrize("change", ["spoil", "remove"])
def test_of_a_damaged_picture_or_none_no_file_is_given_and_it_is_said(
    bob, set_of, change, django_capture_on_commit_callbacks
):
    creative = set_of("display-mobile")
    if change == "spoil":
        spoil(creative)
    else:
        storage.path_of(creative.output.file).unlink()
    words = "picture is missing or damaged"
    chosen = {"format": "display-mobile", "kind": "png"}
    assert words in bob.post(steps.url("creative_file", creative), chosen, follow=True).text
    with django_capture_on_commit_callbacks(execute=True):
        answer = bob.post(steps.url("creative_exports", creative), {"kind": "png"})
    assert words in bob.get(answer.url).text


def test_what_nobody_foresaw_costs_an_attempt_and_stands_in_nobodys_way(
    bob, set_of, people, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    def fall_over(*args: object) -> bytes:
        order.append(args[0].pk)
        if args[0] == bad:
            raise RuntimeError(SECRET)
        return archive(*args)

    archive, order, bad = exports._archive, [], set_of("display-mobile")
    monkeypatch.setattr(exports, "_archive", fall_over)
    with django_capture_on_commit_callbacks(execute=True):
        answer = bob.post(steps.url("creative_exports", bad), {"kind": "png"})
    assert answer.status_code == 302  # The order stands, and its maker's fault is not the person's.
    export = Export.objects.get()
    assert state(export) == (ExportStatus.WAITING, 1, 0)
    younger = exports.order(another(people), FileKind.PNG, by=people.bob)
    exports.make_waiting()
    assert order == [bad.pk, younger.creative_id, bad.pk]
    assert state(younger)[0] == ExportStatus.READY
    exports.make_waiting()
    assert state(export)[:2] == (ExportStatus.FAILED, 3)
    exports.make_waiting()
    assert len(order) == 4
    assert "3 tries broke off" in bob.get(answer.url).text
    assert "RuntimeError" in caplog.text
    assert SECRET not in caplog.text


def test_an_export_that_silences_its_makers_is_given_up(set_of, people):
    export = exports.order(set_of(*SMALL), FileKind.PNG, by=people.bob)
    for _ in range(3):
        assert export_lease.claim(Q()) == export
        assert export_lease.claim(Q()) is None  # Somebody is at it.
        expire()
    exports.make_waiting()
    assert state(export) == (ExportStatus.FAILED, 3, 0)
    assert "3 tries broke off" in export.reason


def test_a_maker_that_was_taken_for_dead_changes_nothing(set_of, people):
    exports.order(set_of(*SMALL), FileKind.PNG, by=people.bob)
    dead = export_lease.claim(Q())
    export_lease.keep(dead, done=3)
    expire()
    living = export_lease.claim(Q())
    assert (living.epoch, living.attempts, living.done) == (dead.epoch + 1, 2, 0)
    for act in (
        lambda: export_lease.keep(dead, done=4),
        lambda: export_lease.end(dead, ExportStatus.READY, file="1/a.zip"),
        lambda: export_lease.fail_attempt(dead),
    ):
        with pytest.raises(export_lease.ExportLeaseLost):
            act()
    assert state(living) == (ExportStatus.RUNNING, 2, 0)
    exports._made(living)()
    assert state(living) == (ExportStatus.READY, 2, 4)
    with pytest.raises(export_lease.ExportLeaseLost):
        export_lease.fail_attempt(dead)


def test_the_same_set_asked_for_twice_is_made_once(bob, set_of):
    creative = set_of(*SMALL)
    answers = [bob.post(steps.url("creative_exports", creative), {"kind": "png"}) for _ in range(2)]
    assert answers[0].url == answers[1].url
    assert AuditEvent.objects.filter(verb="creative.exported").count() == 1
    exports.make_waiting()
    bob.post(steps.url("creative_exports", creative), {"kind": "png"})
    bob.post(steps.url("creative_exports", creative), {"kind": "jpg"})
    assert Export.objects.count() == 3
