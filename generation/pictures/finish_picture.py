"""A picture on its way from the engine to its files: looked at, its record noted, marked as made with AI,
stored whole and small.

The marks go into the files here, once: whichever way a file leaves later, it has them.
"""

import hashlib
import logging

from PIL import Image

from generation import provenance, registry, signing
from generation.engine import Picture
from generation.files import storage
from generation.jobs import JobFailed
from generation.models import Job, Output, PictureRequest
from generation.safety import pictures as safety
from generation.safety.picture_refusals import PictureRefusal

from . import outputs
from .outputs import StoredPicture
from .submission import model_of

# Pixels: the longer side of the small file, as wide as a gallery or a phone shows a picture at its sharpest.
THUMBNAIL_SIDE = 768

log = logging.getLogger(__name__)


def store(job: Job, output: Output, picture: Picture, *, about_minors: bool) -> StoredPicture | None:
    """Keep one picture of a job. None: it was withheld, and taken out of its job.

    about_minors: whether its words speak of them. Raises generation.files.storage.NotStored, having left
    nothing behind, provenance.NotMarked, JobFailed where it cannot be known whether it may be kept, and
    LeaseLost where it may not, and the job is another's.
    """
    if refusal := _refusal(picture, about_minors=about_minors):
        log.warning("job %s: a picture was withheld by %s", job.pk, refusal.rule)
        pixels = hashlib.sha256(picture.image.tobytes()).hexdigest()
        outputs.withhold(job, output, rule=refusal.rule, sha256=pixels)
        return None
    model = model_of(job)
    record = provenance.generation_record(
        model=model.name,
        model_hash=model.hash,
        pipeline_class=model.pipeline_class,
        scheduler=picture.scheduler,
        steps=output.steps,
        guidance=PictureRequest.of(job).guidance,
        seed=output.seed,
        width=output.width,
        height=output.height,
    )
    if settings := _settings(job, picture):
        record["settings"] = settings
    facts = provenance.MarkFacts(model.name, model.pipeline_class, model.hash)
    whole = provenance.mark_picture(picture.image, "image/png", facts, signing.identity())
    # From the picture without a watermark: the small file gets one of its own size.
    small = provenance.mark_picture(_small(picture.image), "image/webp", facts, signing.identity())
    file = storage.store(job.business_id, whole, "png")
    return StoredPicture(
        index=output.index,
        file=file.path,
        sha256=file.sha256,
        bytes=file.bytes,
        thumbnail=storage.store(job.business_id, small, "webp").path,
        generation_record=record,
    )


def _refusal(picture: Picture, *, about_minors: bool) -> PictureRefusal | None:
    """Why a picture is not to be kept, asked before anything of it is written. Raises JobFailed if that
    cannot be known.
    """
    try:
        look = safety.look(picture.image)
    except safety.CheckFailed as error:
        raise JobFailed("not_looked_at", detail=str(error)) from error
    return safety.refusal(look, about_minors=about_minors, is_flagged=picture.is_flagged)


def _settings(job: Job, picture: Picture) -> dict[str, object]:
    """How the model was run where that is not as diffusers has it, and how many steps were only forecast."""
    settings = registry.settings_of(model_of(job)).chosen()
    if not picture.steps_forecast:
        settings.pop("row_skip", None)
        return settings
    return settings | {"steps_forecast": picture.steps_forecast}


def _small(image: Image.Image) -> Image.Image:
    small = image.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    return small
