"""The sweeps are counted as pytest reports them, and their files are there."""

from bench import sweeps
from bench.machine import ROOT

REPORT = """<testsuites><testsuite tests="3">
<testcase name="one" time="1.5"/>
<testcase name="two" time="2"><failure message="no"/></testcase>
<testcase name="three" time="0"><error message="no"/></testcase>
</testsuite></testsuites>"""


def test_what_failed_and_what_could_not_begin_are_both_counted() -> None:
    assert sweeps.outcome_of(REPORT) == sweeps.Tally((1.5, 2.0, 0.0), failed=2)


def test_the_files_of_the_sweeps_are_there_and_ask_how_much_to_try() -> None:
    for file in (file for files in sweeps.SWEEPS.values() for file in files):
        assert "from tests.sampling import" in (ROOT / file).read_text()
