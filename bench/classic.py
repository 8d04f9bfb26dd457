"""What people run today: a web server, a Celery task for each picture, a result that the page polls for.

`uvicorn bench.classic:web` and `celery -A bench.classic worker`, the pipeline loaded once a worker. It has no
accounts, no database and no marks on its files, all of which ours has.
"""

from __future__ import annotations

import functools
import os
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

from celery import Celery
from celery.result import AsyncResult

FOLDER = Path(os.environ["BENCH_CLASSIC_FOLDER"])
BROKER = os.environ["BENCH_CLASSIC_BROKER"]

app = Celery("classic", broker=BROKER, backend=BROKER)


@functools.cache
def pipeline() -> Any:
    from diffusers import AutoPipelineForText2Image

    loaded = AutoPipelineForText2Image.from_pretrained(FOLDER / "checkpoint", local_files_only=True)
    loaded.set_progress_bar_config(disable=True)
    return loaded


@app.task
def draw(prompt: str, side: int, steps: int) -> tuple[str, float]:
    """The file's name, and the seconds of the pipeline's call."""
    loaded = pipeline()
    began = time.perf_counter()
    image = loaded(prompt, width=side, height=side, num_inference_steps=steps).images[0]
    seconds = time.perf_counter() - began
    name = f"{uuid4()}.png"
    image.save(FOLDER / name)
    return name, seconds


async def web(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """POST / asks for a picture and answers with its key; GET /<key> is 404 until it is there."""
    if scope["method"] == "POST":
        prompt = (await receive())["body"].decode()
        answer = draw.delay(prompt, 64, 2).id.encode()
        await _answer(send, 202, answer)
        return
    result = AsyncResult(scope["path"].strip("/"), app=app)
    if not result.successful():
        await _answer(send, 404, b"")
        return
    name, seconds = result.get()
    await _answer(send, 200, (FOLDER / name).read_bytes(), seconds)


async def _answer(send: Any, status: int, body: bytes, seconds: float = 0.0) -> None:
    headers = [(b"x-seconds", str(seconds).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
