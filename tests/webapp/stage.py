"""Pictures for tests of pages: made through the real calls, short of the engine."""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from django.db import transaction
from PIL import Image

from accounts.models import Business, User
from generation import jobs
from generation.files import storage
from generation.models import Incident, Job, ModelVersion, Output, Queue
from generation.pictures import StoredPicture, filled, incidents, outputs
from webapp.campaigns import briefs
from webapp.creatives import versions
from webapp.models import Brief, Campaign, Creative

COLOURS = ["#c8553d", "#588b8b", "#f28f3b", "#2d3047", "#93b7be", "#e0a458", "#7a9e7e", "#44355b"]
PROMPT = "a secret prompt about pumpkins"


@contextmanager
def undone() -> Iterator[None]:
    """What is done within is not done to the rows: whoever comes next finds the scene as it was."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def model() -> ModelVersion:
    return ModelVersion.objects.get_or_create(
        hash="0" * 64,
        defaults={
            "name": "tiny",
            "folder": "models/tiny",
            "pipeline_class": "StarterPipeline",
            "size_min": 32,
            "size_default": 64,
            "steps_default": 4,
        },
    )[0]


def waiting_job(campaign: Campaign, by: User, count: int = 2) -> Job:
    request = model().request(PROMPT)
    return briefs.submit(
        Brief(campaign=campaign), request, by=by, key=uuid4().hex, model=model(), count=count
    )


def running_job(campaign: Campaign, by: User, count: int = 2) -> Job:
    waiting_job(campaign, by, count)
    return jobs.claim("a worker of the tests")


def finished_job(campaign: Campaign, by: User, count: int = 2) -> Job:
    return finish(running_job(campaign, by, count))


def finish(job: Job) -> Job:
    made = [_stored(job, index) for index in range(job.outputs.count())]
    return jobs.finish(job, filled(made), gpu_seconds=1.5 * len(made))


def make_files() -> None:
    """What a worker of the cpu queue does until nothing waits."""
    while job := jobs.claim("a worker of the tests", Queue.CPU, ()):
        jobs.JobRun(job, threading.Event()).run()


def picture(campaign: Campaign, by: User) -> Output:
    return finished_job(campaign, by, count=1).outputs.get()


def refused(business: Business, by: User, job: Job | None = None) -> Incident:
    """What is left of a prompt that was against the safety floor."""
    return incidents.open_incident(business, by=by, stage=Incident.Stage.WORDS, rule="explicit", job=job)


def withheld(job: Job, index: int = 0, rule: str = "picture_sexual") -> Incident:
    """A picture of a running job that the safety check did not let pass."""
    output = job.outputs.get(index=index)
    outputs.withhold(job, output, rule=rule, sha256="0" * 64)
    return Incident.objects.get(output=output)


def design(creative: Creative, *formats: str, by: User, **words: str) -> Creative:
    """What the design page does: these formats and no others, these words in all of them."""
    if formats:
        creative = versions.choose_formats(creative, formats, began_from=creative.design.formats, by=by)
    shown = creative.design.formats[0]
    return versions.edit(creative, shown, words, began_from=creative.design.values(shown), by=by).creative


def _stored(job: Job, index: int) -> StoredPicture:
    image = Image.new("RGB", (64 + index, 64), COLOURS[index % len(COLOURS)])
    file = storage.store(job.business_id, _encoded(image, "PNG"), "png")
    thumbnail = storage.store(job.business_id, _encoded(image, "WEBP"), "webp")
    return StoredPicture(
        index=index,
        file=file.path,
        sha256=file.sha256,
        bytes=file.bytes,
        thumbnail=thumbnail.path,
        generation_record={},
    )


def _encoded(image: Image.Image, form: str) -> bytes:
    data = io.BytesIO()
    image.save(data, form)
    return data.getvalue()
