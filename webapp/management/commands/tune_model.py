from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from generation import registry
from generation.checkpoints import CheckpointRefused
from generation.models import ModelVersion
from generation.tuning import LOSSY
from webapp.models.brief import Shape


class Command(BaseCommand):
    help = "Measure how a model runs fastest on this machine; workers that start afterwards run it so."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("model", help="the name of an installed model")
        parser.add_argument(
            "--allow",
            nargs="+",
            default=[],
            choices=LOSSY,
            metavar="NAME",
            help=f"what may be switched on although pictures change a little: {', '.join(LOSSY)}",
        )

    def handle(self, *args: object, model: str, allow: list[str], **options: object) -> None:
        version = registry.installed().filter(name=model).first()
        if version is None:
            names = ", ".join(sorted(registry.installed().values_list("name", flat=True))) or "none"
            raise CommandError(f"There is no model {model}; installed: {names}.")
        try:
            registry.tune(version, sizes=_sizes(version), allowed=allow, say=self._say)
        except CheckpointRefused as refused:
            raise CommandError(f"Nothing was measured: {refused}.") from refused
        except KeyboardInterrupt:
            raise CommandError("Stopped: all stays as it was.") from None

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _sizes(model: ModelVersion) -> list[tuple[int, int]]:
    """What people can ask of it: every shape once, the square first."""
    return list(dict.fromkeys(model.size_for(shape.aspect) for shape in Shape))
