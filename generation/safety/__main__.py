"""A list of words into base64, or with --plain out of it; see `encoded`."""

import sys

from .encoded import encoded, plain

turned = plain if "--plain" in sys.argv[1:] else encoded
print(*turned(sys.stdin.read().splitlines()), sep="\n")
