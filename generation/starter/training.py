"""Training from nothing: captions from the grammar, scenes from the prior, flow matching on two cores.

Flow matching with a prediction of the clean scene (Lipman et al., 2023; Eijkelboom et al., 2024): at x = t
* scene + (1 - t) * noise, cross entropy on the categorical tokens and squared error on colours and pose.
"""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import torch
from diffusers import FlowMatchEulerDiscreteScheduler
from torch import Tensor
from torch.nn import functional

from . import codec
from .captions import draw_pair
from .model import SceneTransformer
from .pipeline import StarterPipeline
from .prior import Stated, sample
from .statements import implied
from .text import LENGTH, WIDTH, load_minilm, read, tokenize

SCENES_PER_CAPTION = 4
UNCONDITIONAL = 0.1  # share of rows whose text is dropped, for guidance
EMA = 0.997


@dataclass(frozen=True, slots=True)
class Dataset:
    """scenes (captions, SCENES_PER_CAPTION, SIZE); words (captions, 32, 384) half; mask; meaning (captions,
    384) half.
    """

    scenes: Tensor
    words: Tensor
    mask: Tensor
    meaning: Tensor


@dataclass(frozen=True, slots=True)
class TrainingBatch:
    scenes: Tensor
    words: Tensor
    mask: Tensor
    meaning: Tensor


@dataclass(frozen=True, slots=True)
class Recipe:
    captions: int
    steps: int
    seed: int


SHIPPED = Recipe(captions=30_000, steps=3000, seed=0)  # of the weights in the repository


def train_starter(folder: Path, recipe: Recipe, say: Callable[[str], None]) -> None:
    """Train a starter and save it in `folder`, in half precision, as a pipeline that `load` reads."""
    data = write_dataset(recipe.captions, recipe.seed, say)
    model = train(data, steps=recipe.steps, seed=recipe.seed, say=say)
    scheduler = FlowMatchEulerDiscreteScheduler(num_train_timesteps=1000, shift=1.0)
    StarterPipeline(model.half(), scheduler).save_pretrained(folder)


def unique_pairs(captions: int, rng: Random) -> dict[str, Stated]:
    """So many captions of the grammar, no two alike, and what each states."""
    pairs: dict[str, Stated] = {}
    while len(pairs) < captions:
        stated, text = draw_pair(rng)
        pairs.setdefault(text, stated)
    return pairs


def write_dataset(captions: int, seed: int, say: Callable[[str], None]) -> Dataset:
    """Unique captions and, for each, fresh scenes of the prior that agree with it."""
    rng = Random(seed)
    pairs = unique_pairs(captions, rng)
    scenes = torch.stack(
        [
            torch.stack([codec.encode(sample(implied(stated), rng)) for _ in range(SCENES_PER_CAPTION)])
            for stated in pairs.values()
        ]
    )
    say(f"{captions} captions written, {SCENES_PER_CAPTION} scenes each")
    return Dataset(scenes, *embed(list(pairs), say))


@torch.inference_mode()
def embed(captions: list[str], say: Callable[[str], None], rows: int = 256) -> tuple[Tensor, Tensor, Tensor]:
    """Words, mask and meaning of captions, in half precision; short captions are read with short ones."""
    tokenizer, encoder = load_minilm()
    tokens = tokenize(tokenizer, captions)
    lengths = tokens["attention_mask"].sum(1)
    words = torch.zeros(len(captions), LENGTH, WIDTH, dtype=torch.half)
    meaning = torch.zeros(len(captions), WIDTH, dtype=torch.half)
    for number, picked in enumerate(lengths.argsort(stable=True).split(rows)):
        longest = int(lengths[picked].max())
        states = read(encoder, **{name: values[picked, :longest] for name, values in tokens.items()})
        words[picked, :longest] = states.words.half()
        meaning[picked] = states.meaning.half()
        if number % 40 == 0:
            say(f"read {number * rows} of {len(captions)} captions")
    # Clones: what inference mode made cannot be trained on.
    return words.clone(), tokens["attention_mask"].bool().clone(), meaning.clone()


def train(
    data: Dataset, *, steps: int, seed: int, say: Callable[[str], None], rows: int = 128
) -> SceneTransformer:
    """The moving average of a transformer trained for `steps` batches."""
    torch.manual_seed(seed)
    model = SceneTransformer()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1.2e-3, betas=(0.9, 0.98), weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _learning_rate(step, steps))
    average = torch.optim.swa_utils.AveragedModel(
        model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(EMA)
    )
    started, total = time.monotonic(), 0.0
    for step, batch in enumerate(_batches(data, steps, rows, seed), 1):
        loss = loss_of(model, batch)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        average.update_parameters(model)
        total += loss.item()
        if step % 100 == 0:
            say(
                f"step {step} of {steps}, loss {total / 100:.4f}, "
                f"{(time.monotonic() - started) / step:.3f} s a step"
            )
            total = 0.0
    averaged = average.module
    assert isinstance(averaged, SceneTransformer), "a copy of the model"
    return averaged.eval()


def loss_of(model: SceneTransformer, batch: TrainingBatch) -> Tensor:
    """The loss of one batch, at random times, noise and dropped texts."""
    clean = batch.scenes
    t = torch.rand(len(clean))
    noisy = clean * t[:, None] + torch.randn_like(clean) * (1 - t)[:, None]
    mask = batch.mask & (torch.rand(len(clean), 1) >= UNCONDITIONAL)
    (out,) = model(noisy, (1 - t) * 1000, batch.words.float(), mask, batch.meaning.float())
    wrong = sum(
        functional.cross_entropy(out[:, token], clean[:, token].argmax(1), reduction="none")
        for token in codec.CATEGORICAL
    )
    off = (out - clean).square()
    colours = off[:, codec.COLOUR_START : codec.POSE_START].mean(1)
    pose = off[:, codec.POSE_START :].mean(1)
    weight = (1 / (1 - t)).clamp(max=4)
    return (0.5 * wrong + weight * (5 * colours + 0.5 * pose)).mean()


def _batches(data: Dataset, steps: int, rows: int, seed: int) -> Iterator[TrainingBatch]:
    """Rows of like length, so that the words can be cut to the longest."""
    generator = torch.Generator().manual_seed(seed)
    lengths = data.mask.sum(1)
    by_length = lengths.argsort(stable=True)
    window = min(4 * rows, len(by_length))
    for _ in range(steps):
        start = int(torch.randint(0, len(by_length) - window + 1, (), generator=generator))
        picked = by_length[start + torch.randperm(window, generator=generator)[:rows]]
        scene = torch.randint(0, data.scenes.shape[1], (len(picked),), generator=generator)
        longest = int(lengths[picked].max())
        yield TrainingBatch(
            data.scenes[picked, scene],
            data.words[picked, :longest],
            data.mask[picked, :longest],
            data.meaning[picked],
        )


def _learning_rate(step: int, steps: int) -> float:
    """Warm up for 100 steps, then half a cosine to zero."""
    return min(1.0, (step + 1) / 100) * (0.5 + 0.5 * math.cos(math.pi * min(1.0, step / steps)))
