"""What `inspect` says of a file, found out in the tests' own process: that is faster, and hides no error."""

from generation.provenance import Verdict, signing_identity
from generation.provenance.verdict import is_marked, judge, look


def verify(data: bytes) -> Verdict:
    here = signing_identity()
    seen = look(data, here.authorities)
    return judge(seen, bool(seen.grey and is_marked(seen.grey, here.watermark)))
