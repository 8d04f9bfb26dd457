"""Pictures on disk: written once, named by their hash, never half, never outside."""

import errno
import hashlib
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from generation.files import storage
from generation.files.storage import (
    Damaged,
    NotStored,
    StorageFull,
    check,
    path_of,
    read,
    store,
    sweep_orphans,
)
from generation.jobs.reasons import REASONS

PICTURE = b"\x89PNG" + bytes(5_000)
AT_ONCE = timedelta(seconds=-1)


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> Path:
    settings.MEDIA_DIR = tmp_path / "media"
    return settings.MEDIA_DIR


def files_below(folder: Path) -> list[str]:
    return sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())


def test_a_picture_lies_under_its_business_by_its_hash(media: Path) -> None:
    stored = store(7, PICTURE, "png")

    sha256 = hashlib.sha256(PICTURE).hexdigest()
    assert stored.path == f"7/{sha256[:2]}/{sha256}.png"
    assert (stored.sha256, stored.bytes) == (sha256, len(PICTURE))
    assert read(stored.path) == path_of(stored.path).read_bytes() == PICTURE
    assert files_below(media) == [stored.path]


def test_it_is_all_on_disk_before_it_has_its_name_and_the_name_is_too(
    media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_disk: list[tuple[Path, int]] = []
    sync = os.fsync

    def watched(descriptor: int) -> None:
        sync(descriptor)
        on_disk.append((Path(os.readlink(f"/proc/self/fd/{descriptor}")), os.fstat(descriptor).st_size))

    monkeypatch.setattr(storage.os, "fsync", watched)
    folder = path_of(store(7, PICTURE, "png").path).parent
    (*folders, (unnamed, size), (named_in, _)) = on_disk
    assert {path for path, _ in folders} >= {media, media / "7"}
    assert (unnamed.parent, unnamed.suffix, size) == (folder, ".part", len(PICTURE))
    assert named_in == folder


def test_it_leaves_nothing_open_and_nothing_for_other_users_of_the_machine(media: Path) -> None:
    store(7, PICTURE, "png")
    before = sorted(os.listdir("/proc/self/fd"))
    path = path_of(store(8, PICTURE, "png").path)
    read(f"8/{path.parent.name}/{path.name}")
    assert sorted(os.listdir("/proc/self/fd")) == before
    for made in (path, path.parent, path.parent.parent):
        assert made.stat().st_mode & 0o007 == 0


def test_the_same_picture_twice_is_one_file_and_two_businesses_share_none(media: Path) -> None:
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


@pytest.mark.parametrize("business", ["..", "a/b", "", ".", "7\0", "a" * 65, "7\n"])
def test_an_business_that_is_a_path_is_refused(business: str, media: Path) -> None:
    with pytest.raises(ValueError, match="not a business"):
        store(business, PICTURE, "png")
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
        read(path)


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
        read(f"7/ab/{HASH}.png")


def test_a_media_folder_that_is_itself_a_link_is_the_operators_choice(settings, media: Path) -> None:
    stored = store(7, PICTURE, "png")
    link = media.parent / "link"
    link.symlink_to(media)
    settings.MEDIA_DIR = link

    assert read(stored.path) == PICTURE


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
    with pytest.raises(StorageFull, match=r"ENOSPC|EFBIG"):
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


def a_file_in_the_way(media: Path) -> None:
    media.write_text("a file where the folder should be")


def a_loop(media: Path) -> None:
    media.symlink_to(media.name)


def a_link_for_the_business(media: Path) -> None:
    """What would be written there could never be read: a link in the path is not followed."""
    (media.parent / "big disk").mkdir()
    media.mkdir()
    (media / "7").symlink_to(media.parent / "big disk")


def a_folder_in_the_files_place(media: Path) -> None:
    path = media / "7" / hashlib.sha256(PICTURE).hexdigest()[:2]
    (path / f"{hashlib.sha256(PICTURE).hexdigest()}.png" / "inner").mkdir(parents=True)


@pytest.mark.parametrize(
    "trouble", [a_file_in_the_way, a_loop, a_link_for_the_business, a_folder_in_the_files_place]
)
def test_a_disk_that_does_not_take_the_file_is_said_and_not_called_full(
    trouble: Callable[[Path], None], media: Path
) -> None:
    trouble(media)
    with pytest.raises(NotStored, match="does not take the file") as refused:
        store(7, PICTURE, "png")
    assert refused.value.reason == "not_stored"
    assert str(media) not in str(refused.value)


def test_a_media_folder_with_too_long_a_name_is_said(settings, media: Path) -> None:
    settings.MEDIA_DIR = media / ("a" * 300)
    with pytest.raises(NotStored, match="ENAMETOOLONG"):
        store(7, PICTURE, "png")


@pytest.mark.parametrize("code", ["EROFS", "EIO", "EDQUOT", "ESTALE"])
def test_whatever_the_disk_answers_is_said(code: str, monkeypatch: pytest.MonkeyPatch, media: Path) -> None:
    def failing(descriptor: int) -> None:
        raise OSError(getattr(errno, code), os.strerror(getattr(errno, code)))

    monkeypatch.setattr(storage.os, "fsync", failing)
    with pytest.raises(NotStored, match=code) as refused:
        store(7, PICTURE, "png")
    assert refused.value.reason == ("disk_full" if code == "EDQUOT" else "not_stored")
    assert refused.value.reason in REASONS
    assert files_below(media) == []


def damage(path: str) -> None:
    """One bit is turned, and the file's size and time are as they were: so does a disk that forgets."""
    file = path_of(path)
    before, data = file.stat(), bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def cut_short(path: str) -> None:
    os.truncate(path_of(path), 100)


def replace(path: str) -> None:
    """By another file of the same name, as a careless restore does."""
    other = path_of(path).with_name("other")
    other.write_bytes(b"another picture")
    other.replace(path_of(path))


@pytest.mark.parametrize("harm", [damage, cut_short, replace])
@pytest.mark.parametrize("is_known", [False, True])
def test_a_damaged_file_is_never_read(harm: Callable[[str], None], is_known: bool, media: Path) -> None:
    path = store(7, PICTURE, "png").path
    if is_known:
        assert read(path) == PICTURE
        check(path)
    harm(path)
    with pytest.raises(Damaged):
        read(path)
    with pytest.raises(Damaged):
        check(path)

    store(7, PICTURE, "png")  # the same picture, stored again, mends it
    assert read(path) == PICTURE
    check(path)


def test_a_sound_file_is_looked_at_once(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = store(7, PICTURE, "png").path
    check(path)
    monkeypatch.setattr(storage.hashlib, "file_digest", None)
    check(path)
    with pytest.raises(TypeError):
        check(path, anew=True)


def link(target: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(target)


@pytest.mark.parametrize(
    "make", [os.mkfifo, os.mkdir, link("/etc/passwd"), link("a loop.png"), link("nowhere")]
)
def test_what_is_put_in_a_files_place_is_no_file(make: Callable[[Path], None], media: Path) -> None:
    path = store(7, PICTURE, "png").path
    file = path_of(path)
    file.unlink()
    file.with_name("a loop.png").symlink_to(file)
    make(file)
    for look in (read, check):
        with pytest.raises(FileNotFoundError):
            look(path)


def test_a_damaged_file_is_put_aside_and_a_sound_one_is_not(media: Path) -> None:
    path = store(7, PICTURE, "png").path
    assert not storage.set_aside(path)
    damage(path)
    assert storage.set_aside(path)
    assert files_below(media) == [path + storage.DAMAGED]
    assert sweep_orphans(known=set(), older_than=AT_ONCE) == 0  # somebody may mend it


KILLED = """
import os, sys
from django.conf import settings
settings.configure(MEDIA_DIR=sys.argv[1])
from generation.files import storage
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


def test_the_sweep_follows_no_link_and_stops_at_nothing(media: Path) -> None:
    stored = store(7, PICTURE, "png")
    outside = media.parent / "outside"
    (media / "7").rename(outside)
    (media / "7").symlink_to(outside)
    (media / "8").mkdir()
    (media / "8" / "ab").write_text("no folder")
    (media / "9" / "ab" / f"{HASH}.png").mkdir(parents=True)
    orphan = store(9, PICTURE, "png")
    (media / "9" / "cd").symlink_to(outside / stored.path.split("/")[1])

    assert sweep_orphans(set(), older_than=AT_ONCE) == 1
    assert not (media / orphan.path).exists()
    assert (outside / stored.path.partition("/")[2]).is_file()


def test_sweeping_before_anything_was_stored_is_nothing(media: Path) -> None:
    assert sweep_orphans(set()) == 0
