import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from generation import registry
from generation.checkpoints import CheckpointRefused
from generation.models import ModelVersion


class Command(BaseCommand):
    help = "Install a model from a folder, or from a model hub by its id."

    def add_arguments(self, parser: ArgumentParser) -> None:
        source = parser.add_mutually_exclusive_group(required=True)
        source.add_argument("source", nargs="?", metavar="FOLDER_OR_HUB_ID", help="a folder, or owner/name")
        source.add_argument("--starter", action="store_true", help="the model that comes with Handbill")
        parser.add_argument("--name", help="what people choose it by; the source's own name when not given")
        parser.add_argument(
            "--revision", help="a branch, tag or commit of the hub; its main branch when not given"
        )

    def handle(self, *args: object, **options: Any) -> None:
        os.environ.setdefault(
            "TRANSFORMERS_VERBOSITY", "error"
        )  # its notes are about packages nobody here needs
        try:
            model = registry.install_starter() if options["starter"] else self._install(options)
        except CheckpointRefused as refused:
            raise CommandError(f"Nothing was installed: {refused}.") from refused
        self.stdout.write(f"{model.name} is installed as {model.folder} (licence: {model.licence}).")

    def _install(self, options: dict[str, Any]) -> ModelVersion:
        return registry.install(
            options["source"],
            name=options["name"],
            revision=options["revision"],
            progress=self.stderr.isatty(),
        )
