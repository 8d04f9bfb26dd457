"""How often a picture shows what its caption states: unseen captions, reserved phrasings, pairs never seen
together.

A scene is judged, not pixels: the renderer is a function of the scene. A colour is right when it lies within
NEAR of the named colour's mean; a mood, tone or theme is met when the ground's nearest name is one of its
grounds, which does not count for ALL.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

import torch

from . import baseline, codec
from .captions import draw_pair
from .colours import MEAN, distance, nearest
from .pipeline import StarterPipeline
from .prior import HELD_OUT, Stated
from .scene import CATEGORIES, COLOURS, Scene
from .training import SHIPPED, unique_pairs
from .world import MOODS, THEMES, TONES

NEAR = 0.08  # OKLab
STEPS, GUIDANCE, ROWS = 12, 2.0, 64
ALL = "all that is stated"
FEELINGS = {"mood": MOODS, "tone": TONES, "theme": THEMES}
Pairs = list[tuple[Stated, str]]
Maker = Callable[[list[str]], list[Scene]]


@dataclass(frozen=True, slots=True)
class Score:
    """How many captions stated an attribute, and how many scenes had it so."""

    right: int
    stated: int

    def __str__(self) -> str:
        return f"{self.right / self.stated:.1%} ({self.stated})" if self.stated else "–"


Scores = dict[str, Score]


def evaluate(
    pipeline: StarterPipeline, *, captions: int = 300, seed: int = 1
) -> dict[str, tuple[Scores, Scores]]:
    """By kind of captions: the model's scores and the baseline's, on the same captions."""
    table = {}
    for name, pairs in _sets(captions, seed).items():
        model = score(pairs, lambda texts: drawn(pipeline, texts, seed))
        looked_up = score(
            pairs, lambda texts: [baseline.draw(text, Random(seed + i)) for i, text in enumerate(texts)]
        )
        table[name] = (model, looked_up)
    return table


def markdown(table: dict[str, tuple[Scores, Scores]]) -> str:
    """The table for the model card: a row an attribute; how many captions stated it, in brackets."""
    heads = [f"{name}: {who}" for name in table for who in ("model", "look-up")]
    columns = [scores for both in table.values() for scores in both]
    rows = [name for name in (*CATEGORIES, *COLOURS, *FEELINGS, ALL) if any(c[name].stated for c in columns)]
    lines = [["attribute", *heads], ["---"] * (len(heads) + 1)]
    lines += [[name, *(str(column[name]) for column in columns)] for name in rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def drawn(pipeline: StarterPipeline, captions: list[str], seed: int) -> list[Scene]:
    """The scenes that the model makes of captions, ROWS at a time."""
    pipeline.set_progress_bar_config(disable=True)
    generator = torch.Generator().manual_seed(seed)
    scenes = []
    for start in range(0, len(captions), ROWS):
        texts = captions[start : start + ROWS]
        (latents,) = pipeline(
            texts,
            num_inference_steps=STEPS,
            guidance_scale=GUIDANCE,
            generator=generator,
            output_type="latent",
            return_dict=False,
        )
        scenes += [codec.decode(row, seed=0) for row in latents]
    return scenes


def score(pairs: Pairs, make: Maker) -> Scores:
    """What the scenes made of captions have right, by attribute."""
    scenes = make([text for _, text in pairs])
    counts = {name: [0, 0] for name in (*CATEGORIES, *COLOURS, *FEELINGS, ALL)}
    for (stated, _), scene in zip(pairs, scenes, strict=True):
        verdicts = dict(_verdicts(stated, scene))
        strict = [right for name, right in verdicts.items() if name not in FEELINGS]
        for name, right in (verdicts | ({ALL: all(strict)} if strict else {})).items():
            counts[name][0] += right
            counts[name][1] += 1
    return {name: Score(*count) for name, count in counts.items()}


def _verdicts(stated: Stated, scene: Scene) -> Iterator[tuple[str, bool]]:
    for name, value in stated.items():
        if name in CATEGORIES:
            yield name, scene[name] == value
        elif name in COLOURS:
            colour = scene.colours[name]
            yield name, colour is not None and distance(colour, MEAN[value]) < NEAR
        elif name in FEELINGS and scene.colours["bg"] is not None:
            yield name, nearest(scene.colours["bg"]) in FEELINGS[name][value]["grounds"]


def _sets(captions: int, seed: int) -> dict[str, Pairs]:
    trained = unique_pairs(SHIPPED.captions, Random(SHIPPED.seed))
    rng = Random(f"evaluation {seed}")  # another stream than any training's
    unseen: Pairs = []
    while len(unseen) < captions:
        pair = draw_pair(rng)
        if pair[1] not in trained:
            unseen.append(pair)
    held_out = sorted(HELD_OUT)
    return {
        "unseen captions": unseen,
        "reserved phrasings": [draw_pair(rng, reserved=True) for _ in range(captions)],
        "held-out pairs": [draw_pair(rng, held_out=held_out[i % len(held_out)]) for i in range(captions)],
    }
