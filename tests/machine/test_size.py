from pathlib import Path

from tests import size

ROOT = Path(__file__).resolve().parents[2]


def test_no_function_is_too_long_and_no_class_name_stands_twice():
    lines, is_fine = size.report(ROOT)
    assert is_fine, lines


def test_a_longer_one_is_named(tmp_path):
    (tmp_path / "webapp").mkdir()
    body = "".join(f"    x = {n}\n" for n in range(60))
    (tmp_path / "webapp/long.py").write_text(f"def short():\n    pass\n\n\ndef endless():\n{body}")
    lines, is_fine = size.report(tmp_path)
    assert not is_fine
    assert lines[-1] == "TOO LONG: 61 lines, the most is 40: webapp/long.py:5 endless"


def test_a_class_name_that_stands_twice_in_an_app_is_named(tmp_path):
    for file in ("webapp/one.py", "webapp/two.py", "bench/three.py"):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text("class Words:\n    pass\n\n\nclass Command:\n    pass\n")
    lines, is_fine = size.report(tmp_path)
    assert not is_fine
    assert lines[-1] == "TWICE: Words in webapp/one.py and webapp/two.py"


def test_a_docstring_does_not_count():
    source = 'def f():\n    """One.\n\n    Two.\n    """\n    return 1\n'
    assert [function.lines for function in size.functions(source, "f.py")] == [2]


def test_a_line_of_a_page_or_a_style_that_is_too_wide_is_named(tmp_path):
    for file in ("templates/account/page.html", "templates/letter.txt", "static/css/pages/page.css"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("<p>\n" + "é" * 120 + "\n" + "é" * 121 + "\n")
    lines, is_fine = size.report(tmp_path)
    assert not is_fine
    wide = "TOO WIDE: 121 characters, the most is 120"  # A letter is wrapped by whoever reads it.
    assert lines[-2:] == [f"{wide}: static/css/pages/page.css:3", f"{wide}: templates/account/page.html:3"]
