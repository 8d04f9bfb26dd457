"""Fetching a checkpoint from a model hub: one commit, only the files that are needed, none of its code."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from generation.files.inside import opened_inside
from generation.files.refusal import CheckpointRefused, printable

from . import documents, mistakes, pipelines
from .selection import Selection, select
from .tree import File

if TYPE_CHECKING:
    from huggingface_hub.errors import HfHubHTTPError

HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}")
COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class Listing:
    """A repository at one commit: every file with its length, and the hub's own SHA-256 of the large ones."""

    name: str
    revision: str
    files: tuple[File, ...]
    sha256: dict[str, str]


def look_up(name: str, revision: str | None) -> Listing:
    """Resolve `revision` (branch, tag or commit; None: the main branch) to one commit and list its files."""
    from huggingface_hub import HfApi

    with _refusing(name):
        info = HfApi().model_info(name, revision=revision, files_metadata=True)
    if not info.sha or not COMMIT.fullmatch(info.sha):
        raise CheckpointRefused(name, "was answered by the hub without a commit to pin")
    siblings = info.siblings or []
    for sibling in siblings:
        if sibling.rfilename.startswith("/") or ".." in sibling.rfilename.split("/"):
            raise CheckpointRefused(
                sibling.rfilename, f"is a path out of the folder, in the hub's list for {name}"
            )
    files = tuple(File(sibling.rfilename, sibling.size or 0) for sibling in siblings)
    hashes = {sibling.rfilename: sibling.lfs.sha256 for sibling in siblings if sibling.lfs}
    return Listing(name, info.sha, files, hashes)


def choose(listing: Listing, folder: Path) -> Selection:
    """Fetch the repository's model_index.json into `folder` and choose the files that it needs."""
    if not any(file.path == pipelines.INDEX for file in listing.files):
        raise CheckpointRefused(listing.name, mistakes.without_index(listing.files))
    _fetch(listing, [pipelines.INDEX], folder)
    with opened_inside(folder, pipelines.INDEX) as opened:
        index = documents.read_json(pipelines.INDEX, opened)
    _, components = pipelines.check_index(index)
    return select(listing.files, components)


def download(listing: Listing, selection: Selection, folder: Path) -> None:
    """Fetch the selected files into `folder`, with the hub client's progress bars."""
    _fetch(listing, [file.path for file in selection.files], folder)


def _fetch(listing: Listing, paths: list[str], folder: Path) -> None:
    from huggingface_hub import snapshot_download

    # The patterns are the paths themselves, with what a pattern would read as special taken literally.
    patterns = [re.sub(r"([\[*?])", r"[\1]", path) for path in paths]
    with _refusing(listing.name):
        snapshot_download(
            listing.name,
            revision=listing.revision,
            local_dir=folder,
            allow_patterns=patterns,
        )


@contextmanager
def _refusing(name: str) -> Iterator[None]:
    """Tell the ways apart in which a hub cannot be had, each in words that say what to do."""
    import httpx2
    from huggingface_hub import constants, errors

    hub = constants.ENDPOINT
    try:
        yield
    except errors.OfflineModeIsEnabled as error:
        raise CheckpointRefused(
            name, "is on a hub, and HF_HUB_OFFLINE forbids asking it: unset it, or give a folder"
        ) from error
    except errors.GatedRepoError as error:
        raise CheckpointRefused(
            name, f"is given out only to those who accepted its terms at {hub}: set HF_TOKEN"
        ) from error
    except errors.RevisionNotFoundError as error:
        raise CheckpointRefused(name, "has no such revision on the hub") from error
    except errors.HfHubHTTPError as error:
        raise CheckpointRefused(name, _answered(hub, error)) from error
    except errors.HFValidationError as error:
        raise CheckpointRefused(
            printable(name), "is neither a folder here nor a hub id such as owner/name"
        ) from error
    except (httpx2.HTTPError, errors.LocalEntryNotFoundError, ConnectionError, TimeoutError) as error:
        raise CheckpointRefused(
            name, f"is no folder here, and cannot be had: {hub} cannot be reached from this machine"
        ) from error


def _answered(hub: str, error: "HfHubHTTPError") -> str:
    status = error.response.status_code
    if status in (401, 403):
        return f"may not be seen on {hub}: check the name, or set HF_TOKEN if it is private"
    if status == 404:
        return f"is neither a folder here nor a model on {hub}: check the name"
    return f"cannot be had: {hub} answered {status}"
