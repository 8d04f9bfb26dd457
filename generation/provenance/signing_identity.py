"""Who signs here, in files: the secrets that its marks are made with, kept in one folder.

    authority.pem     the studio's own certificate authority, private
    signing.pem       the key that signs files, private; issued by the authority, renewed long before its end
    watermark.key     the secret of the watermark, private
    authorities/      the certificate of every authority there ever was here: old files are still known

All are made by the first that needs them. What is missing or broken is made anew, and said in the log.
"""

import fcntl
import logging
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from . import certificates
from .certificates import BrokenCertificate, Credential
from .watermark import KEY_BYTES, WatermarkKey

log = logging.getLogger(__name__)

AUTHORITY, SIGNING, WATERMARK, AUTHORITIES = "authority.pem", "signing.pem", "watermark.key", "authorities"


class SigningIdentityError(Exception):
    """The studio's secrets can be neither read nor made; the message says why."""


@dataclass(frozen=True)
class Authorities:
    """The certificates, in PEM, of every authority that this studio ever had: enough to know its signature,
    and no secret.
    """

    trusted: str

    @property
    def names(self) -> set[str]:
        """What the signing certificates of this studio are called, now and before."""
        found = x509.load_pem_x509_certificates(self.trusted.encode())
        return {certificates.common_name(one).removesuffix(certificates.AUTHORITY) for one in found}


@dataclass(frozen=True)
class SigningIdentity:
    """The secrets in `folder`, read when first asked for."""

    folder: Path

    @cached_property
    def signing(self) -> Credential:
        """What files are signed with. Raises SigningIdentityError."""
        with self._alone():
            authority = self._authority()
            signing = self._loaded(SIGNING)
            if signing is None or not authority.issued(signing) or signing.is_due(datetime.now(UTC)):
                signing = certificates.new_signing(authority)
                certificates.save(signing, self.folder / SIGNING)
                log.info("made a new signing certificate, until %s", _until(signing))
            return signing

    @cached_property
    def watermark(self) -> WatermarkKey:
        """Raises SigningIdentityError."""
        with self._alone():
            file = self.folder / WATERMARK
            if not file.exists() and (self.folder / AUTHORITY).exists():
                log.warning("the watermark's key is missing: watermarks made so far cannot be found any more")
            if not file.exists():
                certificates.write_private(file, secrets.token_hex(KEY_BYTES).encode())
            try:
                return WatermarkKey(bytes.fromhex(file.read_text().strip()))
            except ValueError:
                raise SigningIdentityError(
                    f"{file.name} is damaged: put it back from a backup, or remove it to begin a new one"
                ) from None

    @property
    def authorities(self) -> Authorities:
        folder = self.folder / AUTHORITIES
        if not any(folder.glob("*.pem")):  # Else no private key need be read to know a file.
            self.make()
        return Authorities("".join(file.read_text() for file in sorted(folder.glob("*.pem"))))

    def make(self) -> tuple[WatermarkKey, Credential]:
        """Make now whatever is missing, rather than with the first picture. Raises SigningIdentityError."""
        return self.watermark, self.signing

    def _authority(self) -> Credential:
        authority = self._loaded(AUTHORITY)
        if authority is None:
            authority = certificates.new_authority()
            certificates.save(authority, self.folder / AUTHORITY)
            log.info("made this studio's certificate authority, until %s", _until(authority))
        # Also for one that was there: the folder may have been lost.
        known = self.folder / AUTHORITIES / f"{authority.certificate.fingerprint(hashes.SHA256()).hex()}.pem"
        if not known.exists():
            known.parent.mkdir(exist_ok=True, mode=0o700)
            certificates.write_private(known, certificates.pem(authority.certificate))
        return authority

    def _loaded(self, name: str) -> Credential | None:
        file = self.folder / name
        try:
            return certificates.load(file)
        except FileNotFoundError:
            return None
        except BrokenCertificate as broken:
            aside = file.with_name(f"{file.name}.broken-{secrets.token_hex(4)}")
            file.rename(aside)
            log.warning("%s; it is now %s, and a new one is made", broken, aside.name)
            return None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time makes what is missing, and the others find it made."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            lock = os.open(self.folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield
            finally:
                os.close(lock)
        except OSError as error:
            raise SigningIdentityError(
                f"the folder of the studio's marks cannot be used: {error.strerror}"
            ) from error


def _until(credential: Credential) -> str:
    return f"{credential.certificate.not_valid_after_utc:%Y-%m-%d}"
