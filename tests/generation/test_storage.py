"""Pictures on disk: written once, named by their hash, never half, never outside."""

import hashlib
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from generation import storage
from generation.storage import StorageFull, open_file, path_of, store, sweep_orphans

PICTURE = b"\x89PNG" + bytes(5_000)
AT_ONCE = timedelta(seconds=-1)


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> Path:
    settings.MEDIA_DIR = tmp_path / "media"
    return settings.MEDIA_DIR


def files_below(folder: Path) -> list[str]:
    return sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())


def test_a_picture_lies_under_its_account_by_its_hash(media: Path) -> None:
    stored = store(7, PICTURE, "png")

    sha256 = hashlib.sha256(PICTURE).hexdigest()
    assert stored.path == f"7/{sha256[:2]}/{sha256}.png"
    assert (stored.sha256, stored.bytes) == (sha256, len(PICTURE))
    assert path_of(stored.path).read_bytes() == PICTURE
    with open_file(stored.path) as file:
        assert file.read() == PICTURE
    assert files_below(media) == [stored.path]


def test_the_same_picture_twice_is_one_file_and_two_accounts_share_none(media: Path) -> None:
    assert store(7, PICTURE, ".png") == store(7, PICTURE, "png")
    assert store(8, PICTURE, "png").path != store(7, PICTURE, "png").path
    assert len(files_below(media)) == 2


def test_twenty_threads_that_store_the_same_leave_one_whole_file(media: Path) -> None:
    threads = [threading.Thread(target=store, args=(7, PICTURE, "png")) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (path,) = files_below(media)
    assert path_of(path).read_bytes() == PICTURE


@pytest.mark.parametrize("account", ["..", "a/b", "", ".", "7\0", "a" * 65, "7\n"])
def test_an_account_that_is_a_path_is_refused(account: str, media: Path) -> None:
    with pytest.raises(ValueError, match="not an account"):
        store(account, PICTURE, "png")
    assert not media.exists()


@pytest.mark.parametrize("suffix", ["", "../png", "PNG", "p g", "a" * 9])
def test_a_suffix_that_is_a_path_is_refused(suffix: str) -> None:
    with pytest.raises(ValueError, match="not a suffix"):
        store(7, PICTURE, suffix)


HASH = "ab" * 32


@pytest.mark.parametrize(
    "path",
    [
        "../secret_key",
        "/etc/passwd",
        f"7/../7/ab/{HASH}.png",
        f"7//ab/{HASH}.png",
        f"..%2f7/ab/{HASH}.png",
        f"7\\ab\\{HASH}.png",
        f"7/ab/{HASH}.png\0",
        f"7/ab/{HASH}.png\n",
        f"7/ab/{HASH.upper()}.png",
        f"7/ab/.{HASH}.part",
        "7/ab",
        "7",
        "",
        "x" * 10_000,
        f"7/ab/{HASH}.png",  # well formed, and not there
    ],
)
def test_a_path_that_is_no_stored_file_is_not_found(path: str, media: Path) -> None:
    media.mkdir()
    (media.parent / "secret_key").write_text("secret")
    with pytest.raises(FileNotFoundError):
        path_of(path)
    with pytest.raises(FileNotFoundError):
        open_file(path)


@pytest.mark.parametrize("linked", ["7", "7/ab", f"7/ab/{HASH}.png"])
def test_a_link_in_any_part_of_the_path_is_not_followed(linked: str, media: Path) -> None:
    outside = media.parent / "outside"
    (outside / "ab").mkdir(parents=True)
    (outside / "ab" / f"{HASH}.png").write_text("secret")
    rest = linked.removeprefix("7")
    (media / linked).parent.mkdir(parents=True)
    (media / linked).symlink_to(f"{outside}{rest}")
    assert (media / f"7/ab/{HASH}.png").read_text() == "secret"

    with pytest.raises(FileNotFoundError):
        path_of(f"7/ab/{HASH}.png")
    with pytest.raises(FileNotFoundError):
        open_file(f"7/ab/{HASH}.png")


def test_a_media_folder_that_is_itself_a_link_is_the_operators_choice(settings, media: Path) -> None:
    stored = store(7, PICTURE, "png")
    link = media.parent / "link"
    link.symlink_to(media)
    settings.MEDIA_DIR = link

    with open_file(stored.path) as file:
        assert file.read() == PICTURE


@pytest.fixture
def full_disk(media: Path) -> Iterator[Path]:
    """A real file system of 64 kB; where mounting is not allowed, a limit of this process stands in."""
    media.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(media)]
    if os.geteuid() == 0 and subprocess.run(mount, capture_output=True, check=False).returncode == 0:
        yield media
        subprocess.run(["umount", "-l", str(media)], check=True)
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024, hard))
    yield media
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_said_and_leaves_nothing(full_disk: Path) -> None:
    small = store(7, b"small", "png")
    with pytest.raises(StorageFull, match="no room"):
        store(7, os.urandom(100_000), "png")

    assert files_below(full_disk) == [small.path]
    assert path_of(small.path).read_bytes() == b"small"


def test_a_limit_on_the_file_size_is_said_and_leaves_nothing(media: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, hard))
    try:
        with pytest.raises(StorageFull):
            store(7, PICTURE, "png")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert files_below(media) == []


def test_an_error_that_is_not_a_full_disk_is_not_called_one(media: Path) -> None:
    media.write_text("a file where the folder should be")
    with pytest.raises(NotADirectoryError):
        store(7, PICTURE, "png")


KILLED = """
import os, sys
from django.conf import settings
settings.configure(MEDIA_DIR=sys.argv[1])
from generation import storage
if sys.argv[2] == "before the rename":
    storage.os.fsync = lambda descriptor: os._exit(9)
storage.store(7, b"picture", "png")
os._exit(9)  # before any row could be committed
"""


@pytest.mark.parametrize("moment", ["before the rename", "after the rename"])
def test_a_worker_killed_before_its_commit_leaves_only_what_the_sweep_removes(
    moment: str, media: Path
) -> None:
    media.joinpath("7", hashlib.sha256(b"picture").hexdigest()[:2]).mkdir(parents=True)
    killed = subprocess.run([sys.executable, "-c", KILLED, str(media), moment], check=False)
    assert killed.returncode == 9
    (left,) = files_below(media)
    assert left.endswith(storage.UNFINISHED) == (moment == "before the rename")

    assert sweep_orphans(known=set()) == 0  # it is young: its row may be about to be committed
    assert sweep_orphans(known=set(), older_than=AT_ONCE) == 1
    assert files_below(media) == []


def test_the_sweep_spares_what_is_known_and_what_is_not_ours(media: Path) -> None:
    kept, orphan = store(7, b"kept", "png"), store(7, b"orphan", "png")
    strange = media / "7" / orphan.path.split("/")[1] / "notes.txt"
    strange.write_text("an operator's")

    assert sweep_orphans({kept.path}, older_than=AT_ONCE) == 1
    assert path_of(kept.path).is_file()
    assert strange.is_file()
    with pytest.raises(FileNotFoundError):
        path_of(orphan.path)


def test_an_old_orphan_that_is_stored_again_is_young(media: Path) -> None:
    stored = store(7, PICTURE, "png")
    os.utime(path_of(stored.path), (0, 0))
    store(7, PICTURE, "png")

    assert time.time() - path_of(stored.path).stat().st_mtime < 60
    assert sweep_orphans(set()) == 0


def test_sweeping_before_anything_was_stored_is_nothing(media: Path) -> None:
    assert sweep_orphans(set()) == 0
