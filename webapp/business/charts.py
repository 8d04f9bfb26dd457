"""Bar charts as numbers for an inline SVG: no script, no style attribute, any width.

The SVG is stretched to its place on the page, so it holds only bars and lines; the labels are text beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

STEP, BAR, HEIGHT = 10, 7, 100  # units of the view box


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    height: float
    title: str


@dataclass(frozen=True, slots=True)
class BarChart:
    """top: value at the upper edge. width, height: of the view box; bar_width: of each bar."""

    bars: list[Bar]
    top: int
    width: int
    height: int = HEIGHT
    bar_width: int = BAR

    @property
    def half(self) -> int:
        return self.top // 2

    @property
    def middle(self) -> float:
        return self.height / 2


def bar_chart(values: Sequence[tuple[str, int]]) -> BarChart:
    """values: (title, value >= 0) from left to right."""
    top = nice_top(max((value for _, value in values), default=0))
    heights = [HEIGHT * value / top for _, value in values]
    bars = [
        Bar(x=STEP * place + (STEP - BAR) / 2, y=HEIGHT - heights[place], height=heights[place], title=title)
        for place, (title, _) in enumerate(values)
    ]
    return BarChart(bars, top, width=STEP * max(1, len(values)))


def nice_top(largest: int) -> int:
    """The smallest of 2, 4, 6, 8, 10, 20, 40, 60 ... that reaches `largest`: its half is whole too."""
    power = 1
    while largest > 10 * power:
        power *= 10
    return next(top for step in (2, 4, 6, 8, 10) if (top := step * power) >= largest)
