"""The transport by files: what lies in its folder is a message, or is put aside; the reader goes on."""

import errno
import os
import shutil
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection
from kombu.exceptions import ChannelError

from webapp.conf import broker, kombu_files

NAME = "-x.gpu.msg"  # Read before any true one.
HOSTILE = [
    b"",
    b"{",
    b"\xff\xfe\x00",
    b"\0" * 4096,
    b"7",
    b"[]",
    b"{}",
    b'{"properties": 7}',
    b'{"properties": {}}',
    b'{"body": 7, "properties": {"delivery_tag": "x", "body_encoding": "base64"}}',
    b'{"body": "x", "properties": {"delivery_tag": "x", "body_encoding": "rot13"}}',
    b'{"body": "", "headers": {"task": []}, "properties": {"delivery_tag": "x"}}',
    b'{"body": "", "headers": {"task": "x"}, "properties": {"delivery_tag": "x"}}',
    b'{"__type__": "datetime", "__value__": "never"}',
    b"[" * 100_000,
    b" " * (kombu_files.LARGEST + 1),
]


@pytest.fixture
def channel(tmp_path):
    settings = broker.settings("", tmp_path)
    with Connection(
        "filesystem://",
        transport=kombu_files.Transport,
        transport_options=settings["CELERY_BROKER_TRANSPORT_OPTIONS"],
    ) as connection:
        yield connection.channel()


@pytest.fixture
def messages(tmp_path):
    folder = tmp_path / "messages"
    folder.mkdir()
    return folder


def send(channel, body: str = "ring") -> None:
    channel.basic_publish(channel.prepare_message(body, headers={"task": "ring", "id": "1"}), "", "gpu")


def body_of_next(channel) -> str:
    return channel.message_to_python(channel._get("gpu")).body.decode()


def is_put_aside(messages: Path) -> bool:
    return [file.suffix for file in messages.iterdir()] == [kombu_files.ASIDE]


def test_messages_come_in_the_order_they_were_sent_and_leave_nothing(channel, messages):
    send(channel, "first")
    send(channel, "second")
    assert [body_of_next(channel), body_of_next(channel)] == ["first", "second"]
    assert not list(messages.iterdir())
    with pytest.raises(Empty):
        channel._get("gpu")


@pytest.mark.parametrize("content", HOSTILE)
def test_what_is_no_message_is_put_aside_and_the_next_one_is_read(channel, messages, content):
    (messages / NAME).write_bytes(content)
    send(channel)
    assert body_of_next(channel) == "ring"
    assert is_put_aside(messages)


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
def test_what_is_no_file_is_put_aside_however_often(channel, messages, make):
    for _ in range(2):
        make(messages / NAME)
        send(channel)
        assert body_of_next(channel) == "ring"
    assert {file.suffix for file in messages.iterdir()} == {kombu_files.ASIDE}


def test_what_may_not_be_read_is_put_aside(channel, messages, monkeypatch):
    """Root may read everything, so the refusal is the system call's."""
    send(channel)

    def refused(*_: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(kombu_files.os, "open", refused)
        with pytest.raises(Empty):
            channel._get("gpu")
    assert is_put_aside(messages)


def test_a_name_too_long_to_lengthen_is_no_obstacle(channel, messages):
    (messages / f"-{'x' * 240}.gpu.msg").touch()
    send(channel)
    assert body_of_next(channel) == "ring"


def test_what_cannot_be_moved_is_left_and_told_once(channel, messages, monkeypatch, caplog):
    (messages / NAME).touch()
    rename = Path.rename

    def held(file: Path, target: Path) -> Path:
        if file.name == NAME:
            raise PermissionError(errno.EPERM, "Operation not permitted")
        return rename(file, target)

    monkeypatch.setattr(Path, "rename", held)
    for _ in range(2):
        send(channel)
        assert body_of_next(channel) == "ring"
    assert caplog.text.count("cannot be moved") == 1


def test_a_message_that_is_being_written_has_no_name_yet(channel, messages, monkeypatch):
    rename = Path.rename

    def look_first(draft: Path, target: Path) -> Path:
        with monkeypatch.context() as patch:
            patch.setattr(Path, "rename", rename)
            with pytest.raises(Empty):
                channel._get("gpu")
        return rename(draft, target)

    monkeypatch.setattr(Path, "rename", look_first)
    send(channel)
    monkeypatch.undo()
    assert body_of_next(channel) == "ring"


def test_on_a_full_disk_nothing_is_left(channel, messages):
    full = messages / "full"
    full.mkdir()
    if os.system(f"mount -t tmpfs -o size=4k,nr_inodes=8 none '{full}' 2>/dev/null"):
        pytest.skip("no small disk can be mounted here")
    try:
        (full / "filler").write_bytes(b"x" * 4096)
        channel.transport_options["data_folder_out"] = str(full)
        with pytest.raises(ChannelError, match="could not be written"):
            send(channel)
        assert [file.name for file in full.iterdir()] == ["filler"]
    finally:
        os.system(f"umount '{full}'")
        shutil.rmtree(full)
