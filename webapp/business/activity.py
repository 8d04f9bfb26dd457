"""The audit log in words for people: who, what, to which thing, with a link while the thing exists.

A page of events costs the same few queries, however long the log: one for each kind of thing on the page.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts import audit
from accounts.models import AuditEvent, User
from generation.jobs import kinds
from generation.models import Output
from webapp.models import BrandKit, Brief, Campaign, Creative, Export, GuestLink, Project, Report

# Who it was where no member did it; for all other verbs the machine.
SOMEBODY_ELSE = {
    "business.created": "Whoever runs this machine",
    "guest_link.opened": "A guest",
    "output.reported": "A guest",
    "access.refused_outside": "Somebody from outside",
    "user.sign_in_failed": "Somebody",
    "user.password_reset_asked": "Somebody",
    "sign_in_link.created": "Whoever runs this machine",
}


@dataclass(frozen=True, slots=True)
class ActivitySubject:
    """What an act was done to. url: empty where there is no page of it, or no longer."""

    name: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """One line of the activity page."""

    key: int
    at: datetime
    who: str
    words: str
    subject: ActivitySubject
    detail: str


def described(events: Sequence[AuditEvent]) -> list[Act]:
    """`events` in the same order, in words."""
    people = _people(events)
    subjects = _subjects(events, people)
    return [
        Act(
            key=event.pk,
            at=event.at,
            who=_who(event, people),
            words=audit.words_of(event.verb),
            subject=_subject(event, subjects),
            detail=_detail(event.verb, event.detail),
        )
        for event in events
    ]


def _people(events: Iterable[AuditEvent]) -> dict[int, str]:
    keys: set[int | None] = set()
    for event in events:
        keys |= {event.actor_id, event.detail.get("member")}
        if event.subject_type == "user":
            keys.add(int(event.subject_id))
    return {pk: str(user) for pk, user in User.objects.in_bulk(keys - {None}).items()}


def _who(event: AuditEvent, people: dict[int, str]) -> str:
    if event.actor_id is None:
        return SOMEBODY_ELSE.get(event.verb, "The machine")
    return people.get(event.actor_id, "Somebody who has left")


def _subject(event: AuditEvent, subjects: dict[tuple[str, str], ActivitySubject]) -> ActivitySubject:
    is_oneself = event.subject_type == "user" and event.subject_id == str(event.actor_id)
    found = subjects.get((event.subject_type, event.subject_id), ActivitySubject())
    return ActivitySubject() if is_oneself else found


def _subjects(events: Iterable[AuditEvent], people: dict[int, str]) -> dict[tuple[str, str], ActivitySubject]:
    keys = defaultdict(set)
    found: dict[tuple[str, str], ActivitySubject] = {}
    for event in events:
        keys[event.subject_type].add(event.subject_id)
        if event.subject_type == "membership":
            member = event.detail.get("member") or event.actor_id or 0  # nobody
            found["membership", event.subject_id] = ActivitySubject(people.get(member, ""), reverse("team"))
        if event.subject_type == "user":
            found["user", event.subject_id] = ActivitySubject(
                people.get(int(event.subject_id), ""), reverse("team")
            )
    for kind, finder in FINDERS.items():
        if keys[kind]:
            found |= {(kind, key): subject for key, subject in finder(keys[kind])}
    return found


Found = Iterable[tuple[str, ActivitySubject]]


def _projects(keys: set[str]) -> Found:
    for project in Project.objects.filter(pk__in=keys):
        yield str(project.pk), ActivitySubject(project.name, reverse("project", args=[project.pk]))


def _campaigns(keys: set[str]) -> Found:
    for campaign in Campaign.objects.filter(pk__in=keys):
        yield str(campaign.pk), _campaign(campaign)


def _brand_kits(keys: set[str]) -> Found:
    for kit in BrandKit.objects.filter(pk__in=keys):
        yield str(kit.pk), ActivitySubject(kit.name, reverse("brand_kit", args=[kit.pk]))


def _jobs(keys: set[str]) -> Found:
    for brief in Brief.objects.filter(job_id__in=keys).select_related("campaign"):
        yield str(brief.job_id), _campaign(brief.campaign)

    yield from _exports(keys)


def _exports(keys: set[str]) -> Found:
    for export in Export.objects.filter(job_id__in=keys).select_related("creative__version"):
        yield str(export.pk), ActivitySubject(str(export.creative), reverse("export", args=[export.pk]))


def _guest_links(keys: set[str]) -> Found:
    for link in GuestLink.objects.filter(pk__in=keys).select_related("campaign"):
        url = reverse("campaign_guest_links", args=[link.campaign_id])
        yield str(link.pk), ActivitySubject(link.campaign.name, url)


def _outputs(keys: set[str]) -> Found:
    named = ("pk", "index", "job__brief__campaign__name", "file", "hidden_at")
    for output in Output.objects.filter(pk__in=keys).select_related("job__brief__campaign").only(*named):
        url = reverse("output", args=[output.pk]) if output.may_be_shown else ""
        yield str(output.pk), ActivitySubject(f"{output.job.brief.campaign}, no. {output.index + 1}", url)


def _reports(keys: set[str]) -> Found:
    named = ("pk", "output__index", "output__job__brief__campaign__name")
    for pk, index, campaign in Report.objects.filter(pk__in=keys).values_list(*named):
        yield str(pk), ActivitySubject(f"{campaign}, no. {index + 1}", reverse("reports"))


def _creatives(keys: set[str]) -> Found:
    for creative in Creative.objects.filter(pk__in=keys).select_related("version"):
        yield str(creative.pk), ActivitySubject(str(creative), reverse("creative", args=[creative.pk]))


def _campaign(campaign: Campaign) -> ActivitySubject:
    return ActivitySubject(campaign.name, reverse("campaign", args=[campaign.pk]))


FINDERS: dict[str, Callable[[set[str]], Found]] = {
    "project": _projects,
    "campaign": _campaigns,
    "creative": _creatives,
    "asset": _creatives,  # Its former name, which the log keeps.
    "brandkit": _brand_kits,
    "job": _jobs,
    "export": _exports,
    "guestlink": _guest_links,
    "output": _outputs,
    "report": _reports,
}


def _detail(verb: str, detail: dict[str, Any]) -> str:
    """What is worth saying of a detail: sizes, roles, before and after, what of a brand changed."""
    words = []
    if {"before", "after"} <= detail.keys():
        words.append(f"{detail['before']} → {detail['after']}")
    if "role" in detail:
        words.append(f"as {detail['role']}")
    for unit in (*dict.fromkeys(kind.unit for kind in kinds.registered()), "days"):
        if number := detail.get(unit):
            words.append(f"{number} {unit if number != 1 else unit.removesuffix('s')}")
    if (times := detail.get("times", 1)) != 1:
        words.append(f"{times:,} times within a day")
    if "version" in detail:
        words.append(f"version {detail['version']}")
    if "page" in detail:
        words.append(str(detail["page"]).replace("_", " "))
    if "rule" in detail:
        words.append(str(detail["rule"]).replace("_", " "))
    if detail.get("hidden"):
        words.append("hidden until an owner decides")
    for several in ("fields", "kinds"):
        if several in detail:
            words.append(", ".join(str(name).replace("_", " ") for name in detail[several]))
    if "kit" in detail:
        words.append(str(detail["kit"] or "the default"))
    if "reason" in detail:
        words.append(kinds.reason(verb.partition(".")[0], str(detail["reason"])))
    return ", ".join(filter(None, words))
