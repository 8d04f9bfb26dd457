"""A text that was encoded once is not encoded again, for the same share, while there is room."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from diffusers import DiffusionPipeline

from generation.engine import Engine, ImageRequest
from generation.engine.encodings import EncodingKey, Encodings, encoding_key
from generation.engine.memory import bytes_of
from generation.engine.standins import Call
from tests.engine.counting import Calls
from tests.engine.plain import difference

Load = Callable[[str], DiffusionPipeline]


def request(seed: int, **changes: Any) -> ImageRequest:
    values: dict[str, Any] = {
        "model": "sd15", "prompt": "a table", "width": 32, "height": 32, "steps": 2, "guidance": 3.0,
        "seed": seed,
    }  # fmt: skip
    return ImageRequest(**(values | changes))


def key(text: str, share: str = "", model: str = "a") -> EncodingKey:
    return EncodingKey(model, share, None, text.encode())


@pytest.mark.parametrize("family", ["sd15", "sdxl", "sd3", "zimage", "qwen"])
def test_a_known_text_costs_no_call_and_gives_the_plain_picture(
    family: str, load: Load, start_engine: Callable[..., Engine], calls: Calls
) -> None:
    engine = start_engine(load)
    engine.submit(request(0, model=family)).result(timeout=240)
    encoded = len(calls["encoding"])
    again = request(1, model=family)
    engine.submit(again).result(timeout=240)
    assert len(calls["encoding"]) == encoded
    assert difference(load(family), again) <= 1e-5


def test_no_share_learns_what_another_asked(
    load: Load, start_engine: Callable[..., Engine], calls: Calls
) -> None:
    engine = start_engine(load)
    for seed, share in enumerate(["bakery", "florist"]):
        engine.submit(request(seed, share=share)).result(timeout=240)
    # Both the prompt and the empty negative prompt of each.
    assert len(calls["encoding"]) == 4


def test_a_model_that_is_evicted_takes_its_encodings_along(
    load_fresh: Load, start_engine: Callable[..., Engine], calls: Calls
) -> None:
    engine = start_engine(
        lambda model: load_fresh("sd15"), memory_bytes=int(1.5 * bytes_of(load_fresh("sd15")))
    )
    for model in ("one", "other", "one"):
        engine.submit(request(0, model=model)).result(timeout=240)
    assert len(calls["encoding"]) == 3 * 2


def test_what_is_kept_cannot_be_changed_from_outside() -> None:
    encodings, answer = Encodings(), torch.zeros(3)
    encodings.keep(key("a"), {"states": (answer,)})
    answer.add_(1)
    for _ in range(2):
        found = encodings.find(key("a"))
        assert found is not None
        assert found["states"][0].tolist() == [0, 0, 0]
        found["states"][0].add_(1)


def test_the_least_recently_used_goes_first_and_too_large_a_one_is_not_kept() -> None:
    encodings = Encodings(limit=8 * 4)
    for text in "ab":
        encodings.keep(key(text), (torch.zeros(4), None))
    encodings.find(key("a"))
    encodings.keep(key("c"), (torch.zeros(4),))
    encodings.keep(key("d"), torch.zeros(9))
    assert [encodings.find(key(text)) is not None for text in "abcd"] == [True, False, True, False]


def encoded(ids: torch.Tensor, component: str = "text_encoder", **kwargs: Any) -> EncodingKey | None:
    call = Call(component, "forward", torch.nn.Identity(), None, (ids,), kwargs)
    return encoding_key("sd15", "bakery", "group", call)


def test_keys_differ_with_anything_that_decides_the_answer() -> None:
    ids = torch.tensor([[1, 2, 3]])
    same = encoded(ids, output_hidden_states=True)
    assert same == encoded(ids.clone(), output_hidden_states=True)
    others = [
        encoded(ids),
        encoded(ids, output_hidden_states=False),
        encoded(ids.int(), output_hidden_states=True),
        encoded(torch.tensor([[1, 2, 4]]), output_hidden_states=True),
        encoded(ids.reshape(3, 1), output_hidden_states=True),
        encoded(ids, attention_mask=torch.ones(1, 3), output_hidden_states=True),
    ]
    assert None not in others
    assert len({same, *others}) == 7


def test_what_is_no_text_or_cannot_be_compared_is_not_kept() -> None:
    ids = torch.tensor([[1, 2, 3]])
    assert encoded(ids, "image_encoder") is None
    assert encoded(ids, generator=torch.Generator()) is None
