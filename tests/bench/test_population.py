"""Growth is measured on rows that SQL writes, past the models: it must still know their columns."""

import pytest

from accounts.models import Business, Membership
from bench.population import populate
from generation import jobs
from generation.models import PICTURES, Job, PictureRequest


@pytest.mark.django_db(transaction=True)
def test_a_small_population_is_whole():
    populate(jobs=30, businesses=3)
    assert Business.objects.count() == 3
    assert Membership.objects.count() == 9
    assert Job.objects.count() == 30
    # As a worker would find them: each asks for a picture that can be drawn, and has its frames.
    for job in Job.objects.all():
        assert PictureRequest.of(job).steps > 0
        assert job.outputs.count() == 2
    assert jobs.claim("worker").kind == PICTURES
