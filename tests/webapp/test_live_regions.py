"""Who listens to a live region hears what changes in it; one that is replaced as a whole may stay silent.

What is saved while one types is set into the page by js/autosave.js: tests/browser/test_creative.py.
"""

import pytest

from generation.compositor import FORMATS
from webapp.creatives import exports, versions
from webapp.models import FileKind

from . import brand, stage, studio

FIRST = next(iter(FORMATS))
BLANK = {"layout": "full_bleed", "focal_x": "0.5", "focal_y": "0.5", "zoom": "1", "format": FIRST}


@pytest.fixture
def asset(people, media):
    return versions.create(people.campaign, [stage.picture(people.campaign, people.bob)], by=people.bob)[0]


def typed(client, people, asset):
    yield client.post(studio.url("asset_preview", asset), BLANK, headers=studio.HTMX)


def exported(client, people, asset):
    export = exports.order(asset, FileKind.PNG, by=people.bob)
    yield client.get(studio.url("export", export), headers=studio.HTMX)


def branded(client, people, asset):
    kit = brand.kit(people.bakery, people.bob)
    yield client.post(studio.url("brand_kit_preview", kit), {"text": "#eeeeee"}, headers=studio.HTMX)


def shared(client, people, asset):
    url = studio.url("campaign_guest_links", people.campaign)
    yield client.post(url, {"days": "7"}, headers=studio.HTMX)


def asked_for(client, people, asset):
    studio.general_model()
    yield studio.compose(client, people.campaign)
    yield studio.ask(client, people.campaign)
    yield studio.poll(client, people.campaign)


@pytest.mark.parametrize("act", [typed, exported, branded, shared, asked_for])
def test_a_part_of_a_page_brings_no_live_region_of_its_own(people, as_, asset, act):
    for answer in act(as_(people.bob), people, asset):
        assert answer.status_code in (200, 201, 422)
        assert "<" in answer.text
        assert 'role="status"' not in answer.text
