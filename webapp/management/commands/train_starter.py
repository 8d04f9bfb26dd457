"""`train_starter`: the starter model's weights from nothing."""

import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "Train the starter model and save it as a folder that install_model takes; goes on if broken off."

    def add_arguments(self, parser: CommandParser) -> None:
        from generation.starter.training import SHIPPED  # here, as it takes torch along

        parser.add_argument("--out", type=Path, default=Path("starter"), metavar="DIR", help="(%(default)s)")
        parser.add_argument(
            "--scenes", type=int, default=SHIPPED.scenes, help="how many to learn from (%(default)s)"
        )
        parser.add_argument("--steps", type=int, default=SHIPPED.steps, help="batches of 128 (%(default)s)")
        parser.add_argument("--seed", type=int, default=SHIPPED.seed)
        parser.add_argument("--threads", type=int, help="of the processor; all of them when not given")

    def handle(
        self,
        *args: object,
        out: Path,
        scenes: int,
        steps: int,
        seed: int,
        threads: int | None,
        **options: object,
    ) -> None:
        if scenes < 1 or steps < 1 or (threads or 1) < 1:
            raise CommandError("Scenes, steps and threads are at least 1.")
        import torch

        from generation.starter.training import CHECKPOINT, Recipe, train_starter

        torch.set_num_threads(threads or torch.get_num_threads())
        if out.exists() and (not out.is_dir() or any(file.name != CHECKPOINT for file in out.iterdir())):
            raise CommandError(f"{out} holds something else.")
        try:
            train_starter(out, Recipe(scenes, steps, seed), self._say)
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"The starter is saved in {out}.")

    def _say(self, text: str) -> None:
        self.stderr.write(f"{time.strftime('%H:%M:%S')} {text}")
