"""Growth is measured on rows that SQL writes, past the models: it must still know their columns."""

import pytest

from accounts.models import Business, Membership
from bench.population import populate
from generation.models import Job, Output, PictureRequest


@pytest.mark.django_db(transaction=True)
def test_a_small_population_is_whole():
    populate(jobs=30, businesses=3)
    assert Business.objects.count() == 3
    assert Membership.objects.count() == 9
    assert Job.objects.count() == 30
    assert Output.objects.filter(job__request__steps__gt=0).count() == sum(
        job.outputs.count() for job in Job.objects.all() if isinstance(job.request, PictureRequest)
    )
