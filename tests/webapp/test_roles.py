"""Who may do what, whatever way they come: what acts for somebody refuses whoever lacks the role.

A function with a parameter `by` that is in no table fails the tests, so nothing is let in by forgetting.
"""

import ast
import copy
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from accounts import businesses, invitations, members, roles, usage, usage_report
from accounts.models import Membership, Role, User
from generation import jobs, pictures
from generation.models import Queue
from generation.pictures import incidents
from tests import cast
from webapp.brand import kits
from webapp.business import guest_links, team
from webapp.campaigns import briefs, campaigns, projects
from webapp.creatives import exports, versions
from webapp.creatives.export_kind import Exports
from webapp.models import Brief, Creative, FileKind, Report
from webapp.reports import decisions, reports

from . import brand_samples, stage

ROOT = Path(__file__).parents[2]
CODE = ("accounts", "generation", "webapp")
SMALL = "display-mobile"  # the format that is drawn soonest
DAY = date(2026, 11, 1)


def submit(scene, by):
    request = stage.model().request("tea")
    return pictures.submit(scene.bakery, by=by, model=stage.model(), request=request, seeds=[1], key="click")


def brief(scene, by):
    brief, request = Brief(campaign=scene.campaign), stage.model().request("tea")
    return briefs.submit(brief, request, by=by, key="click", model=stage.model(), count=1)


def reword(scene, by):
    typed, began_from = {"headline": "New"}, scene.creative.design.values(SMALL)
    return versions.edit(scene.creative, SMALL, typed, began_from=began_from, by=by)


def choose_formats(scene, by):
    return versions.choose_formats(scene.creative, ["instagram-story"], began_from=[SMALL], by=by)


OWNERS = {
    "accounts.businesses.change": lambda s, by: businesses.change(s.bakery, {"name": "New"}, by=by),
    "accounts.invitations.create": lambda s, by: invitations.create(
        s.bakery, role=Role.VIEWER, days=7, by=by
    ),
    "accounts.invitations.revoke": lambda s, by: invitations.revoke(s.invitation, by=by),
    "accounts.members.change_role": lambda s, by: members.change_role(s.member, Role.OWNER, by=by),
    "accounts.members.remove": lambda s, by: members.remove(s.member, by=by),
    "accounts.usage.limit": lambda s, by: usage.limit(s.bakery, 5, by=by),
    "accounts.usage_report.export": lambda s, by: usage_report.export(s.bakery, DAY, DAY, by=by),
    "webapp.business.team.change_role": lambda s, by: team.change_role(s.member, Role.VIEWER, by=by),
    "webapp.business.team.remove": lambda s, by: team.remove(s.member, by=by),
    "webapp.reports.decisions.keep": lambda s, by: decisions.keep(s.report, by=by),
    "webapp.reports.decisions.take_down": lambda s, by: decisions.take_down(s.report, by=by),
}
EDITORS = {
    "generation.jobs.ending.cancel": lambda s, by: jobs.cancel(s.waiting, by=by),
    "generation.jobs.submission.enqueue": lambda s, by: jobs.enqueue(
        "pictures", s.bakery, by=by, key="click", cost=1, things=1, parts=1
    ),
    "generation.jobs.submission.retry": lambda s, by: jobs.retry(s.failed, by=by),
    "generation.pictures.kind.Pictures.again": lambda s, by: pictures.Pictures().again(s.failed, by=by),
    "generation.pictures.outputs.cancel": lambda s, by: pictures.cancel(s.waiting.outputs.first(), by=by),
    "generation.pictures.submission.again": lambda s, by: pictures.Pictures().again(s.failed, by=by),
    "generation.pictures.submission.submit": submit,
    "generation.models.output.Output.discard": lambda s, by: s.picture.discard(by=by),
    "generation.models.output.Output.keep": lambda s, by: s.picture.keep(by=by),
    "generation.models.output.Output.release": lambda s, by: s.picture.release(by=by),
    "webapp.brand.kits.archive": lambda s, by: kits.archive(s.kit, by=by),
    "webapp.brand.kits.change": lambda s, by: kits.change(
        s.kit, {"logo_on_dark": brand_samples.usual_logo()}, by=by
    ),
    "webapp.brand.kits.choose": lambda s, by: kits.choose(s.campaign, s.kit, by=by),
    "webapp.brand.kits.create": lambda s, by: kits.create(
        s.bakery, "New", logo=brand_samples.usual_logo(), by=by
    ),
    "webapp.brand.kits.make_default": lambda s, by: kits.make_default(s.other_kit, by=by),
    "webapp.brand.kits.restore": lambda s, by: kits.restore(s.kit, by=by),
    "webapp.business.guest_links.create": lambda s, by: guest_links.create(s.campaign, days=7, by=by),
    "webapp.business.guest_links.revoke": lambda s, by: guest_links.revoke(s.link, by=by),
    "webapp.campaigns.briefs.retry": lambda s, by: briefs.retry(s.failed, by=by),
    "webapp.campaigns.briefs.submit": brief,
    "webapp.campaigns.campaigns.archive": lambda s, by: campaigns.archive(s.campaign, by=by),
    "webapp.campaigns.campaigns.create": lambda s, by: campaigns.create(s.project, "New", by=by),
    "webapp.campaigns.campaigns.rename": lambda s, by: campaigns.rename(s.campaign, "New", by=by),
    "webapp.campaigns.campaigns.restore": lambda s, by: campaigns.restore(s.campaign, by=by),
    "webapp.campaigns.projects.archive": lambda s, by: projects.archive(s.project, by=by),
    "webapp.campaigns.projects.create": lambda s, by: projects.create(s.bakery, "New", by=by),
    "webapp.campaigns.projects.rename": lambda s, by: projects.rename(s.project, "New", by=by),
    "webapp.campaigns.projects.restore": lambda s, by: projects.restore(s.project, by=by),
    "webapp.creatives.versions.archive": lambda s, by: versions.archive(s.creative, by=by),
    "webapp.creatives.versions.choose_formats": choose_formats,
    "webapp.creatives.versions.create": lambda s, by: versions.create(s.campaign, [s.picture], by=by),
    "webapp.creatives.versions.edit": reword,
    "webapp.creatives.versions.redo": lambda s, by: versions.redo(s.creative, by=by),
    "webapp.creatives.versions.restore": lambda s, by: versions.restore(s.creative, by=by),
    "webapp.creatives.versions.undo": lambda s, by: versions.undo(s.creative, by=by),
}
VIEWERS = {
    "generation.pictures.incidents.contest": lambda s, by: incidents.contest(s.refused, "a goose", by=by),
    "webapp.creatives.export_kind.Exports.again": lambda s, by: Exports().again(s.export.job, by=by),
    "webapp.creatives.exports.again": lambda s, by: exports.again(s.export.job, by=by),
    "webapp.creatives.exports.single_file": lambda s, by: exports.single_file(
        s.creative, SMALL, FileKind.WEBP, by=by
    ),
    "webapp.creatives.exports.order": lambda s, by: exports.order(s.creative, FileKind.WEBP, by=by),
    "webapp.reports.reports.report": lambda s, by: reports.report(s.picture, reason="hateful", by=by),
}
ACTS = {
    name: (role, act)
    for role, table in ((Role.OWNER, OWNERS), (Role.EDITOR, EDITORS), (Role.VIEWER, VIEWERS))
    for name, act in table.items()
}

RECORD = "writes down what its caller did"
CASCADE = "follows a change of members, after which `by` may be none; spares whoever holds the role"
MACHINE = "only for whoever runs the machine: its door lets nobody else in, or is its command line"
UNASKED = {
    "accounts.audit.record": RECORD,
    "accounts.audit.record_person": RECORD,
    "accounts.businesses.open_business": "makes `by` its first member",
    "accounts.invitations.accept": "`by` is no member yet; the invitation lets them in",
    "accounts.invitations.revoke_made_by": CASCADE,
    "accounts.roles.require": "is what asks",
    "accounts.usage.reserve": "the ledger's part of pictures.submit and retry; `by` is whose allowance it is",
    "accounts.usage.settle": "the ledger's part of a job's end; `by` asked for the job and may have left",
    "generation.jobs.ending.cancel_left_by": CASCADE,
    "generation.pictures.incidents.incident_kept": RECORD,
    "generation.pictures.incidents.open_incident": RECORD,
    "generation.pictures.incidents.read": MACHINE,
    "generation.jobs.ending.may_cancel": "is a question",
    "generation.jobs.ending.withdraw": "its callers have asked, each for the role that its own verb takes",
    "generation.jobs.kinds.Kind.again": "not written: each kind has its own",
    "generation.pictures.withdrawal.take_down": "does what an owner decided, also to what is made later",
    "generation.registry.install": MACHINE,
    "generation.registry.install_starter": MACHINE,
    "webapp.business.guest_links.revoke_made_by": CASCADE,
    "webapp.campaigns.preflight.check": "changes nothing; `by` is whose allowance it tells",
}


@pytest.fixture
def scene(people, media) -> SimpleNamespace:
    """What the acts are done to, all of it the bakery's; and who is no member any more, or not active."""
    picture = stage.picture(people.campaign, people.bob)
    failed = jobs.fail(stage.running_job(people.campaign, people.bob), "internal")
    (creative,) = versions.create(people.campaign, [picture], by=people.bob)
    removed, deactivated = cast.person("Dave"), cast.person("Erin")
    for user in (removed, deactivated):
        Membership.objects.create(business=people.bakery, user=user, role=Role.OWNER)
    Membership.objects.filter(user=removed).delete()
    User.objects.filter(pk=deactivated.pk).update(is_active=False)
    creative = stage.design(creative, SMALL, by=people.bob)
    exports.order(creative, FileKind.PNG, by=people.bob)
    export = jobs.fail(jobs.claim("a worker of the tests", Queue.CPU), "internal").export
    reports.report_as_guest(picture, reason="hateful")
    return SimpleNamespace(
        report=Report.objects.get(),
        bakery=people.bakery,
        export=export,
        project=people.project,
        campaign=people.campaign,
        picture=picture,
        failed=failed,
        waiting=stage.waiting_job(people.campaign, people.bob),
        creative=creative,
        kit=brand_samples.kit(people.bakery, people.bob),
        other_kit=brand_samples.kit(people.bakery, people.bob),
        link=guest_links.create(people.campaign, days=7, by=people.bob)[0],
        invitation=invitations.create(people.bakery, role=Role.VIEWER, days=7, by=people.alice)[0],
        refused=stage.refused(people.bakery, people.bob),
        member=Membership.objects.get(user=people.carol),
        removed=removed,
        deactivated=deactivated,
    )


def everything(media: Path) -> tuple[dict, list[Path]]:
    """Every row there is, the audit log's too, and every stored file."""
    models = [model for name in CODE for model in apps.get_app_config(name).get_models()]
    rows = {model: list(model._base_manager.order_by("pk").values_list()) for model in models}
    return rows, sorted(media.rglob("*"))


def functions_with_by() -> Iterator[str]:
    """The public functions and methods that are told who acts."""
    for path in sorted(path for folder in CODE for path in (ROOT / folder).rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        tree = ast.parse(path.read_text())
        classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
        for owner in (tree, *classes):
            for node in owner.body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and takes_by(node):
                    yield ".".join(filter(None, (module, getattr(owner, "name", ""), node.name)))


def takes_by(node: ast.FunctionDef) -> bool:
    arguments = node.args
    every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    return any(argument.arg == "by" for argument in every)


def test_every_function_that_acts_for_somebody_is_in_one_table():
    assert not ACTS.keys() & UNASKED.keys()
    assert sorted(functions_with_by()) == sorted(ACTS.keys() | UNASKED.keys())


def test_whoever_lacks_the_role_is_refused_and_nothing_changes(scene, people, media):
    strangers = (people.mallory, scene.removed, scene.deactivated, AnonymousUser())
    too_low = {Role.OWNER: (people.bob,), Role.EDITOR: (people.carol,), Role.VIEWER: ()}
    before = everything(media)
    for name, (role, act) in ACTS.items():
        for user in (*strangers, *too_low[role]):
            assert (name, user, outcome(act, scene, user)) == (name, user, "refused")
            assert everything(media) == before, (name, user)


def test_whoever_has_the_role_is_not(scene, people):
    enough = {Role.OWNER: people.alice, Role.EDITOR: people.bob, Role.VIEWER: people.carol}
    for name, (role, act) in ACTS.items():
        with stage.undone():
            assert (name, outcome(act, copy.deepcopy(scene), enough[role])) == (name, "done")


def outcome(act: Callable[[SimpleNamespace, User | AnonymousUser], object], scene, user) -> str:
    try:
        act(scene, user)
    except PermissionDenied:
        return "refused"
    return "done"


@pytest.mark.parametrize(
    ("cascade", "maker"),
    [
        (invitations.revoke_made_by, "alice"),
        (guest_links.revoke_made_by, "bob"),
        (jobs.cancel_left_by, "bob"),
    ],
)
def test_nobody_who_holds_the_role_is_treated_as_gone(cascade, maker, scene, people, media):
    before = everything(media)
    cascade(getattr(people, maker), people.bakery, by=people.mallory)
    assert everything(media) == before


def test_nobody_makes_their_own_creative_of_anothers_picture(scene, people):
    with pytest.raises(ValueError, match="another business"):
        versions.create(people.foreign_campaign, [scene.picture], by=people.mallory)
    assert not Creative.objects.filter(campaign=people.foreign_campaign).exists()


def test_a_role_in_one_business_is_none_in_another(people):
    Membership.objects.create(business=people.garage, user=people.bob, role=Role.VIEWER)
    roles.require(people.bob, people.bakery, Role.EDITOR)
    with pytest.raises(PermissionDenied, match="editor"):
        roles.require(people.bob, people.garage, Role.EDITOR)


def test_asking_costs_one_query(people, django_assert_num_queries):
    with django_assert_num_queries(1):
        roles.require(people.alice, people.bakery, Role.VIEWER)
