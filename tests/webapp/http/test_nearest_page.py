"""An address that only forms are sent to, opened by hand: the nearest page above it, never a bare refusal."""

import pytest
from django.urls import reverse

from tests.webapp.test_access_matrix import TABLE, Scene, scene  # noqa: F401

NEAREST = {
    "projects": "home",
    "campaigns": "project",
    "campaign_name": "campaign",
    "creative_undo": "creative",
    "output_keep": "output",
    "brand_kit_default": "brand_kit",
    "invitations": "team",
    "usage_limit": "usage",
    "job_retry": "home",
}


@pytest.mark.slow
def test_no_address_refuses_who_only_looks(scene: Scene, people, as_):  # noqa: F811
    alice = as_(people.alice)
    assert [name for name in TABLE if alice.get(scene.url(name)).status_code == 405] == []


@pytest.mark.parametrize("name", NEAREST)
def test_it_leads_to_the_nearest_page(scene: Scene, people, as_, name):  # noqa: F811
    answer = as_(people.alice).get(scene.url(name), follow=True)
    nearest = NEAREST[name]
    assert answer.redirect_chain[-1][0] == (reverse("home") if nearest == "home" else scene.url(nearest))
    assert answer.status_code == 200
