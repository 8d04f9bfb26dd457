"""Members and their roles: a business always keeps an owner, and nobody raises themselves."""

import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from accounts import invitations, members, owners
from accounts.models import AuditEvent, Membership, Role
from tests import cast


def membership_of(user) -> Membership:
    return Membership.objects.get(user=user)


def test_an_owner_changes_a_role_and_it_is_recorded(people):
    members.change_role(membership_of(people.bob), Role.VIEWER, by=people.alice)
    assert membership_of(people.bob).role == Role.VIEWER
    event = AuditEvent.objects.get(verb="member.role_changed")
    assert event.detail == {"member": people.bob.pk, "before": "editor", "after": "viewer"}


def test_the_same_role_again_is_not_a_change(people):
    members.change_role(membership_of(people.bob), Role.EDITOR, by=people.alice)
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("who", ["bob", "carol", "mallory"])
def test_nobody_but_an_owner_changes_or_removes_anybody(who, people):
    actor = getattr(people, who)
    with pytest.raises(PermissionDenied):
        members.change_role(membership_of(people.carol), Role.OWNER, by=actor)
    other = people.bob if who == "carol" else people.carol
    with pytest.raises(PermissionDenied):
        members.remove(membership_of(other), by=actor)


def test_the_last_owner_can_be_neither_removed_nor_demoted(people):
    with pytest.raises(owners.LastOwner):
        members.change_role(membership_of(people.alice), Role.EDITOR, by=people.alice)
    with pytest.raises(owners.LastOwner):
        members.remove(membership_of(people.alice), by=people.alice)
    assert membership_of(people.alice).role == Role.OWNER


def test_an_owner_may_leave_once_there_is_another(people):
    members.change_role(membership_of(people.bob), Role.OWNER, by=people.alice)
    members.remove(membership_of(people.alice), by=people.alice)
    assert not Membership.objects.filter(user=people.alice).exists()
    assert AuditEvent.objects.get(verb="member.left").actor == people.alice


def test_an_editor_leaves_without_asking(people):
    members.remove(membership_of(people.bob), by=people.bob)
    assert not Membership.objects.filter(user=people.bob).exists()


def test_the_invitations_of_an_owner_who_is_removed_close(people):
    members.change_role(membership_of(people.bob), Role.OWNER, by=people.alice)
    invitation, _ = invitations.create(people.bakery, role=Role.OWNER, days=7, by=people.bob)
    kept, _ = invitations.create(people.bakery, role=Role.OWNER, days=7, by=people.alice)
    members.remove(membership_of(people.bob), by=people.alice)
    invitation.refresh_from_db()
    kept.refresh_from_db()
    assert (invitation.is_open, kept.is_open) == (False, True)


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_demote_each_other_at_once_leave_one():
    people = cast.gather()
    members.change_role(membership_of(people.bob), Role.OWNER, by=people.alice)
    start, outcomes = threading.Barrier(2), []

    def demote(victim, by):
        start.wait()
        try:
            members.change_role(victim, Role.EDITOR, by=by)
        except (owners.LastOwner, PermissionDenied) as refusal:
            outcomes.append(type(refusal))
        finally:
            connection.close()

    pairs = [(membership_of(people.bob), people.alice), (membership_of(people.alice), people.bob)]
    threads = [threading.Thread(target=demote, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Membership.objects.filter(business=people.bakery, role=Role.OWNER).count() == 1
    assert outcomes == [PermissionDenied]
