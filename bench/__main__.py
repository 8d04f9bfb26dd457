"""bin/bench NAME ... [--quick]: run benchmarks, save what they found, print it beside the targets."""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from collections.abc import Sequence

from bench import docs, report
from bench.harness import Result, Target

NAMES = (
    "engine",
    "burst",
    "click",
    "growth",
    "marks",
    "creative",
    "hostile",
    "safety",
    "starter",
    "footprint",
    "mutations",
    "sweeps",
)
BY_NAME_ALONE = ("mutations", "sweeps")  # an hour each, of the tests and not of what they test


def main(arguments: Sequence[str]) -> int:
    """0 when every figure that could be measured holds, else 1."""
    asked = _parser().parse_args(arguments)
    if unknown := set(asked.names) - set(NAMES):
        _parser().error(f"there is no benchmark {', '.join(sorted(unknown))}; choose from {', '.join(NAMES)}")
    if asked.docs:
        docs.write(NAMES)
        return 0
    results: list[tuple[Sequence[Target], Result]] = []
    for name in asked.names:
        module = importlib.import_module(f"bench.{name}")
        print(f"--- {name}", flush=True)
        began = time.monotonic()
        more = {"only": asked.only, "rehearse": asked.rehearse} if name == "engine" else {}
        result = module.run(asked.quick, **more)
        if not result.is_saved:
            report.save(result, quick=asked.quick)
        print(report.table(("what", "arm", "median", "smallest to largest"), report.cell_lines(result.cells)))
        print(f"{time.monotonic() - began:.0f} s\n", flush=True)
        results.append((module.TARGETS, result))
    lines = [line for targets, result in results for line in report.target_lines(targets, result)]
    print(report.table(("what", "target", "measured", ""), lines))
    return int(any(line[-1] == "NOT HELD" for line in lines))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        default=[name for name in NAMES if name not in BY_NAME_ALONE],
        help=", ".join(NAMES),
    )
    parser.add_argument(
        "--only", nargs="+", default=[], metavar="MODEL", help="engine on a GPU: these models"
    )
    parser.add_argument(
        "--rehearse", action="store_true", help="engine: its GPU run with tiny models, on whatever there is"
    )
    parser.add_argument("--full", action="store_true", help="all of it, which is what happens anyway")
    parser.add_argument("--quick", action="store_true", help="small and rough, in minutes")
    parser.add_argument(
        "--docs", action="store_true", help="run nothing; make docs/benchmarks.md of the results"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
