"""The C2PA manifest: a signed statement in the file of what made it, which a change of one byte breaks.

The signature is made with the studio's own certificate, which nobody outside knows: other people's programs
find the statement whole, and its signer unknown. Nothing here asks the network.
"""

import io
import itertools
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from c2pa import Builder, C2paError, C2paSignerInfo, Context, Reader, Settings, Signer

from .exclusion import holds_the_manifest_alone
from .facts import MarkFacts, versions
from .signing_identity import Authorities, SigningIdentity

Standing = Literal["none", "ours", "changed", "stranger", "broken"]
# What holds of a claim that is somebody's, whatever was changed around it (C2PA 2.2, 15.2).
CLAIMED = {"claimSignature.validated", "signingCredential.trusted"}
HASH, BOUND = "c2pa.hash.data", "assertion.dataHash.match"  # the hash of the file, which binds it
JUMBF_NAME = b"c2pa"  # in every manifest store (ISO 19566-5)
LONGEST_WORD, MOST_WORDS = 200, 20


class SigningFailed(Exception):
    """The file could not be signed, so it must not leave."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What a file's manifest says, and how that stands.

    standing: "ours" is signed by this studio, for this very file; "changed" is signed by it, for another
    file or for this one before it was changed; "stranger" is whole and signed by somebody unknown, "broken"
    is none of these.
    """

    standing: Standing = "none"
    generator: str = ""
    source_types: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()


def sign(data: bytes, media_type: str, facts: MarkFacts, signing_identity: SigningIdentity) -> bytes:
    """`data` with a manifest, as the last thing that is done to it. Raises SigningFailed,
    SigningIdentityError.
    """
    credential = signing_identity.signing
    info = C2paSignerInfo("es256", credential.chain_pem, credential.key_pem, None)
    signed = io.BytesIO()
    try:
        with (
            Signer.from_info(info) as signer,
            Builder(_manifest(facts), context=_context(signing_identity.authorities)) as builder,
        ):
            builder.sign(signer, media_type, io.BytesIO(data), signed)
    except C2paError as error:
        raise SigningFailed(f"the file could not be signed ({type(error).__name__})") from error
    return signed.getvalue()


def read(data: bytes, media_type: str, known: Authorities) -> Statement:
    """Raises nothing for a damaged file: it then has no statement, or a broken one."""
    try:
        with Reader(media_type, io.BytesIO(data), context=_context(known)) as reader:
            store, state = json.loads(reader.json()), reader.get_validation_state()
            results = reader.get_validation_results() or {}
            details = json.loads(reader.detailed_json())
    except C2paError.ManifestNotFound:
        return Statement()
    except (C2paError, ValueError):
        return Statement("broken" if JUMBF_NAME in data else "none")
    manifest = store["manifests"].get(store.get("active_manifest"), {})
    holds = {result["code"] for result in results.get("activeManifest", {}).get("success", [])}
    ours = holds >= CLAIMED and _signer(manifest) in known.names
    fits = state == "Trusted" and BOUND in holds and _covers(details, data, media_type)
    return Statement(_standing(state, ours, fits), _generator(manifest), *_done(manifest))


def _covers(details: dict, data: bytes, media_type: str) -> bool:
    """Whether the signature covers all of `data` but the manifest's own bytes, which must be nothing else."""
    assertions = details["manifests"][details["active_manifest"]]["assertion_store"]
    left_out = assertions.get(HASH, {}).get("exclusions") or []
    return len(left_out) == 1 and holds_the_manifest_alone(data, media_type, **left_out[0])


def _manifest(facts: MarkFacts) -> dict[str, object]:
    agent = {"name": facts.system, "version": facts.model_hash}
    created = {"action": "c2pa.created", "digitalSourceType": facts.source_type, "softwareAgent": agent}
    later = [{"action": action} for action in facts.actions]
    return {
        "claim_generator_info": [{"name": "Handbill", "version": versions()["handbill"]}],
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [created, *later]}}],
    }


def _context(known: Authorities) -> Context:
    return Context(
        settings=Settings.from_dict(
            {
                "verify": {"verify_trust": True, "remote_manifest_fetch": False, "ocsp_fetch": False},
                "trust": {"trust_anchors": known.trusted},
                # A thumbnail would be a second picture in the file, unmarked.
                "builder": {"thumbnail": {"enabled": False}},
            }
        )
    )


def _standing(state: str, ours: bool, fits: bool) -> Standing:
    if ours:
        return "ours" if fits else "changed"
    return "stranger" if state in ("Valid", "Trusted") else "broken"


def _signer(manifest: dict) -> str:
    return (manifest.get("signature_info") or {}).get("common_name") or ""


def _generator(manifest: dict) -> str:
    infos = manifest.get("claim_generator_info") or [{}]
    return f"{infos[0].get('name', '')} {infos[0].get('version', '')}".strip()[:LONGEST_WORD]


def _done(manifest: dict) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The digital source types and the names of all actions."""
    actions = [
        action
        for assertion in manifest.get("assertions", [])
        if assertion.get("label", "").startswith("c2pa.actions")
        for action in assertion.get("data", {}).get("actions", [])
    ]
    sources = [action["digitalSourceType"] for action in actions if action.get("digitalSourceType")]
    return _short(sources), _short(action.get("action", "") for action in actions)


def _short(words: Iterable[object]) -> tuple[str, ...]:
    """What a stranger wrote, cut to what fits on a page."""
    return tuple(str(word)[:LONGEST_WORD] for word in itertools.islice(words, MOST_WORDS))
