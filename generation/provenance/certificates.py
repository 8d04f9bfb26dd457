"""The studio's own certificates: an authority that nobody else knows, and a key to sign files with.

One PEM file holds each private key together with its certificate, so that a crash cannot leave one without
the other. What C2PA asks of a signing certificate: C2PA Technical Specification 2.2, 14.5.1, "Certificate
Profile".
"""

import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

ORGANIZATION = "Handbill"
AUTHORITY = " authority"  # after the studio's name, in that of its authority
# No time-stamping authority is asked, so a signature holds as long as its certificate: both last for decades.
AUTHORITY_DAYS = 50 * 365
SIGNING_DAYS = 20 * 365
RENEW_BEFORE = timedelta(days=10 * 365)  # so that every signature holds for ten years at least


class BrokenCertificate(Exception):
    """What is in the file is no key and certificate that belong together."""


@dataclass(frozen=True)
class Credential:
    """A private key and its certificate, followed by that of whoever issued it."""

    key: ec.EllipticCurvePrivateKey
    chain: tuple[x509.Certificate, ...]

    @property
    def certificate(self) -> x509.Certificate:
        return self.chain[0]

    @property
    def name(self) -> str:
        return common_name(self.certificate)

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    @property
    def chain_pem(self) -> bytes:
        return b"".join(pem(certificate) for certificate in self.chain)

    def is_due(self, now: datetime) -> bool:
        return self.certificate.not_valid_after_utc - now < RENEW_BEFORE

    def issued(self, other: "Credential") -> bool:
        try:
            other.certificate.verify_directly_issued_by(self.certificate)
        except (InvalidSignature, ValueError, TypeError):
            return False
        return True


def new_authority() -> Credential:
    """A certificate that signs itself, and nothing else but signing certificates."""
    key = ec.generate_private_key(ec.SECP256R1())
    # A name by chance: it tells studios apart, and says nothing of the business, its people or its machine.
    name = _name(f"Handbill studio {secrets.token_hex(8)}{AUTHORITY}")
    certificate = (
        _builder(name, name, key.public_key(), AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    return Credential(key, (certificate,))


def new_signing(authority: Credential) -> Credential:
    """A certificate to sign files with: ES256, for "e-mail protection", which C2PA's profile accepts."""
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = authority.certificate
    name = _name(authority.name.removesuffix(AUTHORITY))
    certificate = (
        _builder(name, issuer.subject, key.public_key(), SIGNING_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), critical=False
        )
        .sign(authority.key, hashes.SHA256())
    )
    return Credential(key, (certificate, issuer))


def load(file: Path) -> Credential:
    """Raises FileNotFoundError, and BrokenCertificate for what cannot be used."""
    data = file.read_bytes()
    try:
        key = serialization.load_pem_private_key(data, None)
        chain = tuple(x509.load_pem_x509_certificates(data))
    except (ValueError, TypeError) as error:
        raise BrokenCertificate(f"{file.name} holds no key and certificate") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or chain[0].public_key() != key.public_key():
        raise BrokenCertificate(f"the key and the certificate in {file.name} do not belong together")
    return Credential(key, chain)


def save(credential: Credential, file: Path) -> None:
    write_private(file, credential.key_pem + credential.chain_pem)


def write_private(file: Path, data: bytes) -> None:
    """All of it or nothing, for the owner's eyes only."""
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def common_name(certificate: x509.Certificate) -> str:
    (name,) = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(name.value)


def pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANIZATION),
        ]
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, days: int
) -> x509.CertificateBuilder:
    # From yesterday's midnight: another machine's clock may be behind, and the hour is nobody's business.
    start = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(**allowed: bool) -> x509.KeyUsage:
    every = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{name: allowed.get(name, False) for name in every})
