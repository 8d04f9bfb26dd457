"""What is measured on a GPU, in order of worth: a lent machine may be taken back at any time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from bench.harness import Target

TARGETS = (
    Target("sd15_512", "SD 1.5 512, pictures a second against plain", 6),
    Target("sdxl_512", "SDXL 512, pictures a second against plain", 6),
    Target("sdxl_1024", "SDXL 1024, 20 steps, guidance", 2.0, " pictures/s"),
    Target("few_steps", "SDXL 1024, 4 steps, tiny decoder", 15, " pictures/s"),
    Target("few_steps_ratio", "the same against plain", 3.5),
    Target("flow", "FLUX or Z-Image 1024 against plain", 2.3),
    Target("own_cost_gpu", "engine's own cost per step, SDXL on a GPU", 2, " %", at_most=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One model at one size.

    pictures: at once, a cell each. rows: of one denoiser call, the widths of the curves. guidance: with 0 no
    model runs two rows a picture. forms: those in which the engine runs it beside its plain one, see
    bench.gpu.model.
    speed, ratio: the targets that the best cell's pictures a second, and their ratio to plain, are held to.
    extras: further cells, methods of bench.gpu.trial.Trial. gigabytes: of memory that the device must have.
    """

    kind: str
    side: int
    steps: int
    pictures: tuple[int, ...]
    rows: tuple[int, ...]
    guidance: float = 5.0
    forms: tuple[str, ...] = ("compiled", "fp8")
    speed: str = ""
    ratio: str = ""
    extras: tuple[str, ...] = ()
    gigabytes: float = 0.0


_flow = partial(Section, side=1024, steps=4, pictures=(1, 4), rows=(1, 4), ratio="flow")
SECTIONS = (
    Section(
        kind="sdxl",
        side=1024,
        steps=20,
        pictures=(8,),
        rows=(2, 8, 16),
        speed="sdxl_1024",
        extras=("few_steps", "own_cost"),
    ),
    Section(
        kind="sd15",
        side=512,
        steps=20,
        pictures=(8, 1, 16),
        rows=(2, 8, 32),
        forms=("compiled", "graphs"),
        ratio="sd15_512",
    ),
    Section(
        kind="sdxl",
        side=512,
        steps=20,
        pictures=(8, 16),
        rows=(2, 8, 16, 32),
        forms=("compiled",),
        ratio="sdxl_512",
        extras=("live",),
    ),
    # 33 GB with its text encoders, and 24 more for each form: an H200's.
    _flow(kind="flux", guidance=3.5, gigabytes=120),
    # 21 GB, and 12 more for each form.
    _flow(kind="zimage", guidance=0.0, gigabytes=60),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How much is run: the defaults are the full run's.

    seconds: of the whole run; cell: of one cell, compiling and warm-up included; live: of arrivals.
    probe: side of the matrices that are multiplied. scale: 1 for full-size models, 0 for the tiny ones.
    """

    rounds: int = 2
    seconds: float = 540.0
    cell: float = 120.0
    live: float = 40.0
    probe: int = 8192
    scale: int = 1
    device: str = "cuda"


FULL = Extent()
QUICK = Extent(rounds=1, cell=60.0, live=20.0)


def rehearsal(device: str) -> Extent:
    """Every cell, of models that take no time."""
    return Extent(rounds=1, cell=30.0, live=4.0, probe=64, scale=0, device=device)


def small(section: Section) -> Section:
    """The same for tiny models, in pictures of one size."""
    return replace(section, side=64, steps=2, pictures=(1, 2), rows=(2, 4), gigabytes=0.0)
