"""The demonstration business: Corner Bakery, with one campaign and its first pictures, made as any person's
are.
"""

import os
from pathlib import Path

from django.conf import settings
from django.db import transaction

from accounts import businesses
from accounts.models import Account, User
from generation.models import Job, Status
from webapp import briefs, campaigns, projects
from webapp.models import Campaign, Room, Shape

EMAIL = "demo@handbill.localhost"
BUSINESS, PROJECT, CAMPAIGN = "Corner Bakery", "Autumn menu", "Pumpkin week"
FIRST_PICTURES = "first-pictures"
PROMPT = "cosy autumn coffee promo with a pumpkin, warm colours, room for a headline on the right"
ANSWERS = {
    "subject": "A cup of coffee with a pumpkin",
    "mood": "cosy",
    "colours": "warm autumn colours",
    "room": Room.RIGHT,
    "shape": Shape.SQUARE,
}


@transaction.atomic
def open_bakery() -> Campaign:
    """The campaign "Pumpkin week" of Corner Bakery; the business is made the first time."""
    found = Campaign.objects.filter(project__account__slug="corner-bakery", slug="pumpkin-week").first()
    if found:
        return found
    owner, _ = User.objects.get_or_create(email=EMAIL, defaults={"name": "Demo Owner"})
    owner.set_unusable_password()
    owner.save(update_fields=["password"])
    account = Account.objects.filter(slug="corner-bakery").first() or businesses.open_business(
        BUSINESS, by=owner
    )
    project = projects.create(account, PROJECT, by=owner)
    return campaigns.create(project, CAMPAIGN, by=owner)


def first_pictures(campaign: Campaign) -> Job:
    """The job of the campaign's first four pictures: asked for once, and again when it failed."""
    owner = User.objects.get(email=EMAIL)
    job = Job.objects.filter(account=campaign.account, key=FIRST_PICTURES).first()
    if job is None:
        return briefs.submit(
            campaign, by=owner, key=FIRST_PICTURES, prompt=PROMPT, count=4, answers=ANSWERS, seed=7
        )
    while again := Job.objects.filter(retry_of=job).first():
        job = again
    return briefs.retry(job, by=owner) if job.status == Status.FAILED else job


def pictures(job: Job) -> tuple[int, Path]:
    """How many pictures of `job` are stored, and the folder that holds them all."""
    files = [settings.MEDIA_DIR / output.file for output in job.outputs.exclude(file="")]
    return len(files), Path(
        os.path.commonpath([file.parent for file in files])
    ) if files else settings.MEDIA_DIR
