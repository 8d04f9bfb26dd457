"""The demonstration business: Corner Bakery, and its first pictures, made as any person's are."""

import os
from pathlib import Path

from django.conf import settings
from django.db import transaction

from accounts import businesses, operators, roles
from accounts.models import Business, Role, User
from generation import registry
from generation.models import Job, Status
from generation.pictures import wanted_again
from webapp.brand import kits, logo
from webapp.campaigns import briefs, campaigns, projects, prompt
from webapp.models import Brief, Campaign, Room, Shape

EMAIL = "demo@handbill.localhost"
BUSINESS, PROJECT, CAMPAIGN = "Corner Bakery", "Autumn menu", "Pumpkin week"
FIRST_PICTURES = "first-pictures"
SUBJECT = "A cup of coffee for an autumn promotion"
LOGO = Path(__file__).with_name("corner_bakery.svg")
BRAND = {
    "heading_family": "Fraunces",
    "text_family": "DM Sans",
    "voice": ["warm", "honest", "crusty"],
    "banned_words": ["cheap", "mass-produced"],
    "contact_line": "12 Mill Lane · cornerbakery.example",
}
LOOK = {"mood": "cosy", "colours": "warm", "room": Room.RIGHT, "shape": Shape.SQUARE}


@transaction.atomic
def open_bakery() -> Campaign:
    """The campaign "Pumpkin week" of Corner Bakery; the business is made the first time."""
    owner = User.objects.filter(email=EMAIL).first() or User.objects.create_user(EMAIL, name="Demo Owner")
    # Found by its maker: somebody else may have a business of this name.
    found = Campaign.objects.filter(created_by=owner, name=CAMPAIGN).order_by("created_at").first()
    if not found:
        business = businesses.open_business(BUSINESS, by=owner)
        found = campaigns.create(projects.create(business, PROJECT, by=owner), CAMPAIGN, by=owner)
    _give_brand(found.business, owner)
    operators.appoint_first(owner)
    return found


def _give_brand(business: Business, owner: User) -> None:
    """The bakery's kit, unless there is or was one."""
    if not business.brand_kits.exists():
        kit = kits.create(business, BUSINESS, logo=logo.read(LOGO.read_bytes()), by=owner)
        kits.change(kit, BRAND, by=owner)


def first_pictures(campaign: Campaign) -> Job:
    """The job of the campaign's first four pictures: asked for once, and again when it failed, by
    whoever opened the bakery, as long as they may.
    """
    owner = User.objects.get(email=EMAIL)
    job = Job.objects.filter(brief__campaign=campaign).order_by("created_at").first()
    if job is None:
        words = prompt.compose(SUBJECT, mood=LOOK["mood"], colours=LOOK["colours"], room=LOOK["room"])
        brief = Brief(campaign=campaign, subject=SUBJECT, **LOOK)
        model = registry.default_model()
        assert model is not None, "the starter is installed before"
        return briefs.submit(
            brief, model.request(words), by=owner, key=FIRST_PICTURES, model=model, count=4, seed=20
        )
    while again := Job.objects.filter(retry_of=job).first():
        job = again
    has_failed = job.status == Status.FAILED and wanted_again(job).exists()
    return briefs.retry(job, by=owner) if has_failed and may_try_again(job) else job


def may_try_again(job: Job) -> bool:
    """Whether who opened the bakery still has a role there: it may have become somebody else's."""
    return roles.holds(User.objects.get(email=EMAIL), job.business, Role.EDITOR)


def pictures(job: Job) -> tuple[int, Path]:
    """How many pictures of `job` are stored, and the folder that holds them all."""
    files = [settings.MEDIA_DIR / output.file for output in job.outputs.exclude(file="")]
    folder = os.path.commonpath([file.parent for file in files]) if files else settings.MEDIA_DIR
    return len(files), Path(folder)
