"""The demonstration business: Corner Bakery, and its first pictures, made as any person's are."""

import os
from pathlib import Path

from django.conf import settings
from django.db import transaction

from accounts import businesses
from accounts.models import User
from generation.models import Job, Status
from webapp import briefs, campaigns, projects, prompt
from webapp.models import Campaign, Room, Shape

EMAIL = "demo@handbill.localhost"
BUSINESS, PROJECT, CAMPAIGN = "Corner Bakery", "Autumn menu", "Pumpkin week"
FIRST_PICTURES = "first-pictures"
SUBJECT = "A cup of coffee for an autumn promotion"
LOOK = {"mood": "cosy", "colours": "warm", "room": Room.RIGHT, "shape": Shape.SQUARE}


@transaction.atomic
def open_bakery() -> Campaign:
    """The campaign "Pumpkin week" of Corner Bakery; the business is made the first time."""
    owner = User.objects.filter(email=EMAIL).first() or User.objects.create_user(EMAIL, name="Demo Owner")
    # Found by its maker: somebody else may have a business of this name.
    found = Campaign.objects.filter(created_by=owner, name=CAMPAIGN).order_by("created_at").first()
    if found:
        return found
    account = businesses.open_business(BUSINESS, by=owner)
    return campaigns.create(projects.create(account, PROJECT, by=owner), CAMPAIGN, by=owner)


def first_pictures(campaign: Campaign) -> Job:
    """The job of the campaign's first four pictures: asked for once, and again when it failed."""
    owner = User.objects.get(email=EMAIL)
    job = Job.objects.filter(account=campaign.account, key=FIRST_PICTURES).first()
    if job is None:
        words = prompt.compose(SUBJECT, mood=LOOK["mood"], colours=LOOK["colours"], room=LOOK["room"])
        answers = {"subject": SUBJECT, **LOOK}
        return briefs.submit(
            campaign, by=owner, key=FIRST_PICTURES, prompt=words, count=4, answers=answers, seed=7
        )
    while again := Job.objects.filter(retry_of=job).first():
        job = again
    return briefs.retry(job, by=owner) if job.status == Status.FAILED else job


def pictures(job: Job) -> tuple[int, Path]:
    """How many pictures of `job` are stored, and the folder that holds them all."""
    files = [settings.MEDIA_DIR / output.file for output in job.outputs.exclude(file="")]
    folder = os.path.commonpath([file.parent for file in files]) if files else settings.MEDIA_DIR
    return len(files), Path(folder)
