"""The demonstration business, up to the doorbell: who makes its pictures is tested with the whole house."""

import pytest

from accounts import businesses
from accounts.models import Business, Role, User
from generation import jobs
from generation.jobs import heartbeat
from generation.models import Job, ModelVersion, Status
from tests.webapp import stage
from webapp.brand import kits as brand_kits
from webapp.machine import demo, local_server
from webapp.management.commands import up
from webapp.models import Campaign

pytestmark = pytest.mark.django_db


def test_it_is_opened_once():
    campaign = demo.open_bakery()
    assert demo.open_bakery() == campaign
    assert (campaign.business.slug, campaign.project.name, campaign.slug) == (
        "corner-bakery",
        "Autumn menu",
        "pumpkin-week",
    )
    assert Campaign.objects.count() == 1


def test_its_owner_has_no_password():
    demo.open_bakery()
    assert not User.objects.get(email=demo.EMAIL).has_usable_password()


def test_somebody_elses_corner_bakery_is_left_alone():
    stranger = User.objects.create_user("stranger@example.com", "a good long password")
    theirs = businesses.open_business("Corner Bakery", by=stranger)
    assert demo.open_bakery().business != theirs
    assert Business.objects.count() == 2


def test_it_has_a_brand_of_its_own_once():
    kits = demo.open_bakery().business.brand_kits
    kit = kits.get()
    assert kit.logo_on_light
    assert kit.has_palette
    assert kit.banned_words
    owner = User.objects.get(email=demo.EMAIL)
    brand_kits.change(kit, {"name": "Ours"}, by=owner)
    assert demo.open_bakery().business.brand_kits.get().name == "Ours"


@pytest.fixture
def model():
    return ModelVersion.objects.create(
        name="starter",
        hash="0" * 64,
        folder="models/starter",
        pipeline_class="StarterPipeline",
        size_multiple=8,
        size_min=64,
        size_max=1024,
        size_default=512,
        steps_default=4,
    )


def test_the_first_pictures_are_asked_for_once(model):
    campaign = demo.open_bakery()
    job = demo.first_pictures(campaign)
    assert job.outputs.count() == 4
    assert demo.first_pictures(campaign) == job


def test_pictures_that_failed_are_asked_for_again(model):
    campaign = demo.open_bakery()
    job = demo.first_pictures(campaign)
    Job.objects.filter(pk=job.pk).update(status=Status.FAILED)
    again = demo.first_pictures(campaign)
    assert again.retry_of == job
    assert demo.first_pictures(campaign) == again


def test_pictures_that_failed_are_left_when_the_bakery_is_somebody_elses_by_now(model, capsys):
    campaign = demo.open_bakery()
    job = demo.first_pictures(campaign)
    Job.objects.filter(pk=job.pk).update(status=Status.FAILED, reason="It broke.")
    campaign.business.memberships.update(role=Role.VIEWER)
    left = demo.first_pictures(demo.open_bakery())
    assert left == job
    up.Command()._watch(local_server.Services(None), left)
    assert "It broke. demo@handbill.localhost may not try again" in capsys.readouterr().out


def test_pictures_that_were_all_withheld_are_not_asked_for_again_and_end_no_start(model, capsys):
    campaign = demo.open_bakery()
    job = demo.first_pictures(campaign)
    running = jobs.claim("a worker of the tests")
    for index in range(4):
        stage.withheld(running, index)
    jobs.fail(running, "withheld", sentence="They were withheld.")
    job.refresh_from_db()
    assert demo.first_pictures(campaign) == job
    up.Command()._watch(local_server.Services(None), job)
    assert "They were withheld.\n" in capsys.readouterr().out


def test_pictures_that_fail_end_the_start(model):
    job = demo.first_pictures(demo.open_bakery())
    Job.objects.filter(pk=job.pk).update(status=Status.FAILED, reason="It broke.")
    job.refresh_from_db()
    with pytest.raises(local_server.StartupError, match="Start again to try again"):
        up.Command()._watch(local_server.Services(None), job)


def test_whoever_waits_for_pictures_that_no_worker_can_make_is_told_why(model):
    job = demo.first_pictures(demo.open_bakery())
    heartbeat.attend("a worker of the tests", "CPU", {model.pk: "damaged"})
    with pytest.raises(local_server.StartupError, match="files of this model are damaged"):
        up.Command()._watch(local_server.Services(None), job)
