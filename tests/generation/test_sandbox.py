"""Whatever a stranger's file does to its reader, this process only hears of it."""

import os
import sys
import time

import pytest

from generation import sandbox
from generation.sandbox import Exhausted, Refused


def turned(data: bytes) -> bytes:
    return data[::-1]


def refusing(data: bytes) -> bytes:
    raise Refused(f"“{data.decode()}” is none of ours")


def greedy(data: bytes) -> bytes:
    return bytes(10_000_000_000)


def endless(data: bytes) -> bytes:
    while True:
        pass


def sleepy(data: bytes) -> bytes:
    time.sleep(60)
    return data


def crashing(data: bytes) -> bytes:
    os.abort()


def writing(data: bytes) -> bytes:
    with open(data.decode(), "wb") as file:
        file.write(bytes(sandbox.MOST_WRITTEN + 1))
    return data


def naming_the_process(data: bytes) -> bytes:
    return f"{os.getpid()} {' '.join(sorted(os.environ))} {'torch' in sys.modules}".encode()


def test_it_answers_with_what_the_reader_made():
    assert sandbox.read(turned, b"bread") == b"daerb"


def test_a_refusal_keeps_its_words():
    with pytest.raises(Refused, match="“pain” is none of ours") as caught:
        sandbox.read(refusing, b"pain")
    assert not isinstance(caught.value, Exhausted)


def test_memory_time_and_crashes_are_an_answer(monkeypatch):
    monkeypatch.setattr(sandbox, "SECONDS", 1)
    for reader in (greedy, crashing, sleepy):
        with pytest.raises(Exhausted):
            sandbox.read(reader, b"x")


def test_a_reader_that_computes_for_ever_is_stopped():
    with pytest.raises(Exhausted):
        sandbox.read(endless, b"x")


def test_it_cannot_fill_the_disk(tmp_path):
    file = tmp_path / "big"
    with pytest.raises(Exhausted):
        sandbox.read(writing, str(file).encode())
    assert not file.exists() or file.stat().st_size <= sandbox.MOST_WRITTEN


def test_it_is_another_process_that_knows_no_secrets(monkeypatch):
    monkeypatch.setenv("HANDBILL_SECRET_KEY", "secret")
    process, *names, has_torch = sandbox.read(naming_the_process, b"").decode().split()
    assert int(process) != os.getpid()
    assert not [name for name in names if name.startswith(("HANDBILL", "DATABASE"))]
    assert has_torch == "False"
