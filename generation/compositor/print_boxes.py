"""The box that Typst leaves out of a PDF for print: how far the picture bleeds (ISO 32000-1, 14.11.2)."""

import io


def with_bleed_box(page: bytes, bleed: float) -> bytes:
    """`page`, a PDF of one page with a trim box, with a bleed box `bleed` points around it."""
    # Here: it is a tenth of a second that only who makes documents should wait.
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import RectangleObject

    given, stream = PdfReader(io.BytesIO(page)), io.BytesIO()
    document = PdfWriter(clone_from=given)
    document.pdf_header = given.pdf_header
    [only] = document.pages
    left, bottom, right, top = only.trimbox
    only.bleedbox = RectangleObject((left - bleed, bottom - bleed, right + bleed, top + bleed))
    document.write(stream)
    return stream.getvalue()
