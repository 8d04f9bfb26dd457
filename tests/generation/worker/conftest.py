"""A tiny model, and workers that make its pictures within the process of the tests."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from diffusers import AutoPipelineForText2Image

from generation.worker.engine_worker import EngineWorker
from tests.engine import tiny_pipelines


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny")
    tiny_pipelines.build("sd15", folder)
    return folder


@pytest.fixture
def start_worker(checkpoint: Path) -> Iterator[Callable[..., EngineWorker]]:
    workers: list[EngineWorker] = []

    def load(_hash: str):
        torch.set_num_threads(1)
        return AutoPipelineForText2Image.from_pretrained(checkpoint)

    def start(load=load, **options) -> EngineWorker:
        workers.append(EngineWorker(load, **options))
        workers[-1].start()
        return workers[-1]

    yield start
    for worker in workers:
        worker.stop()
