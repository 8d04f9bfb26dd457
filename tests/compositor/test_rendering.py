import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from generation.compositor import AdCopy, render

from .specimens import LINK, SHORT, creative

ROOT = Path(__file__).resolve().parents[2]
KINDS = ("svg", "png", "pdf")


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_creative_is_the_same_bytes(kind):
    specimen = creative("card", "display-rectangle")
    assert render(specimen, kind).data == render(specimen, kind).data


@pytest.mark.slow
def test_another_process_makes_the_same_bytes():
    program = (
        "import hashlib\n"
        "from generation.compositor import render\n"
        "from tests.compositor.specimens import creative\n"
        "print(hashlib.sha256(render(creative('card', 'display-rectangle'), 'pdf').data).hexdigest())"
    )
    assert _printed(program) == _printed(program)


def test_threads_do_not_get_into_each_others_way():
    jobs = [
        creative("split", "display-rectangle", AdCopy(headline=f"Loaf {number % 4}")) for number in range(16)
    ]
    alone = {job.ad_copy.headline: render(job, "svg").data for job in jobs}
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda job: render(job, "svg").data, jobs))
    assert together == [alone[job.ad_copy.headline] for job in jobs]


def test_importing_it_loads_neither_django_nor_torch():
    program = (
        "import sys, generation.compositor\n"
        "print([name for name in ('django', 'torch', 'celery') if name in sys.modules])"
    )
    assert _printed(program) == "[]"


def _printed(program: str) -> str:
    return subprocess.check_output([sys.executable, "-c", program], cwd=ROOT, text=True).strip()


def test_a_preview_is_light():
    assert len(render(creative("full_bleed", "poster-a4"), "svg").data) < 400_000


def test_a_preview_has_its_words_where_the_export_has_them():
    specimen = creative("event", "instagram-portrait")
    assert render(specimen, "svg").boxes == render(specimen, "png").boxes


def test_the_label_is_there_when_it_is_asked_for():
    for wanted in (True, False):
        fields = {
            box.field for box in render(creative("card", "display-mobile", ai_label=wanted), "svg").boxes
        }
        assert ("label" in fields) is wanted


def test_a_pdf_keeps_words_as_outlines_of_fonts_and_no_time_of_making():
    page = render(creative("split", "flyer-a5"), "pdf").data
    assert page.startswith(b"%PDF-")
    assert b"/FontFile" in page
    assert b"1970" in page or b"CreationDate" not in page


def test_an_advertisement_gets_no_qr_code_and_a_flyer_does():
    for key, has in (("display-rectangle", False), ("flyer-a5", True)):
        boxes = render(creative("full_bleed", key), "svg").boxes
        assert ("qr" in {box.field for box in boxes}) is has


def test_a_printed_qr_code_is_large_enough_for_a_phone():
    [code] = [box for box in render(creative("full_bleed", "flyer-a5"), "svg").boxes if box.field == "qr"]
    assert code.width / 72 * 25.4 >= 14
    assert LINK


def test_a_layout_or_format_that_there_is_not_is_a_key_error():
    for wrong in (creative("nothing", "instagram-square"), creative("split", "nothing")):
        with pytest.raises(KeyError):
            render(wrong, "svg")


def test_a_creative_does_not_show_its_bytes_when_it_is_printed():
    assert len(repr(creative("split", "instagram-square", SHORT))) < 1500
