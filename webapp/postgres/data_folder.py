"""The data folder belongs to one user, and only that user works in it.

Root could open and write everything there, and would leave files that their owner can no longer open.
"""

import os
import pwd
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def refuse_strangers(folder: Path) -> None:
    """Raise ImproperlyConfigured, saying what to do, unless this program may work in `folder` or make it."""
    refuse_root_of_others(folder)
    if not folder.exists():
        return
    if not folder.is_dir():
        raise ImproperlyConfigured(f"{folder} is a file; Handbill keeps its data in a folder.")
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise ImproperlyConfigured(
            f"The user {name_of(os.geteuid())} may not write in {folder}, which belongs to the user"
            f" {name_of(folder.stat().st_uid)}. Run Handbill as that user, or name another folder"
            " in HANDBILL_DATA."
        )


def refuse_root_of_others(folder: Path) -> None:
    """Raise ImproperlyConfigured when this is root and `folder` somebody else's, or out of reach."""
    try:
        owner = folder.stat().st_uid
    except FileNotFoundError:
        return
    except OSError as error:
        raise ImproperlyConfigured(f"{folder} cannot be opened: {error.strerror}.") from error
    if os.geteuid() == 0 and owner != 0:
        name = name_of(owner)
        raise ImproperlyConfigured(
            f"{folder} belongs to the user {name}, who could not open what root writes there. Run this as"
            f" {name} (sudo -u {name} ...), name another folder in HANDBILL_DATA, or give this one to root"
            " (chown root, without -R: the database in it has an owner of its own)."
        )


def name_of(user: int) -> str:
    """The name of a user id, as commands take it."""
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"#{user}"
