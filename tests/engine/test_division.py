"""What components answer to shared calls: each call gets what it is answered alone, or is not shared."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
from diffusers.models.autoencoders.vae import DiagonalGaussianDistribution
from diffusers.models.modeling_outputs import AutoencoderKLOutput, Transformer2DModelOutput
from torch import nn
from transformers import DynamicCache
from transformers.modeling_outputs import BaseModelOutputWithPast, BaseModelOutputWithPooling

from generation.engine.forward import forward
from generation.engine.sharing import Sharing
from generation.engine.standins import Call

TOKENS, WIDTH, LAYERS = 2, 4, 2  # as many as rows will be, so that a length alone says nothing
Make = Callable[[torch.Tensor], Any]


class Component(nn.Module):
    """Answers with `make` of what it is given, and counts how many rows each of its calls had."""

    def __init__(self, make: Make) -> None:
        super().__init__()
        self.make = make
        self.widths: list[int] = []

    def forward(self, sample: torch.Tensor) -> Any:
        self.widths.append(len(sample))
        return self.make(sample)


class Pair(NamedTuple):
    states: torch.Tensor
    flags: list[bool]


def inputs(count: int, rows: int = 1, seed: int = 0) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(rows, TOKENS, WIDTH, generator=generator) for _ in range(count)]


def answers(component: Component, given: list[torch.Tensor], sharing: Sharing, rows: int = 0) -> list[Any]:
    calls = [Call("part", "forward", component, None, (one.clone(),), {}) for one in given]
    found = forward(calls, sharing, rows=rows)
    assert [answer.error for answer in found] == [None] * len(given)
    return [answer.value for answer in found]


def assert_alike(one: Any, other: Any) -> None:
    """Equal in kind and in value, but for the order of additions."""
    assert type(one) is type(other)
    if isinstance(one, torch.Tensor):
        assert one.shape == other.shape
        assert torch.allclose(one, other, atol=1e-5)
    elif isinstance(one, np.ndarray):
        assert np.allclose(one, other, atol=1e-5)
    elif isinstance(one, (list, tuple)):
        assert len(one) == len(other)
        for pair in zip(one, other, strict=True):
            assert_alike(*pair)
    elif isinstance(one, dict):
        assert one.keys() == other.keys()
        for key in one:
            assert_alike(one[key], other[key])
    elif hasattr(one, "__dict__"):
        assert_alike(vars(one), vars(other))
    else:
        assert one == other


def flags(x: torch.Tensor) -> list[bool]:
    return [bool(row.mean() > 0) for row in x]


def cache(x: torch.Tensor) -> DynamicCache:
    filled = DynamicCache()
    for layer in range(LAYERS):
        filled.update(x[:, None] + layer, x[:, None] * 2, layer)
    return filled


DIVIDED: dict[str, Make] = {
    "first dimension": lambda x: x * 2,
    "second dimension": lambda x: x.transpose(0, 1) * 2,
    "last dimension": lambda x: x.permute(1, 2, 0) * 2,
    "layers first": lambda x: torch.stack([x * layer for layer in range(1, LAYERS + 1)]),
    "array": lambda x: (x * 2).numpy(),
    "list of rows": lambda x: list(x * 2),
    "rows of any length": lambda x: [row[: 1 + int(row.mean() > 0)] for row in x],
    "picture and flag": lambda x: (x * 2, flags(x)),
    "flags in a tensor": lambda x: (x.mean(dim=(1, 2)) > 0)[:, None],
    "named tuple": lambda x: Pair(x * 2, flags(x)),
    "one residual a layer": lambda x: ([x + layer for layer in range(LAYERS)], x),
    "nested": lambda x: {"a": [{"b": (x.transpose(0, 1), None)}], 1: x},
    "denoiser's": lambda x: Transformer2DModelOutput(sample=x * 2),
    "encoder's": lambda x: AutoencoderKLOutput(
        latent_dist=DiagonalGaussianDistribution(torch.cat([x, x / 4], dim=2).transpose(1, 2))
    ),
    "text encoder's": lambda x: BaseModelOutputWithPooling(last_hidden_state=x, hidden_states=(x, x + 1)),
    "language model's": lambda x: BaseModelOutputWithPast(
        last_hidden_state=x.transpose(0, 1), past_key_values=cache(x), hidden_states=(x.transpose(0, 1), x)
    ),
    "half precision": lambda x: x.to(torch.bfloat16).transpose(0, 1),
}  # fmt: skip

MIXED: dict[str, Make] = {
    "mean over the rows": lambda x: x.mean(),
    "one flag for all": lambda x: any(flags(x)),
    "flag for all beside rows": lambda x: (x * 2, any(flags(x))),
    "everybody's flag for each": lambda x: [any(flags(x))] * len(x),
    "sum over the rows": lambda x: x.sum(dim=0),
    "less the mean": lambda x: x - 0.05 * x.mean(dim=0, keepdim=True),
    "rows so far": lambda x: x.cumsum(dim=0),
    "rows against rows": lambda x: x.flatten(1) @ x.flatten(1).T,
    "rows reversed": lambda x: x.flip(0),
    "one column of many": lambda x: torch.cat([x[:, :, 1:], x[:, :, :1].mean(0).expand(len(x), -1, -1)], 2),
    "unknown object": lambda x: (x, object()),
    "number of rows": lambda x: (x, len(x)),
    "a key for each": lambda x: dict(enumerate(x)),
    "only one at a time": lambda x: x if len(x) == 1 else x.view(1, TOKENS, WIDTH),
}  # fmt: skip


@pytest.mark.parametrize("make", DIVIDED.values(), ids=DIVIDED)
def test_rows_are_found_wherever_they_are_and_stay_shared(make: Make) -> None:
    component, sharing = Component(make), Sharing()
    given = inputs(4)
    for found, one in zip(answers(component, given, sharing), given, strict=True):
        assert_alike(found, make(one))
    first = list(component.widths)
    assert first[0] == 4  # all together, and as many alone as it took to compare
    assert set(first[1:]) == {1}
    given = [*inputs(2, rows=2, seed=1), *inputs(1, seed=2), *inputs(1, rows=3, seed=3)]
    for found, one in zip(answers(component, given, sharing), given, strict=True):
        assert_alike(found, make(one))
    assert component.widths == [*first, 8]


@pytest.mark.parametrize("make", MIXED.values(), ids=MIXED)
def test_what_minds_its_neighbours_is_never_shared(make: Make) -> None:
    component, sharing = Component(make), Sharing()
    for seed in range(3):
        given = inputs(4, seed=seed)
        alone = [make(one) for one in given]
        tried = len(component.widths)
        for found, right in zip(answers(component, given, sharing), alone, strict=True):
            if type(right) is not object and "object" not in repr(right):
                assert_alike(found, right)
        assert set(component.widths[tried + (seed == 0) :]) == {1}


def test_flags_that_are_all_alike_prove_nothing_until_two_differ() -> None:
    component, sharing = Component(lambda x: (x, [any(flags(x))] * len(x))), Sharing()
    good, bad = -torch.rand(1, TOKENS, WIDTH), torch.rand(1, TOKENS, WIDTH)
    for given in ([good, good - 1, good - 2], [good - 3, good - 4], [good, bad, good - 1], [bad, good]):
        told = [flag for _, (flag,) in answers(component, given, sharing)]
        assert told == [one is bad for one in given]


def test_what_is_proven_costs_two_calls_alone_once() -> None:
    component, sharing = Component(lambda x: x * 2), Sharing()
    for seed in range(3):
        answers(component, inputs(5, seed=seed), sharing)
    assert component.widths == [5, 1, 1, 5, 5]


def test_answers_equal_by_chance_are_not_trusted() -> None:
    component, sharing = Component(lambda x: x - x.mean(dim=0, keepdim=True) * (x > 9)), Sharing()
    same = inputs(1) * 3
    assert all(torch.equal(found, same[0]) for found in answers(component, same, sharing))
    assert not sharing.is_proven([Call("part", "forward", component, None, (same[0],), {})])


def test_an_answer_that_changes_its_form_is_divided_no_more() -> None:
    component, sharing = Component(lambda x: x * 2), Sharing()
    answers(component, inputs(3), sharing)
    component.make = lambda x: (x * 2, any(flags(x)))
    given = inputs(3, seed=1)
    found = answers(component, given, sharing)
    assert [flag for _, flag in found] == [any(flags(one)) for one in given]


def test_a_component_that_writes_into_what_it_is_given_is_run_on_copies_first() -> None:
    component, sharing = Component(lambda x: x.mul_(2)), Sharing()
    given = inputs(3)
    for found, one in zip(answers(component, given, sharing), given, strict=True):
        assert torch.equal(found, one * 2)


def test_an_error_of_one_call_refuses_nobody_to_share() -> None:
    def make(x: torch.Tensor) -> torch.Tensor:
        if float(x.max()) > 90:
            raise ValueError("too bright")
        return x * 2

    component, sharing = Component(make), Sharing()
    given = [*inputs(3), torch.full((1, TOKENS, WIDTH), 99.0)]
    calls = [Call("part", "forward", component, None, (one,), {}) for one in given]
    found = forward(calls, sharing)
    assert [type(answer.error) for answer in found] == [type(None)] * 3 + [ValueError]
    answers(component, given[:3], sharing)
    answers(component, given[:3], sharing)
    assert component.widths[-1] == 3


def test_a_value_that_is_not_finite_refuses_nobody_to_share() -> None:
    component, sharing = Component(lambda x: x * 2), Sharing()
    broken = torch.full((1, TOKENS, WIDTH), float("nan"))
    found = answers(component, [broken, *inputs(3)], sharing)
    assert [bool(one.isnan().any()) for one in found] == [True, False, False, False]
    answers(component, inputs(3), sharing)
    assert component.widths[-1] == 3


@pytest.mark.parametrize("make", [DIVIDED["layers first"], DIVIDED["picture and flag"]])
def test_fillers_are_taken_off_again(make: Make) -> None:
    """In deterministic mode every call has as many rows; here as many as there are tokens and layers."""
    component, sharing = Component(make), Sharing()
    given = inputs(2, seed=5)
    for found, one in zip(answers(component, given, sharing, rows=6), given, strict=True):
        assert_alike(found, make(one))
    assert set(component.widths) == {6}


@pytest.mark.parametrize("make", MIXED.values(), ids=MIXED)
def test_a_call_that_may_not_be_shared_has_as_many_rows_before_it_met_others_and_after(make: Make) -> None:
    """In deterministic mode: the last bits of an answer depend on the number of rows."""
    component, sharing = Component(make), Sharing()
    given = inputs(3, seed=7)
    answers(component, given[:1], sharing, rows=6)
    before = component.widths[-1]
    answers(component, given, sharing, rows=6)
    met = len(component.widths)
    answers(component, given, sharing, rows=6)
    answers(component, given[:1], sharing, rows=6)
    assert set(component.widths[met:]) == {before}


def last_bits_by_place(x: torch.Tensor) -> torch.Tensor:
    """As a graphics card answers: a row's last bits depend on its place and on the number of rows."""
    place = torch.arange(len(x)).view(-1, 1, 1)
    return 2 * x * (1 + 2.0**-20 * place + 2.0**-21 * len(x))


@pytest.mark.parametrize("rows", [0, 6])
def test_last_bits_that_depend_on_the_place_keep_nobody_from_sharing(rows: int) -> None:
    component, sharing = Component(last_bits_by_place), Sharing()
    for seed in range(3):
        given = inputs(3, seed=seed)
        for found, one in zip(answers(component, given, sharing, rows=rows), given, strict=True):
            assert torch.allclose(found, 2 * one, rtol=1e-4)
    assert component.widths[-2:] == [rows or 3] * 2


def test_who_is_not_shared_is_named_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    answers(Component(lambda x: x - x.mean()), inputs(3), Sharing())
    assert caplog.messages == ["Calls of part.forward cannot be shared and run one by one"]
