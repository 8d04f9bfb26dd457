"""The box that Typst leaves out of a PDF for print: how far the picture bleeds (ISO 32000-1, 14.11.2)."""

import re

ENTRY = re.compile(rb"(\d{10})( \d{5} n)")


def with_bleed_box(page: bytes, bleed: float) -> bytes:
    """`page`, a PDF of one page with a trim box, with a bleed box `bleed` points around it.

    Every object after the new words moves along, and the cross-reference table with it.
    """
    start = page.index(b"/TrimBox[") + len(b"/TrimBox[")
    end = page.index(b"]", start)
    left, bottom, right, top = (float(edge) for edge in page[start:end].split())
    edges = (left - bleed, bottom - bleed, right + bleed, top + bleed)
    box = b"/BleedBox[" + b" ".join(f"{edge:.5f}".encode() for edge in edges) + b"]"

    def moved(offset: int) -> int:
        return offset + len(box) if offset > end else offset

    marker = page.rindex(b"startxref")
    table = int(page[marker + len(b"startxref") :].split()[0])
    entries = ENTRY.sub(lambda entry: b"%010d" % moved(int(entry[1])) + entry[2], page[table:marker])
    return page[: end + 1] + box + page[end + 1 : table] + entries + b"startxref\n%d\n%%%%EOF" % moved(table)
