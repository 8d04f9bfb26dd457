"""Invitations: one link, one person, until it expires or is revoked."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone

from accounts import invitations
from accounts.models import AuditEvent, Invitation, Membership, Role
from tests import cast


@pytest.fixture
def invitation(people):
    return invitations.create(people.bakery, role=Role.EDITOR, days=7, note="Erin", by=people.alice)[0]


def test_it_makes_a_member_with_its_role_and_is_used_up(people, invitation):
    membership = invitations.accept(invitation, by=people.mallory)
    assert (membership.business, membership.role) == (people.bakery, Role.EDITOR)
    invitation.refresh_from_db()
    assert invitation.state == Invitation.State.ACCEPTED
    with pytest.raises(invitations.InvitationClosed):
        invitations.accept(invitation, by=cast.person("Erin"))


def test_only_its_hash_is_kept_and_the_token_has_192_bits(people):
    invitation, token = invitations.create(people.bakery, role=Role.VIEWER, days=1, by=people.alice)
    assert len(token) == 32
    assert token not in str(Invitation.objects.filter(pk=invitation.pk).values())
    assert token not in str(list(AuditEvent.objects.values_list("detail", flat=True)))
    assert invitations.find(token) == invitation
    assert invitations.find(token + "x") is None
    assert invitations.find("\ud800") is None


@pytest.mark.parametrize("days", [0, 2, 365, -1])
def test_it_lasts_1_7_or_30_days(people, days):
    with pytest.raises(ValueError, match="days"):
        invitations.create(people.bakery, role=Role.VIEWER, days=days, by=people.alice)


def test_a_note_is_one_line(people):
    with pytest.raises(ValidationError):
        invitations.create(people.bakery, role=Role.VIEWER, days=1, note="a\nb", by=people.alice)


def test_an_editor_cannot_invite_let_alone_an_owner(people):
    with pytest.raises(PermissionDenied):
        invitations.create(people.bakery, role=Role.OWNER, days=1, by=people.bob)


def test_it_ends_when_its_time_is_over(people, invitation):
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(invitations.InvitationClosed, match="expired"):
        invitations.accept(invitation, by=people.mallory)


def test_revoking_closes_it_once(people, invitation):
    invitations.revoke(invitation, by=people.alice)
    invitations.revoke(invitation, by=people.alice)
    assert AuditEvent.objects.filter(verb="invitation.revoked").count() == 1
    with pytest.raises(invitations.InvitationClosed, match="revoked"):
        invitations.accept(invitation, by=people.mallory)


@pytest.mark.parametrize("role", [None, Role.EDITOR, Role.VIEWER])
def test_the_door_refuses_it_once_its_maker_may_not_invite(people, invitation, role):
    """Even where nothing revoked it: a restored backup, a row changed by hand, two clicks at once."""
    maker = Membership.objects.filter(user=people.alice)
    maker.update(role=role) if role else maker.delete()
    assert not invitations.waiting(people.bakery)
    with pytest.raises(invitations.InvitationClosed, match="revoked"):
        invitations.accept(invitation, by=people.mallory)
    assert not Membership.objects.filter(user=people.mallory, business=people.bakery).exists()


def test_a_member_does_not_use_it_up(people, invitation):
    with pytest.raises(invitations.AlreadyMember):
        invitations.accept(invitation, by=people.carol)
    invitation.refresh_from_db()
    assert invitation.is_open
    assert Membership.objects.get(user=people.carol).role == Role.VIEWER


@pytest.mark.django_db(transaction=True)
def test_of_two_people_with_one_link_one_gets_in():
    people = cast.gather()
    invitation, _ = invitations.create(people.bakery, role=Role.EDITOR, days=7, by=people.alice)
    start, refused = threading.Barrier(2), []

    def accept(user):
        start.wait()
        try:
            invitations.accept(invitation, by=user)
        except invitations.InvitationClosed:
            refused.append(user)
        finally:
            connection.close()

    threads = [threading.Thread(target=accept, args=(cast.person(name),)) for name in ("Erin", "Frank")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert people.bakery.memberships.count() == 4
