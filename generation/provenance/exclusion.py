"""The part of a file that its signature leaves out: there the manifest itself lies, and must lie alone.

A manifest holds padding that nothing signs. Whoever takes it out gains about a thousand bytes that the
signature does not cover, enough for another picture in front of the signed one.
"""

APP11 = b"\xff\xeb"  # the JPEG segments that hold a manifest (ISO 19566-5, Annex D)
NUMBERS = 8  # bytes at the beginning of each: "JP", which box, which piece of it
HEADER = 8  # bytes at the beginning of a box, its length first; each further segment repeats them


def holds_the_manifest_alone(data: bytes, media_type: str, start: int, length: int) -> bool:
    """Whether data[start : start + length] is one manifest in the container's own wrapping, and no more."""
    manifest = _unwrapped(data[start : start + length], media_type)
    return len(manifest) >= HEADER and len(manifest) == int.from_bytes(manifest[:4])


def _unwrapped(part: bytes, media_type: str) -> bytes:
    """What the wrapping holds; nothing where `part` is not all one wrapping."""
    match media_type:
        case "image/png":
            is_whole = part[4:8] == b"caBX" and len(part) == 12 + int.from_bytes(part[:4])
            return part[8:-4] if is_whole else b""
        case "image/jpeg":
            return _joined(part)
        case "image/webp":
            size = int.from_bytes(part[4:8], "little")
            is_whole = part[:4] == b"C2PA" and len(part) in (8 + size, 8 + size + size % 2)
            return part[8 : 8 + size] if is_whole else b""
        case "application/pdf":
            return part
    return b""


def _joined(part: bytes) -> bytes:
    """The content of one segment after the other: a decoder would draw what stands between two of them."""
    at, joined = 0, b""
    while part[at : at + 2] == APP11:
        size = int.from_bytes(part[at + 2 : at + 4])
        content = part[at + 4 + NUMBERS : at + 2 + size]
        joined += content[HEADER:] if joined else content
        at += 2 + size
    return joined if at == len(part) else b""
