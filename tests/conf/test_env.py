from pathlib import Path

import pytest

from webapp.conf import env
from webapp.conf.env import SettingError

NAME = "HANDBILL_TRIAL"


@pytest.fixture
def typed(monkeypatch):
    """Set the trial setting as somebody would type it."""
    monkeypatch.setattr(env, "_declared", {})
    return lambda value, name=NAME: monkeypatch.setenv(name, value)


@pytest.mark.parametrize("value", ["yes", "True", "on", "1"])
def test_yes_has_many_words(typed, value):
    typed(value)
    assert env.boolean(NAME, False, "") is True


@pytest.mark.parametrize("value", ["no", "FALSE", "off", "0"])
def test_no_has_many_words(typed, value):
    typed(value)
    assert env.boolean(NAME, True, "") is False


def test_maybe_is_neither_yes_nor_no(typed):
    typed("maybe")
    with pytest.raises(SettingError, match=f"{NAME} must be yes or no.*'maybe'"):
        env.boolean(NAME, True, "")


@pytest.mark.parametrize("value", ["four", "4.5", "4 pictures", "0x4", "٤"])
def test_a_count_must_be_a_whole_number(typed, value):
    typed(value)
    with pytest.raises(SettingError, match=f"{NAME} must be a whole number"):
        env.integer(NAME, 1, "")


@pytest.mark.parametrize(("value", "sentence"), [("0", "at least 1, not 0"), ("99", "at most 64, not 99")])
def test_a_number_has_bounds(typed, value, sentence):
    typed(value)
    with pytest.raises(SettingError, match=sentence):
        env.integer(NAME, 4, "", low=1, high=64)


@pytest.mark.parametrize(
    ("value", "size"), [("1048576", 2**20), ("512k", 2**19), ("20MB", 20 * 2**20), ("4 GiB", 2**32)]
)
def test_a_size_has_a_unit(typed, value, size):
    typed(value)
    assert env.size(NAME, None, "") == size


@pytest.mark.parametrize("value", ["a lot", "12 pounds", "-1M", "1.5G"])
def test_a_size_that_is_none_is_refused(typed, value):
    typed(value)
    with pytest.raises(SettingError, match=f"{NAME} must be a size"):
        env.size(NAME, None, "")


def test_words_are_separated_by_commas(typed):
    typed("handbill.example, www.handbill.example,")
    assert env.words(NAME, [], "") == ["handbill.example", "www.handbill.example"]


def test_a_path_is_made_absolute(typed):
    typed("some folder")
    assert env.path(NAME, None, "") == Path.cwd() / "some folder"


def test_an_empty_value_is_no_value(typed):
    typed("  ")
    assert env.integer(NAME, 7, "") == 7


def test_a_secret_address_is_not_repeated(typed):
    typed("user:hunter2@host")
    with pytest.raises(SettingError) as refusal:
        env.secret_url(NAME, "")
    assert "hunter2" not in str(refusal.value)


def test_a_secret_may_lie_in_a_file(typed, tmp_path):
    (tmp_path / "secret").write_text("open sesame\n")
    typed(str(tmp_path / "secret"), f"{NAME}_FILE")
    assert env.secret(NAME, tmp_path / "kept", "") == "open sesame"
    assert not (tmp_path / "kept").exists()


def test_a_secret_cannot_be_given_twice(typed, tmp_path):
    typed("open sesame")
    typed(str(tmp_path / "secret"), f"{NAME}_FILE")
    with pytest.raises(SettingError, match="not both"):
        env.secret(NAME, tmp_path / "kept", "")


def test_a_secret_file_that_is_missing_is_named(typed, tmp_path):
    typed(str(tmp_path / "nowhere"), f"{NAME}_FILE")
    with pytest.raises(SettingError, match=f"{NAME}_FILE cannot be read"):
        env.secret(NAME, tmp_path / "kept", "")


def test_a_secret_file_that_is_no_text_is_named(typed, tmp_path):
    (tmp_path / "picture").write_bytes(b"\xff\xd8")
    typed(str(tmp_path / "picture"), f"{NAME}_FILE")
    with pytest.raises(SettingError, match=f"{NAME}_FILE names a file that is no text"):
        env.secret(NAME, tmp_path / "kept", "")


def test_a_secret_that_cannot_be_kept_is_told_in_a_sentence(typed, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(SettingError, match="cannot be read or made"):
        env.secret(NAME, tmp_path / "file/kept", "")


def test_the_home_of_nobody_is_named(typed):
    typed("~nobody-of-this-name/data")
    with pytest.raises(SettingError, match="a user who has none"):
        env.path(NAME, None, "")


def test_a_secret_nobody_gave_is_made_once_and_kept_private(typed, tmp_path):
    kept = tmp_path / "data/secret_key"
    made = env.secret(NAME, kept, "")
    assert len(made) > 50
    assert env.secret(NAME, kept, "") == made
    assert kept.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in kept.parent.iterdir()] == ["secret_key"]


def test_a_setting_nobody_knows_stops_the_start(typed):
    typed("7", "HANDBILL_DALY_PICTURES")
    with pytest.raises(SettingError, match="HANDBILL_DALY_PICTURES"):
        env.refuse_unknown()


def test_a_declared_setting_is_known(typed, monkeypatch):
    for name in ("HANDBILL_DATA",):
        monkeypatch.delenv(name)
    typed("7")
    env.integer(NAME, 1, "")
    env.refuse_unknown()
    assert [setting.name for setting in env.declared()] == [NAME]
