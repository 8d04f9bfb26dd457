"""One tuning from beginning to end: search, curves, and the file that the next worker reads."""

import hashlib
import logging
from collections.abc import Callable, Collection
from dataclasses import asdict

import diffusers
import torch

from . import report
from .applying import device_name, keep_compiled_beside
from .search import Search, Subject
from .tuning import Settings, Timing, Tuning, sha256_of, tiny_decoder_of, versions, weights_of, write

# Rows of a call that are measured: a guided picture takes two.
ROWS, GPU_ROWS = (1, 2, 4, 8), (1, 2, 4, 8, 16)


def tune(
    subject: Subject, model_hash: str, *, allowed: Collection[str] = (), say: Callable[[str], None] = print
) -> Tuning:
    """Find the settings, measure the curves and write both beside the model, at the end and in one go.

    allowed: names of lossy settings (LOSSY) that may be switched on. Raises what the plain
    pipeline raises when it cannot draw here.
    """
    say(f"Measuring on {device_name()}. It can be stopped at any moment; then all stays as it is.")
    # What does not work here is said in words, below.
    torch._logging.set_logs(all=logging.CRITICAL)
    diffusers.utils.logging.set_verbosity_error()
    keep_compiled_beside(subject.folder)
    with torch.inference_mode():
        search = Search(subject, allowed, say)
        search.run()
        before, after = search.confirm()
        curves = search.curves(GPU_ROWS if torch.cuda.is_available() else ROWS)
    artifacts = _artifacts(search.best.settings)
    write(subject.folder, tuning := _tuning(search, subject, model_hash, curves, artifacts), artifacts)
    say(report.summary(search.trials, before, after))
    return tuning


def _tuning(
    search: Search, subject: Subject, model_hash: str, curves: list[Timing], artifacts: bytes | None
) -> Tuning:
    settings = search.best.settings
    chosen = [trial for trial in search.trials if trial.is_on and trial.candidate.allowed_by]
    decoder = sha256_of(weights_of(tiny_decoder_of(subject.folder))) if settings.tiny_decoder else ""
    return Tuning(
        model_hash=model_hash,
        device=device_name(),
        versions=versions(),
        settings=settings,
        curves=tuple(curves),
        errors={trial.candidate.allowed_by: asdict(trial.difference) for trial in chosen},
        artifacts=hashlib.sha256(artifacts).hexdigest() if artifacts else "",
        tiny_decoder=decoder,
    )


def _artifacts(settings: Settings) -> bytes | None:
    """The compiled code, for the next process; None where nothing is compiled."""
    saved = torch.compiler.save_cache_artifacts() if settings.compiled else None
    return saved[0] if saved else None
