"""`bake_plates`: things and podiums, traced under all cameras and lamps for the starter to draw with."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from generation.starter.baking import bake


class Command(BaseCommand):
    help = "Bake the plates of things and podiums. Those that are there and up to date are left as they are."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("things", nargs="*", metavar="THING", help="all, when none is given")

    def handle(self, *args: object, things: list[str], **options: Any) -> None:
        if unknown := [name for name in things if name not in bake.names()]:
            raise CommandError(f"There is no {unknown[0]}. There are {', '.join(bake.names())}.")
        try:
            bake.bake(things or bake.names(), self.stdout.write)
        except ImportError as error:
            raise CommandError(
                f"{error}. Baking takes requirements/bake.txt and LLVM 19: CONTRIBUTING.md says how."
            ) from error
