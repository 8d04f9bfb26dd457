"""The page of whoever runs the machine: numbers and notices, and nothing of anybody's."""

import smtplib

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts import notices, operators
from accounts.models import Notice, User
from generation import jobs
from generation.files import scrub, storage
from generation.jobs import heartbeat
from generation.models import Job
from tests.webapp import stage

PAGE = "operator"


@pytest.fixture
def operator(people, as_):
    operators.appoint(people.alice)
    return as_(people.alice)


def test_it_shows_workers_and_what_waits_in_numbers(people, operator, media):
    heartbeat.attend("a worker of the tests", "cuda")
    stage.waiting_job(people.campaign, people.bob)
    stage.running_job(people.campaign, people.bob)
    page = operator.get(reverse(PAGE))
    (line,) = page.context["overview"].queue
    assert (line.kind, line.waiting, line.running) == ("Pictures by tiny", 1, 1)
    assert "a worker of the tests" in page.text
    assert stage.PROMPT not in page.text


def test_an_empty_machine_says_so(operator):
    page = operator.get(reverse(PAGE)).text
    for sentence in ("Nothing to tell.", "Nothing waits", "No worker is at work"):
        assert sentence in page


def test_it_does_not_exist_for_anybody_else(people, as_):
    notices.tell_operator("The disk is full.")
    removal = reverse("notice_removal", args=[Notice.objects.get().pk])
    for user in (people.alice, people.bob, people.mallory):
        assert as_(user).get(reverse(PAGE)).status_code == 404
        assert as_(user).post(removal).status_code == 404
        assert reverse(PAGE) not in as_(user).get("/").text
    assert Notice.objects.exists()


def test_a_notice_is_counted_when_it_is_told_again_and_stays_until_it_is_put_away(operator):
    for _ in range(3):
        notices.tell_operator("The disk is full.")
    notices.tell_operator("The broker is away.")
    page = operator.get(reverse(PAGE)).text
    assert page.index("The broker is away.") < page.index("The disk is full.")
    assert "3 times" in page
    operator.post(reverse("notice_removal", args=[Notice.objects.get(times=3).pk]))
    assert list(Notice.objects.values_list("sentence", flat=True)) == ["The broker is away."]


def test_of_many_notices_the_newest_are_kept(db):
    for number in range(notices.KEPT + 5):
        notices.tell_operator(f"Notice {number}")
    assert Notice.objects.count() == notices.KEPT
    assert not Notice.objects.filter(sentence="Notice 0").exists()


def test_a_damaged_and_a_missing_file_are_told(people, media):
    damaged, missing = stage.finished_job(people.campaign, people.bob, count=2).outputs.all()
    storage.path_of(damaged.file).write_bytes(b"no picture")
    storage.path_of(missing.file).unlink()
    scrub.run(range(256))
    scrub.run(range(256))
    (notice,) = Notice.objects.all()
    assert (notice.sentence, notice.times) == (scrub.LOST, 2)


def test_a_job_that_cost_three_workers_is_told_without_its_words(
    people, media, django_capture_on_commit_callbacks
):
    job = stage.running_job(people.campaign, people.bob)
    past = job.created_at
    Job.objects.filter(pk=job.pk).update(attempts=3, lease_until=past)
    with django_capture_on_commit_callbacks(execute=True):
        jobs.sweep()
    (notice,) = Notice.objects.all()
    assert "(pictures, model tiny) was given up" in notice.sentence
    assert stage.PROMPT not in notice.sentence


@pytest.mark.parametrize(
    "error", [ConnectionRefusedError("mail.example.com"), smtplib.SMTPDataError(550, b"no")]
)
def test_a_letter_that_cannot_be_sent_is_told_without_its_address(client, people, monkeypatch, error):
    def refuse(*args, **options):
        raise error

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    client.raise_request_exception = False
    client.post(reverse("account_reset_password"), {"email": people.alice.email})
    (notice,) = Notice.objects.all()
    assert type(error).__name__ in notice.sentence
    assert "example.com" not in notice.sentence


def test_a_letter_that_undoes_its_change_is_told_too(people, as_, monkeypatch):
    def refuse(*args, **options):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    client = as_(people.alice)
    client.raise_request_exception = False
    client.post(reverse("account_email"), {"action_add": "", "email": "new@example.com"})
    assert Notice.objects.get().times == 1
    assert not people.alice.emailaddress_set.filter(email="new@example.com").exists()


def test_the_command_appoints_and_dismisses(people):
    call_command("make_operator", people.bob.email.upper())
    assert User.objects.get(is_operator=True) == people.bob
    call_command("make_operator", people.bob.email, "--no-longer")
    assert not User.objects.filter(is_operator=True).exists()
    with pytest.raises(CommandError, match="Nobody here"):
        call_command("make_operator", "nobody@example.com")


def test_only_the_first_business_of_a_machine_brings_its_operator(people):
    operators.appoint_first(people.alice)
    operators.appoint_first(people.mallory)
    assert User.objects.get(is_operator=True) == people.alice
