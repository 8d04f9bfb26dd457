"""The audit log: appended to, never changed; an act and its record stand or fall together."""

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from accounts import audit, members, sign_in_links, usage
from accounts.models import AuditEvent, Membership, Role, User

RAW = [
    "UPDATE accounts_auditevent SET verb = 'nothing'",
    "DELETE FROM accounts_auditevent",
    "TRUNCATE accounts_auditevent",
]


@pytest.fixture
def event(people):
    with transaction.atomic():
        return audit.record(people.alice, "business.created", people.bakery)


@pytest.mark.parametrize("statement", RAW)
def test_raw_sql_of_the_application_cannot_change_it(event, statement):
    with (
        pytest.raises(ProgrammingError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert AuditEvent.objects.get().verb == "business.created"


def test_neither_can_the_models(event):
    event.verb = "nothing"
    for change in (event.save, event.delete, AuditEvent.objects.all().delete):
        with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
            change()
    assert AuditEvent.objects.get().verb == "business.created"


def test_removing_a_person_leaves_what_they_did(people, event):
    mallory = people.mallory
    with transaction.atomic():
        audit.record(mallory, "business.created", people.garage)
    people.foreign_campaign.delete()
    key = mallory.pk
    mallory.delete()
    assert AuditEvent.objects.filter(actor_id=key).count() == 1


def test_what_is_done_to_somebody_of_no_business_is_recorded_all_the_same(people):
    nobody = User.objects.create_user("new@example.com", name="New")
    sign_in_links.create(nobody)
    event = AuditEvent.objects.get()
    assert (event.verb, event.business, event.subject_id) == ("sign_in_link.created", None, str(nobody.pk))


def test_what_anybody_can_do_often_is_told_at_one_ten_and_a_hundred_times_and_anew_after_a_day(people):
    told = [times for _ in range(111) if (times := audit.telling_count("access.refused", people.bakery.pk))]
    assert told == [1, 10, 100]
    assert audit.telling_count("access.refused", people.garage.pk) == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT round(extract(epoch FROM expires - now()) / 60) FROM shared_cache")
        assert [int(minutes) for (minutes,) in cursor.fetchall()] == [24 * 60]
        cursor.execute("UPDATE shared_cache SET expires = now()")
    assert audit.telling_count("access.refused", people.bakery.pk) == 1


def test_an_unlisted_verb_is_refused(people):
    with pytest.raises(ValueError, match="audit_verbs"), transaction.atomic():
        audit.record(people.alice, "business.exploded", people.bakery)


@pytest.mark.django_db(transaction=True)
def test_a_record_outside_the_transaction_of_its_change_is_refused():
    from tests import cast

    people = cast.gather()
    with pytest.raises(transaction.TransactionManagementError):
        audit.record(people.alice, "business.created", people.bakery)


@pytest.fixture
def broken_log(people):
    """A log that cannot be written: the table is full, the disk gone."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_auditevent ADD CONSTRAINT broken CHECK (id < 0) NOT VALID")


def test_a_change_that_cannot_be_recorded_does_not_happen(people, broken_log):
    bob = Membership.objects.get(user=people.bob)
    with pytest.raises(DatabaseError):
        members.change_role(bob, Role.VIEWER, by=people.alice)
    with pytest.raises(DatabaseError):
        members.remove(bob, by=people.alice)
    with pytest.raises(DatabaseError):
        usage.limit(people.bakery, 3, by=people.alice)
    bob.refresh_from_db()
    people.bakery.refresh_from_db()
    assert (bob.role, people.bakery.daily_pictures) == (Role.EDITOR, 200)
