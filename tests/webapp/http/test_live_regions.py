"""Who listens to a live region hears what changes in it; one that is replaced as a whole may stay silent.

What is saved while one types is set into the page by js/autosave.js: tests/browser/test_creative.py.
"""

import pytest

from generation.compositor import FORMATS
from tests.webapp import brand_samples, stage, steps
from webapp.creatives import exports, versions
from webapp.models import FileKind

FIRST = next(iter(FORMATS))
BLANK = {"layout": "full_bleed", "focal_x": "0.5", "focal_y": "0.5", "zoom": "1", "format": FIRST}


@pytest.fixture
def creative(people, media):
    return versions.create(people.campaign, [stage.picture(people.campaign, people.bob)], by=people.bob)[0]


def typed(client, people, creative):
    yield client.post(steps.url("creative_preview", creative), BLANK, headers=steps.HTMX)


def exported(client, people, creative):
    export = exports.order(creative, FileKind.PNG, by=people.bob)
    yield client.get(steps.url("export", export), headers=steps.HTMX)


def branded(client, people, creative):
    kit = brand_samples.kit(people.bakery, people.bob)
    yield client.post(steps.url("brand_kit_preview", kit), {"text": "#eeeeee"}, headers=steps.HTMX)


def shared(client, people, creative):
    url = steps.url("campaign_guest_links", people.campaign)
    yield client.post(url, {"days": "7"}, headers=steps.HTMX)


def asked_for(client, people, creative):
    steps.general_model()
    yield steps.compose(client, people.campaign)
    yield steps.ask(client, people.campaign)
    yield steps.poll(client, people.campaign)


@pytest.mark.parametrize("act", [typed, exported, branded, shared, asked_for])
def test_a_part_of_a_page_brings_no_live_region_of_its_own(people, as_, creative, act):
    for answer in act(as_(people.bob), people, creative):
        assert answer.status_code in (200, 201, 422)
        assert "<" in answer.text
        assert 'role="status"' not in answer.text
