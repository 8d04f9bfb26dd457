"""Secrets that travel in links: made here, shown once, kept as hashes."""

import hashlib
import secrets

BYTES = 24  # 192 bits: nobody guesses one, so a link needs no password and its look-up no delay.


def new() -> str:
    return secrets.token_urlsafe(BYTES)


def digest(token: str) -> str:
    """The SHA-256 by which a row is found: an index look-up by hash leaks no timing about the token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
