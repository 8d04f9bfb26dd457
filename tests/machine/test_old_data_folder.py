"""A data folder that an earlier Handbill made, opened by today's: see tests/old_data/README.md."""

import hashlib
import html
import io
import json
import re
import shutil
import zipfile
from datetime import UTC, datetime, timedelta
from http.cookiejar import CookieJar
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.parse import urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, Request, build_opener

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from generation.registry import STARTER_WEIGHTS
from tests.patience import PATIENCE
from webapp.postgres.process import wait_until
from webapp.postgres.server import EmbeddedPostgres

from .local_server import LocalServer

SECONDS = 120
OLD = Path(__file__).resolve().parents[1] / "old_data"
LINKS = json.loads((OLD / "links.json").read_text())
STORED = {path.stem: path for path in (OLD / "folder/media").rglob("*.*")}
LINK = re.compile(r'\b(?:href|src|hx-get)="([^"#]+)')
LEFT_OUT = ("/static/", "/brand/pairings/", "layout=")  # the program’s own files, and layouts to try on
TIME = re.compile(r"2026-11-2\d \d\d:\d\d:\d\d(?:\.\d+)?\+00")
MADE = datetime(2026, 11, 27, 6, 37, tzinfo=UTC)
NAME = re.compile(r'<h1 id="creative-name">(.*?)</h1>')
HEADLINE = "Crème brûlée at noon"
EXPORTED = "Crème-brûlée-at-noon-display-rectangle.jpg"


class Answer(NamedTuple):
    status: int
    address: str
    body: bytes
    is_page: bool

    @property
    def text(self) -> str:
        return html.unescape(self.body.decode())

    @property
    def links(self) -> list[str]:
        found = LINK.findall(self.body.decode()) if self.is_page else []
        return [urljoin(self.address, html.unescape(link)) for link in found]


class Visitor:
    """What a browser does, without the looks."""

    def __init__(self, site: str) -> None:
        self.site, self._jar = site, CookieJar()
        self._opener = build_opener(HTTPCookieProcessor(self._jar))

    def ask(self, address: str, **fields: object) -> Answer:
        """A page; with fields, what is answered to a form."""
        request = Request(urljoin(self.site, address))
        if fields:
            token = next(cookie.value for cookie in self._jar if cookie.name == "csrftoken")
            request.data = encode_multipart(BOUNDARY, fields | {"csrfmiddlewaretoken": token})
            request.add_header("Content-Type", MULTIPART_CONTENT)
        try:
            answer = self._opener.open(request, timeout=PATIENCE)
        except HTTPError as error:
            answer = error
        with answer:
            is_page = answer.headers.get_content_type() == "text/html"
            return Answer(answer.status, answer.url, answer.read(), is_page)

    def walk(self) -> dict[str, Answer]:
        """Every address of the site that a link leads to from the first page on, and what it answers."""
        found: dict[str, Answer] = {}
        waiting = [self.site]
        while waiting:
            address = waiting.pop()
            is_ours = address.startswith(self.site) and not any(part in address for part in LEFT_OUT)
            if is_ours and address not in found:
                found[address] = self.ask(address)
                waiting += found[address].links
        return found


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def of_an_hour_ago(sql: str) -> str:
    """The same as if it had just been made: pages speak for a day of what failed."""
    later = datetime.now(UTC) - timedelta(hours=1) - MADE
    return TIME.sub(lambda found: str(datetime.fromisoformat(f"{found[0]}:00") + later), sql)


def page_of(seen: dict[str, Answer], kind: str, title: str) -> str:
    """The address of a thing's own page."""
    own = re.compile(rf"/{kind}/[0-9a-f-]{{36}}/")
    return next(
        address
        for address, page in seen.items()
        if own.fullmatch(urlsplit(address).path) and f"<title>{title}" in page.text
    )


def verdict(visitor: Visitor, data: bytes) -> str:
    return visitor.ask("/verify/", file=SimpleUploadedFile("file", data)).text


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """Today's Handbill, started on a copy of the old folder."""
    data = tmp_path_factory.mktemp("old") / "data"
    shutil.copytree(OLD / "folder", data)
    (model,) = data.glob("models/starter/*")
    shutil.copytree(STARTER_WEIGHTS, model, dirs_exist_ok=True)
    with EmbeddedPostgres(data, for_tests=True) as server, psycopg.connect(server.url) as connection:
        connection.execute(of_an_hour_ago((OLD / "database.sql").read_text()))
    house = LocalServer(data)
    up = house.up()
    try:
        wait_until(lambda: up.poll() is not None or "dashboard" in house.printed.read_text(), SECONDS)
        assert up.poll() is None, house.lines()
        yield house
    finally:
        up.kill()
        up.wait()


@pytest.fixture(scope="module")
def site(house):
    return f"http://127.0.0.1:{house.port}/"


@pytest.fixture(scope="module")
def owner(house, site):
    owner = Visitor(site)
    link = next(line for line in house.lines() if "/sign-in/" in line).split()[-1]
    owner.ask(link)
    assert "Corner Bakery" in owner.ask(link, go="").text
    return owner


@pytest.fixture(scope="module")
def seen(owner):
    """The whole site, before anybody changes anything."""
    return owner.walk()


@pytest.fixture
def stranger(site):
    stranger = Visitor(site)
    stranger.ask("/verify/")
    return stranger


@pytest.fixture
def creative(seen):
    """The address of the one that was changed and undone."""
    return page_of(seen, "creatives", HEADLINE)


def test_every_page_answers(seen):
    assert {address: page.status for address, page in seen.items() if page.status != 200} == {}
    assert len(seen) > 50


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("projects/", ["Pumpkin week"]),
        ("campaigns/", ["A cup of coffee", "This machine ran out of memory", "Cancelled", "Kept"]),
        ("outputs/", ["people, hands", "Kept by Bob Müller", "Guidance scale</dt><dd>3.5", "FlowMatchEuler"]),
        ("creatives/", [HEADLINE, "€4.50", "Come in", "1–7 March"]),
        ("guest-links/", ["For the printer", "Demo Owner"]),
        ("brand/", ["mass-produced", "Fraunces", "12 Mill Lane", "luxury", "#005f73"]),
        ("team/", ["Bob Müller", "For the printer"]),
    ],
)
def test_its_pages_show_what_was_there(seen, place, words):
    told = " ".join(page.text for address, page in seen.items() if place in address and page.is_page)
    assert [word for word in words if word not in told] == []


def test_every_stored_file_comes_whole(seen, owner, house):
    export = house.ask("SELECT job_id FROM webapp_export")
    archive = owner.ask(f"/exports/{export}/file/")
    assert "Crème-brûlée" in owner.ask(f"/exports/{export}/").text
    assert {*STORED} - {sha256(page.body) for page in (*seen.values(), archive)} == set()


def test_its_files_were_made_here(stranger, seen):
    picture = next(page.body for address, page in seen.items() if address.endswith("/download/"))
    archive = zipfile.ZipFile(next(path for path in STORED.values() if path.suffix == ".zip"))
    told = [verdict(stranger, data) for data in (picture, archive.read(EXPORTED))]
    assert all("Made here, and unchanged" in page for page in told)
    assert 'Watermark</dt><dd dir="auto">This studio’s<' in told[0]


def test_its_keys_are_still_in_use(house):
    for key in (OLD / "folder/marks").rglob("*.*"):
        assert (house.data / "marks" / key.relative_to(OLD / "folder/marks")).read_bytes() == key.read_bytes()
    assert len([*(house.data / "marks/authorities").iterdir()]) == 1


def test_the_log_tells_old_acts_in_todays_words(seen, owner, creative):
    log = "".join(page.text for address, page in seen.items() if "/activity/" in address)
    assert "asset" not in log
    for words in ("started a", "changed a", "went back a version of a", "went forward a version of a"):
        assert f'{words} creative: <a href="{urlsplit(creative).path}"' in log
    assert "took a creative away as files" in log
    assert "went forward a version" in owner.ask("/activity/?verb=creative.redone").text


def test_what_failed_is_tried_again(seen, owner, house):
    failed = house.ask("SELECT id FROM generation_job WHERE status = 'failed'")
    assert owner.ask(f"/jobs/{failed}/retry/", go="").status == 200
    assert house.ask(f"SELECT count(*) FROM generation_job WHERE retry_of_id = '{failed}'") == 1


def test_an_old_request_can_be_used_again(seen):
    again = [page.text for address, page in seen.items() if "?again=" in address]
    assert any("people, hands" in page and 'value="7"' in page and 'value="3.5"' in page for page in again)


def test_an_old_version_is_restored_and_the_newer_one_again(owner, creative):
    names = [NAME.search(owner.ask(urljoin(creative, way), go="").text)[1] for way in ("undo/", "redo/")]
    assert names == ["Crème brûlée all week", HEADLINE]
    assert "tuned" in owner.ask(urljoin(creative, "redo/"), go="").text
    owner.ask(urljoin(creative, "undo/"), go="")


def test_an_old_creative_is_taken_away_anew(owner, stranger, creative):
    file = owner.ask(urljoin(creative, "file/"), format="display-rectangle", kind="png")
    assert "Made here, and unchanged" in verdict(stranger, file.body)
    ordered = owner.ask(urljoin(creative, "exports/"), kind="webp")
    assert wait_until(lambda: "Download the archive" in owner.ask(ordered.address).text, PATIENCE)
    archive = next(link for link in owner.ask(ordered.address).links if link.endswith("/file/"))
    assert zipfile.ZipFile(io.BytesIO(owner.ask(archive).body)).testzip() is None


def test_its_banned_words_still_hold(owner, seen):
    jobs = urljoin(page_of(seen, "campaigns", "Pumpkin week"), "jobs/")
    refused = owner.ask(jobs, subject="A cheap cup of coffee", count=1, shape="square", room="none")
    assert "Your brand does not use “cheap”" in refused.text


def test_links_given_to_others_still_open(stranger):
    shared = stranger.ask(LINKS["guest"])
    pictures = [stranger.ask(link).body for link in shared.links if link.endswith("/file/")]
    assert {sha256(picture) for picture in pictures} & {*STORED}
    assert "Corner Bakery" in stranger.ask(LINKS["invitation"]).text


def test_a_password_still_signs_in(stranger):
    stranger.ask("/account/login/")
    home = stranger.ask("/account/login/", login="bob@example.com", password="correct horse battery staple")
    assert "Bob Müller" in home.text


def test_what_waited_is_made_and_what_was_tried_again(house):
    """Last: the worker has been at it meanwhile."""
    done = "SELECT count(*) FROM generation_job WHERE kind = 'pictures' AND status = 'done'"
    assert wait_until(lambda: house.ask(done) == 3, PATIENCE)
