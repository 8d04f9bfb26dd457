"""A tiny model, and workers that make its pictures within the process of the tests."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from diffusers import AutoPipelineForText2Image

from generation.worker.engine_worker import EngineWorker


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
