"""Makers of exports killed in the middle, or several at once: every export is made once."""

import os
import subprocess
import sys
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone

from generation.files import storage
from tests.faults.processes import ROOT, database, wait_for
from tests.generation.parallel import at_once
from tests.webapp import stage
from webapp.creatives import exports, versions
from webapp.models import Export, ExportStatus, FileKind

pytestmark = pytest.mark.django_db(transaction=True)
MAKER = "import django; django.setup(); from webapp.creatives import exports; exports.make_waiting()"


@pytest.fixture
def order(people):
    def order(*formats: str) -> Export:
        picture = stage.picture(people.campaign, people.bob)
        creative = versions.create(people.campaign, [picture], by=people.bob)[0]
        creative = stage.design(creative, *formats, by=people.bob)
        return exports.order(creative, FileKind.PNG, by=people.bob)

    return order


def assert_made(export: Export, attempts: int) -> None:
    export.refresh_from_db()
    assert (export.status, export.attempts, export.done) == (ExportStatus.READY, attempts, export.total)
    with zipfile.ZipFile(storage.path_of(export.file)) as archive:
        assert len(archive.namelist()) == export.total + 2


def test_an_export_whose_maker_is_killed_is_made_by_the_next(order):
    export = order("display-mobile", "display-rectangle", "instagram-story", "facebook-event")
    maker = subprocess.Popen([sys.executable, "-c", MAKER], cwd=ROOT, env={**os.environ, **database()})
    try:
        assert wait_for(lambda: Export.objects.filter(done__gt=0).exists())
    finally:
        maker.kill()
        maker.wait()
    exports.make_waiting()
    export.refresh_from_db()
    assert (export.status, export.attempts) == (ExportStatus.RUNNING, 1)  # Nobody knows yet that it is dead.
    Export.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    exports.make_waiting()
    assert_made(export, attempts=2)


def test_makers_at_once_make_each_export_once(order):
    ordered = [order("display-mobile", "display-rectangle") for _ in range(3)]
    assert at_once([exports.make_waiting] * 4) == [None] * 4
    for export in ordered:
        assert_made(export, attempts=1)
        assert export.epoch == 1
