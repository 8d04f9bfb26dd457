"""The studio's secrets: made once, kept from others, renewed in time, and made anew when they are lost."""

import logging
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from generation.provenance import (
    NotMarked,
    SigningIdentity,
    SigningIdentityError,
    certificates,
    mark_picture,
)

from .pictures import FACTS, noise

SECRETS = {"authority.pem", "signing.pem", "watermark.key"}


def again(one: SigningIdentity) -> SigningIdentity:
    """As another process would find it."""
    return SigningIdentity(one.folder)


def test_everything_is_made_once_and_only_the_owner_reads_it(here: SigningIdentity):
    here.make()
    for name in SECRETS:
        assert (here.folder / name).stat().st_mode & 0o777 == 0o600
    assert here.folder.stat().st_mode & 0o777 == 0o700
    watermark, signing = again(here).make()
    assert (watermark, signing.chain) == (here.watermark, here.signing.chain)


def test_nothing_is_made_before_it_is_needed(here: SigningIdentity):
    assert not here.folder.exists()


@pytest.mark.slow
def test_processes_that_start_together_agree(here: SigningIdentity):
    code = (
        "import sys; from pathlib import Path; from generation.provenance import SigningIdentity;"
        "w, s = SigningIdentity(Path(sys.argv[1])).make();"
        "print(w.secret.hex(), s.certificate.serial_number)"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", code, str(here.folder)], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    assert len({process.communicate()[0] for process in started}) == 1
    assert {file.name for file in here.folder.iterdir()} == {*SECRETS, ".lock", "authorities"}


def test_the_certificate_is_what_c2pa_asks_for(here: SigningIdentity):
    leaf, issuer = here.signing.chain
    extensions = {type(one.value).__name__: one for one in leaf.extensions}
    assert list(extensions["ExtendedKeyUsage"].value) == [ExtendedKeyUsageOID.EMAIL_PROTECTION]
    assert extensions["KeyUsage"].value.digital_signature
    assert not extensions["KeyUsage"].value.key_cert_sign
    assert not extensions["BasicConstraints"].value.ca
    assert issuer.extensions.get_extension_for_class(type(extensions["BasicConstraints"].value)).value.ca
    leaf.verify_directly_issued_by(issuer)


def test_the_certificate_names_nobody(here: SigningIdentity):
    subject = here.signing.certificate.subject.rfc4514_string()
    assert subject.startswith("O=Handbill,CN=Handbill studio ")
    assert os.uname().nodename not in subject


def test_a_signature_holds_for_ten_years_at_least(here: SigningIdentity, monkeypatch: pytest.MonkeyPatch):
    before = here.signing
    left = before.certificate.not_valid_after_utc - datetime.now(UTC)
    assert left > timedelta(days=3650)
    monkeypatch.setattr(certificates, "RENEW_BEFORE", left + timedelta(days=1))
    renewed = again(here).signing
    assert renewed.certificate != before.certificate
    assert renewed.chain[1] == before.chain[1]
    assert renewed.name == before.name


@pytest.mark.parametrize("lost", ["signing.pem", "authority.pem"])
def test_what_is_missing_is_made_anew(here: SigningIdentity, lost: str, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO)
    before = here.signing
    (here.folder / lost).unlink()
    found = again(here).signing
    assert found.certificate != before.certificate
    assert "made a new signing certificate" in caplog.text


@pytest.mark.parametrize("broken", ["signing.pem", "authority.pem"])
@pytest.mark.parametrize("content", [b"", b"rubbish", b"-----BEGIN PRIVATE KEY-----\nAAAA\n"])
def test_what_is_broken_is_put_aside_and_made_anew(
    here: SigningIdentity, broken: str, content: bytes, caplog: pytest.LogCaptureFixture
):
    here.make()
    (here.folder / broken).write_bytes(content)
    assert again(here).signing
    (aside,) = here.folder.glob(f"{broken}.broken-*")
    assert aside.read_bytes() == content
    assert aside.name in caplog.text


def test_a_key_that_is_not_the_certificates_is_not_used(here: SigningIdentity):
    here.make()
    other = certificates.new_signing(certificates.new_authority())
    mixed = other.key_pem + here.signing.chain_pem
    (here.folder / "signing.pem").write_bytes(mixed)
    assert again(here).signing.certificate != here.signing.certificate


def test_an_old_authority_is_still_known(here: SigningIdentity):
    here.make()
    before = here.authorities.names
    (here.folder / "authority.pem").unlink()
    found = again(here)
    found.make()
    assert found.authorities.names == before | {found.signing.name}
    assert len(found.authorities.names) == 2


def test_a_lost_watermark_key_is_said_to_be_lost(here: SigningIdentity, caplog: pytest.LogCaptureFixture):
    here.make()
    (here.folder / "watermark.key").unlink()
    assert again(here).watermark != here.watermark
    assert "cannot be found any more" in caplog.text


def test_a_damaged_watermark_key_is_no_key(here: SigningIdentity, caplog: pytest.LogCaptureFixture):
    """It is not replaced: a backup may have it, and no picture must get another in the meantime."""
    here.make()
    (here.folder / "watermark.key").write_text("ab" * 31)
    with pytest.raises(SigningIdentityError, match="damaged"):
        assert again(here).watermark


def test_a_folder_that_cannot_be_used_is_said_to_be_so(here: SigningIdentity):
    here.folder.write_text("a file")
    with pytest.raises(SigningIdentityError, match="cannot be used"):
        here.make()
    with pytest.raises(NotMarked, match="cannot be used"):
        mark_picture(noise(), "image/png", FACTS, here)
