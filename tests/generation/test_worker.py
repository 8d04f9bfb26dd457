"""Real pictures by a real, tiny diffusion pipeline: from the row to the file."""

import time
from pathlib import Path

import pytest
import torch
from diffusers import AutoPipelineForText2Image

from accounts.models import UsageEntry
from generation import provenance, storage
from generation.models import Status
from generation.worker import Worker
from tests.engine import tiny_pipelines

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("tiny")
    tiny_pipelines.build("sd15", folder)
    return folder


@pytest.fixture
def worker(folder):
    def load(_hash: str):
        torch.set_num_threads(1)
        return AutoPipelineForText2Image.from_pretrained(folder)

    worker = Worker(load)
    worker.start()
    yield worker
    worker.stop()


def wait_for(condition, seconds: float = 20.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_a_job_becomes_pictures_on_disk_with_a_recipe_and_a_mark(ask, worker):
    job = ask(seeds=[1, 2], width=64, height=32)
    worker.work()
    job.refresh_from_db()
    assert job.status == Status.DONE, job.reason_code
    first, second = job.outputs.order_by("index")
    assert first.file != second.file
    data = storage.path_of(first.file).read_bytes()
    assert provenance.read_marks(data).says_made_with_ai
    assert len(data) == first.bytes
    assert first.recipe["seed"] == 1
    assert job.gpu_seconds > 0
    assert UsageEntry.objects.get().pictures == 2
