"""A picture on its way from the engine to its files: looked at, its record noted, marked as made with AI,
stored whole and small.

The marks go into the files here, once: whichever way a file leaves later, it has them.
"""

import hashlib

from PIL import Image

from generation import provenance, registry, signing
from generation.engine import Picture
from generation.files import storage
from generation.jobs import JobFailed
from generation.models import Incident, Job, Output, PictureRequest
from generation.safety import pictures as safety

from . import incidents
from .outputs import StoredPicture
from .submission import model_of

# Pixels: the longer side of the small file, as wide as a gallery or a phone shows a picture at its sharpest.
THUMBNAIL_SIDE = 768


def store(job: Job, output: Output, picture: Picture, *, about_minors: bool) -> StoredPicture:
    """Keep one picture of a job. about_minors: whether its words speak of them. Raises
    generation.files.storage.NotStored, having left nothing behind, provenance.NotMarked, and JobFailed for a
    picture that is withheld.
    """
    _look_at(job, picture, about_minors=about_minors)
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


def _look_at(job: Job, picture: Picture, *, about_minors: bool) -> None:
    """Before anything of it is written. Raises JobFailed if the picture is not to be kept, or if that cannot
    be known.
    """
    try:
        look = safety.look(picture.image)
    except safety.CheckFailed as error:
        raise JobFailed("not_looked_at", detail=str(error)) from error
    if refusal := safety.refusal(look, about_minors=about_minors, is_flagged=picture.is_flagged):
        pixels = hashlib.sha256(picture.image.tobytes()).hexdigest()
        incidents.open_incident_of(job, stage=Incident.Stage.PICTURE, rule=refusal.rule, sha256=pixels)
        raise JobFailed("withheld", sentence=refusal.sentence, detail=f"withheld by {refusal.rule}")


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
