"""What must not be made is asked for: by every way in, and what is left of it."""

import ast
import threading
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts import operators
from accounts.models import AuditEvent, Notice, Reservation, UsageEntry
from generation import jobs, pictures
from generation.engine import Engine
from generation.jobs import heartbeat
from generation.models import Incident, Job
from generation.pictures import incidents
from tests.safety.asked import halves, refused
from tests.webapp import stage, steps
from webapp.campaigns import briefs
from webapp.models import Brief

ROOT = Path(__file__).parents[3]
# Whoever asks for pictures, runs a job of them or hands words to a model. Each of the first three goes by
# `request_rules.check`, the last by `Drawing._refuse`: a caller that is not listed here was not thought of.
WAYS = {
    "briefs.submit": {
        "webapp/campaigns/views/jobs.py",
        "webapp/management/commands/generate.py",
        "webapp/machine/demo.py",
    },
    "briefs.retry": {"webapp/campaigns/views/jobs.py", "webapp/machine/demo.py"},
    "pictures.submit": {"webapp/campaigns/briefs.py"},
    "_engine.submit": {"generation/pictures/drawing.py"},
}
EXPLICIT = refused("explicit").texts["prompt"]
HEADERS = [pytest.param(steps.HTMX, id="htmx"), pytest.param({}, id="without script")]


@pytest.fixture
def bob(people, as_):
    steps.general_model()
    return as_(people.bob)


def job_that_says(prompt: str, people) -> Job:
    """A running job from before there was a rule."""
    job = stage.running_job(people.campaign, people.bob)
    job.request["prompt"] = prompt
    job.save(update_fields=["request"])
    return job


def assert_nothing_was_asked(people) -> None:
    assert not Job.objects.exists()
    assert not Reservation.objects.exists()
    assert not Brief.objects.exists()
    assert Incident.objects.get().business == people.bakery


@pytest.mark.parametrize("name", WAYS)
def test_nobody_asks_a_model_by_a_way_that_is_not_listed(name: str):
    assert {path for path in sources() if name in calls_in(ROOT / path)} == WAYS[name]


def sources() -> list[str]:
    return [
        str(path.relative_to(ROOT))
        for room in ("accounts", "generation", "webapp")
        for path in (ROOT / room).rglob("*.py")
    ]


def calls_in(path: Path) -> set[str]:
    """The last two names of every call: `self._engine.submit(...)` is "_engine.submit"."""
    called = (node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
    return {".".join(ast.unparse(function).split(".")[-2:]) for function in called}


@pytest.mark.parametrize("headers", HEADERS)
def test_the_page_keeps_what_was_typed_and_says_which_rule(people, bob, headers):
    answer = steps.ask(bob, people.campaign, htmx=bool(headers), subject=EXPLICIT)
    assert answer.status_code == 422
    assert_nothing_was_asked(people)
    assert "Sexual pictures are not made here." in answer.text
    assert answer.context["form"]["subject"].value() == EXPLICIT
    assert steps.url("refusal", Incident.objects.get()) in answer.text


def test_a_prompt_changed_by_hand_and_a_shop_owners_words_are_looked_at_together(people, bob):
    for field in ("prompt", "own_colours"):
        changes = {"composed": "a cake", field: EXPLICIT}
        assert steps.ask(bob, people.campaign, htmx=True, **changes).status_code == 422
        assert not Job.objects.exists()


def test_words_parted_over_two_fields_are_found(people, bob):
    prompt, negative = halves(EXPLICIT)
    answer = steps.ask(bob, people.campaign, prompt=prompt, composed="a cake", negative_prompt=negative)
    assert answer.status_code == 422
    assert_nothing_was_asked(people)


@pytest.mark.parametrize("headers", HEADERS)
def test_a_job_from_before_the_rule_is_not_made_again(people, bob, headers):
    job = jobs.fail(job_that_says(EXPLICIT, people), "internal")
    answer = bob.post(steps.url("job_retry", job), headers=headers, follow=True)
    assert "Sexual pictures are not made here." in answer.text
    assert not Job.objects.filter(retry_of=job).exists()
    assert Incident.objects.get().job == job


def test_a_variation_asks_with_the_same_words_and_is_refused(people, bob, media):
    output = stage.picture(people.campaign, people.bob)
    output.job.request["prompt"] = EXPLICIT
    output.job.save(update_fields=["request"])
    page = bob.get(f"{steps.url('campaign', people.campaign)}?again={output.pk}")
    typed = page.context["form"].typed() | {"nonce": uuid4().hex}
    answer = bob.post(
        steps.url("campaign_jobs", people.campaign),
        {name: value for name, value in typed.items() if value is not None},
    )
    assert answer.status_code == 422
    assert Incident.objects.count() == 1


def test_a_worker_makes_nothing_of_a_row_that_somebody_wrote(people, bob):
    def load(model: str):
        raise AssertionError("no model is needed to say no")

    job = job_that_says(EXPLICIT, people)
    jobs.JobRun(job, threading.Event(), Engine(load)).run()
    job.refresh_from_db()
    assert (job.status, job.reason_code) == ("failed", "refused")
    assert "Sexual pictures are not made here." in job.reason
    assert UsageEntry.objects.get().pictures == 0
    assert (Incident.objects.get().job, Incident.objects.get().by) == (job, people.bob)


def test_the_command_line_says_no_in_one_sentence(people, bob, monkeypatch, tmp_path):
    monkeypatch.setattr(heartbeat, "workers_alive", lambda: True)
    model = stage.model()
    with pytest.raises(CommandError, match="Sexual pictures are not made here"):
        call_command(
            "generate",
            EXPLICIT,
            f"--business={people.bakery.slug}",
            f"--campaign={people.campaign.pk}",
            f"--model={model.name}",
            f"--out={tmp_path}",
        )
    assert_nothing_was_asked(people)


def test_the_machine_itself_may_not_ask_either(people):
    request = stage.model().request(EXPLICIT)
    with pytest.raises(pictures.Refused):
        pictures.submit(people.bakery, by=None, model=stage.model(), request=request, seeds=[1], key="k")


def test_of_what_was_asked_no_word_is_kept(people, bob):
    steps.ask(bob, people.campaign, subject=EXPLICIT)
    rows = [*Incident.objects.values(), *AuditEvent.objects.values(), *Notice.objects.values()]
    assert AuditEvent.objects.get(verb="incident.opened").actor == people.bob
    for word in EXPLICIT.split():
        assert len(word) < 6 or word.casefold() not in repr(rows).casefold()


def test_all_faults_are_told_at_once(people, bob):
    answer = steps.ask(bob, people.campaign, subject=EXPLICIT, count="99")
    assert {"subject", "count"} <= answer.context["form"].errors.keys()


def test_the_operator_hears_of_what_is_grave_at_once(people, bob):
    steps.ask(bob, people.campaign, subject=EXPLICIT)
    assert not Notice.objects.exists()
    steps.ask(bob, people.campaign, subject=refused("minor_sexual").texts["prompt"])
    assert Notice.objects.get().sentence.startswith("Something that shows children in a sexual way was asked")


def test_it_is_contested_in_words_that_the_operator_reads(people, bob, as_):
    steps.ask(bob, people.campaign, subject=EXPLICIT)
    address = steps.url("refusal", Incident.objects.get())
    empty = bob.post(address, {"contest": " "})
    assert (empty.status_code, "Say what you wanted to show." in empty.text) == (422, True)
    bob.post(address, {"contest": "It is a plucked <goose>."})
    assert "It was not read yet." in bob.get(address).text
    operators.appoint(people.alice)
    alice = as_(people.alice)
    page = alice.get("/operator/").text
    assert "It is a plucked &lt;goose&gt;." in page
    assert "Sexual pictures are not made here." in page
    alice.post(steps.url("contest_reading", Incident.objects.get()))
    assert "plucked" not in alice.get("/operator/").text
    assert "Read on" in bob.get(address).text


def test_a_picture_that_was_withheld_is_contested_from_its_frame(people, bob, as_):
    job = jobs.fail(stage.running_job(people.campaign, people.bob, count=1), "withheld")
    stage.refused(people.bakery, people.bob, job)
    address = steps.url("job_refusal", job)
    assert address in bob.get(steps.url("campaign", people.campaign)).text
    assert bob.get(address).url == steps.url("refusal", Incident.objects.get())
    alice = as_(people.alice)
    assert address not in alice.get(steps.url("campaign", people.campaign)).text
    assert alice.get(address).status_code == 404


def test_a_page_says_which_of_four_pictures_was_withheld_and_why(people, bob, as_, media):
    job = stage.running_job(people.campaign, people.bob, count=4)
    page = bob.get(steps.url("campaign", people.campaign))
    incident = stage.withheld(job, index=2)
    heard = steps.poll(bob, people.campaign, page).text
    assert "it looks like a sexual one" in heard
    assert steps.url("refusal", incident) in heard
    assert heard.count("Cancel all 3") == 3
    stage.finish(job)
    assert "4 pictures: 3 ready, 1 withheld." in steps.poll(bob, people.campaign, page).text
    whole = bob.get(steps.url("campaign", people.campaign)).text
    assert whole.count("<strong>Withheld</strong>") == 1
    assert "3 others of this request" in whole
    assert 'id="retry-' not in whole
    assert "it looks like a sexual one" in bob.get(steps.url("refusal", incident)).text
    for_alice = as_(people.alice).get(steps.url("campaign", people.campaign)).text
    assert "it looks like a sexual one" in for_alice
    assert steps.url("refusal", incident) not in for_alice


def test_each_withheld_picture_is_contested_by_itself(people, bob):
    job = stage.running_job(people.campaign, people.bob)
    each = [stage.withheld(job, 0, "picture_of_a_person"), stage.withheld(job, 1)]
    jobs.fail(job, "withheld")
    page = bob.get(steps.url("campaign", people.campaign)).text
    assert page.count("<strong>Withheld</strong>") == 2
    assert page.count("Is that a mistake?") == 2
    assert all(steps.url("refusal", incident) in page for incident in each)
    assert "of this request" not in page


@pytest.mark.parametrize("end", [jobs.stop, lambda job: jobs.fail(job, "out_of_memory")])
def test_what_was_withheld_is_not_asked_for_again_with_the_others(people, bob, end):
    job = stage.running_job(people.campaign, people.bob, count=3)
    seeds = list(job.outputs.order_by("index").values_list("seed", flat=True))
    stage.withheld(job, index=1)
    jobs.cancel(job, by=people.bob) if end is jobs.stop else None
    end(job)
    page = bob.get(steps.url("campaign", people.campaign)).text
    assert page.count('id="retry-') == 2
    bob.post(steps.url("job_retry", job), headers=steps.HTMX)
    again = Job.objects.get(retry_of=job)
    assert list(again.outputs.order_by("index").values_list("seed", flat=True)) == [seeds[0], seeds[2]]


def test_it_is_nobody_elses(people, bob, as_):
    steps.ask(bob, people.campaign, subject=EXPLICIT)
    incident = Incident.objects.get()
    for user in (people.alice, people.carol, people.mallory):
        assert as_(user).get(steps.url("refusal", incident)).status_code == 404
        assert as_(user).post(steps.url("refusal", incident), {"contest": "x"}).status_code == 404
        assert as_(user).post(steps.url("contest_reading", incident)).status_code == 404


def test_it_is_forgotten_after_half_a_year(people, bob):
    for _ in range(2):
        steps.ask(bob, people.campaign, subject=EXPLICIT)
    old, new = Incident.objects.order_by("at")
    Incident.objects.filter(pk=old.pk).update(at=timezone.now() - incidents.KEPT_FOR - timedelta(seconds=1))
    incidents.forget_old()
    assert list(Incident.objects.all()) == [new]


def test_a_refusal_by_another_fault_keeps_nothing(people):
    with pytest.raises(ValidationError):
        briefs.submit(
            Brief(campaign=people.campaign),
            stage.model().request(""),
            by=people.bob,
            key="k",
            model=stage.model(),
            count=1,
        )
    assert not Incident.objects.exists()


MAIL = "a cake on a table, bob@bread.example"


@pytest.mark.parametrize("headers", HEADERS)
def test_personal_data_is_noticed_before_any_model_sees_it(people, bob, headers):
    answer = steps.ask(bob, people.campaign, htmx=bool(headers), subject=MAIL)
    assert answer.status_code == 422
    assert "“bob@bread.example” looks like an e-mail address." in answer.text
    assert 'name="with_personal_data"' in answer.text
    assert not Job.objects.exists()
    assert not Incident.objects.exists()


def test_a_person_may_want_it_and_the_log_says_who_and_what_kind(people, bob):
    page = steps.ask(bob, people.campaign, subject="a cake")
    assert 'name="with_personal_data"' not in page.text
    Job.objects.all().delete()
    assert steps.ask(bob, people.campaign, subject=MAIL, with_personal_data="on").status_code == 200
    event = AuditEvent.objects.get(verb="job.personal_data_kept")
    assert (event.actor, event.detail) == (people.bob, {"kinds": ["e-mail address"]})
    assert "bread.example" not in repr(list(AuditEvent.objects.values()))


def test_a_number_is_read_as_the_business_writes_numbers(people, bob):
    people.bakery.locale = "de-AT"
    people.bakery.save(update_fields=["locale"])
    answer = steps.ask(bob, people.campaign, subject="a cake, 0664 123 45 67")
    assert "looks like a phone number." in answer.text


def test_whoever_runs_the_machine_refuses_more_and_never_less(people, bob, settings):
    settings.ALSO_REFUSED = ["pumpkin"]
    answer = steps.ask(bob, people.campaign, subject="a pumpkin pie")
    assert "Whoever runs this machine does not want this made here." in answer.text
    assert Incident.objects.get().rule == "house"
    assert steps.ask(bob, people.campaign, subject=EXPLICIT).status_code == 422
