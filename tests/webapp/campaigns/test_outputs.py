"""One picture: looked at, decided on, downloaded; every byte through the one door."""

import pytest

from accounts import members
from accounts.models import AuditEvent, Membership
from generation import jobs, pictures
from generation.files import storage
from generation.models import Output
from tests.webapp import stage, steps
from webapp.campaigns import campaigns

PREVIEW = b"RIFF a small picture WEBP"
BYTES = ["output_file", "output_thumbnail", "output_download"]


@pytest.fixture(autouse=True)
def model(db):
    return steps.general_model()


@pytest.fixture
def bob(people, as_):
    return as_(people.bob)


@pytest.fixture
def picture(people, media):
    return stage.picture(people.campaign, people.bob)


def test_the_bytes_are_the_stored_files(people, as_, picture):
    for who in (people.alice, people.bob, people.carol):
        answer = as_(who).get(steps.url("output_file", picture))
        assert answer.content == storage.path_of(picture.file).read_bytes()
        assert answer["Content-Type"] == "image/png"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("name", [*BYTES, "output", "output_preview"])
def test_a_stranger_and_a_guest_get_nothing(people, as_, client, picture, name):
    assert as_(people.mallory).get(steps.url(name, picture)).status_code == 404
    assert client.get(steps.url(name, picture)).status_code == 302


def test_a_thumbnail_is_small_and_one_that_was_never_made_is_the_picture(bob, picture):
    url = steps.url("output_thumbnail", picture)
    answer = bob.get(url)
    assert answer.content == storage.path_of(picture.thumbnail).read_bytes()
    assert answer["Content-Type"] == "image/webp"
    Output.objects.update(thumbnail="")
    assert bob.get(url).content == storage.path_of(picture.file).read_bytes()


def test_browsers_keep_the_bytes_but_ask_each_time(bob, picture):
    url = steps.url("output_file", picture)
    first = bob.get(url)
    assert first["ETag"] == f'"{picture.sha256}"'
    assert first["Cache-Control"] == "private, no-cache"
    second = bob.get(url, headers={"If-None-Match": first["ETag"]})
    assert (second.status_code, second.content) == (304, b"")


def test_whoever_is_removed_sees_nothing_more_not_even_what_they_kept(people, bob, picture):
    url = steps.url("output_file", picture)
    answer = bob.get(url)
    members.remove(Membership.objects.get(user=people.bob), by=people.alice)
    assert bob.get(url, headers={"If-None-Match": answer["ETag"]}).status_code == 404


def test_a_download_is_named_after_the_campaign_and_recorded(people, as_, picture):
    answer = as_(people.carol).get(steps.url("output_download", picture))
    name = f"Pumpkin week {picture.pk.hex[:6]}.png"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    event = AuditEvent.objects.get(verb="output.downloaded")
    assert (event.actor, event.business, event.subject_id) == (people.carol, people.bakery, str(picture.pk))


@pytest.mark.parametrize(
    ("campaign", "part"),
    [
        ("50/50: a \\ b", '"50 50 a b '),
        ("Café ☕", "''Caf%C3%A9%20"),
        ("Кофе", "''%D0%9A%D0%BE%D1%84%D0%B5%20"),
        ('"x"', '"x '),
        ("☕", '"picture '),
        ("CON", '"CON_ '),
    ],
)
def test_a_download_has_a_name_that_every_disk_takes(people, bob, picture, campaign, part):
    campaigns.rename(people.campaign, campaign, by=people.bob)
    answer = bob.get(steps.url("output_download", picture))
    assert part in answer["Content-Disposition"]


def test_asking_for_the_headers_is_not_a_download(bob, picture):
    answer = bob.head(steps.url("output_download", picture))
    assert answer.status_code == 200
    assert not AuditEvent.objects.filter(verb="output.downloaded").exists()


@pytest.mark.parametrize("name", [*BYTES, "output"])
def test_a_picture_that_is_not_made_yet_is_not_there(people, bob, name):
    waiting = stage.waiting_job(people.campaign, people.bob, count=1).outputs.get()
    assert bob.get(steps.url(name, waiting)).status_code == 404


@pytest.mark.parametrize("name", BYTES)
def test_a_file_that_is_gone_from_the_disk_is_not_found(bob, picture, name):
    for path in (picture.file, picture.thumbnail):
        storage.path_of(path).unlink()
    assert bob.get(steps.url(name, picture)).status_code == 404


def test_a_preview_is_there_while_the_picture_is_made_and_then_the_picture(people, bob, media):
    """A page asks for the preview that its last poll told of: by then the picture may be done."""
    job = stage.running_job(people.campaign, people.bob, count=1)
    output = job.outputs.get()
    url = steps.url("output_preview", output)
    assert bob.get(url).status_code == 204
    pictures.show(job, [pictures.FrameProgress(0, step=1, preview=PREVIEW)])
    answer = bob.get(url)
    assert (answer.content, answer["Content-Type"]) == (PREVIEW, "image/webp")
    stage.finish(job)
    assert bob.get(url).url == steps.url("output_thumbnail", output)


def test_the_preview_of_a_picture_that_was_given_up_is_nothing(people, bob, media):
    job = stage.running_job(people.campaign, people.bob, count=1)
    pictures.show(job, [pictures.FrameProgress(0, step=1, preview=PREVIEW)])
    jobs.fail(job, "internal")
    assert bob.get(steps.url("output_preview", job.outputs.get())).status_code == 204


def test_the_viewer_shows_how_it_was_made(people, bob, picture, model):
    page = bob.get(steps.url("output", picture)).text
    for fact in (model.hash[:8], str(picture.seed), "64 × 64 pixels", stage.PROMPT, "for Bob"):
        assert fact in page
    assert f"{steps.url('campaign', people.campaign)}?again={picture.pk}" in page


def test_the_viewer_leads_through_the_gallery_in_its_order(people, bob, media):
    first, second, third = stage.finished_job(people.campaign, people.bob, count=3).outputs.order_by("index")
    page = bob.get(steps.url("output", second)).text
    assert f'rel="prev" href="{steps.url("output", first)}"' in page
    assert f'rel="next" href="{steps.url("output", third)}"' in page
    assert 'rel="prev"' not in bob.get(steps.url("output", first)).text
    assert 'rel="next"' not in bob.get(steps.url("output", third)).text


def test_the_viewer_stays_within_the_filter_one_came_from(people, bob, media):
    first, second, third = stage.finished_job(people.campaign, people.bob, count=3).outputs.order_by("index")
    first.keep(by=people.bob)
    third.keep(by=people.bob)
    page = bob.get(steps.url("output", first), {"show": "kept"}).text
    assert f'rel="next" href="{steps.url("output", third)}?show=kept"' in page
    assert str(second.pk) not in page


def test_htmx_gets_the_inside_of_the_dialog(bob, picture):
    answer = bob.get(steps.url("output", picture), headers=steps.HTMX)
    assert "<html" not in answer.text
    assert '<form method="dialog">' in answer.text
    assert 'name="from" value="dialog"' in answer.text


def test_keeping_discarding_and_undoing_change_the_frame_and_the_counts(people, bob, picture):
    for name, sign, counts in (
        ("output_keep", "frame--kept", (1, 1, 0)),
        ("output_discard", "frame--discarded", (0, 0, 1)),
        ("output_release", "frame--stored", (1, 0, 0)),
    ):
        answer = bob.post(steps.url(name, picture), headers=steps.HTMX)
        assert sign in answer.text
        assert f'id="frame-{picture.pk}" hx-swap-oob="true"' in answer.text
        assert tuple(number for _, number in answer.context["totals"]) == counts
    verbs = AuditEvent.objects.filter(actor=people.bob, verb__startswith="output.").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == [
        "output.kept",
        "output.discarded",
        "output.released",
    ]


@pytest.mark.parametrize(
    ("place", "frame", "decision"),
    [("gallery", True, False), ("dialog", True, True), ("page", False, True)],
)
def test_a_decision_is_answered_only_where_it_is_shown(bob, picture, place, frame, decision):
    answer = bob.post(steps.url("output_keep", picture), {"from": place}, headers=steps.HTMX)
    assert (f'id="frame-{picture.pk}"' in answer.text, 'id="decision"' in answer.text) == (frame, decision)


def test_without_script_one_comes_back_to_where_one_was(people, bob, picture):
    there = bob.post(steps.url("output_keep", picture))
    assert there.url == f"{steps.url('campaign', people.campaign)}#frame-{picture.pk}"
    assert bob.post(steps.url("output_keep", picture), {"from": "page"}).url == steps.url("output", picture)


@pytest.mark.parametrize("name", ["output_keep", "output_discard", "output_release"])
def test_only_editors_decide(people, as_, picture, name):
    carols_page = as_(people.carol).get(steps.url("output", picture)).text
    assert "Download" in carols_page
    assert steps.url(name, picture) not in carols_page
    assert as_(people.carol).post(steps.url(name, picture)).status_code == 403
    assert as_(people.mallory).post(steps.url(name, picture)).status_code == 404
    picture.refresh_from_db()
    assert (picture.kept_at, picture.discarded_at) == (None, None)


def test_a_picture_that_is_not_made_yet_cannot_be_kept(people, bob):
    waiting = stage.waiting_job(people.campaign, people.bob, count=1).outputs.get()
    bob.post(steps.url("output_keep", waiting), headers=steps.HTMX)
    waiting.refresh_from_db()
    assert waiting.kept_at is None
