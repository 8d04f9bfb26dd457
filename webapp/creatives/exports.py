"""Creatives as files to take away, each with the marks that say it was made with AI.

A single file is made while one waits; a set is a row that a worker for the cpu queue takes up, file by file.
A picture that cannot be used ends it with a reason; what nobody foresaw costs it one of its attempts.
The same version gives the same files, but for the time-free signature in each.
"""

import io
import logging
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q
from PIL.Image import Image

from accounts import audit, roles
from accounts.models import Role, User
from generation import signing
from generation.compositor import FORMATS, BrokenPicture, render
from generation.compositor.copytext import one_line
from generation.files import storage
from generation.files.storage import NotStored
from generation.jobs import wake_celery
from generation.jobs.reasons import REASONS
from generation.models.clock import DatabaseClock
from generation.provenance import MarkFacts, NotMarked, mark_file
from generation.trace import trace_of
from webapp.http import file_names
from webapp.models import Creative, Export, ExportStatus, FileKind
from webapp.models.design import Design

from . import contact_sheet, export_lease, rendering, versions
from .export_lease import ExportLeaseLost

AT_ONCE = 3  # files that are made while one waits
KEPT_FOR = timedelta(days=7)
LOSSY = {FileKind.JPEG: (92, 84, 75, 60), FileKind.WEBP: (88, 80, 70, 55)}  # qualities, the best first
UNFINISHED = (ExportStatus.WAITING, ExportStatus.RUNNING)
AWAY = (OperationalError, InterfaceError)  # the database is not there, or has sent us away
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
    file = _file(creative, creative.design, format_key, kind)
    with transaction.atomic():
        audit.record(by, "creative.exported", creative, files=1, kind=kind.value)
    return file


@transaction.atomic
def order(creative: Creative, kind: FileKind, *, by: User) -> Export:
    """The whole set as an archive: made at once where it is small, else when a worker comes to it.

    Asked for again before it is made, it is the same one.
    """
    roles.require(by, creative.business, Role.VIEWER)
    creative = versions.locked(creative)
    unfinished = creative.exports.filter(version=creative.version, kind=kind, status__in=UNFINISHED).first()
    if unfinished:
        return unfinished
    formats = creative.design.formats
    export = Export.objects.create(
        creative=creative, version=creative.version, kind=kind, total=len(formats), created_by=by
    )
    audit.record(by, "creative.exported", creative, files=len(formats), kind=kind.value)
    if len(formats) > AT_ONCE:
        transaction.on_commit(partial(wake_celery.ring, "webapp.tasks.make_exports", wake_celery.CPU))
    else:
        # The order stands by now: whatever goes wrong with its making must not spoil the answer.
        transaction.on_commit(partial(_make_one, Q(pk=export.pk)), robust=True)
    return export


def make_waiting() -> None:
    """Make what waits, and what somebody began and left, each once."""
    tried: list[UUID] = []
    while (export := _make_one(~Q(pk__in=tried))) is not None:
        tried.append(export.pk)


def forget_old() -> None:
    """Drop the rows of archives that nobody needs any more; the sweep of orphans removes their files."""
    Export.objects.filter(created_at__lt=DatabaseClock() - KEPT_FOR).delete()


def archive_name(export: Export) -> str:
    """Of the archive, without its suffix."""
    headline = Design.from_json(export.version.content).look.ad_copy.headline
    return f"{file_names.stem(headline, 'creative')}-{export.kind}"


def _make_one(which: Q) -> Export | None:
    """Make the next export of `which`; None when there is none to be made."""
    export = export_lease.claim(which)
    if export is not None:
        try:
            _made(export)()
        except ExportLeaseLost:
            log.warning("export %s: another's by now, or ended; dropped", export.pk)
    return export


def _made(export: Export) -> Callable[[], None]:
    """Make the files; the answer is how the export is to end. Raises LeaseLost."""
    try:
        path, listing = _stored(export)
        return partial(export_lease.end, export, ExportStatus.READY, file=path, listing=listing)
    except (ExportLeaseLost, *AWAY):  # Without the database the lease runs out, and another maker comes.
        raise
    except NotExported as error:
        return partial(export_lease.end, export, ExportStatus.FAILED, reason=str(error))
    except NotStored as error:
        log.error("export %s: %s", export.pk, error)
        return partial(export_lease.end, export, ExportStatus.FAILED, reason=REASONS[error.reason])
    except Exception as error:  # Whatever it was, this export must end, and the next one be made.
        log.error("export %s: attempt %s: %s", export.pk, export.attempts, trace_of(error))
        return partial(export_lease.fail_attempt, export)


def _stored(export: Export) -> tuple[str, list[dict[str, object]]]:
    """Where the archive is, and the listing of its files."""
    creative = Creative.objects.select_related("output__job__model", "campaign__project").get(
        pk=export.creative_id
    )
    design = Design.from_json(export.version.content)
    files: list[ExportedFile] = []
    for format_key in design.formats:
        files.append(_file(creative, design, format_key, FileKind(export.kind)))
        export_lease.keep(export, done=len(files))
    archive = storage.store(creative.business.pk, _archive(creative, files), "zip")
    return archive.path, [file.listed() for file in files]


def _file(creative: Creative, design: Design, format_key: str, kind: FileKind) -> ExportedFile:
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
    words = design.look_of(format_key).ad_copy
    alt = ". ".join(filter(None, (words.headline, words.offer, words.price, words.date)))
    name = f"{file_names.stem(words.headline, 'creative')}-{format_key}.{kind.value}"
    told = one_line(alt) or FORMATS[format_key].name
    notes = tuple(warning.text for warning in page.warnings)
    return ExportedFile(name, data, format_key, told, contact_sheet.small(page.data), notes)


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
    if creative.output is None:
        return MarkFacts("Handbill", "none", "", composite=True)
    model = creative.output.job.model
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
