"""What `inspect` says of a file, found out in the tests' own process: that is faster, and hides no error."""

from generation.provenance import SigningIdentity, Verdict
from generation.provenance.verdict import is_marked, judge, look


def verify(data: bytes, identity: SigningIdentity) -> Verdict:
    seen = look(data, identity.authorities)
    return judge(seen, bool(seen.grey and is_marked(seen.grey, identity.watermark)))
