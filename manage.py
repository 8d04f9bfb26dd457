#!/usr/bin/env python
"""Handbill's commands.

One that needs the database starts the embedded PostgreSQL, unless it runs already, and stops it after.
"""

import argparse
import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from webapp.conf import database
from webapp.postgres.server import PostgresError

WITHOUT_DATABASE = {
    "",
    "help",
    "version",
    "bake_plates",
    "check",
    "collectstatic",
    "diffsettings",
    "makemessages",
    "compilemessages",
    "up",
}


def main(arguments: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webapp.settings")
    # It warns of a torchvision that nothing here needs.
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    command = next((word for word in arguments[1:] if not word.startswith("-")), "")
    if command == "up":
        _choose_data_folder(arguments)
    try:
        if command in WITHOUT_DATABASE or {"-h", "--help"} & set(arguments):
            execute_from_command_line(arguments)
        else:
            with database.at_hand():
                execute_from_command_line(arguments)
    except (ImproperlyConfigured, PostgresError) as error:
        sys.exit(f"{error}")


def _choose_data_folder(arguments: list[str]) -> None:
    """`up --data DIR` decides where everything is, so the settings must know before they are read."""
    parser = argparse.ArgumentParser("up", add_help=False)
    parser.add_argument("--data")
    chosen = parser.parse_known_args(arguments)[0].data
    if chosen == "":
        sys.exit("--data needs the name of a folder.")
    if chosen is not None:
        os.environ["HANDBILL_DATA"] = chosen


if __name__ == "__main__":
    main(sys.argv)
