"""One trace under two policies as an SVG: who ran when, and who was done when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from bench.harness import percentile
from bench.simulate import Replay, Ride

WIDTH, MARGIN, ROW, GAP = 880, 16, 7, 62
COLOURS = {4: "#0f766e", 20: "#2563eb", 50: "#b45309"}
WAITS, INK = "#e2e8f0", "#334155"


def svg(replays: Mapping[str, Replay]) -> str:
    """A panel a policy, on one time axis: grey while a request waits, coloured while it runs."""
    ends = [ride.finished or 0.0 for found in replays.values() for ride in found.rides]
    scale = (WIDTH - 2 * MARGIN) / max(ends)
    parts, top = [], 0
    for title, found in replays.items():
        parts += _panel(title, found, top, scale)
        top += GAP + ROW * len(found.rides)
    height = top + 28
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img"'
            f' font-family="system-ui, sans-serif" font-size="13" fill="{INK}">',
            f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
            *parts,
            *_axis(max(ends), scale, top),
            "</svg>\n",
        ]
    )


def _panel(title: str, found: Replay, top: int, scale: float) -> list[str]:
    latencies = [ride.latency for ride in found.rides]
    short = [ride.latency for ride in found.rides if ride.arrival.steps == min(COLOURS)]
    words = (
        f"median {percentile(latencies, 50):.1f} s, p95 {percentile(latencies, 95):.1f} s, "
        f"p95 of 4 steps {percentile(short, 95):.1f} s"
    )
    lines = [
        f'<text x="{MARGIN}" y="{top + 26}" font-weight="600">{escape(title)}</text>',
        f'<text x="{MARGIN}" y="{top + 44}">{words}</text>',
    ]
    for row, ride in enumerate(found.rides):
        lines += _line(ride, _spans(ride, found), top + 52 + row * ROW, scale)
    return lines


def _spans(ride: Ride, found: Replay) -> list[tuple[float, float]]:
    """When it ran, with what follows at once drawn as one."""
    spans: list[tuple[float, float]] = []
    for turn in found.turns:
        if ride.number in turn.rides:
            ended = turn.began + turn.seconds
            if spans and turn.began - spans[-1][1] < 1e-6:
                spans[-1] = spans[-1][0], ended
            else:
                spans.append((turn.began, ended))
    return spans


def _line(ride: Ride, spans: Sequence[tuple[float, float]], y: float, scale: float) -> list[str]:
    def bar(began: float, ended: float, colour: str) -> str:
        x, width = MARGIN + began * scale, max(0.6, (ended - began) * scale)
        return f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{ROW - 2}" fill="{colour}"/>'

    assert ride.finished is not None
    colour = COLOURS[ride.arrival.steps]
    return [bar(ride.arrival.time, ride.finished, WAITS), *(bar(*span, colour) for span in spans)]


def _axis(end: float, scale: float, y: int) -> list[str]:
    ticks = range(0, int(end) + 1, 10)
    words = [f'<text x="{MARGIN + tick * scale:.0f}" y="{y + 18}">{tick} s</text>' for tick in ticks]
    legend, x = [], WIDTH - 250
    for steps, colour in COLOURS.items():
        legend.append(f'<rect x="{x}" y="16" width="11" height="11" fill="{colour}"/>')
        legend.append(f'<text x="{x + 16}" y="26">{steps} steps</text>')
        x += 84
    return words + legend
