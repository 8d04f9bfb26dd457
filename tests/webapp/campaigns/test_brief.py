"""The brief: composed while somebody types, warned of before the click, remembered after it."""

import pytest

from accounts import usage
from generation.jobs import heartbeat
from tests.webapp import stage, steps
from webapp.campaigns import prompt
from webapp.models import Brief

COMPOSED = "a cup of coffee and cinnamon on a table, cosy mood, warm colours, room for text on the left"


@pytest.fixture(autouse=True)
def model(db):
    return steps.general_model()


@pytest.fixture
def bob(people, as_):
    return as_(people.bob)


def test_the_page_asks_a_shop_owner_in_their_own_words(people, bob):
    page = bob.get(steps.url("campaign", people.campaign)).text
    before_advanced = page.partition('<details class="brief__advanced"')[0]
    for question in (
        "What should the picture show?",
        "Mood",
        "Colours",
        "Leave room for text",
        "Shape",
        "How many?",
    ):
        assert question in before_advanced
    for word in ("seed", "guidance", "negative", "sampler"):
        assert word not in before_advanced.partition("brief__questions")[2].lower()


def test_the_prompt_is_composed_while_somebody_types(people, bob):
    answer = steps.compose(bob, people.campaign)
    assert COMPOSED in answer.text
    assert steps.typed_in(answer, "prompt") == COMPOSED
    assert "<html" not in answer.text


def test_a_prompt_changed_by_hand_is_left_alone(people, bob):
    answer = steps.compose(bob, people.campaign, prompt="a cake on the moon", composed="a cup of coffee")
    assert "a cake on the moon" in answer.text
    assert 'name="prompt"' not in answer.text


def test_a_prompt_emptied_by_hand_is_composed_again(people, bob):
    answer = steps.compose(bob, people.campaign, prompt="", composed=COMPOSED)
    assert steps.typed_in(answer, "prompt") == COMPOSED


def test_a_composed_prompt_follows_the_brief(people, bob):
    answer = steps.compose(bob, people.campaign, mood="bold", prompt=COMPOSED, composed=COMPOSED)
    assert steps.typed_in(answer, "prompt") == COMPOSED.replace("cosy", "bold")


def test_named_colours_go_before_the_offered_ones(people, bob):
    answer = steps.compose(bob, people.campaign, own_colours="teal and gold")
    assert "teal and gold colours" in answer.text
    assert "warm colours" not in answer.text


def test_the_faults_of_half_a_brief_are_not_complained_of_while_typing(people, bob):
    answer = steps.compose(bob, people.campaign, count="", seed="none", subject="")
    assert answer.status_code == 200
    assert "errorlist" not in answer.text


def test_without_script_the_whole_page_comes_back_with_what_was_typed(people, bob):
    page = steps.compose(bob, people.campaign, htmx=False, seed="77")
    assert page.status_code == 200
    assert steps.typed_in(page, "subject") == steps.ANSWERS["subject"]
    assert steps.typed_in(page, "prompt") == COMPOSED
    assert 'name="seed" value="77"' in page.text


def test_the_days_allowance_is_said_before_the_click(people, bob):
    usage.limit(people.bakery, 5, by=people.alice)
    stage.waiting_job(people.campaign, people.bob, count=3)
    assert "2 of 5 pictures left today" in steps.compose(bob, people.campaign).text
    stage.waiting_job(people.campaign, people.bob, count=2)
    assert "Today’s 5 pictures are used up" in bob.get(steps.url("campaign", people.campaign)).text


def test_it_is_said_before_the_click_that_no_worker_is_running(people, bob):
    url = steps.url("campaign", people.campaign)
    assert "No worker is running" in bob.get(url).text
    heartbeat.attend("a worker of the tests", "cpu")
    assert "No worker is running" not in bob.get(url).text


def test_it_is_said_before_the_click_that_no_machine_has_the_models_files(people, bob, model):
    heartbeat.attend("a worker of the tests", "cpu", {model.pk: "missing"})
    page = bob.get(steps.url("campaign", people.campaign))
    assert "No machine that is running has the files of this model" in page.text


def test_it_is_said_that_no_model_is_installed(people, bob, model):
    model.delete()
    assert "No model is installed" in bob.get(steps.url("campaign", people.campaign)).text
    answer = steps.ask(bob, people.campaign)
    assert answer.status_code == 422
    assert "No model is installed" in answer.text


def test_what_was_asked_last_is_what_the_page_starts_with(people, bob):
    steps.ask(bob, people.campaign, own_colours="teal and gold", shape="portrait")
    page = bob.get(steps.url("campaign", people.campaign))
    assert steps.typed_in(page, "subject") == steps.ANSWERS["subject"]
    assert 'name="own_colours" value="teal and gold"' in page.text
    assert page.context["form"]["shape"].value() == "portrait"
    assert page.context["form"]["seed"].value() is None


def test_the_brief_is_kept_in_the_persons_words(people, bob):
    steps.ask(bob, people.campaign, own_colours="teal and gold")
    brief = Brief.objects.get()
    assert (brief.subject, brief.mood, brief.colours, brief.room, brief.shape) == (
        steps.ANSWERS["subject"],
        "cosy",
        "teal and gold",
        "left",
        "square",
    )


def test_a_seed_is_used_again_with_all_that_made_the_picture(people, bob, media):
    steps.ask(bob, people.campaign, seed="41", steps="3", negative_prompt="people", count="2")
    second = steps.only_job().outputs.get(index=1)
    page = bob.get(steps.url("campaign", people.campaign), {"again": second.pk})
    form = page.context["form"]
    again = {name: form[name].value() for name in ("seed", "steps", "negative_prompt", "count", "subject")}
    assert again == {
        "seed": 42,
        "steps": 3,
        "negative_prompt": "people",
        "count": 1,
        "subject": steps.ANSWERS["subject"],
    }
    assert '<details class="brief__advanced" open>' in page.text


@pytest.mark.parametrize("again", ["", "nonsense", "0" * 32])
def test_a_picture_that_there_is_not_fills_in_nothing(people, bob, again):
    assert bob.get(steps.url("campaign", people.campaign), {"again": again}).status_code == 200


def test_another_business_s_picture_fills_in_nothing(people, bob, media):
    foreign = stage.picture(people.foreign_campaign, people.mallory)
    page = bob.get(steps.url("campaign", people.campaign), {"again": foreign.pk})
    assert stage.PROMPT not in page.text


def test_a_hand_written_prompt_survives_as_the_one_to_change(people, bob):
    steps.ask(bob, people.campaign, prompt="a cake on the moon", composed=COMPOSED)
    page = bob.get(steps.url("campaign", people.campaign))
    assert steps.typed_in(page, "prompt") == "a cake on the moon"
    assert page.context["form"].is_edited


def test_every_mood_and_colour_that_is_offered_is_taken(people, bob):
    for mood in prompt.MOODS:
        assert f"{mood} mood" in steps.compose(bob, people.campaign, mood=mood).text
    for colours in prompt.COLOURS:
        assert f"{colours} colours" in steps.compose(bob, people.campaign, colours=colours).text
