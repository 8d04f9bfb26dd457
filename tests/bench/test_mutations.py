"""Faults on purpose: which there are, that each reaches the tests that come by it, and that one which lives
is told.
"""

import ast
import subprocess
from contextlib import nullcontext
from pathlib import Path

import pytest

from bench import mutations, report
from bench.machine import ROOT
from bench.mutation import cluster, lines, listed, mutator, scratch
from bench.mutation.mutator import Mutant

MODULE = '''\
"""A till."""

from contextlib import nullcontext

LIMIT = 3


def take(amount: int, *, again: bool = False) -> int:
    """Not "0 < amount", which is said here."""
    with nullcontext():
        if not 0 < amount <= LIMIT:
            raise ValueError("Häufig: zu viel")
    return amount + 1
'''
TEST = """\
import pytest
import till


def test_it_takes_what_is_there():
    assert till.take(1) == 2


def test_it_refuses_too_much():
    with pytest.raises(ValueError):
        till.take(4)
"""


def test_every_listed_mutant_changes_something_that_is_there_into_python() -> None:
    found = listed.mutants()
    for mutant in found:
        ast.parse(mutant.applied_to((ROOT / mutant.file).read_bytes()))
        assert mutant.why
    assert len(set(found)) == len(found) == 30


def test_a_listed_mutant_of_what_is_gone_or_there_twice_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    for old in ("what nobody ever wrote", "def "):
        monkeypatch.setattr(listed, "FAULTS", (("accounts/usage.py", old, "", "nothing"),))
        with pytest.raises(LookupError, match="what the listed mutant changes"):
            listed.mutants()


def test_what_is_tried_in_a_file() -> None:
    source = MODULE.encode()
    found = mutator.mutants(source, "till.py")
    assert [(one.line, one.old, one.new) for one in found] == [
        (5, "3", "(4)"),
        (10, "False", "(True)"),
        (10, "with nullcontext()", "if True"),
        (11, "not 0 < amount <= LIMIT", "(0 < amount <= LIMIT)"),
        (11, "0 < amount <= LIMIT", "(0 <= amount <= LIMIT)"),
        (11, "0 < amount <= LIMIT", "(0 >= amount <= LIMIT)"),
        (11, "0 < amount <= LIMIT", "(0 < amount < LIMIT)"),
        (11, "0 < amount <= LIMIT", "(0 < amount > LIMIT)"),
        (11, "0", "(1)"),
        (12, 'raise ValueError("Häufig: zu viel")', "pass"),
        (13, "return amount + 1", "return None"),
        (13, "amount + 1", "(amount - 1)"),
        (13, "1", "(2)"),
    ]
    for one in found:
        assert ast.dump(ast.parse(one.applied_to(source))) != ast.dump(ast.parse(source))
        assert mutator.line_of(source, one.start) == one.line


def test_a_condition_of_a_query_a_lock_and_a_transaction_are_tried_too() -> None:
    source = b"@transaction.atomic\ndef f(a, b):\n    x.y = rows.filter(a=a, b=b)\n    log.info(1 < 2)\n"
    assert {(one.old, one.new) for one in mutator.mutants(source, "f.py")} == {
        ("@transaction.atomic", ""),
        ("x.y = rows.filter(a=a, b=b)", "pass"),
        ("rows.filter(a=a, b=b)", "(rows.filter(b=b))"),
        ("rows.filter(a=a, b=b)", "(rows.filter(a=a))"),
    }


def test_two_hundred_are_drawn_and_the_same_again() -> None:
    drawn = mutations.draw(mutations.COUNT)
    assert len(set(drawn)) == mutations.COUNT
    assert drawn == mutations.draw(mutations.COUNT)
    assert {one.file for one in drawn} > {"accounts/usage.py", "generation/files/storage.py"}


@pytest.fixture
def till(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of one module, as the tree to try mutants in."""
    (tmp_path / "tests" / "webapp").mkdir(parents=True)
    (tmp_path / "till.py").write_text(MODULE)
    (tmp_path / "tests" / "webapp" / "test_till.py").write_text(TEST)
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\naddopts = '-ra'\n")
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    for module in (scratch, lines, mutations):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(mutations, "MODULES", ("till.py",))
    monkeypatch.setattr(listed, "mutants", lambda: [])
    monkeypatch.setattr(cluster, "made", nullcontext)  # its tests need no PostgreSQL
    monkeypatch.setattr(report, "RESULTS", tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setattr(mutations.os, "sched_getaffinity", lambda _: {0})
    return tmp_path


def test_a_mutant_is_killed_by_the_test_that_comes_by_or_lives_and_a_killed_one_is_remembered(
    till: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_place = {(one.line, one.new): one for one in mutations.draw(100)}
    unnoticed, refused, sum_of = (
        by_place[place] for place in [(11, "(0 < amount < LIMIT)"), (12, "pass"), (13, "(amount - 1)")]
    )
    found = mutations._tried([unnoticed, refused, sum_of])
    assert {mutant: fate.killed_by for mutant, fate in found.items()} == {
        unnoticed: "",
        refused: "tests/webapp/test_till.py::test_it_refuses_too_much",
        sum_of: "tests/webapp/test_till.py::test_it_takes_what_is_there",
    }
    assert [cell.note for cell in mutations._cells("till.py", [*found.values()])][1:] == [f"`{unnoticed}`"]
    assert (till / "till.py").read_text() == MODULE

    tried: list[Mutant] = []
    monkeypatch.setattr(mutations, "attempt", lambda mutant, *_: tried.append(mutant) or found[mutant])
    mutations._tried([unnoticed, refused, sum_of])
    assert tried == [unnoticed]
    (till / "tests" / "webapp" / "test_till.py").write_text(TEST.replace("till.take(4)", "till.take(9)"))
    mutations._tried([refused])
    assert tried == [unnoticed, refused]


def test_only_the_tests_that_come_by_a_line_are_chosen_own_ones_first_and_not_without_end() -> None:
    ran = {"seconds": 40.0, "lines": {"till.py": [11, 12]}}
    wide = {"seconds": 1.0, "lines": {"till.py": [11], "other.py": [*range(50)]}}
    tests = {
        "wide": wide,
        "a": ran,
        "tests/test_till.py::own": ran,
        "b": ran,
        "c": ran,
        "none": {**ran, "lines": {}},
    }
    known = lines.Lines(tests)
    assert known.tests_for(Mutant("till.py", 12, 0, "", "")) == [["tests/test_till.py::own"], ["a", "b"]]
    assert known.tests_for(Mutant("other.py", 99, 0, "", "")) == [["wide"]]
    assert known.tests_for(Mutant("elsewhere.py", 1, 0, "", "")) == []
