"""Creatives as files to take away, each with the marks that say it was made with AI.

A single file is made while one waits; a set is a job of the cpu queue, made file by file. A picture that
cannot be used ends it with a reason. The same version gives the same files, but for the time-free signature
in each.
"""

import io
import logging
import zipfile
from dataclasses import asdict, dataclass
from datetime import timedelta
from uuid import uuid4

from django.db import transaction
from PIL.Image import Image

from accounts import audit, roles
from accounts.models import Role, User
from generation import jobs, signing
from generation.compositor import FORMATS, AdCopy, BrokenPicture, render
from generation.compositor.copytext import one_line
from generation.files import storage
from generation.jobs import JobRun
from generation.models import UNFINISHED, Incident, Job, Output, PictureRequest
from generation.models.clock import DatabaseClock
from generation.pictures import floor, incidents
from generation.provenance import MarkFacts, NotMarked, mark_file
from webapp.http import file_names
from webapp.models import Creative, CreativeVersion, Export, FileKind
from webapp.models.design import Design
from webapp.models.export import EXPORT

from . import contact_sheet, rendering, versions

KEPT_FOR = timedelta(days=7)
LOSSY = {FileKind.JPEG: (92, 84, 75, 60), FileKind.WEBP: (88, 80, 70, 55)}  # qualities, the best first
REMEDY = "Make a creative of another picture, or ask whoever runs this machine to restore the file."
PICTURE_LOST = f"The file of this creative’s picture is no picture that can be drawn. {REMEDY}"
EPOCH = (1980, 1, 1, 0, 0, 0)  # the first day a zip archive knows: the same files are the same archive

log = logging.getLogger(__name__)


class NotExported(Exception):
    """The files were not made; the message is a sentence for the person."""


@dataclass(frozen=True, slots=True)
class ExportedFile:
    name: str
    data: bytes
    format: str
    alt: str
    small: Image
    notes: tuple[str, ...] = ()  # what a person should know before it goes out

    def listed(self) -> dict[str, object]:
        return {
            "name": self.name,
            "format": FORMATS[self.format].name,
            "kilobytes": -(-len(self.data) // 1000),
            "limit_kb": FORMATS[self.format].limit_kb,
            "notes": self.notes,
        }


def single_file(creative: Creative, format_key: str, kind: FileKind, *, by: User) -> ExportedFile:
    """One format as a file. Raises NotExported rather than give away one without its marks."""
    roles.require(by, creative.business, Role.VIEWER)
    file = _file(creative, creative.design, format_key, kind, by=by)
    with transaction.atomic():
        audit.record(by, "creative.exported", creative, files=1, kind=kind.value)
    return file


@transaction.atomic
def order(creative: Creative, kind: FileKind, *, by: User) -> Export:
    """The whole set as an archive, for a worker to make. Asked for again by the same person before it is
    made, it is the same one; somebody else's could be cancelled without them.
    """
    roles.require(by, creative.business, Role.VIEWER)
    creative = versions.locked(creative)
    assert creative.version is not None, "only a creative that is being made has no version"
    own = creative.exports.filter(version=creative.version, kind=kind, job__created_by=by)
    unfinished = own.filter(job__status__in=UNFINISHED, job__cancel_requested_at=None).first()
    return unfinished or _ordered(creative.version, kind, by=by, key=f"export-{uuid4()}")


def again(job: Job, *, by: User) -> Job:
    """As `jobs.retry` has it: the same files of the same version."""
    export = Export.objects.select_related("version__creative").get(job=job)
    return _ordered(export.version, FileKind(export.kind), by=by, key=jobs.retry_key(job), retry_of=job).job


@transaction.atomic
def _ordered(
    version: CreativeVersion, kind: FileKind, *, by: User, key: str, retry_of: Job | None = None
) -> Export:
    files = len(Design.from_json(version.content).formats)
    job, is_new = jobs.enqueue(
        EXPORT,
        version.creative.business,
        by=by,
        key=key,
        cost=files,
        things=files,
        parts=files,
        retry_of=retry_of,
    )
    if is_new:
        return Export.objects.create(job=job, creative=version.creative, version=version, kind=kind)
    return job.export


def make(run: JobRun) -> jobs.Fill:
    """Make the files of a claimed job, and store their archive. Raises as `jobs.job_run` has it."""
    export = Export.objects.select_related("version").get(job=run.job)
    try:
        path, listing = _stored(export, run)
    except NotExported as error:
        raise jobs.JobFailed("not_exported", sentence=str(error)) from error

    def fill(job: Job) -> int:
        # Locked: whoever takes the picture down or hides it waits, and finds this archive, or did so before.
        pictures = Output.objects.select_for_update(of=("self",), no_key=True).defer("preview")
        if why := rendering.withdrawn(pictures.filter(creatives=export.creative_id).first()):
            raise jobs.JobFailed("not_exported", sentence=f"{why}.")
        if not Export.objects.filter(job=job).update(file=path, listing=listing):
            raise jobs.JobFailed("not_exported", sentence="The creative of these files is no more.")
        return len(listing)

    return fill


def forget_old() -> None:
    """Drop the rows of archives that nobody needs any more; the sweep of orphans removes their files."""
    ended = Job.objects.filter(export__isnull=False, finished_at__lt=DatabaseClock() - KEPT_FOR)
    ended.delete()


def archive_name(export: Export) -> str:
    """Of the archive, without its suffix."""
    headline = Design.from_json(export.version.content).look.ad_copy.headline
    return f"{file_names.stem(headline, 'creative')}-{export.kind}"


def _stored(export: Export, run: JobRun) -> tuple[str, list[dict[str, object]]]:
    """Where the archive is, and the listing of its files."""
    creative = Creative.objects.select_related("output__job__model", "campaign__project").get(
        pk=export.creative_id
    )
    design = Design.from_json(export.version.content)
    files: list[ExportedFile] = []
    for format_key in design.formats:
        files.append(_file(creative, design, format_key, FileKind(export.kind), by=run.job.created_by))
        run.beat(len(files))
    archive = storage.store(run.job.business_id, _archive(creative, files), "zip")
    return archive.path, [file.listed() for file in files]


def _file(
    creative: Creative, design: Design, format_key: str, kind: FileKind, *, by: User | None
) -> ExportedFile:
    words = design.look_of(format_key).ad_copy
    _hold_to_the_floor(creative, words, by=by)
    try:
        spec = rendering.whole(creative, design, format_key)
        page = render(spec, "png")
        given = render(spec, "pdf").data if kind == FileKind.PDF else page.data
    except rendering.Incomplete as lost:
        raise NotExported(str(lost)) from lost
    except BrokenPicture as broken:
        raise NotExported(PICTURE_LOST) from broken
    try:
        data = _marked(given, kind, facts_of(creative), FORMATS[format_key].limit_kb)
    except NotMarked as error:
        log.error("creative %s: no marks: %s", creative.pk, error)
        raise NotExported("The file could not be marked as made with AI, so it was not made.") from error
    alt = ". ".join(filter(None, (words.headline, words.offer, words.price, words.date)))
    name = f"{file_names.stem(words.headline, 'creative')}-{format_key}.{kind.value}"
    told = one_line(alt) or FORMATS[format_key].name
    notes = tuple(warning.text for warning in page.warnings)
    return ExportedFile(name, data, format_key, told, contact_sheet.small(page.data), notes)


def _hold_to_the_floor(creative: Creative, words: AdCopy, *, by: User | None) -> None:
    """What a creative says, beside what its picture was asked to show. Raises NotExported.

    Words are saved while they are typed, and half a word is no offence: here the whole goes out.
    """
    asked = PictureRequest.of(creative.output.job).prompt if creative.output else ""
    if refusal := floor.check_words({**asdict(words), "prompt": asked}):
        stage, rule = Incident.Stage.WORDS, refusal.rule.key
        incidents.open_incident(creative.business, by=by, stage=stage, rule=rule)
        raise NotExported(refusal.sentence)


def _marked(data: bytes, kind: FileKind, facts: MarkFacts, limit_kb: int | None) -> bytes:
    """With its marks, and as good as the channel's limit lets it be. Raises NotMarked."""
    if kind not in LOSSY:
        return mark_file(data, kind.media_type, facts, signing.identity())
    marked = b""
    for quality in LOSSY[kind]:
        marked = mark_file(data, kind.media_type, facts, signing.identity(), quality)
        if limit_kb is None or len(marked) <= limit_kb * 1000:
            break
    return marked


def facts_of(creative: Creative) -> MarkFacts:
    """What made the picture; around it stands what no model made."""
    model = creative.output.job.model if creative.output else None
    if model is None:
        return MarkFacts("Handbill", "none", "", composite=True)
    return MarkFacts(model.name, model.pipeline_class, model.hash, composite=True, actions=("c2pa.edited",))


def _archive(creative: Creative, files: list[ExportedFile]) -> bytes:
    stream = io.BytesIO()
    texts = "\n".join(f"{file.name}\t{file.alt}" for file in files) + "\n"
    captioned = [(FORMATS[file.format].name, file.small) for file in files]
    sheet = mark_file(contact_sheet.draw(captioned), "image/jpeg", facts_of(creative), signing.identity())
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, data in (
            *((file.name, file.data) for file in files),
            ("alt-texts.txt", texts.encode()),
            ("contact-sheet.jpg", sheet),
        ):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), data)
    return stream.getvalue()
