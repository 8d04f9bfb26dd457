"""What a prompt names that the starter cannot draw: nothing missed that a shop asks for, no false alarm."""

import subprocess
import sys
from random import Random

import pytest

from generation.starter import captions
from generation.starter.scene import OBJECTS
from generation.starter.vocabulary import DRAWABLE, ignored_wishes, unknown_things

NAMES_UNKNOWN = {
    "a pizza and a dog on a table": ["pizza", "dog"],
    "running shoe on a podium, bold mood": ["running shoe"],
    "croissant with a cup of coffee, cosy mood, warm colours": ["croissant"],
    "a person holding a pumpkin": ["person", "pumpkin"],
    "fresh cinnamon buns, room for text on the left": ["cinnamon buns"],
    "a stack of books in the window": ["stack of books"],
    "a silver watch in a gift box": ["watch"],
    "glass of wine at the wine bar": ["glass of wine"],
    "a bouquet of roses in a vase": ["bouquet of roses"],
    "a burger, fries and a milkshake": ["burger", "fries", "milkshake"],
    "guitar lessons, retro": ["guitar"],
    "hair dryer and scissors": ["hair dryer", "scissors"],
    "sneakers, jeans and a T-shirt": ["sneakers", "jeans", "T-shirt"],
    "a bicycle in the street": ["bicycle", "street"],
    "chocolates and macarons for the bakery": ["chocolates", "macarons"],
    "a laptop and headphones": ["laptop", "headphones"],
    "sofa with two cushions": ["sofa", "cushions"],
    "wolves and geese in snow": ["wolves", "geese"],
    "a cat next to a candle": ["cat"],
    "sunglasses on the beach": ["sunglasses"],
    "Easter bunny with easter eggs": ["Easter bunny", "easter eggs"],
    "coffee beans on a shelf": ["coffee beans"],
    "Christmas tree": ["Christmas tree"],
    "a jar of honey": ["jar of honey"],
    "Hund und Katze auf dem Tisch": ["Hund", "Katze", "Tisch"],
    "frisches Brötchen": ["Brötchen"],
    "un chien et une chaussure": ["chien", "chaussure"],
    "zapatos rojos y un perro": ["zapatos", "perro"],
    "кофе и торт, cosy mood": ["кофе и торт"],
    "コーヒーとケーキ": ["コーヒーとケーキ"],
    "कॉफ़ी का कप": ["कॉफ़ी का कप"],
    "قهوة": ["قهوة"],
}

NAMES_NOTHING_UNKNOWN = [
    "",
    "   ",
    "☕🎂",
    "cosy autumn coffee promo, warm colours, room for a headline on the right",
    "a cup of coffee, cosy mood, light and airy colours, room for text on the left",
    "minimal skincare, blush background, soft light from the left",
    "elegant black friday, spotlight, gold podium",
    "book now! grand opening this Saturday",
    "watch out for our sale in October",
    "we ring in the new year with 50% off",
    "chocolate cake on a pink counter",
    "pumpkin spice latte",
    "a gift for my dad, bold mood",
    "gift box for teachers and mothers",
    "balloons and candles, playful",
    "a candle, no dog, without any people",
    "bottle of olive oil",
    "Mother's day, spring flowers",
    "Father's day special offer, gift boxes",
    "happy hour drinks at the cocktail bar",
    "paper cut mountains at dusk with a yellow sun",
    "navy stripes, flat illustration, negative space",
    "new arrivals, 3 days only, free delivery",
    "light-blue heart-shaped balloon",
    "handmade ceramics on a wooden table",
    "beautiful lovely photo with lots of empty room above",
]


@pytest.mark.parametrize(("prompt", "things"), NAMES_UNKNOWN.items())
def test_what_cannot_be_drawn_is_named_as_it_was_written(prompt: str, things: list[str]) -> None:
    assert unknown_things(prompt) == things


@pytest.mark.parametrize("prompt", NAMES_NOTHING_UNKNOWN)
def test_known_words_and_words_for_no_thing_raise_no_alarm(prompt: str) -> None:
    assert unknown_things(prompt) == []


def test_a_thing_is_named_once() -> None:
    assert unknown_things("dogs, a Dog and another dog, a pizza") == ["dogs", "pizza"]


def test_the_model_s_own_captions_raise_no_alarm() -> None:
    rng = Random(5)
    alarms = {}
    for number in range(1500):
        _, caption = captions.draw_pair(rng, reserved=number % 3 == 0)
        if things := unknown_things(caption):
            alarms[caption] = things
    assert alarms == {}


def test_every_suggestion_can_be_drawn() -> None:
    assert len(DRAWABLE) == len(OBJECTS)
    assert unknown_things(", ".join(DRAWABLE)) == []


def test_a_long_prompt_is_read_in_time() -> None:
    assert unknown_things("a pizza " * 1000) == ["pizza"]


@pytest.mark.parametrize(
    ("prompt", "wishes"),
    [
        ("two candles and 3 red balloons", ["two candles", "3 red balloons"]),
        ("a coffee cup, no cake", ["no cake"]),
        ("without candles", ["without candles"]),
        ("a candle, 20% off cakes", []),
        ("one cake, no text", []),
    ],
)
def test_numbers_and_negations_are_told_as_unheeded(prompt: str, wishes: list[str]) -> None:
    assert ignored_wishes(prompt) == wishes


@pytest.mark.parametrize("module", ["generation.starter", "generation.starter.vocabulary"])
def test_the_web_process_reads_the_vocabulary_without_torch(module: str) -> None:
    code = f"import sys, {module}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
