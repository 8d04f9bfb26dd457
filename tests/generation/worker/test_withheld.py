"""What is withheld leaves no pixel behind: no file, no preview, no word but why."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from diffusers import DiffusionPipeline
from django.conf import settings as site
from django.db import connection
from django.utils import timezone

from accounts.models import AuditEvent, Notice, Outcome, Reservation, UsageEntry
from generation import jobs
from generation.models import Incident, Job, Status
from generation.pictures import FrameProgress, drawing, floor, outputs
from generation.safety import center_face, open_nsfw, pictures
from generation.safety.center_face import CenterFace, Face
from generation.safety.pictures import PictureCheck
from tests.engine import tiny_pipelines
from tests.patience import PATIENCE
from tests.safety.classifiers import Says
from webapp.postgres.process import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

BYTE_COLUMNS = "SELECT table_name, column_name FROM information_schema.columns WHERE data_type = 'bytea'"
ELSEWHERE = {"postgres", "broker"}
AGED_SIX = "a birthday table for a six year old girl"


class Sees(CenterFace):
    """A face finder that finds this many faces."""

    def __init__(self, count: int) -> None:
        self._faces = (Face(0.0, 0.0, 8.0, 8.0, 0.9),) * count

    def faces(self, picture: object) -> tuple[Face, ...]:
        return self._faces


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`install(0.9, faces=1)`: a check that takes every picture for that."""

    def install(*scores: float, faces: int = 0, error: BaseException | None = None) -> None:
        check = PictureCheck(Says(*scores, error=error), Sees(faces))
        monkeypatch.setattr(pictures, "_installed", lambda: check)

    return install


@pytest.fixture
def shown(monkeypatch) -> list[FrameProgress]:
    """What the page was shown of pictures on their way."""
    frames: list[FrameProgress] = []
    show = outputs.show

    def noting(job: Job, news: Sequence[FrameProgress] = ()) -> set[int]:
        withheld = job.outputs.exclude(incident=None).values_list("index", flat=True)
        assert not {frame.index for frame in news} & set(withheld)
        frames.extend(frame for frame in news if frame.preview)
        return show(job, news)

    monkeypatch.setattr(outputs, "show", noting)
    return frames


@pytest.fixture
def ended(ask, start_worker, settings, tmp_path, monkeypatch, shown) -> Callable[..., Job]:
    """A job, ended by a worker that shows previews as often as it can."""
    settings.MEDIA_DIR = tmp_path / "media"
    # Not 0, by which it would look without a pause, and take the engine's own time.
    monkeypatch.setattr(drawing, "SHOW_EVERY", 0.001)

    def ended(load=None, **request) -> Job:
        job = ask(**{"steps": 12, **request})
        start_worker(load) if load else start_worker()
        assert wait_until(lambda: Job.objects.get(pk=job.pk).is_finished, seconds=PATIENCE)
        job.refresh_from_db()
        assert shown, "or a preview could not have been left behind"
        return job

    return ended


def files_in(*folders: Path) -> set[Path]:
    return {file for folder in folders for file in Path(folder).rglob("*") if file.is_file()}


def data_files() -> set[Path]:
    """All that is kept on this machine, but for PostgreSQL's own, which is asked, and for the bells of the
    broker, which carry nothing.
    """
    ours = files_in(*(folder for folder in site.DATA_DIR.iterdir() if folder.name not in ELSEWHERE))
    return ours | {file for file in site.DATA_DIR.iterdir() if file.is_file()}


def bytes_in_rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute(BYTE_COLUMNS + " AND table_schema = 'public'")
        columns = cursor.fetchall()
        assert ("generation_output", "preview") in columns
        counts = []
        for table, column in columns:
            cursor.execute(f'SELECT count(*) FROM "{table}" WHERE length("{column}") > 0')
            counts.append(cursor.fetchone()[0])
    return sum(counts)


def assert_nothing_is_left(job: Job, media: Path, before: set[Path], log: str) -> None:
    assert files_in(media) == set()
    assert data_files() == before
    assert bytes_in_rows() == 0
    for output in job.outputs.all():
        assert (output.file, output.thumbnail, output.sha256, output.preview) == ("", "", "", None)
        assert not output.generation_record
    assert "\\x" not in log
    assert max(map(len, log.splitlines()), default=0) < 1000
    assert job.request["prompt"] not in log


@pytest.mark.parametrize(
    ("score", "faces", "prompt", "sentence"),
    [
        (0.9, 0, "a cup of coffee", pictures.SEXUAL.sentence),
        (0.6, 1, "a cup of coffee", pictures.OF_A_PERSON.sentence),
        (0.45, 0, AGED_SIX, pictures.ABOUT_MINORS.sentence),
    ],
)
def test_a_refused_picture_ends_its_job_with_a_plain_sentence_and_leaves_nothing(
    install, ended, settings, caplog, score, faces, prompt, sentence
):
    install(score, faces=faces)
    before = data_files()
    job = ended(prompt=prompt)
    assert (job.status, job.reason_code, job.reason) == (Status.FAILED, "withheld", sentence)
    assert_nothing_is_left(job, settings.MEDIA_DIR, before, caplog.text)
    incident = Incident.objects.get()
    assert (incident.output, incident.stage, len(incident.sha256)) == (job.outputs.get(), "picture", 64)
    assert floor.sentence_of(incident.rule) == sentence
    assert Notice.objects.count() == (prompt == AGED_SIX)


def test_a_refused_picture_is_not_charged(install, ended):
    install(0.9)
    job = ended()
    entry = UsageEntry.objects.get(job_id=job.pk)
    assert (entry.outcome, entry.pictures) == (Outcome.FAILED, 0)
    assert not Reservation.objects.exists()
    event = AuditEvent.objects.get(verb="job.failed")
    assert event.detail == {"pictures": 0, "reason": "withheld"}


def test_a_refused_picture_leaves_its_job_and_the_others_are_kept(install, ended, settings):
    install(0.0, 0.9, 0.0)
    job = ended(seeds=[1, 2, 3])
    assert (job.status, job.reason_code, job.progress) == (Status.DONE, "", job.progress_total)
    withheld = job.outputs.get(incident__rule=pictures.SEXUAL.rule)
    others = job.outputs.exclude(pk=withheld.pk)
    assert (withheld.file, withheld.thumbnail, withheld.preview) == ("", "", None)
    assert {output.cancelled_at for output in others} == {None}
    named = {settings.MEDIA_DIR / path for each in others for path in (each.file, each.thumbnail)}
    assert files_in(settings.MEDIA_DIR) == named
    assert len(named) == 4
    entry = UsageEntry.objects.get()
    assert (entry.outcome, entry.pictures) == (Outcome.DONE, 2)
    assert entry.gpu_seconds > 0


def test_a_job_of_which_every_picture_is_refused_fails(install, ended, settings, caplog):
    install(0.9)
    before = data_files()
    job = ended(seeds=[1, 2, 3])
    assert (job.status, job.reason_code) == (Status.FAILED, "withheld")
    assert job.reason == pictures.SEXUAL.sentence
    assert {incident.output for incident in Incident.objects.all()} == set(job.outputs.all())
    assert_nothing_is_left(job, settings.MEDIA_DIR, before, caplog.text)


def test_what_a_killed_worker_had_withheld_is_not_withheld_again_by_the_next(ask, start_worker):
    """Killed when all of it was withheld, before the job was failed."""
    job = ask(seeds=[1, 2])
    dead = jobs.claim("a worker that is killed")
    for output in dead.outputs.all():
        outputs.withhold(dead, output, rule=pictures.SEXUAL.rule, sha256="0" * 64)
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    jobs.sweep()
    start_worker()
    assert wait_until(lambda: Job.objects.get(pk=job.pk).is_finished, seconds=PATIENCE)
    job.refresh_from_db()
    assert (job.status, job.attempts, job.reason) == (Status.FAILED, 2, pictures.SEXUAL.sentence)
    assert job.incidents.count() == 2


def test_what_a_models_own_checker_flags_is_withheld(install, ended, caplog, tmp_path):
    """About half of what this model draws: of enough seeds some."""
    tiny_pipelines.build("sd15_checked", tmp_path / "checked")
    install(0.0)
    job = ended(lambda _hash: DiffusionPipeline.from_pretrained(tmp_path / "checked"), seeds=range(6))
    flagged = job.outputs.filter(incident__rule=pictures.FLAGGED.rule)
    assert 0 < flagged.count() < 6
    assert {output.is_stored for output in flagged} == {False}
    assert job.outputs.exclude(file="").count() == 6 - flagged.count()
    assert "withheld by picture_flagged" in caplog.text


@pytest.mark.parametrize("error", [MemoryError(), RuntimeError("a bug"), OSError("a disk")], ids=repr)
def test_a_check_that_breaks_withholds_and_says_so(install, ended, settings, caplog, error):
    install(0.0, error=error)
    before = data_files()
    job = ended()
    assert (job.status, job.reason_code) == (Status.FAILED, "not_looked_at")
    assert "could not be looked at" in job.reason
    assert type(error).__name__ in caplog.text
    assert_nothing_is_left(job, settings.MEDIA_DIR, before, caplog.text)


@pytest.mark.parametrize("changed", [open_nsfw, center_face])
def test_weights_that_were_changed_withhold_and_the_right_ones_let_pass(
    ended, settings, caplog, monkeypatch, changed
):
    pictures._installed.cache_clear()
    before = data_files()
    with monkeypatch.context() as patch:
        weights = replace(changed.WEIGHTS, sha256="0" * 64)
        kind = {open_nsfw: "OpenNsfw", center_face: "CenterFace"}[changed]
        original = getattr(changed, kind)
        patch.setattr(pictures, kind, lambda: original(weights))
        job = ended()
    assert (job.status, job.reason_code) == (Status.FAILED, "not_looked_at")
    assert "were changed" in caplog.text
    assert_nothing_is_left(job, settings.MEDIA_DIR, before, caplog.text)
    assert ended().status == Status.DONE


def test_what_a_model_draws_at_random_is_kept(ended):
    """By the installed networks: noise is not what they were trained to find."""
    job = ended(seeds=range(4))
    assert (job.status, job.reason_code) == (Status.DONE, "")
