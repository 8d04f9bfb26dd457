"""Strict readers of settings from the environment.

A setting is declared where it is read: `env.integer("HANDBILL_PORT", 8000, doc="...")`. A value that cannot be understood, and
a HANDBILL_* variable that nobody declared, stop the program at its start with one sentence that names the variable: a setting
misspelt on a server must not be a default silently kept. `declared()` is what docs/settings.md is tested against.
"""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

PREFIX = "HANDBILL_"
TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}
Number = TypeVar("Number", int, float)
UNITS = {"": 1, "b": 1, "k": 1024, "m": 1024**2, "g": 1024**3, "t": 1024**4}


class SettingError(ImproperlyConfigured):
    """A setting in the environment is unknown, missing or not understood. The message never repeats a secret."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One declared setting: its variable, the kind of value it takes, the default as written, what it is for."""

    name: str
    kind: str
    default: str
    doc: str


_declared: dict[str, Setting] = {}
_values: Mapping[str, str] = os.environ


def declared() -> list[Setting]:
    """Every setting declared so far, by name."""
    return sorted(_declared.values(), key=lambda setting: setting.name)


def declare(name: str, kind: str, default: object, doc: str) -> str | None:
    """Declare a setting and return its value as typed; None when it is not set. An empty value counts as not set."""
    _declared[name] = Setting(name, kind, "" if default is None else str(default), doc)
    return _values.get(name, "").strip() or None


def text(name: str, default: str = "", *, doc: str) -> str:
    return declare(name, "text", default, doc) or default


def path(name: str, default: Path | None = None, *, doc: str) -> Path | None:
    """A file or folder, made absolute; `~` is understood."""
    value = declare(name, "path", default, doc)
    return Path(value).expanduser().absolute() if value else default


def words(name: str, default: Sequence[str] = (), *, doc: str) -> list[str]:
    """A list of words separated by commas."""
    value = declare(name, "list, separated by commas", ",".join(default), doc)
    return [word.strip() for word in value.split(",") if word.strip()] if value else list(default)


def integer(name: str, default: int, *, least: int | None = None, most: int | None = None, doc: str) -> int:
    value = declare(name, "whole number", default, doc)
    if value is None:
        return default
    if not re.fullmatch(r"[+-]?\d+", value):
        raise SettingError(f"{name} must be a whole number, not {value!r}.")
    return _within(name, int(value), least, most)


def number(name: str, default: float, *, least: float | None = None, most: float | None = None, doc: str) -> float:
    value = declare(name, "number", default, doc)
    if value is None:
        return default
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)", value):
        raise SettingError(f"{name} must be a number, not {value!r}.")
    return _within(name, float(value), least, most)


def boolean(name: str, default: bool, *, doc: str) -> bool:
    value = declare(name, "yes or no", "yes" if default else "no", doc)
    if value is None:
        return default
    if value.lower() not in TRUE | FALSE:
        raise SettingError(f"{name} must be yes or no (also true, false, on, off, 1, 0), not {value!r}.")
    return value.lower() in TRUE


def choice(name: str, default: str, choices: Sequence[str], *, doc: str) -> str:
    value = declare(name, "one of " + ", ".join(choices), default, doc) or default
    if value not in choices:
        raise SettingError(f"{name} must be one of {', '.join(choices)}, not {value!r}.")
    return value


def url(name: str, default: str = "", *, schemes: Sequence[str] = ("http", "https"), doc: str) -> str:
    """An address with one of `schemes`. It may hold a password, so an error never repeats it."""
    value = declare(name, "address: " + ", ".join(f"{scheme}://" for scheme in schemes), default, doc)
    if value is None:
        return default
    if urlsplit(value).scheme not in schemes or "://" not in value:
        raise SettingError(f"{name} must be an address that begins with {' or '.join(s + '://' for s in schemes)}.")
    return value


def secret(name: str, default: str = "", *, doc: str) -> str:
    """A secret, from NAME or from the file that NAME_FILE names (as Docker and systemd hand secrets over)."""
    value = declare(name, "secret", default and "(made at the first start)", doc)
    file = declare(f"{name}_FILE", "path", None, f"A file that holds {name}.")
    if value and file:
        raise SettingError(f"Set {name} or {name}_FILE, not both.")
    if file is None:
        return value or default
    try:
        return Path(file).read_text().strip()
    except OSError as error:
        raise SettingError(f"{name}_FILE cannot be read: {error.strerror}.") from error


def size(name: str, default: int, *, doc: str) -> int:
    """A size in bytes, written as 1048576, 512k, 20M or 4G (powers of 1024)."""
    value = declare(name, "size such as 512k, 20M, 4G", default, doc)
    if value is None:
        return default
    match = re.fullmatch(r"(\d+)\s*([bkmgt]?)(?:i?b)?", value.lower())
    if not match:
        raise SettingError(f"{name} must be a size such as 512k, 20M or 4G, not {value!r}.")
    return int(match[1]) * UNITS[match[2]]


def refuse_unknown() -> None:
    """Raise for a HANDBILL_* variable that nothing declared. Call it when every setting has been read."""
    unknown = sorted(name for name in _values if name.startswith(PREFIX) and name not in _declared)
    if unknown:
        raise SettingError(f"Unknown setting {', '.join(unknown)} in the environment; docs/settings.md lists them all.")


def _within(name: str, value: Number, least: Number | None, most: Number | None) -> Number:
    if (least is not None and value < least) or (most is not None and value > most):
        bounds = " and ".join(
            words for bound, words in ((least, f"at least {least}"), (most, f"at most {most}")) if bound is not None
        )
        raise SettingError(f"{name} must be {bounds}, not {value}.")
    return value
