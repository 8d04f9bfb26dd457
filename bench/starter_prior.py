"""Whether the starter's diffusion earns its place: what it makes of the choices that a prompt leaves open,
against filling them in from the prior, one after another.

The prior draws a scene from its occasion to its colours. To fill in, it keeps what a prompt says where it
comes to it, and what it drew before cannot know of it: an arch behind what is seen from above. The truth are
the prior's own scenes, of which only those that agree with the prompt are kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from random import Random

from bench.harness import Cell, Result, Target
from generation.starter import codec, prior
from generation.starter.held import held
from generation.starter.pipeline import StarterPipeline
from generation.starter.scene import NAME_OF, Scene
from generation.starter.understanding import understood

PROMPTS = (
    "a candle, winter offer", "gift box for Christmas", "gift box, Black Friday",
    "bouquet for Valentine's Day",
    "a cup of coffee, autumn special", "a croissant in the morning sun", "a cup of coffee on a wooden table",
    "a cupcake in front of an arch", "birthday cake with confetti", "a layered cake on a podium",
    "a croissant on gingham", "a croissant with crumbs", "autumn leaves round a cup of coffee",
    "a bottle on slate", "a cupcake with confetti", "a cake before an arch",
)  # fmt: skip
ROOTS = ("kind", "style", "thing", "second", "third", "feeling", "occasion", "trade")  # drawn before all else
OPEN = ("light", "camera", "floor", "wall", "stage", "decor", "scatter", "tint", "bg name", "c1 name")
PAIRED = ("thing", *OPEN)
QUICK_PROMPTS = 4
ROWS = {True: 40, False: 160}  # of each arm and prompt, quick or not
KEPT = {True: 200, False: 600}  # of the truth, at most
TRIES = {True: 2000, False: 8000}  # scenes of the prior among which the truth is looked for
TARGETS = (
    Target(
        "agreement",
        "choices left open: distance of the diffusion to the truth, as a share of the prior's own filling in",
        1,
        "",
        at_most=True,
    ),
    Target(
        "contradictions",
        "scenes with two choices that the prior never puts together, as a share of its own filling in",
        1,
        "",
        at_most=True,
    ),
)


def measure(pipeline: StarterPipeline, result: Result, quick: bool) -> None:
    """Into `result`, by the keys of TARGETS."""
    together = _pairs(prior.sample(Random(seed)) for seed in range(TRIES[quick]))
    arms = ("diffusion", "filled in from the prior", "as many of the truth")
    away: dict[str, list[float]] = {arm: [] for arm in arms}
    strange: dict[str, list[float]] = {arm: [] for arm in arms}
    for prompt in PROMPTS[: QUICK_PROMPTS if quick else None]:
        said = _said(prompt)
        true = list(_true(said, quick))
        asked = [name for name in OPEN if name not in said]
        few = ROWS[quick]
        assert len(true) > few, f"the prior hardly has such scenes: {prompt}"
        made = _made(pipeline, prompt, few), _filled(said, few), true[:few]
        for arm, scenes in zip(arms, made, strict=True):
            against = true[few:] if scenes is made[2] else true
            away[arm].append(sum(_apart(scenes, against, name) for name in asked) / len(asked))
            strange[arm].append(sum(_contradicts(scene, together) for scene in scenes) / len(scenes))
    for arm in arms:
        note = "mean total variation over the choices left open, a prompt each"
        result.cells.append(Cell("choices left open", arm, "0 to 1", tuple(away[arm]), note))
        result.cells.append(Cell("scenes that contradict", arm, "of 1", tuple(strange[arm])))
    for key, of in (("agreement", away), ("contradictions", strange)):
        result.measured[key] = sum(of[arms[0]]) / max(sum(of[arms[1]]), 1e-9)


def _said(prompt: str) -> dict[str, str]:
    """What a prompt holds at every seed, colours by their names."""
    rows = [held(understood(prompt), Random(seed)).choices for seed in range(20)]
    return {name: value for name, value in rows[0].items() if all(row.get(name) == value for row in rows)}


def _true(said: dict[str, str], quick: bool) -> Iterator[Scene]:
    roots = {name: value for name, value in said.items() if name in ROOTS}
    found = 0
    for seed in range(TRIES[quick]):
        scene = prior.sample(Random(seed), roots)
        if all(scene[name] == value for name, value in said.items()):
            found += 1
            yield scene
        if found >= KEPT[quick]:
            return


def _filled(said: dict[str, str], count: int) -> list[Scene]:
    return [prior.sample(Random(f"{seed} filled in"), stated(said)) for seed in range(count)]


def stated(choices: dict[str, str]) -> prior.Stated:
    """As the prior is told of them: of a colour's name by its slot."""
    slots = {name: slot for slot, name in NAME_OF.items()}
    return {slots.get(name, name): value for name, value in choices.items()}


def _made(pipeline: StarterPipeline, prompt: str, count: int) -> list[Scene]:
    import torch

    made = pipeline(
        prompt, num_images_per_prompt=count, generator=torch.Generator().manual_seed(1), output_type="latent"
    )
    assert not isinstance(made, tuple), "which it is for whoever asks for no return_dict"
    return [codec.decode(row, 0) for row in made.images]


def _apart(scenes: Sequence[Scene], others: Sequence[Scene], name: str) -> float:
    """Total variation between two distributions of a choice."""
    one, other = (Counter(scene[name] for scene in some) for some in (scenes, others))
    return sum(abs(one[key] / len(scenes) - other[key] / len(others)) for key in one | other) / 2


def _pairs(scenes: Iterator[Scene]) -> set[tuple[str, str, str, str]]:
    return {pair for scene in scenes for pair in _pairs_of(scene)}


def _pairs_of(scene: Scene) -> Iterator[tuple[str, str, str, str]]:
    for one, other in combinations(PAIRED, 2):
        yield one, scene[one], other, scene[other]


def _contradicts(scene: Scene, together: set[tuple[str, str, str, str]]) -> bool:
    return not together.issuperset(_pairs_of(scene))
