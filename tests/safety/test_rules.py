"""The rules for words: that each can be broken, and by what alone."""

import time
from collections.abc import Iterator

import pytest

from generation.safety import ages, check, encoded, lexicon, people, rules, slips
from tests.safety import Prompt, forbidden, plain

COMPUTED = {ages.UNDER_AGE, people.NAMED, rules.UNCLOTHED}
PLAINLY_SAID = [prompt for prompt in forbidden() if prompt.label == "explicit" and not prompt.evasion]


def test_every_class_that_a_rule_names_has_a_list() -> None:
    named = {name for rule in rules.RULES for each in (*rule.combinations, rule.unless) for name in each}
    single = {one for name in named for one in rules.KINDS.get(name, {name})}
    assert single - COMPUTED <= set(lexicon.classes())


@pytest.mark.parametrize("prompt", PLAINLY_SAID, ids=lambda prompt: prompt.language)
def test_what_is_plainly_said_is_refused_and_the_answer_says_why(prompt: Prompt) -> None:
    refusal = check(prompt.texts)
    assert refusal is not None
    assert refusal.sentence.startswith(refusal.rule.sentence)
    assert all(f"“{word}”" in refusal.sentence for word in refusal.words)


@pytest.mark.parametrize("prompt", PLAINLY_SAID[:3], ids=lambda prompt: prompt.language)
def test_what_a_picture_must_not_show_may_be_named(prompt: Prompt) -> None:
    assert check({"prompt": "a cup of coffee", rules.NEGATIVE: prompt.texts["prompt"]}) is None


def test_a_picture_of_somebody_is_not_asked_for_without_clothes() -> None:
    texts = {"prompt": "a portrait in the garden", rules.NEGATIVE: "blurry, clothes"}
    assert check(texts) is None
    refusal = check(texts, has_face=True)
    assert refusal is not None
    assert refusal.rule.key == "undress"


@pytest.mark.parametrize("text", ["", "two red cups on a table", "Kaffee und Kuchen", "قهوة", "☕"])
def test_what_shops_ask_for_is_not_refused(text: str) -> None:
    assert check({"prompt": text}) is None


def refused(prompts: list[Prompt]) -> float:
    """The share of them."""
    every = [check(prompt.texts, has_face=prompt.has_uploaded_face) is not None for prompt in prompts]
    return sum(every) / len(every)


def test_nothing_excuses_what_is_asked_about_a_minor() -> None:
    assert all(not rule.unless for rule in rules.RULES if rule.key == "minor_sexual")


def test_every_open_prompt_about_minors_is_refused() -> None:
    assert refused([prompt for prompt in forbidden() if prompt.label == "minor_sexual"]) == 1


@pytest.mark.parametrize("evasion", sorted({prompt.evasion for prompt in forbidden()}))
def test_no_disguise_gets_past(evasion: str) -> None:
    assert refused([prompt for prompt in forbidden() if prompt.evasion == evasion]) >= 0.9


@pytest.mark.parametrize("language", sorted({prompt.language for prompt in plain()}))
def test_shops_of_each_language_are_served(language: str) -> None:
    assert refused([prompt for prompt in plain() if prompt.language == language]) <= 0.01


def phrases_that_excuse_a_word() -> Iterator[tuple[str, str]]:
    """Harmless entries of two words of which the first says something else by itself."""
    for entry in lexicon.entries(lexicon.HARMLESS):
        first, _, second = entry.partition(" ")
        has_class = any(node.names for node in lexicon.root().after(first))
        if second.isalpha() and has_class and not lexicon.harmless().after(first + second):
            yield first, second


def test_a_harmless_phrase_ends_where_a_part_of_a_sentence_does() -> None:
    every = list(phrases_that_excuse_a_word())[:20]
    assert every
    for first, second in every:
        assert first in found(f"{first}, {second}")
        assert first not in found(f"{first} {second}")


def test_a_harmless_phrase_hides_no_minor() -> None:
    minor = next(entry for entry in lexicon.entries("minor") if entry.isalpha())
    for entry in [entry for entry in lexicon.entries(lexicon.HARMLESS) if entry.count("~") == 1][:20]:
        text = entry.replace("~", minor).replace("*", "").replace(ages.NUMBER, "9")
        assert "minor" in rules.classes_in({"prompt": text})


def found(text: str) -> set[str]:
    """All words that are in a class."""
    return {word for words in rules.classes_in({"prompt": text}).values() for word in words}


def single(name: str, *, is_latin: bool, longer_than: int) -> list[str]:
    """The first entries of a class that are one word."""
    every = [entry for entry in lexicon.entries(name) if entry.isalpha() and len(entry) > longer_than]
    return [entry for entry in every if entry.isascii() == is_latin][:20]


@pytest.mark.parametrize("name", ["minor", "nudity"])
def test_a_word_is_known_by_its_ends(name: str) -> None:
    for word in single(name, is_latin=True, longer_than=4):
        masked = word[0] + "*" * (len(word) - 2) + word[-1]
        assert name in rules.classes_in({"prompt": f"one {masked} here"})


def test_what_is_written_without_vowels_is_read() -> None:
    minors, others = (single(name, is_latin=True, longer_than=3) for name in ("minor", "nudity"))
    for words in zip(minors, others, strict=False):
        bare = [slips.bones(word) for word in words]
        if all(map(slips.is_bare, bare)):
            assert {"minor", "nudity"} <= rules.classes_in(
                {"prompt": f"th {' '.join(bare)} n th grdn"}
            ).keys()


@pytest.mark.parametrize("name", ["minor", "nudity"])
@pytest.mark.parametrize("ending", ["inho", "ek", "ie"])
def test_a_word_is_read_with_an_ending_that_it_does_not_have(name: str, ending: str) -> None:
    for word in single(name, is_latin=True, longer_than=5):
        assert slips.is_ordinary(word + ending) or found(f"one {word}{ending}")


@pytest.mark.parametrize(("right", "wrong"), [("children", "chuldren"), ("teenager", "teenafer")])
def test_a_word_is_read_with_the_key_beside_the_right_one(right: str, wrong: str) -> None:
    assert right in found(f"a {right}")
    assert right in found(f"a {wrong}")


def test_without_is_the_same_in_all_languages() -> None:
    entry = next(each for each in lexicon.entries("nudity") if each.split()[0] == "sin")
    first, rest = entry.replace("*", "").split(" ", 1)
    for other in lexicon.WITHOUT - {first}:
        assert "nudity" in rules.classes_in({"prompt": f"{other} {rest}"})


def test_numbers_of_orders_are_not_written_without_vowels() -> None:
    assert rules.classes_in({"prompt": "order TGV0bmlhIHd5cHJ6ZWRhxbw5, before 18"}) == {}


@pytest.mark.parametrize("name", ["minor", "nudity"])
def test_an_arabic_word_with_a_letter_doubled_is_read(name: str) -> None:
    for word in single(name, is_latin=False, longer_than=3):
        assert name in rules.classes_in({"prompt": word[:3] + word[2:]})


@pytest.mark.parametrize(
    "text",
    [
        "Stop the attacks on Muslims",
        "Gegen Angriffe auf Juden",
        "Stop aux attaques contre les juifs",
        "No a los ataques a musulmanes",
        "Basta attacchi agli ebrei",
        "أوقفوا الهجمات على المسلمين",
        "Przeciw atakom na muzułmanów",
        "Não aos ataques aos judeus",
    ],
)
def test_to_call_against_attacks_is_no_call_for_them(text: str) -> None:
    assert check({"prompt": text}) is None
    assert check({"prompt": f"{text}! KILL ALL Muslims"}) is not None


@pytest.mark.parametrize("number", ["9", "17", "١٢", "nine", "zwölf", "quinze", "twenty 12"])
def test_an_age_under_eighteen_is_known(number: str) -> None:
    classes = rules.classes_in({"prompt": f"{number} years old"})
    assert ages.UNDER_AGE in classes


@pytest.mark.parametrize("number", ["0", "18", "200", "٤٠", "thirty-five", "treinta y cinco", "trente cinq"])
def test_another_number_is_no_age(number: str) -> None:
    assert ages.UNDER_AGE not in rules.classes_in({"prompt": f"{number} years old"})


@pytest.mark.parametrize(
    "text", ["Mrs Alderton", "pani Nowak", "l'abb\u00e9 Fournel", "DON LUIGI", "\U0001d40c\U0001d42c Ellwood"]
)
def test_a_title_and_a_name_are_a_person(text: str) -> None:
    assert people.NAMED in rules.classes_in({"prompt": f"a portrait of {text}"})


def test_what_people_write_often_is_not_taken_for_something_else() -> None:
    words = encoded.read(slips.ORDINARY)
    assert words
    assert not any(list(slips.corrected(word, lexicon.vocabulary())) for word in words)


@pytest.mark.parametrize(
    "text",
    ["a" * 5000, "a*" * 2500, "a1" * 2500, "a " * 2500, "%41" * 1600, "aB" * 2500, "\U0001f353" * 5000],
)
def test_no_text_takes_long(text: str) -> None:
    began = time.thread_time()  # of the processor, as others may be at work beside
    check({"prompt": text})
    assert time.thread_time() - began < 2
