"""Everything at once: texts, pictures, masks, ControlNets, LoRAs and schedulers, coming and going."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from generation.engine import Control, Engine, ImageRequest, Lora
from tests.engine.test_adapters import draw_with_loras
from tests.engine.test_exactness import PROMPTS, TOLERANCE, Planned, Traffic
from tests.engine.test_variants import mask, photo

Load = Callable[[str], Any]


def any_request(chance: random.Random, seed: int, files: list[Path]) -> ImageRequest:
    task: dict[str, Any] = chance.choice(
        [
            {},
            {"image": photo(seed), "strength": chance.choice([0.5, 0.9])},
            {"image": photo(seed), "strength": 0.7, "mask": mask()},
            {"controls": (Control(model="sd15-edges", image=photo(seed), scale=chance.choice([0.5, 1.0])),)},
        ]
    )
    chosen = chance.sample(files, chance.choice([0, 0, 1, 2]))
    loras = tuple(Lora(path=file, scale=chance.choice([0.5, 1.0])) for file in chosen)
    return ImageRequest(
        model="sd15",
        prompt=chance.choice(PROMPTS),
        width=32,
        height=32,
        steps=chance.randint(3, 6),
        guidance=chance.choice([1.0, 3.0, 7.0]),
        seed=seed,
        scheduler=chance.choice(["", "", "EulerAncestralDiscreteScheduler", "DDIMScheduler"]),
        loras=loras,
        share=chance.choice(["bakery", "florist"]),
        **task,
    )


@pytest.mark.slow
def test_a_picture_is_its_own_whatever_the_others_bring(
    load_fresh: Load,
    load_with_controls: Load,
    loras: Callable[[str], list[Path]],
    start_engine: Callable[..., Engine],
) -> None:
    chance = random.Random("everything at once")
    pipeline, files = load_fresh("sd15"), loras("sd15")
    plan: list[Planned] = [
        (chance.choice([0, 0, 4, 8]), any_request(chance, seed, files), chance.choice([None, None, None, 2]))
        for seed in range(16)
    ]
    engine = start_engine(lambda key: pipeline if key == "sd15" else load_with_controls(key), max_rows=6)
    finished = Traffic(engine, plan).run()
    assert len(finished) >= 10
    for one in finished:
        plain = draw_with_loras(load_fresh, one, load_with_controls)
        assert np.abs(pipeline.pixels[one.seed] - plain).max() <= TOLERANCE, one
