"""A fork server of workers, and a tiny model that is slow enough to be interrupted."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from generation import pictures, registry
from generation.models import Job, ModelVersion
from tests import cast
from tests.faults.processes import Nursery, Worker, wait_for

CANARY = "canary-4711"
# Longer than the text encoder reads, which makes diffusers print what it cuts off.
PROMPT = f"a cup of {CANARY} " * 40
OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
)


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


@pytest.fixture
def send_everybody_away(transactional_db: None) -> Iterator[Callable[[bool], None]]:
    """`send_everybody_away(stay_out)`: end all connections but the test's own, and let nobody in again."""
    where = connection.settings_dict
    database = sql.Identifier(where["NAME"])
    door = psycopg.connect(
        host=where["HOST"], port=where["PORT"], user=where["USER"], dbname="handbill", autocommit=True
    )

    def open_door(is_open: bool) -> None:
        door.execute(
            sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS {}").format(database, sql.Literal(is_open))
        )

    def send_away(stay_out: bool) -> None:
        open_door(not stay_out)
        with connection.cursor() as cursor:
            cursor.execute(OTHERS, [where["NAME"]])

    yield send_away
    open_door(True)
    door.close()
    # The pool of this process was cut as well, and would wait longer and longer before it tries again.
    connection.close()
    connection.close_pool()
