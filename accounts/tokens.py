"""Secrets that travel in links: made here, shown once, kept as hashes."""

import base64
import hashlib
import secrets

from django.utils.crypto import salted_hmac

BYTES = 24  # 192 bits: nobody guesses one, so a link needs no password and its look-up no delay.


def new() -> str:
    return secrets.token_urlsafe(BYTES)


def derived(wish: str) -> str:
    """The same for the same `wish`; whoever knows that, but not this site's secret key, does not."""
    code = salted_hmac("accounts.tokens", wish, algorithm="sha256").digest()[:BYTES]
    return base64.urlsafe_b64encode(code).decode()


def digest(token: str) -> str:
    """The SHA-256 by which a row is found: an index look-up by hash leaks no timing about the token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
