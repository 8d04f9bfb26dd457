"""A fork server of workers, and a tiny model that is slow enough to be interrupted."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from generation import pictures, registry
from generation.models import Job, ModelVersion
from tests import cast
from tests.engine import tiny_pipelines
from tests.faults.processes import Nursery, Worker, wait_for

CANARY = "canary-4711"
# Longer than the text encoder reads, which makes diffusers print what it cuts off.
PROMPT = f"a cup of {CANARY} " * 40


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checkpoint")
    tiny_pipelines.build("sd15", folder)
    return folder


@pytest.fixture
def model(transactional_db: None, checkpoint: Path) -> ModelVersion:
    return registry.install(str(checkpoint), name="tiny")


@pytest.fixture
def people(transactional_db: None) -> cast.Cast:
    return cast.gather()


@pytest.fixture(scope="session")
def nursery(django_db_setup: None) -> Iterator[Nursery]:
    nursery = Nursery()
    yield nursery
    nursery.close()


@pytest.fixture
def start_worker(nursery: Nursery, tmp_path: Path, transactional_db: None) -> Iterator[Callable[..., Worker]]:
    """Start a worker and wait until it says it is at work. What it logs must not hold a prompt."""
    workers: list[Worker] = []

    def start(**order: object) -> Worker:
        worker = nursery.start(tmp_path / f"worker-{len(workers)}.log", **order)
        workers.append(worker)
        assert wait_for(lambda: worker.log.exists() and " ready." in worker.log.read_text())
        return worker

    yield start
    for worker in workers:
        worker.kill()
        assert CANARY not in worker.log.read_text()


@pytest.fixture
def ask(people: cast.Cast, model: ModelVersion) -> Callable[..., Job]:
    """A queued job of a few seconds: it must not be done before the test has seen it begin."""

    def ask(count: int = 2, steps: int = 100, side: int = 64) -> Job:
        request = model.request(PROMPT, size=(side, side), steps=steps)
        return pictures.submit(
            people.bakery, by=people.alice, model=model, request=request, seeds=range(count), key=uuid4().hex
        )

    return ask
