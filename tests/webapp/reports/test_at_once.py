"""What several people do to one picture at the same moment."""

import threading
from functools import partial

import pytest

from accounts.models import AuditEvent
from generation import jobs
from generation.jobs import JobFailed
from generation.models import Job, Output, Queue
from tests import cast
from tests.generation.parallel import at_once
from tests.webapp import stage
from webapp.creatives import exports, versions
from webapp.models import Export, FileKind, Report
from webapp.reports import decisions, reports

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people(media) -> cast.Cast:
    return cast.gather()


@pytest.fixture
def picture(people) -> Output:
    return stage.picture(people.campaign, people.bob)


@pytest.fixture
def report(people, picture) -> Report:
    reports.report(picture, reason="hateful", by=people.carol)
    return Report.objects.get()


def test_two_reports_by_one_person_are_one(people, picture):
    acts = [partial(reports.report, picture, reason="hateful", by=people.carol) for _ in range(4)]
    assert len(set(at_once(acts))) == 1
    assert Report.objects.count() == 1


def test_of_two_decisions_one_holds(people, report, picture):
    acts = [partial(decide, report, by=people.alice) for decide in (decisions.keep, decisions.take_down) * 2]
    assert sorted(at_once(acts)) == [False, False, False, True]
    verbs = ("report.kept", "output.taken_down")
    (event,) = AuditEvent.objects.filter(verb__in=verbs)
    row = Output.objects.get(pk=picture.pk)
    assert bool(row.taken_down_at) == (event.verb == "output.taken_down") == (not row.file)


def test_no_archive_outlives_a_takedown_at_the_moment_it_is_finished(people, report, picture, media):
    (creative,) = versions.create(people.campaign, [picture], by=people.bob)
    exports.order(stage.design(creative, "display-mobile", by=people.bob), FileKind.PNG, by=people.bob)
    job = jobs.claim("a worker of the tests", Queue.CPU, ())
    fill = exports.make(jobs.JobRun(job, threading.Event()))

    def finish() -> Job | None:
        try:
            return jobs.finish(job, fill, gpu_seconds=0)
        except JobFailed:
            return None

    at_once([finish, partial(decisions.take_down, report, by=people.alice)])
    assert not Export.objects.exclude(file="").exists()
