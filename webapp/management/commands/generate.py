"""`generate`: pictures without a browser, by the same path and the running worker."""

import time
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error, close_old_connections
from django.db.models import Q, Sum

from accounts import roles
from accounts.models import Business, Role, User
from accounts.usage import OverLimit
from generation import jobs, registry
from generation.files import storage
from generation.jobs import eta, heartbeat
from generation.models import MAY_BE_SHOWN, Incident, Job, ModelVersion, Status
from generation.pictures import floor
from webapp.campaigns import briefs
from webapp.machine.progress import ProgressBar
from webapp.models import Brief, Campaign

LOOK_EVERY = 0.2  # seconds
WORKER_SECONDS = 15  # how long a worker may take to show up


class Command(BaseCommand):
    help = "Make pictures for a campaign; prints where each one is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("prompt", help="what the pictures should show")
        parser.add_argument(
            "--business",
            "--account",  # Its name until 0.2.
            required=True,
            metavar="NAME",
            help="the business's short name, for instance corner-bakery",
        )
        parser.add_argument("--campaign", required=True, help="the campaign's short name, or its id")
        parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="copy the pictures to DIR")
        parser.add_argument("--count", type=int, default=4, help="how many pictures (%(default)s)")
        parser.add_argument("--seed", type=int, help="of the first picture; the others follow it")
        parser.add_argument("--by", metavar="E-MAIL", help="who asks; an owner when not given")
        parser.add_argument("--model", help="a model's name; the machine's default when not given")
        parser.add_argument("--steps", type=int)
        parser.add_argument("--guidance", type=float)
        parser.add_argument("--size", type=_size, metavar="WIDTHxHEIGHT", help="in pixels")
        parser.add_argument("--negative", default="", help="what the pictures should not show")

        parser.add_argument(
            "--with-personal-data",
            action="store_true",
            help="ask although the prompt holds an address or a number of somebody",
        )

    def handle(self, *args: object, out: Path, **options: Any) -> None:
        business = _business(options["business"])
        by = _asker(business, options["by"])
        _make_folder(out)
        _await_worker()
        job = _submit(_campaign(business, options["campaign"]), by, options)
        try:
            self._watch(job)
            if job.status != Status.DONE:
                raise CommandError(job.reason or "Somebody cancelled the pictures.")
            for path in _copy(job, out):
                self.stdout.write(str(path))
            for incident in Incident.objects.filter(output__job=job):
                self.stderr.write(floor.sentence_of(incident.rule))
        except KeyboardInterrupt:
            jobs.cancel(job, by=by)
            raise CommandError("Stopped: the pictures are cancelled.") from None

    def _watch(self, job: Job) -> None:
        progress = ProgressBar("Making pictures", self.stderr)
        hindrance, seen_at = "", time.monotonic()
        while not job.is_finished:
            time.sleep(LOOK_EVERY)
            try:
                job.refresh_from_db()
                progress.show(*_how_far(job))
                hindrance = _hindrance(job)
                seen_at = seen_at if hindrance else time.monotonic()
            except Error:  # The database may be starting again: the next look tells.
                hindrance = hindrance or "The database does not answer."
                close_old_connections()
            if time.monotonic() - seen_at > 4 * WORKER_SECONDS:
                raise CommandError(hindrance)
        progress.end()


def _size(text: str) -> tuple[int, int]:
    width, x, height = text.partition("x")
    if not (x and width.isdecimal() and height.isdecimal()):
        raise ArgumentTypeError("a size is written as 1024x768")
    return int(width), int(height)


def _business(slug: str) -> Business:
    business = Business.objects.filter(slug=slug).first()
    if business is None:
        raise CommandError(f"There is no business {slug}.")
    return business


def _asker(business: Business, email: str | None) -> User:
    """Who asks: the member with this address, or the first owner."""
    wanted = Q(user__email__iexact=email) if email else Q(role=Role.OWNER, user__is_active=True)
    found = business.memberships.select_related("user").filter(wanted).order_by("created_at", "pk").first()
    if found is None:
        nobody = f"{business.slug} has no active owner; name who asks by --by."
        raise CommandError(_not_allowed(business) if email else nobody)
    if not roles.holds(found.user, business, Role.EDITOR):  # Before anybody waits for a worker.
        raise CommandError(_not_allowed(business))
    return found.user


def _not_allowed(business: Business) -> str:
    return f"Nobody with this address may make pictures for {business.slug}."


def _campaign(business: Business, name: str) -> Campaign:
    try:
        wanted = Q(pk=UUID(name))
    except ValueError:
        wanted = Q(slug=name)
    found = list(Campaign.objects.filter(wanted, project__business=business)[:10])
    if not found:
        raise CommandError(f"{business.slug} has no campaign {name}.")
    if len(found) > 1:
        ids = ", ".join(str(campaign.pk) for campaign in found)
        raise CommandError(f"{business.slug} has several campaigns {name}; name one by its id: {ids}.")
    return found[0]


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(f"The folder {folder} cannot be made: {error.strerror}.") from error


def _await_worker() -> None:
    deadline = time.monotonic() + WORKER_SECONDS
    while not heartbeat.workers_alive():
        if time.monotonic() > deadline:
            raise CommandError("No worker is running; start one with bin/up.")
        time.sleep(LOOK_EVERY)


def _submit(campaign: Campaign, by: User, options: dict[str, Any]) -> Job:
    model = _model(options["model"])
    request = model.request(
        options["prompt"],
        negative_prompt=options["negative"],
        **{name: options[name] for name in ("size", "steps", "guidance")},
    )
    try:
        return briefs.submit(
            Brief(campaign=campaign),
            request,
            by=by,
            key=uuid4().hex,
            model=model,
            count=options["count"],
            seed=options["seed"],
            with_personal_data=options["with_personal_data"],
        )
    except PermissionDenied as refused:
        raise CommandError(_not_allowed(campaign.business)) from refused
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
    except OverLimit as over:
        raise CommandError(
            f"{campaign.business.slug} may make {over.allowance.left} more pictures today, not {over.wanted}."
        ) from over


def _model(name: str | None) -> ModelVersion:
    found = registry.default_model() if name is None else registry.installed().filter(name=name).first()
    if found is None:
        names = ", ".join(sorted(registry.installed().values_list("name", flat=True))) or "none"
        raise CommandError(f"There is no model {name or 'to draw with'}; installed: {names}.")
    return found


def _how_far(job: Job) -> tuple[float, str]:
    """The share of the job's steps that are done, and what there is to say about the rest."""
    sums = job.outputs.filter(cancelled_at=None).aggregate(step=Sum("step"), steps=Sum("steps"))
    place, left = eta.place_in_queue(job), eta.seconds_left(job)
    words = f"place {place} in the queue" if place else ""
    if left is not None:
        words = f"{words} about {left:.0f} s left".strip()
    return sums["step"] / sums["steps"], words


def _hindrance(job: Job) -> str:
    """Why nothing goes on, empty while it does."""
    if not heartbeat.workers_alive():
        return "The worker has gone; the pictures are made when it is back."
    return eta.outlooks([job])[job.pk].hindrance


def _copy(job: Job, folder: Path) -> list[Path]:
    paths = []
    for output in job.outputs.filter(MAY_BE_SHOWN).order_by("index"):
        path = folder / f"{job.brief.campaign.slug}-{str(job.pk)[:8]}-{output.index + 1}.png"
        try:
            data = storage.read(output.file)
        except FileNotFoundError as lost:
            raise CommandError("A picture’s file is missing or damaged on the disk.") from lost
        try:
            path.write_bytes(data)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
        paths.append(path)
    return paths
