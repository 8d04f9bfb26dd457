"""Projects and campaigns: making, naming, putting away, and the record of each."""

import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditEvent
from tests import cast
from webapp.campaigns import campaigns, projects

pytestmark = pytest.mark.django_db

KINDS = [projects, campaigns]


@pytest.fixture
def people():
    return cast.gather()


def verbs() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))


def parent_and_row(kind, people):
    return (people.bakery, people.project) if kind is projects else (people.project, people.campaign)


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_one_is_recorded_with_who_made_it(kind, people):
    parent, _ = parent_and_row(kind, people)
    row = kind.create(parent, "  Spring\u00a0 fair ", by=people.bob)
    assert row.name == "Spring fair"
    assert row.created_by == people.bob
    event = AuditEvent.objects.get()
    assert (event.actor, event.business, event.subject_id) == (people.bob, people.bakery, str(row.pk))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["", "   ", "two\nlines", "nul\x00", "x" * 81, "\u202eevil", "\u200d"])
def test_a_name_that_is_none_is_refused_and_nothing_is_recorded(kind, name, people):
    parent, row = parent_and_row(kind, people)
    with pytest.raises(ValidationError):
        kind.create(parent, name, by=people.bob)
    with pytest.raises(ValidationError):
        kind.rename(row, name, by=people.bob)
    assert verbs() == []


@pytest.mark.parametrize("kind", KINDS)
def test_renaming_to_the_same_name_is_not_a_change(kind, people):
    _, row = parent_and_row(kind, people)
    kind.rename(row, row.name, by=people.bob)
    assert verbs() == []
    kind.rename(row, "Winter \U0001f469\u200d\U0001f373", by=people.bob)
    row.refresh_from_db()
    assert row.name == "Winter \U0001f469\u200d\U0001f373"
    assert len(verbs()) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_putting_away_twice_is_recorded_once_and_can_be_undone(kind, people):
    _, row = parent_and_row(kind, people)
    kind.archive(row, by=people.bob)
    kind.archive(row, by=people.alice)
    assert row.archived_at
    kind.restore(row, by=people.bob)
    kind.restore(row, by=people.bob)
    row.refresh_from_db()
    assert row.archived_at is None
    assert [verb.split(".")[1] for verb in verbs()] == ["archived", "restored"]


def test_campaigns_of_one_name_get_slugs_of_their_own(people):
    slugs = [campaigns.create(people.project, "Pumpkin week", by=people.bob).slug for _ in range(2)]
    assert slugs == ["pumpkin-week-2", "pumpkin-week-3"]


def test_a_name_without_latin_letters_still_has_a_slug(people):
    assert campaigns.create(people.project, "\u05e9\u05dc\u05d5\u05dd", by=people.bob).slug == "campaign"
