"""The gallery and its one poll: only what changed, and silence once all is finished."""

from datetime import timedelta

import pytest

from generation import jobs, pictures
from generation.jobs import eta, heartbeat
from generation.models import Job, ModelVersion
from tests.webapp import stage, steps
from webapp.campaigns import briefs, gallery
from webapp.models import Brief

PREVIEW = b"RIFF a small picture WEBP"


@pytest.fixture(autouse=True)
def model(db):
    return steps.general_model()


@pytest.fixture
def bob(people, as_):
    return as_(people.bob)


def look(client, campaign, **query):
    return client.get(steps.url("campaign", campaign), query)


def test_an_empty_gallery_says_what_to_do_next(people, as_):
    assert "then press <strong>Make pictures</strong>" in look(as_(people.bob), people.campaign).text
    assert "as soon as somebody asks" in look(as_(people.carol), people.campaign).text


def test_a_page_with_nothing_unfinished_does_not_poll(people, bob, media):
    assert not steps.polls(look(bob, people.campaign))
    stage.finished_job(people.campaign, people.bob)
    assert not steps.polls(look(bob, people.campaign))
    stage.waiting_job(people.campaign, people.bob)
    assert steps.polls(look(bob, people.campaign))


def test_nothing_new_is_an_empty_answer_and_the_poll_goes_on(people, bob):
    stage.waiting_job(people.campaign, people.bob)
    page = look(bob, people.campaign)
    answer = steps.poll(bob, people.campaign, page)
    assert (answer.status_code, answer.content) == (204, b"")


def test_only_the_frame_that_changed_comes_back(people, bob):
    job = stage.running_job(people.campaign, people.bob, count=3)
    page = look(bob, people.campaign)
    pictures.show(job, [pictures.FrameProgress(1, step=2, preview=PREVIEW)])
    answer = steps.poll(bob, people.campaign, page)
    middle = job.outputs.get(index=1)
    assert steps.frames_in(answer) == [str(middle.pk)]
    assert "Step 2 of 4" in answer.text
    assert f'src="{steps.url("output_preview", middle)}?step=2"' in answer.text
    assert steps.polls(answer)


def test_a_waiting_frame_tells_its_place_and_that_it_is_not_known_how_long(people, bob):
    stage.waiting_job(people.foreign_campaign, people.mallory)
    stage.waiting_job(people.campaign, people.bob)
    page = look(bob, people.campaign)
    assert "Place 2 in the queue" in page.text
    assert "about" not in page.text.partition("Place 2")[2].partition("</p>")[0]


def test_the_time_left_is_told_once_the_machines_pace_is_known(people, bob, media):
    done = stage.finished_job(people.campaign, people.bob)
    Job.objects.filter(pk=done.pk).update(started_at=done.finished_at - timedelta(seconds=120))
    stage.waiting_job(people.campaign, people.bob)
    assert "Next in the queue · about 2 min" in look(bob, people.campaign).text


def test_finished_pictures_replace_their_frames_and_end_the_poll(people, bob, media):
    job = stage.running_job(people.campaign, people.bob)
    page = look(bob, people.campaign)
    stage.finish(job)
    answer = steps.poll(bob, people.campaign, page)
    for output in job.outputs.all():
        assert f'src="{steps.url("output_thumbnail", output)}"' in answer.text
    assert 'id="gallery-poll"' in answer.text
    assert not steps.polls(answer)
    assert "2 pictures: 2 ready." in answer.text


def test_pictures_that_a_colleague_asks_for_appear_by_themselves(people, bob):
    stage.waiting_job(people.campaign, people.bob, count=1)
    page = look(bob, people.campaign)
    theirs = stage.waiting_job(people.campaign, people.alice, count=1).outputs.get()
    answer = steps.poll(bob, people.campaign, page)
    assert steps.frames_in(answer)[0] == str(theirs.pk)
    assert 'hx-swap-oob="afterbegin:#frames"' in answer.text


def test_a_worker_that_comes_or_goes_is_told_while_pictures_wait(people, bob):
    stage.waiting_job(people.campaign, people.bob)
    page = look(bob, people.campaign)
    assert "so these pictures wait" in page.text
    heartbeat.attend("a worker of the tests", "cpu")
    answer = steps.poll(bob, people.campaign, page)
    assert answer.status_code == 200
    assert "so these pictures wait" not in answer.text
    assert steps.poll(bob, people.campaign, page, drawing="1").status_code == 204


def test_pictures_that_no_worker_can_make_say_why_they_wait_and_can_be_cancelled(people, bob):
    job = stage.waiting_job(people.campaign, people.bob)
    heartbeat.attend("a worker of the tests", "cpu")
    page = look(bob, people.campaign)
    assert "Next in the queue" in page.text
    heartbeat.attend("a worker of the tests", "cpu", {job.model_id: "missing"})
    answer = steps.poll(bob, people.campaign, page)
    words = "No machine that is running has the files of this model"
    assert answer.text.count(words) == 2
    assert words in look(bob, people.campaign).text
    bob.post(steps.url("job_cancellation", job), headers=steps.HTMX)
    job.refresh_from_db()
    assert job.status == "cancelled"


def test_what_no_worker_can_make_is_nobodys_place_in_the_queue(people, bob):
    stuck = stage.waiting_job(people.campaign, people.bob)
    heartbeat.attend("a worker of the tests", "cpu", {stuck.model_id: "damaged"})
    model = ModelVersion.objects.create(name="other", hash="f" * 64, size_min=32, size_default=32)
    behind = briefs.submit(
        Brief(campaign=people.campaign), model.request("tea"), by=people.bob, key="x", model=model, count=1
    )
    assert eta.place_in_queue(behind) == 1


@pytest.mark.parametrize("seen", ["", "x", "nonsense:1", "0" * 32, "0" * 32 + ":ab", ":"])
def test_frames_that_are_none_do_no_harm(people, bob, seen):
    stage.waiting_job(people.campaign, people.bob)
    assert steps.poll(bob, people.campaign, seen=seen).status_code == 200


def test_a_strangers_frames_are_never_told(people, bob, media):
    foreign = stage.running_job(people.foreign_campaign, people.mallory, count=1).outputs.get()
    answer = steps.poll(bob, people.campaign, seen=f"{foreign.pk}:0")
    assert str(foreign.pk) not in answer.text


@pytest.mark.parametrize(("end", "offers"), [("cancel", 3), ("fail", 2)])
def test_a_frame_follows_what_becomes_of_its_siblings(people, bob, end, offers):
    """Cancelled in another window: how many are left to cancel, and whether the whole is offered again."""
    job = stage.running_job(people.campaign, people.bob, count=3)
    page = look(bob, people.campaign)
    pictures.cancel(job.outputs.first(), by=people.alice)
    heard = steps.poll(bob, people.campaign, page)
    assert (heard.text.count("Cancel all 2"), heard.text.count("Cancel all 3")) == (2, 0)
    page = look(bob, people.campaign)
    if end == "cancel":
        jobs.cancel(job, by=people.alice)
        jobs.stop(job)
    else:
        jobs.fail(job, "internal")
    assert steps.poll(bob, people.campaign, page).text.count('id="retry-') == offers
    assert look(bob, people.campaign).text.count('id="retry-') == offers


def test_opened_by_hand_the_polls_address_leads_to_the_page(people, bob):
    answer = bob.get(steps.url("campaign_gallery", people.campaign))
    assert answer.url == steps.url("campaign", people.campaign)


def test_the_filters_count_and_show_what_was_decided(people, bob, media):
    kept, discarded, _ = stage.finished_job(people.campaign, people.bob, count=3).outputs.order_by("index")
    kept.keep(by=people.bob)
    discarded.discard(by=people.bob)
    page = look(bob, people.campaign)
    assert page.context["totals"] == gallery.Totals(all=2, kept=1, discarded=1)
    assert str(discarded.pk) not in steps.frames_in(page)
    assert steps.frames_in(look(bob, people.campaign, show="kept")) == [str(kept.pk)]
    assert steps.frames_in(look(bob, people.campaign, show="discarded")) == [str(discarded.pk)]
    assert len(steps.frames_in(look(bob, people.campaign, show="nonsense"))) == 2


def test_a_filtered_page_neither_polls_nor_swaps(people, bob):
    stage.waiting_job(people.campaign, people.bob)
    page = look(bob, people.campaign, show="kept")
    assert not steps.polls(page)
    assert 'hx-post="' + steps.url("campaign_jobs", people.campaign) not in page.text


def test_old_failures_are_not_shown_for_ever(people, bob):
    job = jobs.fail(stage.running_job(people.campaign, people.bob), "internal")
    assert len(steps.frames_in(look(bob, people.campaign))) == 2
    Job.objects.filter(pk=job.pk).update(finished_at=job.finished_at - timedelta(days=2))
    assert steps.frames_in(look(bob, people.campaign)) == []


def test_a_long_gallery_has_pages(people, bob, media, monkeypatch):
    monkeypatch.setattr(gallery, "PAGE", 2)
    newest = [str(stage.picture(people.campaign, people.bob).pk) for _ in range(5)][::-1]
    assert steps.frames_in(look(bob, people.campaign)) == newest[:2]
    assert steps.frames_in(look(bob, people.campaign, page=3)) == newest[4:]
    assert steps.frames_in(look(bob, people.campaign, page="last")) == newest[:2]


def test_twenty_jobs_cost_as_many_queries_as_one(people, bob, media):
    stage.finished_job(people.campaign, people.bob, count=1)
    stage.running_job(people.campaign, people.bob, count=1)
    stage.waiting_job(people.campaign, people.bob, count=1)
    page_url = steps.url("campaign", people.campaign)
    poll_url = steps.url("campaign_gallery", people.campaign)
    of_one = steps.queries_of(bob, page_url), steps.queries_of(bob, poll_url, headers=steps.HTMX)
    for _ in range(3):
        stage.finished_job(people.campaign, people.bob, count=1)
    for _ in range(8):
        stage.waiting_job(people.campaign, people.bob, count=1)
    for _ in range(4):
        jobs.claim("a worker of the tests")
    of_many = steps.queries_of(bob, page_url), steps.queries_of(bob, poll_url, headers=steps.HTMX)
    assert of_many == of_one
