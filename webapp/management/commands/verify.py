"""`verify`: whether this studio made a file, without a browser."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from generation import signing
from generation.provenance import LARGEST_FILE, SigningIdentityError, Verdict
from generation.provenance.inspection import inspect
from generation.sandbox import Broken, Busy
from webapp.verify.words import words


class Command(BaseCommand):
    help = "Look for this studio's marks in files. Exit status 0: every one is as it left this studio."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")

    def handle(self, *args: object, files: list[Path], **options: object) -> None:
        found = [self._told(file) for file in files]
        if not all(found):
            raise SystemExit(1)

    def _told(self, file: Path) -> bool:
        verdict = _verdict(file)
        self.stdout.write(f"{file}: {words(verdict).title}")
        return verdict.is_ours


def _verdict(file: Path) -> Verdict:
    try:
        with file.open("rb") as stream:
            return inspect(stream.read(LARGEST_FILE + 1), signing.identity())
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
    except (SigningIdentityError, Broken, Busy) as error:
        raise CommandError(f"{error}.") from error
