"""What a file's marks say of its making, and nothing else: no prompt, no person, no business, no time."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# The IPTC's list of digital source types, which C2PA names too (Technical Specification 2.2, 18.15.2).
TERMS = "http://cv.iptc.org/newscodes/digitalsourcetype/"
TRAINED = f"{TERMS}trainedAlgorithmicMedia"
COMPOSITE = f"{TERMS}compositeWithTrainedAlgorithmicMedia"


@dataclass(frozen=True, slots=True)
class MarkFacts:
    """`model`, `pipeline_class` and `model_hash` (of its lock): what made the picture.

    composite: something that no model made is in it as well, such as a logo, set text or somebody's
    photograph. actions: what was done to the picture after a model made it, in C2PA's terms, such as
    "c2pa.cropped".
    """

    model: str
    pipeline_class: str
    model_hash: str
    composite: bool = False
    actions: tuple[str, ...] = ()

    @property
    def source_type(self) -> str:
        """The IPTC's term, as a URI."""
        return COMPOSITE if self.composite else TRAINED

    @property
    def system(self) -> str:
        return f"{self.model} ({self.pipeline_class})"


@cache
def versions() -> dict[str, str]:
    """Read from the packages' own statements: importing torch to ask would cost a web process seconds."""
    handbill = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    return {"handbill": handbill, "torch": version("torch"), "diffusers": version("diffusers")}
