"""The generation record: with the request's prompt, all that it takes to make the same picture again."""

from .facts import versions


def generation_record(
    *,
    model: str,
    model_hash: str,
    pipeline_class: str,
    scheduler: str,
    steps: int,
    guidance: float | None,
    seed: int,
    width: int,
    height: int,
) -> dict[str, object]:
    """A value for JSON, the same for the same arguments on the same installation. Sizes in pixels.

    `model_hash` is the hash of the model's lock. The prompt is not here: it stays with the request it came
    in.
    """
    return {
        "model": model,
        "model_hash": model_hash,
        "pipeline_class": pipeline_class,
        "scheduler": scheduler,
        "steps": steps,
        "guidance": guidance,
        "seed": seed,
        "width": width,
        "height": height,
        "versions": dict(versions()),
    }
