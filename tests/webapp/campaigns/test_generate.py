"""`bin/manage generate`: the whole path without a browser, or one sentence that says why not."""

import threading
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from PIL import Image

from accounts.models import AuditEvent
from generation import jobs, registry
from generation.jobs import heartbeat
from generation.models import Job, Status
from generation.safety import pictures
from generation.safety.center_face import CenterFace
from generation.safety.pictures import PictureCheck
from generation.worker.engine_worker import EngineWorker, load_installed
from tests import cast
from tests.patience import PATIENCE
from tests.safety.classifiers import Says
from webapp.management.commands import generate
from webapp.models import Campaign, Project

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people() -> cast.Cast:
    return cast.gather()


@pytest.fixture
def model(checkpoint: Path):
    return registry.install(str(checkpoint), name="tiny")


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[EngineWorker]:
    monkeypatch.setattr(heartbeat, "EVERY", 0.1)  # With its first tick it is there.
    worker = EngineWorker(load_installed)
    worker.start()
    yield worker
    worker.stop()


@pytest.fixture
def run(people: cast.Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Path]]:
    """Run the command for the bakery's campaign; answers with the paths it printed."""
    monkeypatch.setattr(generate, "WORKER_SECONDS", PATIENCE)

    def run(
        prompt: str = "a cup of coffee", *, said: StringIO | None = None, **options: object
    ) -> list[Path]:
        out = StringIO()
        whole = {
            "business": "corner-bakery",
            "campaign": "pumpkin-week",
            "out": str(tmp_path / "out"),
            **options,
        }
        words = [word for name, value in whole.items() for word in (f"--{name}", str(value))]
        call_command("generate", prompt, *words, stdout=out, stderr=said or StringIO())
        return [Path(line) for line in out.getvalue().splitlines()]

    return run


def test_it_makes_pictures_by_the_real_path_and_prints_where_they_are(run, people, model, worker):
    paths = run(count=2, seed=7, size="48x32", steps=2, guidance=3, negative="a cat", model="tiny")
    assert len(paths) == 2
    assert [Image.open(path).size for path in paths] == [(48, 32)] * 2
    job = Job.objects.get()
    assert job.brief.campaign == people.campaign
    assert tuple(job.request[name] for name in ("steps", "guidance", "negative_prompt")) == (
        2,
        3.0,
        "a cat",
    )
    assert list(job.outputs.order_by("index").values_list("seed", flat=True)) == [7, 8]
    assert AuditEvent.objects.get(verb="job.submitted").actor == people.alice


def test_it_says_why_one_of_the_pictures_was_withheld(run, model, worker, monkeypatch):
    check = PictureCheck(Says(0.9, 0.0), CenterFace())
    monkeypatch.setattr(pictures, "_installed", lambda: check)
    said = StringIO()
    assert len(run(count=2, steps=1, said=said)) == 1
    assert said.getvalue().count(pictures.SEXUAL.sentence) == 1


def test_it_asks_in_the_name_of_the_member_it_is_told(run, people, model, worker):
    run(count=1, steps=1, by="BOB@example.com")
    assert Job.objects.get().created_by == people.bob


def test_when_no_worker_can_load_the_model_it_says_why_nothing_goes_on(run, model, monkeypatch):
    monkeypatch.setattr(generate, "WORKER_SECONDS", 0.05)
    heartbeat.attend("a worker of the tests", "CPU", {model.pk: "missing"})
    with pytest.raises(CommandError, match="No machine that is running has the files of this model"):
        run(count=1)


def test_with_no_worker_it_queues_nothing_and_says_so(run, model, monkeypatch):
    monkeypatch.setattr(generate, "WORKER_SECONDS", 0.1)
    with pytest.raises(CommandError, match="No worker is running"):
        run()
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"business": "nobody"}, "There is no business nobody."),
        ({"business": "first", "account": "nobody"}, "There is no business nobody."),  # the former name
        ({"campaign": "first-frost"}, "corner-bakery has no campaign first-frost."),
        ({"by": "carol@example.com"}, "Nobody with this address may make pictures"),
        ({"by": "mallory@example.com"}, "Nobody with this address may make pictures"),
        ({"model": "sdxl"}, "There is no model sdxl; installed: tiny."),
        ({"size": "33x32"}, "must divide by 2"),
        ({"size": "big"}, "a size is written as 1024x768"),
        ({"count": 9}, "Ask for 1 to 8 pictures"),
        ({"prompt": " "}, "Say what the picture should show."),
        ({"out": "/dev/null/pictures"}, "cannot be made"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(run, model, worker, options, sentence):
    with pytest.raises(CommandError) as refused:
        run(**options)
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not Job.objects.exists()


def test_who_may_not_is_refused_before_anybody_waits_for_a_worker(run, people, model, monkeypatch):
    monkeypatch.setattr(heartbeat, "workers_alive", lambda: pytest.fail("it looked for a worker"))
    with pytest.raises(CommandError, match="Nobody with this address may make pictures"):
        run(by=people.carol.email)


def test_over_the_days_limit_it_says_how_many_are_left(run, people, model, worker):
    people.bakery.daily_pictures = 3
    people.bakery.save()
    with pytest.raises(CommandError, match="3 more pictures today, not 4"):
        run(count=4)


def test_a_name_that_several_campaigns_have_must_be_told_by_id(run, people, model, worker):
    project = Project.objects.create(business=people.bakery, name="Cakes")
    twin = Campaign.objects.create(project=project, name="Pumpkin week", slug="pumpkin-week")
    with pytest.raises(CommandError, match=str(twin.pk)):
        run()
    run(campaign=twin.pk, count=1, steps=1)
    assert Job.objects.get().brief.campaign == twin


def test_a_job_that_is_cancelled_elsewhere_ends_it(run, people, model, worker):
    def cancel() -> None:
        while not (job := Job.objects.filter(status=Status.RUNNING).first()):
            pass
        jobs.cancel(job, by=people.bob)
        connection.close()

    threading.Thread(target=cancel).start()
    with pytest.raises(CommandError, match="Somebody cancelled"):
        run(count=4, steps=100)


def test_ctrl_c_cancels_the_job(run, model, worker, monkeypatch):
    def interrupt(_job: Job) -> tuple[float, str]:
        raise KeyboardInterrupt

    monkeypatch.setattr(generate, "_how_far", interrupt)
    with pytest.raises(CommandError, match="cancelled"):
        run(count=4, steps=100)
    assert Job.objects.get().cancel_requested_at
