"""A picture on its way from the engine to its file: its recipe noted, marked as made by a model, stored."""

from generation import provenance, storage
from generation.engine import Picture
from generation.jobs import StoredPicture
from generation.models import Job, Output


def store(job: Job, output: Output, picture: Picture) -> StoredPicture:
    """Keep one picture of a job. Raises generation.storage.StorageFull, having left nothing behind."""
    recipe = provenance.recipe(
        model=job.model.name,
        model_hash=job.model.hash,
        pipeline_class=job.model.pipeline_class,
        scheduler=picture.scheduler,
        steps=output.steps,
        guidance=job.request["guidance"],
        seed=output.seed,
        width=output.width,
        height=output.height,
    )
    file = storage.store(job.account_id, provenance.mark(picture.image, recipe), "png")
    return StoredPicture(
        index=output.index, file=file.path, sha256=file.sha256, bytes=file.bytes, recipe=recipe
    )
