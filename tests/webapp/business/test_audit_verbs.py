"""Every verb of the audit log is written by the call that does what it says."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.core import mail
from django.core.management import call_command

from accounts import (
    audit,
    businesses,
    invitations,
    members,
    operators,
    sign_in_links,
    usage,
    usage_report,
)
from accounts.models import AuditEvent, Membership, Role
from generation import jobs, pictures, registry
from generation.models import Job, Queue
from generation.pictures import incidents
from tests import cast
from tests.checkpoints.trees import honest
from tests.webapp import brand_samples, stage
from webapp.brand import kits
from webapp.business import guest_links
from webapp.campaigns import briefs, campaigns, projects
from webapp.creatives import exports, versions
from webapp.models import Brief, Export, FileKind, GuestLink, Report
from webapp.reports import decisions, reports

DEEDS: dict[str, Callable] = {}


def deed(verb: str):
    def register(do):
        DEEDS[verb] = do
        return do

    return register


def membership_of(user) -> Membership:
    return Membership.objects.get(user=user)


def link_in_the_letter() -> str:
    return re.search(r"http://testserver(\S+)", str(mail.outbox[0].body))[1]


def invite(people):
    return invitations.create(people.bakery, role=Role.EDITOR, days=1, by=people.alice)[0]


@deed("business.created")
def _(people):
    businesses.open_business("Bob's Bread", by=people.bob)


@deed("output.cancelled")
def _(people):
    output = stage.waiting_job(people.campaign, people.bob, count=2).outputs.first()
    pictures.cancel(output, by=people.bob)


@deed("job.personal_data_kept")
def _(people):
    request = stage.model().request("a cake, bob@bread.example")
    brief = Brief(campaign=people.campaign)
    briefs.submit(
        brief, request, by=people.bob, key="k", model=stage.model(), count=1, with_personal_data=True
    )


@deed("incident.opened")
def _(people):
    stage.refused(people.bakery, people.bob)


@deed("incident.contested")
def _(people):
    incidents.contest(stage.refused(people.bakery, people.bob), "It is a plucked goose.", by=people.bob)


@deed("incident.read")
def _(people):
    incidents.read(stage.refused(people.bakery, people.bob), by=people.alice)


@deed("business.renamed")
def _(people):
    businesses.change(people.bakery, {"name": "Corner Cakes"}, by=people.alice)


@deed("business.locale_changed")
def _(people):
    businesses.change(people.bakery, {"locale": "de-AT"}, by=people.alice)


@deed("business.currency_changed")
def _(people):
    businesses.change(people.bakery, {"currency": "CHF"}, by=people.alice)


@deed("business.daily_pictures_changed")
def _(people):
    usage.limit(people.bakery, 5, by=people.alice)


@deed("member.joined")
def _(people):
    invitations.accept(invite(people), by=people.mallory)


@deed("member.role_changed")
def _(people):
    members.change_role(membership_of(people.bob), Role.OWNER, by=people.alice)


@deed("member.removed")
def _(people):
    members.remove(membership_of(people.bob), by=people.alice)


@deed("member.left")
def _(people):
    members.remove(membership_of(people.bob), by=people.bob)


@deed("invitation.created")
def _(people):
    invite(people)


@deed("invitation.revoked")
def _(people):
    invitations.revoke(invite(people), by=people.alice)


@deed("user.signed_in")
def _(people, client):
    client.post("/account/login/", {"login": "bob@example.com", "password": cast.PASSWORD})


@deed("user.password_changed")
def _(people, client):
    client.force_login(people.bob)
    new = {"password1": "a new long password", "password2": "a new long password"}
    client.post("/account/password/change/", {"oldpassword": cast.PASSWORD, **new})


@deed("user.signed_out")
def _(people, client):
    client.force_login(people.bob)
    client.post("/account/logout/")


@deed("user.sign_in_failed")
def _(people, client):
    for email in ("bob@example.com", "nobody@example.com"):
        client.post("/account/login/", {"login": email, "password": "a wrong password"})


@deed("user.password_reset_asked")
def _(people, client):
    client.post("/account/password/reset/", {"email": "bob@example.com"})


@deed("user.password_reset")
def _(people, client):
    client.post("/account/password/reset/", {"email": "bob@example.com"})
    form = client.get(link_in_the_letter(), follow=True).request["PATH_INFO"]
    client.post(form, {"password1": "a new long password", "password2": "a new long password"})


@deed("user.email_confirmed")
def _(people, client):
    address = EmailAddress.objects.create(user=people.bob, email="bob@example.com", primary=True)
    client.post(f"/account/confirm-email/{EmailConfirmationHMAC(address).key}/")


def change_address(people, client):
    EmailAddress.objects.create(user=people.bob, email="bob@example.com", primary=True, verified=True)
    client.force_login(people.bob)
    cast.show_who_they_are(client).post("/account/email/", {"action_add": "", "email": "rob@example.com"})


@deed("user.email_change_asked")
def _(people, client):
    change_address(people, client)


@deed("user.email_change_withdrawn")
def _(people, client):
    change_address(people, client)
    client.post("/account/email/", {"action_remove": "", "email": "rob@example.com"})


@deed("user.email_changed")
def _(people, client):
    change_address(people, client)
    client.post(link_in_the_letter())


@deed("sign_in_link.created")
def _(people):
    call_command("sign_in_link", "bob@example.com")


@deed("user.signed_in_by_link")
def _(people):
    sign_in_links.redeem(sign_in_links.create(people.bob))


@deed("access.refused")
def _(people, client):
    client.force_login(people.carol)
    client.get("/usage/")


@deed("access.refused_outside")
def _(people, client):
    client.force_login(people.mallory)
    client.get(f"/campaigns/{people.campaign.pk}/")


@deed("project.created")
def _(people):
    projects.create(people.bakery, "Winter", by=people.bob)


@deed("project.renamed")
def _(people):
    projects.rename(people.project, "Winter", by=people.bob)


@deed("project.archived")
def _(people):
    projects.archive(people.project, by=people.bob)


@deed("project.restored")
def _(people):
    projects.archive(people.project, by=people.bob)
    projects.restore(people.project, by=people.bob)


@deed("campaign.created")
def _(people):
    campaigns.create(people.project, "Snow week", by=people.bob)


@deed("campaign.renamed")
def _(people):
    campaigns.rename(people.campaign, "Snow week", by=people.bob)


@deed("campaign.archived")
def _(people):
    campaigns.archive(people.campaign, by=people.bob)


@deed("campaign.restored")
def _(people):
    campaigns.archive(people.campaign, by=people.bob)
    campaigns.restore(people.campaign, by=people.bob)


@deed("job.submitted")
def _(people):
    stage.waiting_job(people.campaign, people.bob)


@deed("job.finished")
def _(people):
    stage.finished_job(people.campaign, people.bob)


@deed("job.failed")
def _(people):
    jobs.fail(stage.running_job(people.campaign, people.bob), "internal")


@deed("job.cancelled")
def _(people):
    jobs.cancel(stage.waiting_job(people.campaign, people.bob), by=people.bob)


@deed("job.retried")
def _(people):
    failed = jobs.fail(stage.running_job(people.campaign, people.bob), "internal")
    briefs.retry(failed, by=people.bob)


@deed("output.kept")
def _(people):
    stage.picture(people.campaign, people.bob).keep(by=people.bob)


@deed("output.discarded")
def _(people):
    stage.picture(people.campaign, people.bob).discard(by=people.bob)


@deed("output.released")
def _(people):
    picture = stage.picture(people.campaign, people.bob)
    picture.keep(by=people.bob)
    picture.release(by=people.bob)


@deed("output.downloaded")
def _(people, client):
    client.force_login(people.bob)
    client.get(f"/outputs/{stage.picture(people.campaign, people.bob).pk}/download/")


def reported(people) -> Report:
    reports.report(stage.picture(people.campaign, people.bob), reason="child_sexual", by=people.carol)
    return Report.objects.get()


@deed("output.reported")
def _(people):
    reports.report_as_guest(stage.picture(people.campaign, people.bob), reason="child_sexual")


@deed("report.inspected")
def _(people, client):
    client.force_login(people.alice)
    client.get(f"/reports/{reported(people).pk}/picture/")


@deed("report.kept")
def _(people):
    report = reported(people)
    decisions.keep(report, by=people.alice)
    decisions.keep(report, by=people.alice)


@deed("output.taken_down")
def _(people):
    report = reported(people)
    decisions.take_down(report, by=people.alice)
    decisions.take_down(report, by=people.alice)


@deed("creative.created")
def _(people, media):
    versions.create(people.campaign, [stage.picture(people.campaign, people.bob)], by=people.bob)


def changed_creative(people):
    (creative,) = versions.create(
        people.campaign, [stage.picture(people.campaign, people.bob)], by=people.bob
    )
    return versions.choose_formats(
        creative, ["instagram-story"], began_from=creative.design.formats, by=people.bob
    )


@deed("creative.changed")
def _(people, media):
    stage.design(changed_creative(people), by=people.bob)  # the same again is no change


@deed("creative.undone")
def _(people, media):
    versions.undo(versions.undo(changed_creative(people), by=people.bob), by=people.bob)


@deed("creative.redone")
def _(people, media):
    creative = versions.undo(changed_creative(people), by=people.bob)
    versions.redo(versions.redo(creative, by=people.bob), by=people.bob)


def ordered_set(people) -> Export:
    (creative,) = versions.create(
        people.campaign, [stage.picture(people.campaign, people.bob)], by=people.bob
    )
    creative = stage.design(creative, "display-mobile", by=people.bob)
    return exports.order(creative, FileKind.PNG, by=people.bob)


def failed_set(people) -> Job:
    ordered_set(people)
    return jobs.fail(jobs.claim("a worker of the tests", Queue.CPU), "internal")


@deed("creative.exported")
def _(people, media):
    creative = ordered_set(people).creative
    exports.single_file(creative, "display-mobile", FileKind.PNG, by=people.bob)


@deed("export.submitted")
def _(people, media):
    ordered_set(people)


@deed("export.finished")
def _(people, media):
    ordered_set(people)
    stage.make_files()


@deed("export.failed")
def _(people, media):
    failed_set(people)


@deed("export.cancelled")
def _(people, media):
    jobs.cancel(ordered_set(people).job, by=people.bob)


@deed("export.retried")
def _(people, media):
    jobs.retry(failed_set(people), by=people.bob)


@deed("export.downloaded")
def _(people, client, media):
    export = ordered_set(people)
    stage.make_files()
    client.force_login(people.carol)
    client.get(f"/exports/{export.pk}/file/")


@deed("creative.archived")
def _(people, media):
    (creative,) = versions.create(
        people.campaign, [stage.picture(people.campaign, people.bob)], by=people.bob
    )
    versions.archive(creative, by=people.bob)


@deed("creative.restored")
def _(people, media):
    (creative,) = versions.create(
        people.campaign, [stage.picture(people.campaign, people.bob)], by=people.bob
    )
    versions.archive(creative, by=people.bob)
    versions.restore(creative, by=people.bob)


@deed("brand_kit.created")
def _(people, media):
    brand_samples.kit(people.bakery, people.bob)


@deed("brand_kit.changed")
def _(people, media):
    brand_samples.kit(people.bakery, people.bob, voice=["warm"])


@deed("brand_kit.made_default")
def _(people, media):
    brand_samples.kit(people.bakery, people.bob)
    kits.make_default(brand_samples.kit(people.bakery, people.bob), by=people.bob)


@deed("brand_kit.archived")
def _(people, media):
    kits.archive(brand_samples.kit(people.bakery, people.bob), by=people.bob)


@deed("brand_kit.restored")
def _(people, media):
    kit = brand_samples.kit(people.bakery, people.bob)
    kits.archive(kit, by=people.bob)
    kits.restore(kit, by=people.bob)


@deed("campaign.brand_kit_chosen")
def _(people, media):
    kits.choose(people.campaign, brand_samples.kit(people.bakery, people.bob), by=people.bob)


@deed("guest_link.created")
def _(people):
    guest_links.create(people.campaign, days=1, by=people.bob)


@deed("guest_link.revoked")
def _(people):
    guest_links.revoke(guest_links.create(people.campaign, days=1, by=people.bob)[0], by=people.bob)


@deed("guest_link.opened")
def _(people, client):
    _, token = guest_links.create(people.campaign, days=1, by=people.bob)
    client.get(f"/g/{token}/")
    assert GuestLink.objects.get().opened_count == 1


@deed("model.installed")
def _(people, client, folder):
    registry.install(str(honest(folder / "model")), by=people.alice)


@deed("operator.appointed")
def _(people):
    operators.appoint(people.alice)


@deed("operator.dismissed")
def _(people):
    operators.appoint(people.alice)
    operators.dismiss(people.alice)


@deed("usage.exported")
def _(people):
    usage_report.export(people.bakery, date(2026, 11, 1), date(2026, 11, 2), by=people.alice)


def test_no_verb_is_without_a_deed_and_no_deed_without_a_verb():
    assert DEEDS.keys() == audit.VERBS.keys()


@pytest.mark.parametrize("verb", DEEDS)
def test_the_deed_is_recorded_once_with_its_business(verb, people, client, media, settings, tmp_path):
    settings.DATA_DIR, settings.MODELS_DIR = tmp_path, tmp_path / "models"
    do = DEEDS[verb]
    do(*(people, client, tmp_path)[: do.__code__.co_argcount])
    events = AuditEvent.objects.filter(verb=verb)
    assert len(events) == 1
    assert (events[0].business_id is None) == (verb in audit.OF_THE_MACHINE)
    assert stage.PROMPT not in str(events[0].detail)
    assert "@" not in str(events[0].detail)
