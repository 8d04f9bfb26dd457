"""The recipe: with the request's prompt, all that it takes to make the same picture again."""

import tomllib
from functools import cache
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def recipe(
    *,
    model: str,
    model_hash: str,
    pipeline_class: str,
    scheduler: str,
    steps: int,
    guidance: float | None,
    seed: int,
    width: int,
    height: int,
) -> dict[str, object]:
    """A value for JSON, the same for the same arguments on the same installation. Sizes in pixels.

    `model_hash` is the hash of the model's lock. The prompt is not here: it stays with the request it came
    in.
    """
    return {
        "model": model,
        "model_hash": model_hash,
        "pipeline_class": pipeline_class,
        "scheduler": scheduler,
        "steps": steps,
        "guidance": guidance,
        "seed": seed,
        "width": width,
        "height": height,
        "versions": dict(_versions()),
    }


def handbill_version() -> str:
    return _versions()["handbill"]


@cache
def _versions() -> dict[str, str]:
    """Read from the packages' own statements: importing torch to ask would cost a web process seconds."""
    handbill = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    return {"handbill": handbill, "torch": version("torch"), "diffusers": version("diffusers")}
