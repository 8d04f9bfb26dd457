"""Asking for pictures, stopping them, asking again: through the page, in the real queue."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client

from accounts import usage
from accounts.models import AuditEvent, Reservation
from generation import jobs
from generation.models import Job, Output, PictureRequest, Status
from tests.webapp import stage, steps
from webapp.campaigns import campaigns, projects
from webapp.models import Brief


@pytest.fixture(autouse=True)
def model(db):
    return steps.general_model()


@pytest.fixture
def bob(people, as_):
    return as_(people.bob)


def test_the_answer_holds_the_frames_at_their_final_shape(people, bob, model):
    answer = steps.ask(bob, people.campaign, shape="landscape", count="3")
    outputs = steps.only_job().outputs.order_by("index")
    assert answer.status_code == 200
    assert steps.frames_in(answer) == [str(output.pk) for output in outputs]
    width, height = model.size_for(16 / 9)
    assert answer.text.count(f'width="{width}" height="{height}"') == 3
    assert "<html" not in answer.text


def test_the_job_carries_what_was_asked(people, bob, model):
    steps.ask(bob, people.campaign, count="3", seed="7", steps="9", guidance="3.5", negative_prompt="people")
    job = steps.only_job()
    assert job.request["prompt"].startswith("a cup of coffee and cinnamon on a table, cosy mood")
    assert PictureRequest.of(job) == PictureRequest(
        prompt=job.request["prompt"], negative_prompt="people", width=64, height=64, steps=9, guidance=3.5
    )
    assert list(job.outputs.order_by("index").values_list("seed", flat=True)) == [7, 8, 9]
    assert (job.created_by, job.business, job.model) == (people.bob, people.bakery, model)


def test_one_wish_is_one_job_whatever_the_page_composed_meanwhile(people, bob):
    nonce, prompt = uuid4().hex, "a cup of tea by the window"
    steps.ask(bob, people.campaign, nonce=nonce, prompt=prompt, composed="")
    steps.ask(bob, people.campaign, nonce=nonce, prompt=prompt, composed="a cup of coffee")
    assert steps.only_job().request["prompt"] == prompt


def test_the_answer_starts_the_poll_and_gives_the_form_a_new_key(people, bob):
    nonce = uuid4().hex
    answer = steps.ask(bob, people.campaign, nonce=nonce)
    assert steps.polls(answer)
    (fresh,) = steps.values_of(answer, "nonce")
    assert fresh not in ("", nonce)


def test_the_form_keeps_the_brief_for_a_variation(people, bob):
    answer = steps.ask(bob, people.campaign)
    assert steps.typed_in(answer, "subject") == steps.ANSWERS["subject"]
    assert '<details class="brief__advanced">' in answer.text


def test_the_first_pictures_take_the_place_of_the_empty_state(people, bob):
    first = steps.ask(bob, people.campaign)
    assert 'id="gallery-empty" hx-swap-oob="delete"' in first.text
    second = steps.ask(bob, people.campaign, seen=steps.values_of(first, "seen"))
    assert "gallery-empty" not in second.text


def test_without_script_one_is_led_back_to_the_gallery(people, bob):
    page = steps.ask(bob, people.campaign, htmx=False)
    assert (page.status_code, page.url) == (302, steps.url("campaign", people.campaign) + "#gallery")
    assert steps.frames_in(bob.get(page.url)) == [
        str(output.pk) for output in Output.objects.order_by("index")
    ]


def test_a_double_click_is_one_job(people, bob):
    nonce = uuid4().hex
    first = steps.ask(bob, people.campaign, nonce=nonce)
    second = steps.ask(bob, people.campaign, nonce=nonce)
    assert steps.frames_in(first) == steps.frames_in(second)
    assert Job.objects.count() == Brief.objects.count() == Reservation.objects.count() == 1


def test_frames_that_the_page_has_already_are_not_added_twice(people, bob):
    nonce = uuid4().hex
    first = steps.ask(bob, people.campaign, nonce=nonce)
    again = steps.ask(bob, people.campaign, nonce=nonce, seen=steps.values_of(first, "seen"))
    assert steps.frames_in(again) == []


def test_a_nonce_of_another_campaign_person_or_business_gives_nobody_anothers_pictures(people, as_, bob):
    other = campaigns.create(people.project, "Winter", by=people.bob)
    asked = [
        (bob, people.campaign),
        (bob, other),
        (as_(people.alice), people.campaign),
        (as_(people.mallory), people.foreign_campaign),
    ]
    answers = [steps.ask(client, campaign, nonce="n" * 32) for client, campaign in asked * 2]
    assert {answer.status_code for answer in answers} == {200}
    assert Job.objects.count() == len(asked)
    for answer, (_, campaign) in zip(answers, asked * 2, strict=True):
        keys = steps.frames_in(answer)
        job = Job.objects.get(brief__campaign=campaign, created_by=answer.wsgi_request.user)
        assert set(keys) == {str(output.pk) for output in job.outputs.all()}


@pytest.mark.parametrize("nonce", ["n" * 65, "n\0", " "])
def test_a_nonce_that_no_page_made_does_no_harm(people, bob, nonce):
    answers = [steps.ask(bob, people.campaign, nonce=nonce) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert Job.objects.count() == 1


def test_another_brief_on_an_old_form_is_another_job(people, bob):
    """Whoever goes back in the browser has the old form's key, and means what they see."""
    nonce = uuid4().hex
    steps.ask(bob, people.campaign, nonce=nonce, htmx=False)
    steps.ask(bob, people.campaign, nonce=nonce, htmx=False, mood="bold")
    assert Job.objects.count() == 2


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_eight_clicks_at_once_are_one_job(people):
    typed = {"nonce": uuid4().hex, **steps.ANSWERS}

    def click(_: int) -> int:
        client = Client()
        client.force_login(people.bob)
        try:
            return client.post(
                steps.url("campaign_jobs", people.campaign), typed, headers=steps.HTMX
            ).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(click, range(8))) == [200] * 8
    assert Job.objects.count() == 1
    assert Output.objects.count() == 2
    assert usage.allowance(people.bakery).reserved == 2


def test_what_is_over_the_days_allowance_is_answered_at_its_field(people, bob):
    usage.limit(people.bakery, 3, by=people.alice)
    answer = steps.ask(bob, people.campaign, count="4")
    assert answer.status_code == 422
    assert "ask for 3 or fewer" in answer.text
    assert 'name="count" value="4"' in answer.text
    assert not Job.objects.exists()


def test_an_archived_campaign_refuses_and_offers_no_form(people, bob):
    campaigns.archive(people.campaign, by=people.bob)
    assert "brief-submit" not in bob.get(steps.url("campaign", people.campaign)).text
    for htmx in (True, False):
        answer = steps.ask(bob, people.campaign, htmx=htmx)
        assert answer.status_code == 422
        assert "This campaign is archived" in answer.text
    assert not Job.objects.exists()


def test_a_viewer_may_not_ask_and_is_not_asked(people, as_):
    carol = as_(people.carol)
    assert steps.ask(carol, people.campaign).status_code == 403
    assert steps.compose(carol, people.campaign).status_code == 403
    assert "brief-submit" not in carol.get(steps.url("campaign", people.campaign)).text


def test_waiting_pictures_are_cancelled_in_place(people, bob):
    job = stage.waiting_job(people.campaign, people.bob)
    answer = bob.post(steps.url("job_cancellation", job), headers=steps.HTMX)
    job.refresh_from_db()
    assert job.status == Status.CANCELLED
    assert answer.text.count("<strong>Cancelled</strong>") == 2
    assert 'hx-swap-oob="true"' in answer.text
    assert AuditEvent.objects.filter(verb="job.cancelled", actor=people.bob).count() == 1


def test_cancel_cancels_the_one_and_the_others_are_made(people, bob):
    job = stage.running_job(people.campaign, people.bob, count=3)
    first, *_ = job.outputs.order_by("index")
    page = bob.get(steps.url("campaign", people.campaign))
    answer = bob.post(steps.url("output_cancellation", first), headers=steps.HTMX)
    assert answer.text.count("<strong>Cancelled</strong>") == 1
    assert answer.text.count("Cancel all 2") == 2
    assert usage.allowance(people.bakery).reserved == 2
    stage.finish(job)
    made = [output.is_stored for output in job.outputs.order_by("index")]
    assert made == [False, True, True]
    assert usage.allowance(people.bakery).used == 2
    over = steps.poll(bob, people.campaign, page)
    assert "3 pictures: 2 ready, 1 cancelled." in over.text


def test_what_was_taken_out_of_a_job_that_failed_is_not_asked_for_again(people, bob):
    job = stage.waiting_job(people.campaign, people.bob)
    first, *others = job.outputs.order_by("index")
    cost = job.cost
    bob.post(steps.url("output_cancellation", first), headers=steps.HTMX)
    job.refresh_from_db()
    assert job.cost == pytest.approx(cost * len(others) / (len(others) + 1))
    jobs.fail(jobs.claim("a worker of the tests"), "internal")
    bob.post(steps.url("job_retry", job), headers=steps.HTMX)
    again = Job.objects.get(retry_of=job)
    assert [output.seed for output in again.outputs.order_by("index")] == [each.seed for each in others]


def test_the_last_picture_that_is_cancelled_ends_the_job(people, bob):
    job = stage.waiting_job(people.campaign, people.bob)
    for output in job.outputs.all():
        bob.post(steps.url("output_cancellation", output))
    job.refresh_from_db()
    assert job.status == Status.CANCELLED
    over = steps.poll(bob, people.campaign, seen=[f"{output.pk}:0" for output in job.outputs.all()])
    assert "2 pictures: 2 cancelled." in over.text
    assert "ready" not in over.text


def test_pictures_that_are_being_made_stop_when_the_worker_hears_of_it(people, bob):
    job = stage.running_job(people.campaign, people.bob)
    answer = bob.post(steps.url("job_cancellation", job), headers=steps.HTMX)
    assert answer.text.count("<strong>Stopping</strong>") == 2
    assert steps.polls(answer)
    jobs.stop(job)
    assert steps.poll(bob, people.campaign, answer).text.count("<strong>Cancelled</strong>") == 2


def test_failed_pictures_say_why_and_are_asked_for_again_in_their_frames(people, bob):
    job = jobs.fail(stage.running_job(people.campaign, people.bob), "disk_full")
    page = bob.get(steps.url("campaign", people.campaign))
    assert page.text.count("The disk is full.") == 2
    answer = bob.post(steps.url("job_retry", job), headers=steps.HTMX)
    again = Job.objects.get(retry_of=job)
    for old, new in zip(job.outputs.order_by("index"), again.outputs.order_by("index"), strict=True):
        assert f'id="frame-{new.pk}" hx-swap-oob="outerHTML:#frame-{old.pk}"' in answer.text
        assert old.seed == new.seed
    assert steps.frames_in(bob.get(steps.url("campaign", people.campaign))) == [
        str(output.pk) for output in again.outputs.order_by("index")
    ]


def test_asking_again_twice_is_one_job(people, bob):
    job = jobs.fail(stage.running_job(people.campaign, people.bob), "internal")
    for htmx in (steps.HTMX, {}):
        bob.post(steps.url("job_retry", job), headers=htmx)
    assert Job.objects.filter(retry_of=job).count() == 1


@pytest.mark.parametrize("headers", [steps.HTMX, {}])
def test_what_is_done_is_not_asked_for_again(people, bob, media, headers):
    job = stage.finished_job(people.campaign, people.bob)
    answer = bob.post(steps.url("job_retry", job), headers=headers, follow=True)
    assert "Only what failed or was cancelled" in answer.text
    assert Job.objects.count() == 1


def test_asking_again_may_be_over_the_days_allowance_too(people, bob):
    job = jobs.fail(stage.running_job(people.campaign, people.bob), "internal")
    usage.limit(people.bakery, 0, by=people.alice)
    answer = bob.post(steps.url("job_retry", job), headers=steps.HTMX)
    assert answer.status_code == 422
    assert "pictures are used up" in answer.text


@pytest.mark.parametrize("name", ["job_cancellation", "job_retry"])
def test_only_editors_touch_jobs_and_strangers_find_none(people, as_, name):
    job = stage.waiting_job(people.campaign, people.bob)
    assert as_(people.carol).post(steps.url(name, job)).status_code == 403
    assert as_(people.mallory).post(steps.url(name, job)).status_code == 404
    assert as_(people.bob).get(steps.url(name, job)).status_code == 302
    job.refresh_from_db()
    assert job.status == Status.QUEUED


def test_a_campaign_of_an_archived_project_refuses(people, bob):
    projects.archive(people.project, by=people.alice)
    answer = steps.ask(bob, people.campaign)
    assert answer.status_code == 422
    assert "The project is archived" in answer.text
    assert not Job.objects.exists()
