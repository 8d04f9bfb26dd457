"""`train_starter`: the starter model's weights from nothing, or how good the installed ones are."""

import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "Train the starter model and save it as a folder that install_model takes."

    def add_arguments(self, parser: CommandParser) -> None:
        from generation.starter.training import SHIPPED  # here, as it takes torch along

        parser.add_argument("--out", type=Path, default=Path("starter"), metavar="DIR", help="(%(default)s)")
        parser.add_argument(
            "--captions", type=int, default=SHIPPED.captions, help="how many to learn from (%(default)s)"
        )
        parser.add_argument("--steps", type=int, default=SHIPPED.steps, help="batches of 128 (%(default)s)")
        parser.add_argument("--seed", type=int, default=SHIPPED.seed)
        parser.add_argument("--threads", type=int, help="of the processor; all of them when not given")
        parser.add_argument(
            "--evaluate",
            action="store_true",
            help="train nothing: print the tables of the weights that come along",
        )

    def handle(
        self,
        *args: object,
        out: Path,
        captions: int,
        steps: int,
        seed: int,
        threads: int | None,
        evaluate: bool,
        **options: object,
    ) -> None:
        if captions < 1 or steps < 1 or (threads or 1) < 1:
            raise CommandError("Captions, steps and threads are at least 1.")
        import torch

        torch.set_num_threads(threads or torch.get_num_threads())
        if evaluate:
            self.stdout.write(_tables())
            return
        if out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise CommandError(f"{out} is not an empty folder.")
        from generation.starter.training import Recipe, train_starter

        train_starter(out, Recipe(captions, steps, seed), self._say)
        self.stdout.write(f"The starter is saved in {out}.")

    def _say(self, text: str) -> None:
        self.stderr.write(f"{time.strftime('%H:%M:%S')} {text}")


def _tables() -> str:
    from generation.starter import evaluation, load

    return evaluation.markdown(evaluation.evaluate(load()))
