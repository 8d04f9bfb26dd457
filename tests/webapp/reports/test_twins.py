"""The same picture asked for twice shares the fate of the one that was reported."""

from functools import partial
from uuid import uuid4

import pytest

from accounts.models import AuditEvent
from generation import jobs
from generation.models import Job, Output, PictureRequest
from tests.generation.parallel import at_once
from tests.webapp import stage, steps
from webapp.campaigns import briefs
from webapp.models import Brief, Campaign, Report
from webapp.reports import decisions, reports

GRAVE = "child_sexual"


def asked_again(picture: Output, campaign: Campaign | None = None, *, seed: int | None = None, **said) -> Job:
    """The job that draws it again, taken up by a worker; in another campaign, or of another request."""
    campaign = campaign or picture.job.brief.campaign
    request = stage.model().request(**{"prompt": stage.PROMPT} | said)
    briefs.submit(
        Brief(campaign=campaign),
        request,
        by=campaign.created_by,
        key=uuid4().hex,
        model=stage.model(),
        count=1,
        seed=picture.seed if seed is None else seed,
    )
    return jobs.claim("a worker of the tests")


def twin_of(picture: Output, *args, **said) -> Output:
    return stage.finish(asked_again(picture, *args, **said)).outputs.get()


def now(picture: Output) -> Output:
    return Output.objects.get(pk=picture.pk)


def test_a_twin_is_taken_down_with_it(people, scene, decide, media, alice):
    twin = twin_of(scene.picture)
    assert PictureRequest.of(twin.job) == PictureRequest.of(scene.picture.job)
    assert twin.file
    reports.report(twin, reason="hateful", by=people.bob)
    decide(scene.report, "take_down")
    assert now(twin).taken_down_at
    assert not list(media.rglob(f"*{twin.sha256}*"))
    assert alice.get(steps.url("output", twin)).status_code == 404
    assert not Report.objects.filter(closed_at=None).exists()
    assert AuditEvent.objects.filter(verb="output.taken_down", actor=people.alice).count() == 2


def test_archives_of_a_twin_go_too(people, scene, decide, media):
    twin = twin_of(scene.picture)
    reports.report(twin, reason="hateful", by=people.bob)
    decide(Report.objects.get(output=twin), "take_down")
    assert not (media / scene.export.file).exists()


def test_what_was_asked_for_otherwise_or_by_others_stays(people, scene, decide):
    others = [
        twin_of(scene.picture, seed=scene.picture.seed + 1),
        twin_of(scene.picture, prompt="another secret prompt"),
        twin_of(scene.picture, people.foreign_campaign),
    ]
    decide(scene.report, "take_down")
    assert [bool(now(other).file) for other in others] == [True] * 3


def test_one_that_is_asked_for_again_later_is_taken_down_as_it_is_made(
    people, scene, decide, media, django_capture_on_commit_callbacks
):
    decide(scene.report, "take_down")
    job = asked_again(scene.picture)
    with django_capture_on_commit_callbacks(execute=True):
        twin = stage.finish(job).outputs.get()
    assert (twin.file, twin.thumbnail, twin.preview) == ("", "", None)
    assert twin.taken_down_at
    assert twin.sha256
    assert not list(media.rglob(f"*{twin.sha256}*"))
    assert AuditEvent.objects.filter(verb="output.taken_down", actor=None).count() == 1


def test_a_twin_is_hidden_with_it_and_shown_again(people, scene):
    twin, waiting = twin_of(scene.picture), asked_again(scene.picture)
    reports.report_as_guest(scene.picture, reason=GRAVE)
    later = stage.finish(waiting).outputs.get()
    assert [now(one).may_be_shown for one in (scene.picture, twin, later)] == [False] * 3
    decisions.keep(Report.objects.get(reason=GRAVE), by=people.alice)
    assert [now(one).may_be_shown for one in (scene.picture, twin, later)] == [True] * 3
    reports.report_as_guest(twin, reason=GRAVE)
    assert now(twin).may_be_shown


@pytest.mark.django_db(transaction=True)
def test_no_twin_slips_through_at_the_moment_it_is_made(people, scene):
    job = asked_again(scene.picture)
    at_once([partial(stage.finish, job), partial(decisions.take_down, scene.report, by=people.alice)])
    assert not Output.objects.exclude(file="").exists()


@pytest.mark.django_db(transaction=True)
def test_twins_are_taken_down_at_once_by_two_owners(people, scene):
    twin = twin_of(scene.picture)
    reports.report(twin, reason="hateful", by=people.bob)
    acts = [partial(decisions.take_down, report, by=people.alice) for report in Report.objects.all()]
    assert sorted(at_once(acts)) == [False, True]
    assert not Output.objects.exclude(file="").exists()
