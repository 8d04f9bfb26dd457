"""A brief, composed into the phrases that the starter model was trained on."""

import pytest

from webapp.campaigns.prompt import MOODS, compose, instead, is_edited


def test_every_answer_has_its_phrase():
    prompt = compose("a cup of coffee and cinnamon on a table", mood="cosy", colours="warm", room="left")
    assert prompt == (
        "a cup of coffee and cinnamon on a table, cosy mood, warm colours, room for text on the left"
    )


@pytest.mark.parametrize(
    ("room", "phrase"),
    [("left", "on the left"), ("right", "on the right"), ("top", "at the top")],
)
def test_room_is_named_by_its_side(room, phrase):
    assert compose("a cake", room=room) == f"a cake, room for text {phrase}"


def test_what_is_not_answered_is_not_said():
    assert compose("a cake") == "a cake"
    assert compose("a cake", mood="", colours="", room="none") == "a cake"


@pytest.mark.parametrize("subject", ["", "   ", " , ", "\n"])
def test_a_mood_without_a_subject_is_no_prompt(subject):
    assert compose(subject, mood=MOODS[0], colours="warm", room="left") == ""


@pytest.mark.parametrize(
    ("colours", "phrase"),
    [
        ("teal and gold", "teal and gold colours"),
        ("light and airy", "light and airy colours"),
        ("warm autumn colours", "warm autumn colours"),
        ("Earth tones", "Earth tones"),
        ("fall colors", "fall colors"),
    ],
)
def test_free_colours_read_as_colours(colours, phrase):
    assert compose("a cake", colours=colours) == f"a cake, {phrase}"


def test_ends_and_lines_are_tidied_so_that_no_comma_doubles():
    assert compose("  a cake,\r\n on a stand. ", mood=" bold ") == "a cake, on a stand, bold mood"


def test_other_scripts_and_emoji_stay_as_they_are():
    assert compose("כוס קפה ☕", mood="cosy") == "כוס קפה ☕, cosy mood"


def test_a_prompt_is_edited_when_it_says_something_else_than_was_composed():
    assert is_edited("a cake on the moon", composed="a cake")
    assert not is_edited("a  cake \r\n", composed="a cake")
    assert not is_edited("", composed="a cake")


def test_a_thing_is_exchanged_where_it_stands_as_a_word():
    assert instead("Pizza, pizzas and a pizza", "pizza", "a cake") == "a cake, pizzas and a cake"
    assert instead("2+2 (really)", "2+2", "a candle") == "a candle (really)"


def test_an_exchanged_thing_has_the_article_it_wants():
    assert instead("a pizza on a table", "pizza", "orange cake") == "an orange cake on a table"
    assert instead("an apple", "apple", "candle") == "a candle"
    assert instead("fresh pizza", "pizza", "cake") == "fresh cake"
