"""Which calls fit together, and that laying together loses nothing."""

from typing import Any

import pytest
import torch
from torch import nn

from generation.engine.arguments import layout_of
from generation.engine.grouping import key_of
from generation.engine.merging import merge
from generation.engine.standins import Call


class AnyDenoiser(nn.Module):
    """Takes what the denoisers of diffusers take, between them."""

    def forward(
        self, hidden_states: Any, timestep: Any = None, encoder_hidden_states: Any = None,
        encoder_hidden_states_mask: Any = None, img_ids: Any = None, added: Any = None, scale: Any = 1.0,
        residuals: Any = None, generator: Any = None, *more: Any,
    ) -> Any:  # fmt: skip
        return generator

    def decode(self, z: torch.Tensor, generator: torch.Generator | None = None) -> torch.Tensor:
        return z

    def encode(self, x: torch.Tensor) -> torch.Tensor:
        return x


DENOISER = AnyDenoiser()


def call(*args: Any, method: str = "forward", component: str = "unet", **kwargs: Any) -> Call:
    return Call(component, method, DENOISER, torch.float32, args, kwargs)


def fit(*calls: Call) -> bool:
    return len({key_of("model", one) for one in calls}) == 1


def rows(count: int, value: float = 0.0, *shape: int) -> torch.Tensor:
    return torch.full((count, *(shape or (4,))), value)


def test_rows_of_different_counts_are_laid_together() -> None:
    calls = [call(rows(2, 1.0)), call(rows(1, 2.0)), call(rows(3, 3.0))]
    assert fit(*calls)
    batch = merge(calls)
    assert batch.rows == 6
    assert batch.args[0][:, 0].tolist() == [1, 1, 2, 3, 3, 3]


def test_a_single_call_is_passed_on_untouched() -> None:
    sample, time = rows(2), torch.tensor(7)
    batch = merge([call(sample, timestep=time)])
    assert batch.args[0] is sample
    assert batch.kwargs["timestep"] is time


def test_a_scalar_timestep_becomes_one_value_a_row() -> None:
    calls = [call(rows(2), torch.tensor(999)), call(rows(1), torch.tensor(5))]
    assert fit(*calls)
    assert merge(calls).args[1].tolist() == [999, 999, 5]


def test_a_timestep_for_one_row_stands_for_all_of_its_call() -> None:
    calls = [call(rows(2), torch.tensor([9.0])), call(rows(1), torch.tensor([5.0]))]
    assert fit(*calls)
    assert merge(calls).args[1].tolist() == [9.0, 9.0, 5.0]


TEXT, LONGER_TEXT = rows(1, 0.0, 3, 8), rows(1, 0.0, 4, 8)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (call(rows(1)), call(rows(1, 0.0, 5))),
        (call(rows(1)), call(rows(1).double())),
        (call(rows(1)), call(rows(1), component="controlnet")),
        (call(rows(1), scale=1.0), call(rows(1), scale=0.5)),
        (call(rows(1), scale=1), call(rows(1), scale=True)),
        (call(rows(1), scale=torch.tensor(1.0)), call(rows(1), scale=torch.tensor(2.0))),
        (call(rows(1), img_ids=torch.zeros(1, 3)), call(rows(1), img_ids=torch.ones(1, 3))),
        (call(rows(1), added={"ids": rows(1)}), call(rows(1), added={"ids": rows(1), "text": rows(1)})),
        (call(rows(1), added={"scale": 1.0}), call(rows(1), added={"scale": 2.0})),
        (call(rows(1), added=object()), call(rows(1), added=object())),
        (call(rows(1), scale="a"), call(rows(1), scale="b")),
        (call(rows(1), encoder_hidden_states=TEXT), call(rows(1), encoder_hidden_states=LONGER_TEXT)),
        (call(rows(1), generator=torch.Generator()), call(rows(1), generator=torch.Generator())),
    ],
    ids=[
        "shape", "dtype", "component", "number", "type", "scalar tensor", "geometry", "keys", "nested number",
        "unknown object", "text", "text length without a mask", "generator that is read",
    ],
)  # fmt: skip
def test_calls_that_differ_do_not_fit(one: Call, other: Call) -> None:
    assert not fit(one, other)


def test_models_do_not_mix() -> None:
    assert key_of("a", call(rows(1))) != key_of("b", call(rows(1)))


def test_a_component_cast_to_another_dtype_is_another_group() -> None:
    half = Call("vae", "decode", DENOISER, torch.float16, (rows(1),), {})
    assert not fit(half, Call("vae", "decode", DENOISER, torch.float32, (rows(1),), {}))


def test_a_generator_that_a_decoder_never_reads_does_not_matter() -> None:
    calls = [call(rows(1), method="decode", generator=torch.Generator()) for _ in range(2)]
    assert fit(*calls)
    assert merge(calls).args[0].shape == (2, 4)


def test_equal_geometry_is_shared() -> None:
    ids = [torch.arange(6.0).reshape(2, 3) for _ in range(2)]
    calls = [call(rows(2), img_ids=one) for one in ids]
    assert fit(*calls)
    assert merge(calls).kwargs["img_ids"].shape == (2, 3)


def test_a_tensor_without_rows_is_shared_if_equal() -> None:
    turn = (torch.ones(7, 3), torch.zeros(7, 3))
    calls = [call(rows(2), added=(turn[0].clone(), turn[1].clone())) for _ in range(2)]
    assert fit(*calls)
    assert merge(calls).kwargs["added"][0].shape == (7, 3)
    assert not fit(calls[0], call(rows(2), added=(turn[1], turn[1])))


def test_nested_conditions_are_laid_together() -> None:
    calls = [call(rows(2, value), added={"ids": rows(2, value), "skip": None}) for value in (1.0, 2.0)]
    assert fit(*calls)
    merged = merge(calls).kwargs["added"]
    assert merged["ids"][:, 0].tolist() == [1, 1, 2, 2]
    assert merged["skip"] is None


def test_a_list_of_residuals_is_laid_together_one_by_one() -> None:
    calls = [call(rows(2, value), residuals=[rows(2, value), rows(2, value * 10)]) for value in (1.0, 2.0)]
    assert fit(*calls)
    merged = merge(calls).kwargs["residuals"]
    assert [residual[:, 0].tolist() for residual in merged] == [[1, 1, 2, 2], [10, 10, 20, 20]]


def test_a_list_of_plain_values_has_one_entry_a_row() -> None:
    calls = [call(rows(2), added=[[(1, 4, 4)], [(1, 4, 4)]]), call(rows(2), added=[[(1, 4, 4)], [(1, 4, 4)]])]
    assert fit(*calls)
    assert len(merge(calls).kwargs["added"]) == 4


def test_lists_of_tensors_have_one_entry_a_row_of_any_length() -> None:
    short, long = torch.zeros(3, 8), torch.ones(5, 8)
    latents = torch.zeros(4, 1, 8, 8)
    calls = [call([latents], added=[short]), call([latents + 1, latents + 2], added=[long, long])]
    assert fit(*calls)
    assert [layout_of(one).rows for one in calls] == [1, 2]
    batch = merge(calls)
    assert [len(row) for row in batch.kwargs["added"]] == [3, 5, 5]
    assert [row.mean().item() for row in batch.args[0]] == [0, 1, 2]
    assert not fit(calls[0], call([torch.zeros(4, 1, 8, 4)], added=[short]))


def test_text_is_padded_where_a_mask_hides_it() -> None:
    short, long = rows(1, 1.0, 2, 8), rows(2, 2.0, 5, 8)
    mask = torch.tensor([[1, 1, 1, 1, 0], [1, 1, 1, 1, 1]])
    calls = [
        call(rows(1), encoder_hidden_states=short, encoder_hidden_states_mask=None),
        call(rows(2), encoder_hidden_states=long, encoder_hidden_states_mask=mask),
    ]
    assert fit(*calls)
    merged = merge(calls).kwargs
    assert merged["encoder_hidden_states"][:, :, 0].tolist() == [[1, 1, 0, 0, 0], [2] * 5, [2] * 5]
    assert merged["encoder_hidden_states_mask"].tolist() == [[1, 1, 0, 0, 0], *mask.tolist()]


def test_text_of_one_length_keeps_its_missing_mask() -> None:
    text: dict[str, Any] = {"encoder_hidden_states": rows(1, 1.0, 2, 8), "encoder_hidden_states_mask": None}
    assert merge([call(rows(1), **text), call(rows(1), **text)]).kwargs["encoder_hidden_states_mask"] is None


def test_stages_are_told_by_component_and_method() -> None:
    assert call(rows(1)).stage == "denoising"
    assert call(rows(1), component="text_encoder_2").stage == "encoding"
    assert call(rows(1), component="vae", method="decode").stage == "decoding"
    assert call(rows(1), component="vae", method="encode").stage == "encoding"
