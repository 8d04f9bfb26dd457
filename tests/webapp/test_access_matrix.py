"""Who gets what: every address of the site, asked by everybody, answers exactly as this table says.

An address that is not in the table fails the tests, so nothing is let in by forgetting.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from accounts import invitations, sign_in_links
from accounts.models import Membership, Role
from generation import jobs
from tests import cast
from webapp.business import guest_links
from webapp.creatives import exports, versions
from webapp.models import FileKind, Report
from webapp.reports import reports

from . import brand_samples, stage

ROLES = ("nobody", "mallory", "carol", "bob", "alice")  # signed out, stranger, viewer, editor, owner

# name: (GET, POST), each the answers to ROLES in their order
OWN = "302 200 200 200 200", "302 405 405 405 405"  # a page of one's own business, whichever it is
TABLE = {
    "home": ("200 200 200 200 200", "405 405 405 405 405"),
    "verify": ("200 200 200 200 200", "422 422 422 422 422"),  # no file was given
    "health": ("200 200 200 200 200", "405 405 405 405 405"),
    "projects": ("302 302 302 302 302", "302 302 403 302 302"),
    "project": ("302 404 200 200 200", "302 405 405 405 405"),
    "project_name": ("302 302 302 302 302", "302 404 403 302 302"),
    "project_archival": ("302 302 302 302 302", "302 404 403 302 302"),
    "campaigns": ("302 302 302 302 302", "302 404 403 302 302"),
    "campaign": ("302 404 200 200 200", "302 405 405 405 405"),
    "campaign_name": ("302 302 302 302 302", "302 404 403 302 302"),
    "campaign_archival": ("302 302 302 302 302", "302 404 403 302 302"),
    "campaign_prompt": ("302 302 302 302 302", "302 404 403 200 200"),
    "campaign_jobs": ("302 302 302 302 302", "302 404 403 302 302"),
    "campaign_gallery": ("302 404 302 302 302", "302 405 405 405 405"),  # a fragment; 302 to the page
    "job_cancellation": ("302 302 302 302 302", "302 404 403 302 302"),
    "job_retry": ("302 302 302 302 302", "302 404 403 302 302"),
    "job_refusal": ("302 404 404 404 404", "302 405 405 405 405"),  # this one failed for another reason
    "refusal": ("302 404 404 200 404", "302 404 404 302 404"),  # of him who asked alone
    "output": ("302 404 200 200 200", "302 405 405 405 405"),
    "output_file": ("302 404 200 200 200", "302 405 405 405 405"),
    "output_thumbnail": ("302 404 200 200 200", "302 405 405 405 405"),
    "output_preview": ("302 404 302 302 302", "302 405 405 405 405"),  # of a finished picture: itself
    "output_download": ("302 404 200 200 200", "302 405 405 405 405"),
    "output_cancellation": ("302 302 302 302 302", "302 404 403 302 302"),
    "output_keep": ("302 302 302 302 302", "302 404 403 302 302"),
    "output_discard": ("302 302 302 302 302", "302 404 403 302 302"),
    "output_release": ("302 302 302 302 302", "302 404 403 302 302"),
    "output_report": ("302 404 200 200 200", "302 404 302 302 302"),
    "guest_output_report": ("200 200 200 200 200", "302 302 302 302 302"),
    "reports": ("302 200 403 403 200", "302 405 405 405 405"),
    "report_picture": ("302 404 403 403 200", "302 405 405 405 405"),
    "report_decision": ("302 302 302 302 302", "302 404 403 403 302"),
    "report_receipt": ("200 200 200 200 200", "405 405 405 405 405"),
    "terms": ("200 200 200 200 200", "405 405 405 405 405"),
    "campaign_guest_links": ("302 404 403 200 200", "302 404 403 201 201"),
    "guest_link_revocation": ("302 302 302 302 302", "302 404 403 302 302"),
    "guest_campaign": ("200 200 200 200 200", "405 405 405 405 405"),
    "campaign_creatives": ("302 404 200 200 200", "302 404 403 302 302"),
    "creative": ("302 404 200 200 200", "302 405 405 405 405"),
    "creative_versions": ("302 302 302 302 302", "302 404 403 302 302"),
    "creative_preview": ("302 302 302 302 302", "302 404 403 200 200"),
    "creative_undo": ("302 302 302 302 302", "302 404 403 302 302"),
    "creative_redo": ("302 302 302 302 302", "302 404 403 302 302"),
    "creative_formats": ("302 302 302 302 302", "302 404 403 302 302"),
    "creative_archival": ("302 302 302 302 302", "302 404 403 302 302"),
    "creative_file": ("302 302 302 302 302", "302 404 200 200 200"),
    "creative_exports": ("302 302 302 302 302", "302 404 302 302 302"),
    "export": ("302 404 200 200 200", "302 405 405 405 405"),
    "export_file": ("302 404 200 200 200", "302 405 405 405 405"),
    "export_cancellation": ("302 302 302 302 302", "302 404 403 302 302"),
    "export_retry": ("302 302 302 302 302", "302 404 302 302 302"),
    "creative_picture": ("302 404 200 200 200", "302 405 405 405 405"),
    "campaign_brand_kit": ("302 302 302 302 302", "302 404 403 302 302"),
    "brand_kits": ("302 200 200 200 200", "302 302 403 302 302"),
    "brand_pairing": ("302 200 200 200 200", "302 405 405 405 405"),
    "brand_kit": ("302 404 200 200 200", "302 404 403 302 302"),
    "brand_kit_preview": ("302 302 302 302 302", "302 404 403 200 200"),
    "brand_kit_specimen": ("302 404 200 200 200", "302 405 405 405 405"),
    "brand_kit_logo": ("302 404 200 200 200", "302 405 405 405 405"),
    "brand_kit_default": ("302 302 302 302 302", "302 404 403 302 302"),
    "brand_kit_archival": ("302 302 302 302 302", "302 404 403 302 302"),
    "guest_output_file": ("200 200 200 200 200", "405 405 405 405 405"),
    "guest_output_thumbnail": ("200 200 200 200 200", "405 405 405 405 405"),
    "team": OWN,
    "invitations": ("302 302 302 302 302", "302 201 403 403 201"),
    "invitation_revocation": ("302 302 302 302 302", "302 404 403 403 302"),
    "invitation": ("302 302 302 302 302", "405 405 405 405 405"),
    "invitation_acceptance": ("404 404 404 404 404", "404 404 404 404 404"),  # no link was opened
    "member_role": ("302 302 302 302 302", "302 404 403 403 302"),
    "member_removal": ("302 302 302 302 302", "302 404 403 403 302"),
    "business_settings": ("302 200 403 403 200", "302 302 403 403 302"),
    "businesses": ("302 200 200 200 200", "302 302 302 302 302"),
    "business_selection": ("302 302 302 302 302", "302 404 302 302 302"),
    "usage": ("302 200 403 403 200", "302 405 405 405 405"),
    "usage_csv": ("302 200 403 403 200", "302 405 405 405 405"),
    "usage_limit": ("302 302 302 302 302", "302 302 403 403 302"),
    "operator": ("302 404 404 404 404", "302 405 405 405 405"),  # nobody in this table runs the machine
    "notice_removal": ("302 302 302 302 302", "302 404 404 404 404"),
    "contest_reading": ("302 302 302 302 302", "302 404 404 404 404"),
    "activity": ("302 200 403 403 200", "302 405 405 405 405"),
    "sign_in_link": ("200 200 200 200 200", "302 302 302 302 302"),
    "account_login": ("200 302 302 302 302", "200 302 302 302 302"),
    "account_logout": ("302 200 200 200 200", "302 302 302 302 302"),
    "account_inactive": ("200 200 200 200 200", "405 405 405 405 405"),
    "account_signup": ("200 302 302 302 302", "200 302 302 302 302"),
    "account_reauthenticate": ("302 200 200 200 200", "302 200 200 200 200"),
    "account_email": ("302 200 200 200 200", "302 302 302 302 302"),
    "account_email_verification_sent": ("200 200 200 200 200", "405 405 405 405 405"),
    "account_change_password": ("302 200 200 200 200", "302 200 200 200 200"),
    "account_set_password": ("302 302 302 302 302", "302 302 302 302 302"),
    "account_reset_password": ("200 200 200 200 200", "200 200 200 200 200"),
    "account_confirm_login_code": ("302 302 302 302 302", "302 302 302 302 302"),
    "account_confirm_email": ("200 200 200 200 200", "404 404 404 404 404"),
    "account_reset_password_from_key_done": ("200 200 200 200 200", "405 405 405 405 405"),
    "account_reset_password_from_key": ("200 200 200 200 200", "200 200 200 200 200"),
    "account_reset_password_done": ("200 200 200 200 200", "405 405 405 405 405"),
}

SMALL = "display-mobile"  # the format that is drawn soonest
FORMS = {
    "projects": {"name": "New"},
    "project_name": {"name": "New"},
    "project_archival": {"archived": "1"},
    "campaigns": {"name": "New"},
    "campaign_name": {"name": "New"},
    "campaign_archival": {"archived": "1"},
    "campaign_jobs": {"subject": "a cake", "room": "none", "shape": "square", "count": "1"},
    "brand_kits": {"name": "New"},
    "brand_kit": {
        "name": "New",
        **dict.fromkeys(("primary", "accent", "surface", "text"), "#112233"),
        "heading_family": "Fraunces",
        "text_family": "DM Sans",
    },
    "brand_kit_archival": {"archived": "1"},
    "campaign_guest_links": {"days": "7"},
    "creative_file": {"format": SMALL, "kind": "webp"},
    "creative_exports": {"kind": "png"},
    "creative_versions": {
        "headline": "New",
        "layout": "full_bleed",
        "focal_x": "0.5",
        "focal_y": "0.5",
        "zoom": "1",
        "format": SMALL,
    },
    "refusal": {"contest": "It is a plucked goose."},
    "output_report": {"reason": "hateful"},
    "guest_output_report": {"reason": "hateful"},
    "report_decision": {"decision": "keep"},
    "invitations": {"role": "viewer", "days": "7"},
    "member_role": {"role": "editor"},
    "business_settings": {"name": "New", "locale": "de-AT", "currency": "EUR"},
    "businesses": {"name": "New"},
    "usage_limit": {"pictures": "5"},
}


@dataclass
class Scene:
    """What the addresses name, all of it the bakery's."""

    arguments: dict[str, dict[str, object]]

    def url(self, name: str) -> str:
        return reverse(name, kwargs=self.arguments.get(name, {}))


@pytest.fixture
def scene(people, media) -> Scene:
    return staged(people, SMALL)


def staged(people: cast.Cast, format: str) -> Scene:
    """format: of the creative."""
    picture = stage.picture(people.campaign, people.bob)
    failed = jobs.fail(stage.running_job(people.campaign, people.bob), "internal")
    link, token = guest_links.create(people.campaign, days=7, by=people.bob)
    invitation, invitation_token = invitations.create(
        people.bakery, role=Role.VIEWER, days=7, by=people.alice
    )
    dave = Membership.objects.create(business=people.bakery, user=cast.person("Dave"), role=Role.VIEWER)
    (creative,) = versions.create(people.campaign, [picture], by=people.bob)
    creative = stage.design(creative, format, by=people.bob)
    export = exports.order(creative, FileKind.PNG, by=people.bob)
    stage.make_files()
    kit = brand_samples.kit(people.bakery, people.alice)
    rows = {"brand": kit, "creative": creative, "export": export, "job": failed, "output": picture}
    receipt = reports.report(picture, reason="hateful", by=people.carol)
    rows |= {"project": people.project, "campaign": people.campaign, "report": Report.objects.get()}
    rows |= {"guest": link, "invitation": invitation, "member": dave}
    rows |= dict.fromkeys(("refusal", "contest"), stage.refused(people.bakery, people.bob))
    by_key = keyed(rows)
    with_token = ("file", "thumbnail", "report")
    return Scene(
        by_key
        | {f"guest_output_{name}": {"token": token, "pk": picture.pk} for name in with_token}
        | {
            "campaigns": {"pk": people.project.pk},
            "invitation": {"token": invitation_token},
            "invitation_acceptance": {},
            "brand_kits": {},
            "notice_removal": {"pk": 1},
            "brand_pairing": {"number": 3},
            "brand_kit_logo": {"pk": kit.pk, "ground": "light"},
            "guest_campaign": {"token": token},
            "report_receipt": {"token": receipt},
            "creative_picture": {"pk": creative.pk, "format": "instagram-square"},
            "business_selection": {"slug": people.bakery.slug},
            "sign_in_link": {"token": sign_in_links.create(people.bob)},
            "account_confirm_email": {"key": "x"},
            "account_reset_password_from_key": {"uidb36": "1", "key": "x-y"},
        }
    )


def keyed(rows: dict[str, Model]) -> dict[str, dict[str, object]]:
    """For every address that begins with the name of one of `rows`, its key."""
    nouns = {name: name.split("_")[0] for name in TABLE}
    return {name: {"pk": rows[noun].pk} for name, noun in nouns.items() if noun in rows}


def patterns(resolver=None) -> list[URLPattern]:
    found = []
    for pattern in (resolver or get_resolver()).url_patterns:
        found += [pattern] if isinstance(pattern, URLPattern) else patterns(pattern)
    return found


def test_every_address_is_in_the_table_and_the_table_has_no_other():
    names = [pattern.name for pattern in patterns()]
    assert sorted(map(str, names)) == sorted(TABLE)


@pytest.mark.slow
def test_everybody_gets_what_the_table_says(scene, people):
    passes = [cookies(people, role) for role in ROLES]
    assert {name: answers(name, scene, passes) for name in TABLE} == TABLE


def answers(name: str, scene: Scene, passes: list[SimpleCookie]) -> tuple[str, str]:
    browsers = [browser(one) for one in passes]
    url, form = scene.url(name), FORMS.get(name, {})
    return (
        " ".join(answer(one.get, url) for one in browsers),
        " ".join(answer(one.post, url, form) for one in browsers),
    )


def answer(ask: Callable[..., Any], *request: object) -> str:
    """The status, as text."""
    with stage.undone():
        return str(ask(*request).status_code)


def cookies(people: cast.Cast, role: str) -> SimpleCookie:
    """What somebody's browser has who signed in."""
    client = Client()
    if role != "nobody":
        client.force_login(getattr(people, role))
        cast.show_who_they_are(client)
    return client.cookies


def browser(cookies: SimpleCookie) -> Client:
    client = Client(raise_request_exception=False)
    client.cookies = SimpleCookie({name: morsel.value for name, morsel in cookies.items()})
    return client


@pytest.mark.slow
def test_no_other_method_does_anything_on_our_pages(scene, people):
    client = Client()
    client.force_login(people.alice)
    for name in TABLE:
        if name.startswith("account_"):
            continue
        for method in ("put", "patch", "delete"):
            with stage.undone():
                assert getattr(client, method)(scene.url(name)).status_code == 405, name


@pytest.mark.slow
def test_something_that_is_not_there_and_something_of_others_look_alike(scene, people):
    client = Client()
    client.force_login(people.mallory)
    for name, arguments in scene.arguments.items():
        if not isinstance(arguments.get("pk"), uuid.UUID) or "token" in arguments:
            continue
        method = client.get if TABLE[name][0].split()[-1] == "200" else client.post
        theirs = method(reverse(name, kwargs=arguments), FORMS.get(name, {}))
        nowhere = method(reverse(name, kwargs=arguments | {"pk": uuid.uuid4()}), FORMS.get(name, {}))
        assert (theirs.status_code, theirs.content) == (nowhere.status_code, nowhere.content), name


def test_no_form_is_accepted_without_its_token(scene, people):
    """Signed in or out: a post from another site is refused before any view is asked."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.alice)
    for name in TABLE:
        with stage.undone():
            assert client.post(scene.url(name), FORMS.get(name, {})).status_code == 403, name
