"""Makes the data folder that the dump is of, with the code of that commit; README.md says how to run it.

HANDBILL_DATA=FOLDER python manage.py shell < make.py
"""

import json
import re
import subprocess
import time
from datetime import UTC, datetime

from django.conf import settings
from django.db import transaction
from django.test import Client

from accounts import invitations
from accounts.models import Invitation, Role, User
from generation import jobs
from generation.models import Status
from webapp import assets, brand_kits, briefs, campaigns, exports, guest_links, projects
from webapp.machine import demo, house, programs
from webapp.machine.postgres import EmbeddedPostgres
from webapp.models import FileKind, GuestLink

NOT_DUMPED = ("django_session", "shared_cache", "generation_workerbeat")
FOR_PSQL = re.compile(r"^(?:\\.*|--.*|SET .*|)\n", re.MULTILINE)
FORMATS = ("display-rectangle", "display-mobile")
ANSWERS = {"mood": "calm", "colours": "pastel", "room": "left", "shape": "square"}


def wait_for(job, services):
    while not job.is_finished:
        services.tend()
        time.sleep(0.2)
        job.refresh_from_db()
    assert job.status == Status.DONE, job.reason


def ask(campaign, by, subject, count, **more):
    words = {"prompt": f"{subject}, calm mood, pastel colours, room for text on the left"}
    answers = {"subject": subject, **ANSWERS}
    key = subject + str(more)
    return briefs.submit(
        campaign, by=by, key=key, count=count, size=(512, 512), answers=answers, **words, **more
    )


def editor_of(account, owner):
    """Bob, who came by an invitation; another one is still open."""
    bob = User.objects.create_user("bob@example.com", "correct horse battery staple", name="Bob Müller")
    invitation, _ = invitations.create(account, role=Role.EDITOR, days=7, note="For Bob", by=owner)
    invitations.accept(invitation, by=bob)
    _, token = invitations.create(account, role=Role.VIEWER, days=30, note="For the printer", by=owner)
    return bob, f"/invitations/{token}/"


def typed(asset, by, began=None, **fields):
    values = asset.design.values(FORMATS[0])
    edit = assets.edit(
        asset, FORMATS[0], fields, began_from={**values, **(began or {})}, by=by, goes_on=False
    )
    return edit.asset


def creative_of(picture, campaign, owner, bob):
    """Two people write one headline at once; the owner tunes a format, goes a step back and forward again."""
    (asset,) = assets.create(campaign, [picture], by=owner)
    asset = assets.choose_formats(asset, FORMATS, began_from=asset.design.formats, by=owner)
    asset = typed(asset, owner, headline="Crème brûlée", price="€4.50", button="Come in")
    asset = typed(asset, bob, headline="Crème brûlée all week", date="1–7 March")
    asset = typed(asset, owner, began={"headline": "Crème brûlée"}, headline="Crème brûlée at noon")
    asset = typed(asset, owner, layout="band", zoom=1.2, only_here=True)
    for turn in (assets.undo, assets.redo, assets.undo):
        asset = turn(asset, by=owner)
    return asset


def by_its_pages(owner, picture, export, guest):
    """What only a view does: files are downloaded, a guest looks, somebody is turned away."""
    page = Client(headers={"host": "localhost"})
    assert page.get(guest).status_code == 200
    page.force_login(owner)
    for address in (f"/outputs/{picture.pk}/download/", f"/exports/{export.pk}/file/", "/usage.csv"):
        assert page.get(address).status_code == 200, address


def fill(services):
    with transaction.atomic():
        pumpkins = demo.open_bakery()
        owner = User.objects.get(email=demo.EMAIL)
        wish = {"negative_prompt": "people, hands", "guidance": 3.5, "steps": 12, "seed": 7}
        first = ask(pumpkins, owner, "A cup of coffee", 2, **wish)
    account = pumpkins.account
    bob, invitation = editor_of(account, owner)
    services.start_workers()
    wait_for(first, services)
    kept, discarded = first.outputs.order_by("index")
    kept.keep(by=bob)
    discarded.discard(by=owner)
    asset = creative_of(kept, pumpkins, owner, bob)
    export = exports.order(asset, FileKind.JPEG, by=owner)
    export.refresh_from_db()
    assert export.status == "ready", export.reason
    (away,) = assets.create(pumpkins, [kept], by=bob)
    assets.archive(away, by=bob)
    _, token = guest_links.create(pumpkins, days=30, note="For the printer", by=owner)
    old, _ = guest_links.create(pumpkins, days=1, by=owner)
    guest_links.revoke(old, by=owner)
    by_its_pages(owner, kept, export, f"/g/{token}/")
    return pumpkins, owner, bob, {"guest": f"/g/{token}/", "invitation": invitation}


def leave_work(campaign, owner, bob):
    """Without a worker: one job is cancelled, one fails, and one waits for whoever opens the folder next."""
    spring = campaigns.create(projects.create(campaign.account, "Frühling & Café", by=bob), "Tulips", by=bob)
    kit = brand_kits.create(campaign.account, "Summer kiosk", by=owner)
    brand_kits.change(kit, {"primary": "#005f73", "banned_words": ["luxury"]}, by=owner)
    brand_kits.choose(spring, kit, by=owner)
    jobs.cancel(ask(spring, owner, "A slice of cake", 1), by=owner)
    ask(spring, owner, "A bowl of soup", 1)
    jobs.fail(jobs.claim("nobody"), "out_of_memory")
    ask(spring, bob, "A loaf of bread", 1, seed=11, steps=8, negative_prompt="plates")


def dump():
    """The database as SQL for any PostgreSQL, without sessions and the workers' machine. Links stay open."""
    for links in (GuestLink.objects, Invitation.objects):
        links.filter(revoked_at=None).update(expires_at=datetime(2126, 1, 1, tzinfo=UTC))
    url = EmbeddedPostgres(settings.DATA_DIR).url
    how = ("--inserts", "--rows-per-insert=100", "--no-owner", "--no-privileges", "--no-comments")
    without = [f"--exclude-table-data={table}" for table in NOT_DUMPED]
    command = [programs.find(None) / "pg_dump", *how, *without, url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    plain_sql = FOR_PSQL.sub("", said).replace(str(settings.BASE_DIR), "/handbill")
    (settings.DATA_DIR / "database.sql").write_text(plain_sql)


with house.services() as services:
    house.make_tables()
    house.make_marks()
    house.install_starter()
    campaign, owner, bob, links = fill(services)
    services.supervisor.stop()
    leave_work(campaign, owner, bob)
    (settings.DATA_DIR / "links.json").write_text(json.dumps(links, indent=2) + "\n")
    dump()
