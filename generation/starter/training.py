"""Training from nothing: scenes of the prior, some of their tokens known, flow matching on two cores.

Flow matching with a prediction of the clean scene (Lipman et al., 2023; Eijkelboom et al., 2024): at x = t
* scene + (1 - t) * noise, cross entropy on the categorical tokens and squared error on colours and pose.
"""

import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

import torch
from diffusers import FlowMatchEulerDiscreteScheduler
from torch import Tensor
from torch.nn import functional

from . import codec
from .model import SLICES, SceneTransformer, spread
from .pipeline import StarterPipeline
from .prior import sample
from .scene import PLACES

ROWS = 32  # of a batch: many small steps learn more than few large ones
SILENT = 0.1  # share of rows of which nothing is known, for guidance
ASKED = 0.6  # share of rows of which is known what prompts tell; of the others, it is any tokens
TELLING = 0.85  # share of the tokens of TOLD that are known then
TOLD = ("kind", "style", *PLACES, "feeling", "tone", "occasion", "trade")
EMA = 0.999
SHIFT = 3.0  # of the levels of noise, as in the scheduler's own `shift`
RATE = 1.5e-3  # of learning, at its highest
WARM_UP = 300  # steps, at most
CHECKPOINT = "checkpoint.pt"
EVERY = 500  # steps between checkpoints

IS_TOLD = torch.tensor([name in TOLD for name in codec.TOKENS])

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Recipe:
    scenes: int
    steps: int
    seed: int


SHIPPED = Recipe(scenes=240_000, steps=30_000, seed=0)  # of the weights in the repository


class Run:
    """A training on its way. Its every number comes of the seed and the step, so that one that was broken off
    goes on as if it had not been.
    """

    def __init__(self, recipe: Recipe) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe, self.step = recipe, 0
        self.model = SceneTransformer()
        self.optimizer = torch.optim.AdamW(
            self.model.parameters(), lr=RATE, betas=(0.9, 0.98), weight_decay=0.02
        )
        self.average = torch.optim.swa_utils.AveragedModel(
            self.model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(EMA)
        )

    def advance(self, scenes: Tensor) -> float:
        """One batch of scenes (all, SIZE). Returns the loss."""
        generator = torch.Generator().manual_seed(self.recipe.seed * 1_000_003 + self.step)
        picked = scenes[torch.randint(0, len(scenes), (ROWS,), generator=generator)].float()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = loss_of(self.model, picked, generator)
        for group in self.optimizer.param_groups:
            group["lr"] = RATE * _learning_rate(self.step, self.recipe.steps)
        self.optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.average.update_parameters(self.model)
        self.step += 1
        return loss.item()

    def save(self, path: Path) -> None:
        """Whole or not at all."""
        part = path.with_suffix(".part")
        state = {"recipe": asdict(self.recipe), "step": self.step, "model": self.model.state_dict()}
        state |= {"optimizer": self.optimizer.state_dict(), "average": self.average.state_dict()}
        torch.save(state, part)
        part.replace(path)

    def resume(self, path: Path) -> None:
        """Raises ValueError where it was another recipe's."""
        state = torch.load(path, weights_only=True)
        if state["recipe"] != asdict(self.recipe):
            raise ValueError(f"{path} is of another recipe: {state['recipe']}")
        self.step = state["step"]
        for part in ("model", "optimizer", "average"):
            getattr(self, part).load_state_dict(state[part])


def train_starter(folder: Path, recipe: Recipe, say: Say) -> None:
    """Train a starter and save it in `folder`, in half precision, as a pipeline that `load` reads. What was
    broken off goes on at its last checkpoint, which lies in `folder` until all is done. Raises ValueError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    checkpoint = folder / CHECKPOINT
    run = Run(recipe)
    if checkpoint.exists():
        run.resume(checkpoint)
        say(f"going on at step {run.step}")
    scenes = drawn(recipe.scenes, recipe.seed)
    say(f"{recipe.scenes} scenes drawn from the prior")
    train(run, scenes, checkpoint, say)
    averaged = run.average.module
    assert isinstance(averaged, SceneTransformer), "a copy of the model"
    scheduler = FlowMatchEulerDiscreteScheduler(num_train_timesteps=1000, shift=SHIFT)
    StarterPipeline(averaged.eval().half(), scheduler).save_pretrained(folder)
    checkpoint.unlink(missing_ok=True)


def drawn(count: int, seed: int) -> Tensor:
    """So many scenes of the prior, (count, SIZE), in half precision."""
    rng = Random(seed)
    return torch.stack([codec.encode(sample(rng)).half() for _ in range(count)])


def train(run: Run, scenes: Tensor, checkpoint: Path, say: Say) -> None:
    started, first, total = time.monotonic(), run.step, 0.0
    while run.step < run.recipe.steps:
        total += run.advance(scenes)
        if run.step % 100 == 0:
            pace = (time.monotonic() - started) / (run.step - first)
            say(f"step {run.step} of {run.recipe.steps}, loss {total / 100:.4f}, {pace:.3f} s a step")
            total = 0.0
        if run.step % EVERY == 0:
            run.save(checkpoint)


def loss_of(model: SceneTransformer, clean: Tensor, generator: torch.Generator) -> Tensor:
    """The loss of one batch (rows, SIZE), at random times and noise, random tokens of it known."""
    rows = len(clean)
    t = 1 - _shifted(torch.rand(rows, generator=generator))
    noisy = clean * t[:, None] + torch.randn(clean.shape, generator=generator) * (1 - t)[:, None]
    known = chosen(rows, generator)
    out = model(torch.where(spread(known), clean, noisy), (1 - t) * 1000, known)[0]
    weight = (1 / (1 - t)).clamp(max=4)[:, None]
    losses = []
    for number, token in enumerate(SLICES):
        if token in codec.CATEGORICAL:
            target = clean[:, token].argmax(1)
            losses.append(0.5 * functional.cross_entropy(out[:, token], target, reduction="none"))
        else:
            share = 1.0 if token.start < codec.POSE_START else 0.25
            losses.append(share * weight[:, 0] * (out[:, token] - clean[:, token]).square().mean(1))
        losses[-1] = losses[-1] * ~known[:, number]
    return torch.stack(losses).sum(0).mean()


def chosen(rows: int, generator: torch.Generator) -> Tensor:
    """(rows, tokens) of bool: which tokens are known; of some rows few, of some many, of some none."""
    share = (torch.rand(rows, 1, generator=generator) ** 1.5).repeat(1, len(SLICES))
    is_asked = torch.rand(rows, generator=generator) < ASKED
    share[is_asked] *= 0.5
    share[is_asked[:, None] & IS_TOLD] = TELLING
    share *= torch.rand(rows, 1, generator=generator) >= SILENT
    return torch.rand(rows, len(SLICES), generator=generator) < share


def _shifted(noise: Tensor) -> Tensor:
    """Levels of noise as the scheduler steps through them (Esser et al., "Scaling Rectified Flow
    Transformers", 2024): what is chosen is chosen where there is much of it, and the rest is only tidied up.
    """
    return SHIFT * noise / (1 + (SHIFT - 1) * noise)


def _learning_rate(step: int, steps: int) -> float:
    """Warm up, then half a cosine to zero."""
    warm_up = max(min(WARM_UP, steps // 10), 1)
    return min(1.0, (step + 1) / warm_up) * (0.5 + 0.5 * math.cos(math.pi * min(1.0, step / steps)))
