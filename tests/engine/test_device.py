"""On an accelerator the engine asks and goes on; it waits only before it chooses what runs next."""

from collections.abc import Callable
from itertools import count

import numpy as np
import pytest
import torch
from diffusers import DiffusionPipeline

from generation.engine import Engine, GenerationError, Picture, device, pictures
from tests.engine.test_faults import outcome, request, start_together

Load = Callable[[str], DiffusionPipeline]
SECONDS = 2.0  # that a pretended device takes from any mark to the next


class Mark:
    """Stands in for torch.Event: passed once somebody has waited for it."""

    numbers = count()

    def __init__(self, told: list[str]) -> None:
        self.number, self._told = next(self.numbers), told

    def synchronize(self) -> None:
        self._told.append("waited")

    def elapsed_time(self, later: "Mark") -> float:
        assert later.number > self.number
        return 1e3 * SECONDS


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What happens, in order, on a machine that pretends to have an accelerator."""
    told: list[str] = []
    monkeypatch.setattr(device, "mark", lambda: Mark(told))
    monkeypatch.setattr(pictures, "is_on_host", lambda tensor: False)
    return told


def test_fibers_go_on_before_the_device_is_waited_for(told: list[str], load_fresh: Load) -> None:
    pipeline = load_fresh("sd15")
    pipeline.unet.register_forward_hook(lambda *call: told.append("asked"))
    engine = Engine(lambda model: pipeline)
    tickets = [engine.submit(request(seed, steps=3), lambda progress: told.append("step")) for seed in (0, 1)]
    engine.start()
    taken = [outcome(ticket) for ticket in tickets]
    engine.stop()
    assert all(isinstance(one, Picture) for one in taken)
    steps = [index for index, what in enumerate(told) if what == "step"]
    assert len(steps) == 6
    for index in steps:
        last = next(what for what in reversed(told[:index]) if what != "step")
        assert last == "asked"


def test_what_a_call_took_is_the_devices_own_time(told: list[str], load_fresh: Load) -> None:
    pipeline = load_fresh("sd15")
    engine = Engine(lambda model: pipeline)
    (ticket,) = start_together(engine, [request(0, guidance=1.0)])
    assert isinstance(outcome(ticket), Picture)
    engine.stop()
    assert ticket.seconds == SECONDS * 6  # a text, four steps, a decode


def test_a_ticket_that_fails_knows_all_that_it_took(told: list[str], load_fresh: Load) -> None:
    pipeline = load_fresh("sd15")
    pipeline.vae.decoder.register_forward_hook(lambda *call: 1 / 0)
    engine = Engine(lambda model: pipeline)
    (ticket,) = start_together(engine, [request(0, guidance=1.0)])
    assert isinstance(outcome(ticket), GenerationError)
    engine.stop()
    assert ticket.seconds == SECONDS * 6


def test_a_picture_sent_from_a_device_is_the_same(told: list[str], load: Load) -> None:
    engine = Engine(load)
    (ticket,) = start_together(engine, [request(7)])
    picture = outcome(ticket)
    engine.stop()
    assert isinstance(picture, Picture)
    expected = DiffusionPipeline.numpy_to_pil(load("sd15").pixels[7])[0]
    assert picture.image.tobytes() == expected.tobytes()


@pytest.mark.parametrize("broken_at", [4, 3])
def test_latents_that_are_not_finite_are_found_a_step_later(
    broken_at: int, told: list[str], load_fresh: Load
) -> None:
    pipeline, calls = load_fresh("sd15"), count(1)

    def broken(module: object, args: object, output: tuple[torch.Tensor]) -> tuple[torch.Tensor]:
        return (output[0] * (float("nan") if next(calls) == broken_at else 1),)

    pipeline.unet.register_forward_hook(broken)
    engine = Engine(lambda model: pipeline)
    (ticket,) = start_together(engine, [request(0, steps=40 if broken_at == 4 else 3)])
    error = outcome(ticket)
    engine.stop()
    assert isinstance(error, GenerationError)
    assert error.reason == "bad_picture"
    assert next(calls) <= 6


def test_eight_bits_are_rounded_as_diffusers_rounds_them() -> None:
    pixels = np.random.default_rng(0).random((64, 48, 3), dtype=np.float32)
    pixels[0, :, 0] = np.arange(48) / 255 + 0.5 / 255  # between two values
    sent = pictures.fetching(type("Output", (), {"images": [torch.from_numpy(pixels).permute(2, 0, 1)]}))()
    assert sent.tobytes() == DiffusionPipeline.numpy_to_pil(pixels)[0].tobytes()
