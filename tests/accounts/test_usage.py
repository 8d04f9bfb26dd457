"""The ledger: what is promised, what was made, what is left, and who may narrow it."""

from functools import partial
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts import businesses, usage
from accounts.models import AuditEvent, Outcome, Reservation
from tests import cast
from tests.generation.parallel import at_once, begun_before_the_end_of


def settle(business, job, *, by, pictures, outcome=Outcome.DONE):
    return usage.settle(
        business, job, by=by, model="starter", outcome=outcome, pictures=pictures, gpu_seconds=1.5
    )


def test_what_is_promised_and_what_was_made_count_against_the_day(people):
    first, second = uuid4(), uuid4()
    usage.reserve(people.bakery, first, 4, by=people.bob)
    usage.reserve(people.bakery, second, 6, by=people.bob)
    settle(people.bakery, first, by=people.bob, pictures=3)
    today = usage.allowance(people.bakery)
    assert (today.used, today.reserved, today.left) == (3, 6, 191)


def test_more_than_is_left_is_refused_and_nothing_promised(people):
    usage.reserve(people.bakery, uuid4(), 199, by=people.bob)
    with pytest.raises(usage.OverLimit) as refusal:
        usage.reserve(people.bakery, uuid4(), 2, by=people.bob)
    assert refusal.value.allowance.left == 1
    assert people.bakery.reservations.count() == 1


@pytest.mark.parametrize(
    ("left", "personal", "sentence"),
    [
        (0, False, "Today's pictures are used up. There are new ones tomorrow"),
        (1, False, "1 of today's pictures is left: ask for 1 or fewer."),
        (2, False, "2 of today's pictures are left: ask for 2 or fewer."),
        (1, True, "You may make 9 pictures a day in all your businesses; 1 are left."),
    ],
)
def test_a_refusal_says_what_would_do(left, personal, sentence):
    refusal = usage.OverLimit(usage.Allowance(9, 9 - left, 0), 3, is_personal=personal)
    assert refusal.sentence.startswith(sentence)
    assert str(refusal) == f"3 pictures wanted, {left} left today"


def test_a_picture_that_is_taken_out_is_set_free_of_its_job_alone_and_never_more_than_were_promised(people):
    job, other = uuid4(), uuid4()
    usage.reserve(people.bakery, job, 1, by=people.bob)
    usage.reserve(people.bakery, other, 4, by=people.bob)
    for _ in range(2):
        usage.release_one(job)
    promised = dict(people.bakery.reservations.values_list("job_id", "pictures"))
    assert promised == {job: 0, other: 4}


def test_ones_own_allowance_is_told_where_less_is_left_of_it(people):
    shop = businesses.open_business("Shop", by=people.bob)
    assert usage.allowances(people.bob, shop)[1] is None
    usage.reserve(people.bakery, uuid4(), 1, by=people.bob)
    whole, own = usage.allowances(people.bob, shop)
    assert (whole.left, own.left) == (200, 199)


def test_another_business_has_an_allowance_of_its_own(people):
    usage.reserve(people.bakery, uuid4(), 200, by=people.bob)
    assert usage.allowance(people.garage).left == 200


def test_a_person_has_one_allowance_in_all_their_businesses(people):
    twenty = [businesses.open_business(f"Shop {number}", by=people.bob) for number in range(20)]
    usage.reserve(people.bakery, uuid4(), 150, by=people.bob)
    with pytest.raises(usage.OverLimit) as refusal:
        usage.reserve(twenty[0], uuid4(), 51, by=people.bob)
    assert (refusal.value.is_personal, refusal.value.allowance.left) == (True, 50)
    usage.reserve(twenty[1], uuid4(), 50, by=people.bob)
    for shop in twenty:
        with pytest.raises(usage.OverLimit):
            usage.reserve(shop, uuid4(), 1, by=people.bob)
    usage.reserve(people.bakery, uuid4(), 1, by=people.alice)


def test_who_was_granted_more_in_one_business_may_use_it_there(people):
    people.bakery.daily_pictures = 1000
    people.bakery.save()
    usage.reserve(people.bakery, uuid4(), 700, by=people.bob)


@pytest.mark.django_db(transaction=True)
def test_clicks_at_once_in_many_businesses_do_not_get_past_it():
    people = cast.gather()
    shops = [businesses.open_business(f"Shop {number}", by=people.bob) for number in range(6)]

    @transaction.atomic
    def reserve(shop):
        usage.reserve(shop, uuid4(), 60, by=people.bob)

    answers = at_once([partial(reserve, shop) for shop in shops])
    assert sum(isinstance(answer, usage.OverLimit) for answer in answers) == 3
    assert Reservation.objects.count() == 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("in_another_business", [False, True])
def test_a_second_click_waits_until_the_first_one_counts(in_another_business):
    people = cast.gather()
    shop = businesses.open_business("Shop", by=people.bob) if in_another_business else people.bakery
    by = people.bob if in_another_business else None

    refusal = begun_before_the_end_of(
        partial(usage.reserve, people.bakery, uuid4(), 150, by=by),
        partial(usage.reserve, shop, uuid4(), 60, by=by),
    )
    assert isinstance(refusal, usage.OverLimit)
    assert (refusal.allowance.left, refusal.is_personal) == (50, in_another_business)


def test_an_owner_lowers_the_limit_and_raises_it_again_up_to_the_machines(people):
    usage.limit(people.bakery, 0, by=people.alice)
    people.bakery.refresh_from_db()
    assert usage.allowance(people.bakery).left == 0
    usage.limit(people.bakery, 200, by=people.alice)
    for pictures in (-1, 201):
        with pytest.raises(ValidationError):
            usage.limit(people.bakery, pictures, by=people.alice)
    details = AuditEvent.objects.order_by("pk").values_list("detail", flat=True)
    assert list(details) == [{"before": 200, "after": 0}, {"before": 0, "after": 200}]


@pytest.mark.parametrize("who", ["bob", "carol", "mallory"])
def test_nobody_else_changes_the_limit(who, people):
    with pytest.raises(PermissionDenied):
        usage.limit(people.bakery, 1, by=getattr(people, who))


def test_who_was_granted_more_in_one_business_is_not_locked_out_of_the_others(people):
    people.bakery.daily_pictures = 1000
    people.bakery.save()
    shop = businesses.open_business("Shop", by=people.bob)
    usage.reserve(people.bakery, uuid4(), 700, by=people.bob)
    whole, own = usage.allowances(people.bob, shop)
    assert (whole.left, own) == (200, None)
    usage.reserve(shop, uuid4(), 200, by=people.bob)
    whole, own = usage.allowances(people.bob, people.bakery)
    assert (whole.left, own.left, own.limit) == (300, 100, 1000)
