from types import SimpleNamespace

import pytest

from tests.webapp import stage, steps
from webapp.business import guest_links
from webapp.creatives import exports, versions
from webapp.models import FileKind, Report
from webapp.reports import reports

SMALL = "display-mobile"  # the format that is drawn soonest


@pytest.fixture
def alice(people, as_):
    return as_(people.alice)


@pytest.fixture
def scene(people, media) -> SimpleNamespace:
    """A kept picture that guests see, in a creative whose files were made, and a report of it."""
    picture = stage.picture(people.campaign, people.bob)
    picture.keep(by=people.bob)
    (creative,) = versions.create(people.campaign, [picture], by=people.bob)
    creative = stage.design(creative, SMALL, by=people.bob)
    export = exports.order(creative, FileKind.PNG, by=people.bob)
    stage.make_files()
    export.refresh_from_db()
    reports.report(picture, reason="hateful", words="She is <ten>.", by=people.carol)
    token = guest_links.create(people.campaign, days=7, by=people.bob)[1]
    return SimpleNamespace(
        picture=picture, creative=creative, export=export, report=Report.objects.get(), token=token
    )


@pytest.fixture
def decide(alice, django_capture_on_commit_callbacks):
    def decide(report: Report, decision: str, answer: str = ""):
        said = {"decision": decision, "answer": answer}
        with django_capture_on_commit_callbacks(execute=True):
            return alice.post(steps.url("report_decision", report), said, follow=True)

    return decide
