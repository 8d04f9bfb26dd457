"""The simulator from the command line: draw a trace, replay one, size a fleet.

python -m bench.simulate_cli draw --out picture.svg
python -m bench.simulate_cli replay trace.csv
python -m bench.simulate_cli fleet --businesses 1000000
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from bench import traces
from bench.capacity import Demand, report
from bench.drawing import svg
from bench.harness import percentile
from bench.policies import Fifo, OmniLike, Ours, Policy, Static
from bench.simulate import H200_QWEN, Costs, replay

COSTS = Costs(H200_QWEN)


def main(arguments: Sequence[str] | None = None) -> None:
    asked = _parser().parse_args(arguments)
    {"draw": _draw, "replay": _print_replay, "fleet": _print_fleet}[asked.command](asked)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.simulate_cli", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    draw = commands.add_parser("draw", help="one trace under FIFO and under ours, as an SVG")
    draw.add_argument("trace", type=Path, nargs="?", help="CSV; without it 30 requests in 40 seconds")
    draw.add_argument("--out", type=Path, required=True)
    told = commands.add_parser("replay", help="a trace's latencies under every policy")
    told.add_argument("trace", type=Path)
    fleet = commands.add_parser("fleet", help="how many GPUs for so many businesses")
    fleet.add_argument("--businesses", type=int, required=True)
    fleet.add_argument("--pictures", type=float, default=10.0, help="a business a day")
    fleet.add_argument("--peak", type=float, default=0.15, help="part of a day in the busiest hour")
    fleet.add_argument("--sizes", type=int, nargs="+", choices=sorted(H200_QWEN), default=sorted(H200_QWEN))
    return parser


def _draw(asked: argparse.Namespace) -> None:
    trace = traces.read(asked.trace) if asked.trace else traces.poisson(7, 30, 0.75, (512, 1024))
    policies: dict[str, Callable[[], Policy]] = {
        "One after the other, as they came (FIFO)": Fifo,
        "The engine's schedule": Ours,
    }
    asked.out.write_text(svg({title: replay(trace, policy, COSTS) for title, policy in policies.items()}))


def _print_replay(asked: argparse.Namespace) -> None:
    trace = traces.read(asked.trace)
    for policy in (Fifo, Static, OmniLike, Ours):
        latencies = [ride.latency for ride in replay(trace, policy, COSTS).rides]
        p50, p95 = percentile(latencies, 50), percentile(latencies, 95)
        print(f"{policy.__name__:9} p50 {p50:8.2f} s   p95 {p95:8.2f} s")


def _print_fleet(asked: argparse.Namespace) -> None:
    print(report(Demand(asked.businesses, asked.pictures, asked.peak, tuple(asked.sizes))))


if __name__ == "__main__":
    main()
