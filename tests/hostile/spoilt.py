"""Honest files cut short, with bits turned, with another file in them, or of a kind that is not taken."""

import io
import random
import zipfile
from collections.abc import Callable
from functools import cache

from PIL import Image

from . import fonts

SCRIPT = b"<html><body><script>alert(1)</script></body></html>"


@cache
def honest() -> dict[str, bytes]:
    """One small file of each kind that is taken."""
    image = Image.radial_gradient("L").resize((300, 260)).convert("RGB")
    made = {}
    for form in ("PNG", "JPEG", "WEBP"):
        stream = io.BytesIO()
        image.save(stream, form)
        made[form] = stream.getvalue()
    stream = io.BytesIO()
    image.save(stream, "JPEG", progressive=True)
    return made | {"progressive": stream.getvalue(), "font": fonts.plain(), "document": document(b"")}


def document(inside: bytes) -> bytes:
    return b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\n" + inside + b"\ntrailer\n<</Root 1 0 R>>\n%%EOF\n"


def cut_short(chance: random.Random) -> bytes:
    data = chance.choice(list(honest().values()))
    return data[: chance.randrange(1, len(data))]


def turned(chance: random.Random) -> bytes:
    data = bytearray(chance.choice(list(honest().values())))
    for _ in range(chance.choice((1, 10, 200))):
        data[chance.randrange(4, len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def torn(chance: random.Random) -> bytes:
    """Pieces of it doubled, missing and in another place."""
    data = chance.choice(list(honest().values()))
    places = sorted(chance.randrange(8, len(data)) for _ in range(4))
    return data[: places[2]] + data[places[0] : places[3]] + data[places[1] :]


def polyglot(chance: random.Random) -> bytes:
    """A good picture or font that is a web page, a program or an archive too."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("index.html", SCRIPT)
    behind = chance.choice((SCRIPT, stream.getvalue(), document(SCRIPT), b"\x7fELF" + bytes(500)))
    return chance.choice(list(honest().values())) + behind


def archive_bomb(chance: random.Random) -> bytes:
    return _archive(chance.choice((1, 5)))


@cache
def _archive(files: int) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(files):
            archive.writestr(f"{number}.png", bytes(20_000_000))
    return stream.getvalue()


def bad_document(chance: random.Random) -> bytes:
    inside = chance.choice(
        (
            b"<<" * 100_000,
            b"[" * 500_000,
            b"<?xpacket begin=" * 100_000,
            b"2 0 obj\n<</Length 99999999999>>stream\n",
        )
    )
    return document(inside)


def other_kind(chance: random.Random) -> bytes:
    """What decoders exist for and nobody may hand in here, as its ending would not tell."""
    form = chance.choice(
        ("GIF", "BMP", "TIFF", "ICO", "PPM", "TGA", "PCX", "JPEG2000", "script", "noise", "EPS")
    )
    if form == "script":
        return SCRIPT
    if form == "noise":
        return chance.randbytes(100_000)
    stream = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(stream, form)
    return stream.getvalue()


KINDS: dict[str, Callable[[random.Random], bytes]] = {
    "cut short": cut_short,
    "bits turned": turned,
    "torn": torn,
    "polyglot": polyglot,
    "archive bomb": archive_bomb,
    "document": bad_document,
    "other kind": other_kind,
}
