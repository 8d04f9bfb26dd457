"""Whether a stranger's file was made here. It is read in the sandbox, so that one that is made to take all
memory, to never end or to break a decoder ends that process, and nothing else.

It is done in two, so that no secret is where a stranger's bytes are read: the first process is given the
certificates, which are public, and makes of the file what it says and its pixels in grey. The second is given
the watermark's key and those pixels, of which any are as good as others.
"""

import json
from dataclasses import asdict

from PIL import Image

from generation import sandbox

from .manifest import Statement
from .reader import Marks
from .signing_identity import Authorities, SigningIdentity
from .verdict import LARGEST_FILE, Finding, Sight, Verdict, is_marked, judge, look
from .watermark import KEY_BYTES, WatermarkKey

FOUND, NOT_FOUND = b"found", b"not found"


def inspect(data: bytes, identity: SigningIdentity, asker: str = "") -> Verdict:
    """What `identity` can say of `data`; UNREADABLE for what takes more than the sandbox has.

    asker: whose turn in the sandbox it is. Nothing is written to disk. Raises SigningIdentityError,
    sandbox.Busy.
    """
    if len(data) > LARGEST_FILE:
        return Verdict(Finding.UNREADABLE)
    key, _ = identity.make()
    known = identity.authorities.trusted
    try:
        seen = _sight(sandbox.read(looked_at, known.encode() + b"\0" + data, asker=asker))
        searched = seen.grey and sandbox.read(searched_through, key.secret + _packed(seen), asker=asker)
    except sandbox.Exhausted:
        return Verdict(Finding.UNREADABLE)
    return judge(seen, searched == FOUND)


def looked_at(message: bytes) -> bytes:
    """In the sandbox: what is seen in a file that follows the certificates of this studio's authorities."""
    known, _, data = message.partition(b"\0")
    return _packed(look(data, Authorities(known.decode())))


def searched_through(message: bytes) -> bytes:
    """In the sandbox: whether the watermark of the key is in what follows it."""
    key, seen = WatermarkKey(message[:KEY_BYTES]), _sight(message[KEY_BYTES:])
    return FOUND if seen.grey and is_marked(seen.grey, key) else NOT_FOUND


def _packed(seen: Sight) -> bytes:
    """Facts as JSON, then the pixels as they are."""
    facts = {
        "media_type": seen.media_type,
        "statement": seen.statement and asdict(seen.statement),
        "marks": seen.marks and asdict(seen.marks),
        "size": seen.grey and seen.grey.size,
        "pixels": seen.pixels,
    }
    return json.dumps(facts).encode() + b"\0" + (seen.grey.tobytes() if seen.grey else b"")


def _sight(packed: bytes) -> Sight:
    written, _, grey = packed.partition(b"\0")
    facts = json.loads(written)
    statement, size = facts["statement"], facts["size"]
    lists = statement and {name: tuple(statement[name]) for name in ("source_types", "actions")}
    return Sight(
        facts["media_type"],
        Statement(**{**statement, **lists}) if statement else None,
        Marks(**facts["marks"]) if facts["marks"] else None,
        Image.frombytes("L", tuple(size), grey) if size else None,
        facts["pixels"],
    )
