"""What may be asked for: the one check that every way in (page, command line) goes through."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError

from generation import safety
from generation.models import Incident, ModelVersion, PictureRequest

from . import floor

PROMPT_LENGTH = 2000  # characters
COUNT = range(1, 9)
STEPS = range(1, 101)
SEEDS = range(2**32)
GUIDANCE = (0.0, 30.0)

TEXTS = ("prompt", "negative_prompt")  # the fields whose words reach a model


class Refused(ValidationError):
    """The words ask for what is not made here. incident: what is kept of it, once that is written."""

    def __init__(self, errors: dict[str, str], refusal: safety.Refusal) -> None:
        super().__init__(errors)
        self.refusal = refusal
        self.incident: Incident | None = None


def check(model: ModelVersion, request: PictureRequest, seeds: Sequence[int]) -> None:
    """Raises ValidationError, for all faults at once, by field: those of the request, model, count, seed;
    Refused if one is against the safety floor.

    It says in a shop owner's words what is wrong and what would do.
    """
    errors = {
        **_prompt_errors(request),
        **_size_errors(model, request),
        **_number_errors(request),
        **_seed_errors(seeds),
    }
    if not model.is_active:
        errors["model"] = "This model is no longer offered. Choose another."
    if "prompt" not in errors and (refusal := refusal_of(request)):
        raise Refused(errors | {"prompt": refusal.sentence}, refusal)
    if errors:
        raise ValidationError(errors)


def refusal_of(request: PictureRequest) -> safety.Refusal | None:
    """What the safety floor says to the words of a request."""
    return floor.check_words(words_of(request))


def words_of(request: PictureRequest) -> dict[str, str]:
    """What of a request reaches a model as words, by field."""
    return {name: getattr(request, name) for name in TEXTS}


def _prompt_errors(request: PictureRequest) -> dict[str, str]:
    errors = {}
    if not request.prompt.strip():
        errors["prompt"] = "Say what the picture should show."
    for name in TEXTS:
        text = getattr(request, name)
        if not _is_storable(text):
            errors[name] = "This text holds a character that cannot be kept. Type it again without it."
        elif len(text) > PROMPT_LENGTH:
            errors[name] = (
                f"That is {len(text):,} characters; {PROMPT_LENGTH:,} are the most a picture can follow."
            )
    return errors


def _is_storable(text: str) -> bool:
    """PostgreSQL's text has no NUL, and half a surrogate pair is not text at all."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def _size_errors(model: ModelVersion, request: PictureRequest) -> dict[str, str]:
    low, high, grid = model.size_min, model.size_max, model.size_multiple
    errors = {}
    for name in ("width", "height"):
        length = getattr(request, name)
        if not low <= length <= high:
            errors[name] = f"The {name} goes from {low} to {high} pixels."
        elif length % grid:
            errors[name] = f"The {name} must divide by {grid}: {max(low, length // grid * grid)} would do."
    return errors


def _number_errors(request: PictureRequest) -> dict[str, str]:
    errors = {}
    if request.steps not in STEPS:
        errors["steps"] = f"Steps go from {STEPS[0]} to {STEPS[-1]}."
    if not GUIDANCE[0] <= request.guidance <= GUIDANCE[1]:  # Nor is NaN.
        errors["guidance"] = f"Guidance goes from {GUIDANCE[0]:g} to {GUIDANCE[1]:g}."
    return errors


def _seed_errors(seeds: Sequence[int]) -> dict[str, str]:
    if len(seeds) not in COUNT:
        return {"count": f"Ask for {COUNT[0]} to {COUNT[-1]} pictures at a time."}
    if not all(seed in SEEDS for seed in seeds):
        return {"seed": f"A seed is a whole number from 0 to {SEEDS[-1]:,}."}
    return {}
