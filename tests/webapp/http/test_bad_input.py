"""What people and browsers send that is none: answered in the page, with what was typed, and nothing made."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection
from django.urls import reverse

from generation.models import Job, PictureRequest
from tests.webapp import stage, steps
from webapp.campaigns import briefs
from webapp.models import Brief

HEBREW = "כוס קפה עם קינמון על שולחן עץ"
EMOJI = "a cup of coffee ☕🎃 for a 👩‍🍳"


@pytest.fixture(autouse=True)
def model(db):
    return steps.general_model()


@pytest.fixture
def bob(people, as_):
    return as_(people.bob)


@pytest.mark.parametrize("subject", ["", "   ", "\n\n"])
def test_an_empty_brief_is_asked_what_to_show(people, bob, subject):
    answer = steps.ask(bob, people.campaign, subject=subject)
    assert answer.status_code == 422
    assert answer.context["form"].errors["subject"] == ["Say what the picture should show."]
    assert not Job.objects.exists()


def test_an_emptied_prompt_is_the_composed_one(people, bob):
    assert steps.ask(bob, people.campaign, prompt=" ", composed="a cake").status_code == 200
    assert PictureRequest.of(steps.only_job()).prompt.startswith(steps.ANSWERS["subject"])


@pytest.mark.parametrize("field", ["subject", "prompt", "negative_prompt"])
def test_five_thousand_characters_are_too_many_and_stay_in_their_field(people, bob, field):
    text = "pumpkin " * 624 + "pumpkins"
    assert len(text) == 5000
    typed: dict[str, Any] = {field: text}
    answer = steps.ask(bob, people.campaign, **typed)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert "5,000 characters" in answer.text or "5000 characters" in answer.text
    assert steps.typed_in(answer, field) == text
    assert "maxlength" not in answer.text.partition('name="subject"')[2].partition(">")[0]
    assert not Job.objects.exists()


@pytest.mark.parametrize("subject", [EMOJI, HEBREW, "<script>alert(1)</script>", "50 % off & “more”"])
def test_every_script_and_sign_arrives_as_it_was_typed(people, bob, subject):
    assert steps.ask(bob, people.campaign, subject=subject).status_code == 200
    assert PictureRequest.of(steps.only_job()).prompt.startswith(subject)
    page = bob.get(steps.url("campaign", people.campaign)).text
    assert "<script>alert" not in page


def test_right_to_left_text_is_read_from_the_right(people, bob):
    page = steps.ask(bob, people.campaign, subject=HEBREW).text
    assert 'dir="auto"' in page.partition('name="subject"')[2].partition(">")[0]
    assert f'<q dir="auto">{HEBREW}' in page


def test_a_nul_is_refused_in_words(people, bob):
    answer = steps.ask(bob, people.campaign, subject="a cup\x00of coffee")
    assert answer.status_code == 422
    assert "subject" in answer.context["form"].errors


@pytest.mark.parametrize("count", ["0", "99", "-1", "4.5", "four", "", "9" * 5000])
def test_a_count_that_cannot_be_is_answered_at_its_field(people, bob, count):
    answer = steps.ask(bob, people.campaign, count=count)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["count"]
    assert f'value="{count}"' in answer.text or count == ""
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("steps", "0"),
        ("steps", "101"),
        ("guidance", "nan"),
        ("guidance", "31"),
        ("seed", "-1"),
        ("seed", str(2**32)),
        ("seed", "lucky"),
        ("mood", "furious"),
        ("colours", "<b>"),
        ("own_colours", "x" * 81),
        ("room", "below"),
        ("shape", "round"),
    ],
)
def test_an_answer_that_is_none_is_answered_at_its_field(people, bob, field, value):
    answer = steps.ask(bob, people.campaign, **{field: value})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert steps.typed_in(answer, "subject") == steps.ANSWERS["subject"]
    assert not Job.objects.exists()


def test_several_faults_are_all_told_at_once_and_advanced_is_open(people, bob):
    answer = steps.ask(bob, people.campaign, subject="", count="99", steps="0")
    assert set(answer.context["form"].errors) == {"subject", "count", "steps"}
    assert '<details class="brief__advanced" open>' in answer.text


def test_without_script_the_whole_page_keeps_what_was_typed(people, bob):
    page = steps.ask(bob, people.campaign, htmx=False, count="99", negative_prompt="no people")
    assert page.status_code == 422
    assert "<html" in page.text
    assert 'name="count" value="99"' in page.text
    assert steps.typed_in(page, "negative_prompt") == "no people"


@pytest.mark.parametrize("pk", ["0", "999999", "starter", "0" * 64])
def test_a_model_that_is_not_installed_is_answered_at_its_field(people, bob, pk):
    answer = steps.ask(bob, people.campaign, model=pk)
    assert answer.status_code == 422
    assert "not installed here" in answer.text


def test_a_model_that_is_no_longer_offered_is_refused(people, bob, model):
    model.is_active = False
    model.save()
    answer = steps.ask(bob, people.campaign, model=model.pk)
    assert answer.status_code == 422


@pytest.mark.parametrize("size", [(513, 512), (512, 100), (8, 8), (4096, 4096)])
def test_a_size_off_the_models_grid_is_refused_with_one_that_would_do(people, model, size):
    brief, request = Brief(campaign=people.campaign), model.request("a cake", size=size)
    with pytest.raises(ValidationError) as refusal:
        briefs.submit(brief, request, by=people.bob, key="k", model=model, count=1)
    assert set(refusal.value.message_dict) <= {"width", "height"}


@pytest.mark.parametrize("shape", ["square", "portrait", "landscape"])
def test_every_shape_is_on_the_models_grid_whatever_else_is_sent(people, bob, model, shape):
    model.size_multiple = 24
    model.save()
    steps.ask(bob, people.campaign, shape=shape, width="513", height="7")
    request = PictureRequest.of(steps.only_job())
    assert request.width % 24 == request.height % 24 == 0


PAGES = ["campaign", "campaign_gallery"]
POSTS = ["campaign_jobs", "campaign_prompt", "campaign_name", "campaign_archival"]


@pytest.mark.parametrize("name", PAGES + POSTS)
def test_another_business_s_campaign_does_not_exist(people, bob, name):
    url = steps.url(name, people.foreign_campaign)
    answer = bob.get(url) if name in PAGES else bob.post(url, steps.ANSWERS)
    assert answer.status_code == 404


@pytest.mark.parametrize("name", POSTS)
def test_what_changes_something_answers_to_no_link(people, bob, name):
    assert bob.get(steps.url(name, people.campaign)).status_code == 302


@pytest.mark.parametrize("name", POSTS)
def test_a_viewer_is_refused(people, as_, name):
    assert as_(people.carol).post(steps.url(name, people.campaign), steps.ANSWERS).status_code == 403


def test_a_form_from_elsewhere_is_refused(people, as_):
    bob = as_(people.bob, enforce_csrf_checks=True)
    assert steps.ask(bob, people.campaign).status_code == 403
    assert not Job.objects.exists()


def test_a_session_that_ends_in_mid_poll_never_brings_the_sign_in_page_into_a_frame(people, bob):
    stage.waiting_job(people.campaign, people.bob)
    page = bob.get(steps.url("campaign", people.campaign))
    assert 'data-when="signed-out"' in page.text
    bob.logout()
    answer = steps.poll(bob, people.campaign, page)
    assert (answer.status_code, answer.content) == (401, b"")


def test_a_session_that_ends_before_the_click_leads_back_to_the_page(people, bob):
    page = steps.url("campaign", people.campaign)
    bob.logout()
    answer = bob.post(
        steps.url("campaign_jobs", people.campaign),
        steps.ANSWERS,
        headers={"Referer": f"http://testserver{page}"},
    )
    assert answer.url == f"{reverse('account_login')}?next={page}"
    elsewhere = bob.post(
        steps.url("campaign_jobs", people.campaign), headers={"Referer": "https://elsewhere.example/x"}
    )
    assert elsewhere.url == f"{reverse('account_login')}?next=/"


def test_while_the_database_is_away_the_answer_is_a_pause_and_then_the_poll_goes_on(people, bob):
    stage.waiting_job(people.campaign, people.bob)
    page = bob.get(steps.url("campaign", people.campaign))
    bob.raise_request_exception = False

    def away(*_: object) -> None:
        raise OperationalError("the server is gone")

    with connection.execute_wrapper(away):
        answer = steps.poll(bob, people.campaign, page)
        asked = steps.ask(bob, people.campaign)
    assert (answer.status_code, asked.status_code) == (503, 503)
    assert answer["Retry-After"]
    assert steps.poll(bob, people.campaign, page).status_code == 204


def test_prompts_are_neither_in_the_log_nor_in_addresses(people, bob, caplog):
    caplog.set_level("DEBUG")
    steps.ask(bob, people.campaign, subject="a very secret cake")
    steps.ask(bob, people.campaign, subject="a very secret cake", count="99")
    bob.get(steps.url("campaign", people.campaign))
    assert "secret cake" not in "".join(
        record.getMessage() for record in caplog.records if record.name != "django.db.backends"
    )
