"""Strict readers of settings from the environment.

A setting is declared where it is read: `env.integer("HANDBILL_PORT", 8000, "What it is for.")`. A value that
cannot be understood, and a HANDBILL_* variable that nobody declared, stop the program at its start with one
sentence that names the variable: a setting misspelt on a server must not be a default silently kept.
docs/settings.md is tested against `declared()`.
"""

import os
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import overload

from django.core.exceptions import ImproperlyConfigured

PREFIX = "HANDBILL_"
TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}
UNITS = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3, "t": 1024**4}


class SettingError(ImproperlyConfigured):
    """A setting in the environment is unknown or not understood. The message never repeats a secret."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One declared setting: its variable, the kind of value it takes, what it is for, and the value when it
    is not set, where that is not found out by the program.
    """

    name: str
    kind: str
    doc: str
    default: str


_declared: dict[str, Setting] = {}


def declared() -> list[Setting]:
    """Every setting declared so far, by name."""
    return sorted(_declared.values(), key=lambda setting: setting.name)


def declare(name: str, kind: str, doc: str, default: str = "") -> str | None:
    """Declare a setting and return its value as typed; None when it is not set or empty."""
    _declared[name] = Setting(name, kind, doc, default)
    return os.environ.get(name, "").strip() or None


def text(name: str, default: str, doc: str) -> str:
    return declare(name, "text", doc, default) or default


@overload
def path(name: str, default: Path, doc: str) -> Path: ...


@overload
def path(name: str, default: None, doc: str) -> Path | None: ...


def path(name: str, default: Path | None, doc: str) -> Path | None:
    """A file or folder, made absolute; `~` is understood."""
    value = declare(name, "path", doc)
    try:
        return Path(value).expanduser().absolute() if value else default
    except RuntimeError:
        raise SettingError(f"{name} names the home of a user who has none: {value}.") from None


def words(name: str, default: Sequence[str], doc: str) -> list[str]:
    """A list of words separated by commas."""
    value = declare(name, "words separated by commas", doc, ",".join(default))
    return [word.strip() for word in value.split(",") if word.strip()] if value else list(default)


def integer(name: str, default: int, doc: str, *, low: int | None = None, high: int | None = None) -> int:
    value = declare(name, _range(low, high) or "whole number", doc, str(default))
    if value is None:
        return default
    if not re.fullmatch(r"[+-]?[0-9]+", value):
        raise SettingError(f"{name} must be a whole number, not {value!r}.")
    return _within(name, int(value), low, high)


def boolean(name: str, default: bool, doc: str) -> bool:
    value = declare(name, "yes or no", doc, "yes" if default else "no")
    if value is None:
        return default
    if value.lower() not in TRUE | FALSE:
        raise SettingError(f"{name} must be yes or no (or true, false, on, off, 1, 0), not {value!r}.")
    return value.lower() in TRUE


def secret(name: str, kept: Path, doc: str) -> str:
    """A secret from NAME or the file that NAME_FILE names; else one made once and kept at `kept`."""
    value = _secret(name, "secret", doc)
    try:
        return value if value else _kept_secret(kept)
    except OSError as error:
        raise SettingError(
            f"{kept} cannot be read or made: {error.strerror}. Set {name}, or mend it."
        ) from error


def secret_url(name: str, doc: str) -> str:
    """An address that may hold a password, from NAME or the file that NAME_FILE names; else empty."""
    value = _secret(name, "address that may hold a password", doc)
    if value and not re.match(r"[a-z][a-z0-9+.-]*://", value):
        raise SettingError(f"{name} must be an address such as scheme://user:password@host/name.")
    return value


def size(name: str, default: int | None, doc: str) -> int | None:
    """A size in bytes, written as 1048576, 512k, 20MB or 4G (powers of 1024)."""
    value = declare(name, "size such as 512k, 20MB, 4G", doc)
    if value is None:
        return default
    match = re.fullmatch(r"([0-9]+) ?([kmgt]?)i?b?", value.lower())
    if not match:
        raise SettingError(f"{name} must be a size such as 512k, 20MB or 4G, not {value!r}.")
    return int(match[1]) * UNITS[match[2]]


def refuse_unknown() -> None:
    """Raise for a HANDBILL_* variable that nothing declared. Call it when every setting has been read."""
    unknown = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in _declared)
    if unknown:
        raise SettingError(
            f"Unknown setting {', '.join(unknown)} in the environment; docs/settings.md lists them all."
        )


def _range(low: int | None, high: int | None) -> str:
    if low is None:
        return f"{high} or less" if high is not None else ""
    return f"{low} to {high}" if high is not None else f"{low} or more"


def _within(name: str, value: int, low: int | None, high: int | None) -> int:
    if low is not None and value < low:
        raise SettingError(f"{name} must be at least {low}, not {value}.")
    if high is not None and value > high:
        raise SettingError(f"{name} must be at most {high}, not {value}.")
    return value


def _secret(name: str, kind: str, doc: str) -> str:
    """As Docker and systemd hand secrets over: NAME itself, or NAME_FILE with the name of a file."""
    value = declare(name, kind, doc)
    file = declare(f"{name}_FILE", "path", f"Holds {name}.")
    if value and file:
        raise SettingError(f"Set {name} or {name}_FILE, not both.")
    if file is None:
        return value or ""
    try:
        return Path(file).read_text().strip()
    except OSError as error:
        raise SettingError(f"{name}_FILE cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError:
        raise SettingError(f"{name}_FILE names a file that is no text.") from None


def _kept_secret(file: Path) -> str:
    """The secret in `file`, made if missing.

    Linking it into place lets two first starts at once agree on one secret.
    """
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = file.with_name(f".{file.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
            stream.write(secrets.token_urlsafe(50))
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_text().strip()
