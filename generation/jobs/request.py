"""What may be asked for: the one check that every way in (page, command line) goes through."""

from collections.abc import Mapping, Sequence

from generation.models import ModelVersion

PROMPT_LENGTH = 2000  # characters
COUNT = range(1, 9)
STEPS = range(1, 101)
SEEDS = range(2**32)
GUIDANCE = (0.0, 30.0)
FIELDS = ("prompt", "negative_prompt", "width", "height", "steps", "guidance")


class BadRequest(Exception):
    """The request cannot be made. `errors` says per field, in a shop owner's words, what is wrong and what
    would do.
    """

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("bad request: " + ", ".join(errors))  # Field names only: a value may be a prompt.
        self.errors = dict(errors)


def checked(model: ModelVersion, request: Mapping[str, object], seeds: Sequence[int]) -> dict[str, object]:
    """The request with the model's defaults filled in, ready to be frozen on the job.

    request: prompt (needed), negative_prompt, width and height in pixels, steps, guidance; None or absent:
    the model's default.
    Raises BadRequest, for all its faults at once.
    """
    unknown = set(request) - set(FIELDS)
    if unknown:
        raise TypeError(f"a request has no {', '.join(sorted(unknown))}")
    whole = _defaults(model) | {name: value for name, value in request.items() if value is not None}
    errors = {
        **_prompt_errors(whole),
        **_size_errors(model, whole),
        **_number_errors(whole),
        **_seed_errors(seeds),
    }
    if not model.is_active:
        errors["model"] = "This model is no longer offered. Choose another."
    if errors:
        raise BadRequest(errors)
    return whole


def _defaults(model: ModelVersion) -> dict[str, object]:
    width, height = model.size_for(1.0)
    return {
        "negative_prompt": "",
        "width": width,
        "height": height,
        "steps": model.steps_default,
        "guidance": model.guidance_default,
    }


def _prompt_errors(request: Mapping[str, object]) -> dict[str, str]:
    errors = {}
    if not str(request.get("prompt", "")).strip():
        errors["prompt"] = "Say what the picture should show."
    for name in ("prompt", "negative_prompt"):
        text = request.get(name, "")
        if not isinstance(text, str) or not _is_storable(text):
            errors[name] = "This text holds a character that cannot be kept. Type it again without it."
        elif len(text) > PROMPT_LENGTH:
            errors[name] = (
                f"That is {len(text):,} characters; {PROMPT_LENGTH:,} are the most a picture can follow."
            )
    return errors


def _is_storable(text: str) -> bool:
    """PostgreSQL's text has no NUL, and half a surrogate pair is not text at all."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def _size_errors(model: ModelVersion, request: Mapping[str, object]) -> dict[str, str]:
    low, high, grid = model.size_min, model.size_max, model.size_multiple
    errors = {}
    for name in ("width", "height"):
        length = request[name]
        if not _is_whole(length) or not low <= length <= high:
            errors[name] = f"The {name} goes from {low} to {high} pixels."
        elif length % grid:
            errors[name] = f"The {name} must divide by {grid}: {max(low, length // grid * grid)} would do."
    return errors


def _number_errors(request: Mapping[str, object]) -> dict[str, str]:
    errors = {}
    steps, guidance = request["steps"], request["guidance"]
    if not _is_whole(steps) or steps not in STEPS:
        errors["steps"] = f"Steps go from {STEPS[0]} to {STEPS[-1]}."
    if isinstance(guidance, bool) or not isinstance(guidance, int | float) or not _within(guidance, GUIDANCE):
        errors["guidance"] = f"Guidance goes from {GUIDANCE[0]:g} to {GUIDANCE[1]:g}."
    return errors


def _seed_errors(seeds: Sequence[int]) -> dict[str, str]:
    if len(seeds) not in COUNT:
        return {"count": f"Ask for {COUNT[0]} to {COUNT[-1]} pictures at a time."}
    if not all(_is_whole(seed) and seed in SEEDS for seed in seeds):
        return {"seed": f"A seed is a whole number from 0 to {SEEDS[-1]:,}."}
    return {}


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _within(value: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= value <= bounds[1]  # False for NaN.
