"""Real pictures by a real, tiny diffusion pipeline: from the row to the file."""

import io
import os
import resource
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import torch
from diffusers import AutoPipelineForText2Image
from django.conf import settings
from django.db import connection
from PIL import Image, ImageChops

from accounts.models import UsageEntry
from generation import jobs, pictures, provenance
from generation.checkpoints import CheckpointRefused
from generation.engine import Engine, ImageRequest
from generation.files import orphans, storage
from generation.jobs import eta, heartbeat
from generation.models import Job, ModelVersion, Output, Status
from generation.pictures import drawing
from generation.worker import loadable
from tests.engine.counting import count_calls
from tests.patience import PATIENCE
from webapp.postgres.process import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def wait_for(condition: Callable[[], Any]) -> bool:
    return wait_until(condition, seconds=PATIENCE)


def is_done(job: Job) -> bool:
    job.refresh_from_db()
    return job.is_finished


def in_background(act: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=act)
    thread.start()
    return thread


@contextmanager
def room_for(bytes: int) -> Iterator[None]:
    """No file of this process can grow beyond `bytes`, as on a disk that is all but full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_job_becomes_pictures_on_disk_with_a_record_and_a_mark(ask, start_worker):
    job = ask(seeds=[1, 2], width=64, height=32)
    start_worker()
    assert wait_for(lambda: is_done(job))
    assert (job.status, job.reason_code) == (Status.DONE, "")
    first, second = job.outputs.order_by("index")
    assert first.file != second.file
    data = storage.path_of(first.file).read_bytes()
    assert provenance.read_marks(data).says_made_with_ai
    assert Image.open(io.BytesIO(data)).size == (64, 32)
    assert (first.bytes, first.generation_record["seed"]) == (len(data), 1)
    small = storage.path_of(first.thumbnail).read_bytes()
    assert provenance.read_marks(small) == provenance.read_marks(data)
    assert Image.open(io.BytesIO(small)).format == "WEBP"
    assert job.gpu_seconds > 0
    assert UsageEntry.objects.get().pictures == 2


def test_the_same_request_and_seed_are_the_same_picture(ask, start_worker):
    first, second, other = ask(seeds=[5]), ask(seeds=[4, 5]), ask(seeds=[5], prompt="a cup of tea")
    start_worker()
    assert wait_for(lambda: all(is_done(job) for job in (first, second, other)))
    assert apart(first, second) <= 1  # of 255: the last bits depend on how rows were batched
    assert apart(first, other) > 1


def apart(one: Job, another: Job) -> int:
    """The largest difference between the two jobs' pictures of seed 5, in levels."""
    images = []
    for job in (one, another):
        with io.BytesIO(storage.read(job.outputs.get(seed=5).file)) as file:
            images.append(Image.open(file).convert("RGB"))
    return max(high for _, high in ImageChops.difference(*images).getextrema())


def test_steps_and_small_previews_show_while_it_is_made(ask, start_worker):
    job = ask(seeds=range(8), steps=100)  # long enough to be seen on the way
    start_worker()
    shown = Output.objects.filter(job=job, step__gt=0, preview__isnull=False)
    seen: list[Output] = []
    assert wait_for(lambda: seen.extend(shown[:1]) or seen)
    (output,) = seen
    preview = Image.open(io.BytesIO(bytes(output.preview)))
    assert wait_for(lambda: is_done(job))
    assert preview.format == "WEBP"
    assert max(preview.size) <= 96
    assert 0 < output.step <= 100


def test_making_and_cancelling_over_and_over_is_not_free(ask, start_worker, people):
    start_worker()
    for _ in range(3):
        job = ask(seeds=range(4), steps=100)
        assert wait_for(lambda job=job: job.outputs.filter(step__gt=2).exists())
        jobs.cancel(job, by=people.bob)
        assert wait_for(lambda job=job: is_done(job))
    entries = list(UsageEntry.objects.all())
    assert {(entry.outcome, entry.pictures) for entry in entries} == {("cancelled", 0)}
    assert all(entry.gpu_seconds > 0.01 for entry in entries)


def test_a_picture_taken_out_of_its_job_is_made_no_further(
    ask, start_worker, people, settings, tmp_path, monkeypatch
):
    settings.MEDIA_DIR = tmp_path / "media"
    monkeypatch.setattr(drawing, "SHOW_EVERY", 0.02)  # On a quick machine the job takes less than a beat.
    calls = count_calls(monkeypatch)
    job = ask(seeds=range(4), steps=100, width=48, height=48)
    start_worker()
    assert wait_for(lambda: job.outputs.filter(step__gt=2).count() == 4)
    taken_out = job.outputs.get(index=1)
    pictures.cancel(taken_out, by=people.bob)
    assert wait_for(lambda: is_done(job))
    assert job.status == Status.DONE
    assert [output.is_stored for output in job.outputs.order_by("index")] == [True, False, True, True]
    assert len([*settings.MEDIA_DIR.rglob("*.png")]) == 3
    assert sum(calls["decoding"]) == 3
    assert UsageEntry.objects.get().pictures == 3


def test_waiting_jobs_are_made_although_no_doorbell_rings(ask, start_worker):
    job = ask(seeds=[1], steps=1)
    start_worker()
    assert wait_for(lambda: is_done(job))


def test_no_more_jobs_than_allowed_are_made_at_once(ask, start_worker, checkpoint):
    def load(_hash: str):
        begin.wait()
        return AutoPipelineForText2Image.from_pretrained(checkpoint)

    def running() -> int:
        return Job.objects.filter(status=Status.RUNNING).count()

    begin, most = threading.Event(), settings.JOBS_IN_FLIGHT
    waiting = [ask(seeds=[1], steps=1) for _ in range(most + 2)]
    worker = start_worker(load)
    bells = [in_background(worker.work) for _ in range(8)]
    assert wait_for(lambda: running() == most)
    assert wait_for(lambda: sum(bell.is_alive() for bell in bells) <= most)  # The others found no place.
    begin.set()
    while not all(is_done(job) for job in waiting):
        assert running() <= most
    for bell in bells:
        bell.join()


def test_a_full_disk_fails_the_job_with_words_and_leaves_nothing_behind(
    ask, start_worker, settings, tmp_path
):
    settings.MEDIA_DIR = tmp_path / "media"
    job = ask(seeds=[1, 2], width=64, height=64)
    with room_for(1000):
        start_worker()
        assert wait_for(lambda: is_done(job))
    assert (job.status, job.reason_code) == (Status.FAILED, "disk_full")
    assert "disk is full" in job.reason
    assert [file for file in settings.MEDIA_DIR.rglob("*") if file.is_file()] == []
    assert UsageEntry.objects.get().pictures == 0
    retried = jobs.retry(job, by=job.created_by)
    assert wait_for(lambda: is_done(retried))
    assert retried.status == Status.DONE


def test_a_disk_that_takes_nothing_fails_the_job_with_words(ask, start_worker, settings, tmp_path):
    settings.MEDIA_DIR = tmp_path / "media"
    settings.MEDIA_DIR.write_text("a file where the folder should be")
    job = ask(seeds=[1], width=64, height=64)
    start_worker()
    assert wait_for(lambda: is_done(job))
    assert (job.status, job.reason_code) == (Status.FAILED, "not_stored")
    assert "did not take the file" in job.reason


def hindrance(job: Job) -> str:
    return eta.outlooks([job])[job.pk].hindrance


def of_another_model(model: ModelVersion) -> ModelVersion:
    return ModelVersion.objects.create(
        name="other", hash="1" * 64, folder="models/other", size_min=32, size_default=32, steps_default=2
    )


def test_a_worker_without_the_files_of_a_model_leaves_its_jobs_to_one_that_has_them(
    ask, start_worker, monkeypatch
):
    def is_not_here(model: ModelVersion) -> None:
        raise FileNotFoundError(model.folder)

    monkeypatch.setattr(heartbeat, "EVERY", 0.1)
    worker = start_worker(glance=is_not_here)
    waiting = [ask(steps=1) for _ in range(5)]
    worker.work()
    assert wait_for(heartbeat.lacking)
    assert set(Job.objects.values_list("status", "attempts", "epoch")) == {(Status.QUEUED, 0, 0)}
    assert "No machine that is running has the files" in hindrance(waiting[0])
    start_worker()
    assert wait_for(lambda: all(is_done(job) for job in waiting))
    assert set(Job.objects.values_list("status", "attempts")) == {(Status.DONE, 1)}


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (CheckpointRefused("unet/model.safetensors", "is not the file that was installed"), "damaged"),
        (torch.OutOfMemoryError("CUDA out of memory"), "not enough memory"),
    ],
)
def test_a_model_that_cannot_be_loaded_costs_nobody_a_job(
    ask, model, people, start_worker, checkpoint, monkeypatch, error, words
):
    def load(hash: str):
        tried.append(hash)
        if hash == model.hash and files == ["spoilt"]:
            raise error
        return AutoPipelineForText2Image.from_pretrained(checkpoint)

    files = ["spoilt"]
    tried: list[str] = []
    monkeypatch.setattr(loadable, "LOOK_AFTER", 0.0)
    monkeypatch.setattr(heartbeat, "EVERY", 0.1)
    hindered, unwanted, other = ask(seeds=[1, 2, 3]), ask(), of_another_model(model)
    start_worker(load, glance=lambda model: str(files))
    fine = [ask(model=other, steps=1) for _ in range(3)]
    assert wait_for(lambda: all(is_done(job) for job in fine))
    assert {job.status for job in fine} == {Status.DONE}
    assert wait_for(lambda: words in hindrance(hindered))
    assert jobs.cancel(unwanted, by=people.alice).status == Status.CANCELLED
    hindered.refresh_from_db()
    assert (hindered.status, hindered.attempts) == (Status.QUEUED, 0)
    assert tried.count(model.hash) <= settings.JOBS_IN_FLIGHT  # Not once for each picture, nor over and over.
    files[:] = ["healed"]
    assert wait_for(lambda: is_done(hindered))
    assert (hindered.status, hindered.attempts) == (Status.DONE, 1)


def test_a_worker_whose_device_is_gone_takes_no_more_jobs_with_it(
    ask, start_worker, end_of_process, monkeypatch
):
    def load(_hash: str):
        raise torch.AcceleratorError("CUDA error: device-side assert triggered")

    for _ in range(settings.JOBS_IN_FLIGHT + 3):
        ask()
    monkeypatch.setattr(heartbeat, "EVERY", 0.1)
    worker = start_worker(load)
    assert wait_for(lambda: not worker.engine.healthy())
    for _ in range(3):
        worker.work()
    assert end_of_process.wait(10)
    assert Job.objects.filter(status=Status.QUEUED, attempts=0).count() >= 3


@pytest.fixture
def end_of_process() -> Iterator[threading.Event]:
    """Set when this process is told to end."""
    told = threading.Event()
    before = signal.signal(signal.SIGTERM, lambda *_: told.set())
    yield told
    signal.signal(signal.SIGTERM, before)


def test_a_tick_that_comes_late_does_not_end_a_process_whose_worker_was_stopped(start_worker, end_of_process):
    worker = start_worker()
    worker.stop()
    worker._tick()
    assert not end_of_process.wait(0.1)


def test_an_engine_that_makes_no_step_for_very_long_fails_the_job_and_ends_its_process(
    ask, start_worker, checkpoint, monkeypatch, end_of_process
):
    def load(_hash: str):
        awake.wait()
        return AutoPipelineForText2Image.from_pretrained(checkpoint)

    awake = threading.Event()
    monkeypatch.setattr(drawing, "STUCK_AFTER", 1.0)
    job = ask()
    start_worker(load)
    assert wait_for(lambda: is_done(job))
    awake.set()
    assert (job.status, job.reason_code) == (Status.FAILED, "timed_out")
    assert end_of_process.wait(5)


def test_a_picture_that_is_not_ready_by_its_deadline_ends_the_job_with_words(ask, start_worker, monkeypatch):
    monkeypatch.setattr(drawing, "ImageRequest", partial(ImageRequest, deadline=0.05))
    job = ask(seeds=[1], steps=100)
    start_worker()
    assert wait_for(lambda: is_done(job))
    assert (job.status, job.reason_code) == (Status.FAILED, "deadline")
    assert "in the time" in job.reason
    assert UsageEntry.objects.get().pictures == 0


def test_what_a_worker_stored_for_a_job_it_lost_is_swept(ask, checkpoint, settings, tmp_path):
    settings.MEDIA_DIR = tmp_path / "media"
    job = ask(seeds=[1], steps=1)
    engine = Engine(lambda _: AutoPipelineForText2Image.from_pretrained(checkpoint))
    engine.start()
    claimed = jobs.claim("sleeper")
    finish = jobs.JobRun(claimed, threading.Event(), engine)._outcome()
    engine.stop()
    jobs.give_back(claimed)
    with pytest.raises(jobs.LeaseLost):
        finish()
    files = [*settings.MEDIA_DIR.rglob("*.png"), *settings.MEDIA_DIR.rglob("*.webp")]
    assert len(files) == 2  # The picture and its thumbnail.
    assert not job.outputs.get().is_stored
    assert orphans.remove() == 0  # Too young: its row might be on the way.
    old = time.time() - timedelta(days=1).total_seconds()
    for file in files:
        os.utime(file, (old, old))
    assert orphans.remove() == 2


def test_a_worker_is_on_the_attendance_list_while_it_runs(start_worker):
    worker = start_worker()
    assert wait_for(heartbeat.workers_alive)
    worker.stop()
    assert not heartbeat.workers_alive()


def test_a_worker_leaves_no_connection_open(ask, start_worker):
    ask(steps=1)
    worker = start_worker()
    in_background(worker.work).join()
    worker.stop()
    pool = connection.pool
    assert wait_for(lambda: pool.get_stats()["pool_size"] - pool.get_stats()["pool_available"] <= 1)
