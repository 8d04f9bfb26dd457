"""The part of a file that its signature leaves out: there the manifest itself lies, and must lie alone.

A manifest holds padding that nothing signs. Whoever takes it out gains about a thousand bytes that the
signature does not cover, enough for another picture in front of the signed one.
"""

APP11 = b"\xff\xeb"  # the JPEG segments that hold a manifest (ISO 19566-5, Annex D)


def holds_the_manifest_alone(data: bytes, media_type: str, start: int, length: int) -> bool:
    """Whether data[start : start + length] is the container's own wrapping of one manifest, and no more."""
    part = data[start : start + length]
    match media_type:
        case "image/png":
            return part[4:8] == b"caBX" and len(part) == 12 + int.from_bytes(part[:4])
        case "image/jpeg":
            return _is_one_run(part)
        case "image/webp":
            size = int.from_bytes(part[4:8], "little")
            return part[:4] == b"C2PA" and len(part) in (8 + size, 8 + size + size % 2)
        case "application/pdf":
            return part[4:8] == b"jumb" and len(part) == int.from_bytes(part[:4])
    return False


def _is_one_run(part: bytes) -> bool:
    """Segment after segment of APP11: a decoder would draw what stands between two of them."""
    at = 0
    while part[at : at + 2] == APP11:
        at += 2 + int.from_bytes(part[at + 2 : at + 4])
    return at == len(part) > 0
