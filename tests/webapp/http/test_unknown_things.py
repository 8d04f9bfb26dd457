"""A model that draws only so many things says so before the click, and offers what it can draw."""

from typing import Any

import pytest

from generation.starter import understanding
from tests.webapp import stage, steps
from webapp.campaigns import prompt
from webapp.campaigns.brief_form import BriefForm

UNKNOWN = "hippopotamus"
KNOWN = "a croissant"


@pytest.fixture(autouse=True)
def starter(db):
    return stage.model()


@pytest.fixture
def bob(people, as_):
    return as_(people.bob)


def test_it_says_what_it_cannot_draw_and_offers_all_it_can(people, bob):
    answer = steps.compose(bob, people.campaign, subject=f"a {UNKNOWN} on a table")
    assert f"cannot draw “{UNKNOWN}”" in answer.text
    for thing in understanding.drawable():
        assert f'value="{UNKNOWN}|{thing}"' in answer.text


def test_nothing_is_said_of_what_it_knows(people, bob):
    assert "cannot draw" not in steps.compose(bob, people.campaign, subject=KNOWN).text


@pytest.mark.parametrize("wish", ["twelve croissants", "a dozen cups of coffee"])
def test_it_says_that_it_draws_no_more_than_three(people, bob, wish):
    answer = steps.compose(bob, people.campaign, subject=wish)
    assert f"would not heed “{wish}”" in answer.text
    assert "cannot draw" not in answer.text


def test_other_models_are_not_held_to_its_list(people, bob):
    steps.general_model()
    assert "cannot draw" not in steps.compose(bob, people.campaign, subject=f"a {UNKNOWN}").text


def test_a_negative_prompt_that_the_model_would_not_mind_is_told(people, bob):
    model = steps.general_model()
    told = "hardly heeds a negative prompt"
    assert told not in steps.compose(bob, people.campaign, negative_prompt="people").text
    model.takes_negative_prompt = False
    model.save(update_fields=["takes_negative_prompt"])
    assert told in steps.compose(bob, people.campaign, negative_prompt="people").text
    assert told not in steps.compose(bob, people.campaign).text


def test_a_suggestion_takes_the_place_of_the_unknown_thing(people, bob):
    asked: dict[str, Any] = {"subject": f"a {UNKNOWN} on a table", "instead": f"{UNKNOWN}|{KNOWN}"}
    answer = steps.compose(bob, people.campaign, **asked)
    assert KNOWN in steps.typed_in(answer, "subject")
    assert UNKNOWN not in answer.text
    page = steps.compose(bob, people.campaign, htmx=False, **asked)
    assert KNOWN in steps.typed_in(page, "subject")


def test_a_suggestion_also_reaches_a_prompt_changed_by_hand(people, bob):
    by_hand: dict[str, Any] = {
        "prompt": f"a {UNKNOWN} in space",
        "composed": "a cake",
        "instead": f"{UNKNOWN}|{KNOWN}",
    }
    answer = steps.compose(bob, people.campaign, **by_hand)
    assert KNOWN in steps.typed_in(answer, "prompt")
    assert "in space" in steps.typed_in(answer, "prompt")


def test_the_pages_own_example_can_be_drawn(people, bob):
    example = BriefForm().fields["subject"].widget.attrs["placeholder"]
    assert "cannot draw" not in steps.compose(bob, people.campaign, subject=example).text


def test_every_mood_colour_and_room_that_is_offered_is_known():
    for mood in prompt.MOODS:
        for colours in prompt.COLOURS:
            composed = [prompt.compose(KNOWN, mood=mood, colours=colours, room=room) for room in prompt.ROOM]
            assert [understanding.understood(one).unknown for one in composed] == [()] * len(composed)
