"""The engine's cells on a GPU: full-size models with random weights in bf16, built on the device.

A lent machine may be taken back at any time: what is worth most is measured first, every model's result is a
file of its own, written to $OUT after each of its cells, and a cell that fails, does not fit or takes too
long is noted and the next one goes on. `python -m bench engine --only sdxl flux` runs some of them,
`--rehearse` all of them with tiny models on any machine.
"""

from bench.gpu.plan import FULL, QUICK, SECTIONS, TARGETS, rehearsal, small
from bench.gpu.session import last_measured, run

__all__ = ["FULL", "QUICK", "SECTIONS", "TARGETS", "last_measured", "rehearsal", "run", "small"]
