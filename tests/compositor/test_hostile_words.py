"""Words that would keep a pattern busy for minutes, in the web process, which has others to serve."""

import subprocess
import sys

import pytest

SECONDS = 5  # of the processor, where a text takes a few hundredths; behind them the child is killed
CHILD = """
import pkgutil, resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[1]), int(sys.argv[1])))
function = pkgutil.resolve_name(sys.argv[2])
for text in eval(sys.argv[3]):
    function(text)
"""
DETAILS = [  # as long as the form takes them
    ". " * 1000,
    "Soup " + "." * 480 + " of the day",
    "1." * 990 + "!x yz",
    "Steak " + ". " * 900 + "ask us",
    *(
        f"Soup {unit * (1900 // len(unit))}!x yz"
        for unit in ("1 ", "1 000", "–", "1 – ", "\u00a0", "kr ", "1/", "(", "1(", "e\u0301", "€1 - ", "1'")
    ),
]


@pytest.mark.parametrize(
    ("function", "texts"),
    [
        ("generation.compositor.copytext.rows", DETAILS),
        ("generation.compositor.amounts.SPACED.findall", ["1(" * 15_000]),
        ("generation.compositor.dates.date_parts", ["a" * 20_000, "1. " * 7_000, "1 of " * 4_000]),
        ("webapp.brand.svg_colours.NUMBER.fullmatch", ["1" * 60_000 + "!"]),
        ("webapp.brand.svg_styles.RULE.findall", ["a" * 60_000]),
        ("webapp.brand.svg_styles.rules", ["@media " * 12_000]),
        ("webapp.brand.svg_cleaning.FONT.search", ["1.1" * 12_000]),
    ],
)
def test_no_text_keeps_a_pattern_busy(function, texts):
    child = [sys.executable, "-c", CHILD, str(SECONDS), function, repr(texts)]
    assert subprocess.run(child, check=False).returncode == 0
