"""What a person does in the studio, for tests of its pages."""

import re
from typing import Any
from uuid import uuid4

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from generation.models import Job, ModelVersion
from webapp.models import Campaign

from . import stage

HTMX = {"HX-Request": "true"}
ANSWERS = {
    "subject": "a cup of coffee and cinnamon on a table",
    "mood": "cosy",
    "colours": "warm",
    "room": "left",
    "shape": "square",
    "count": "2",
}


def general_model() -> ModelVersion:
    """A model that is not limited to a list of things."""
    model = stage.model()
    model.pipeline_class = "StableDiffusionPipeline"
    model.save(update_fields=["pipeline_class"])
    return model


def ask(client: Client, campaign: Campaign, *, htmx: bool = True, **changes: object) -> Any:
    """Press "Make pictures" on a form that was just loaded."""
    typed = {"nonce": uuid4().hex, **ANSWERS, **changes}
    return client.post(url("campaign_jobs", campaign), typed, headers=HTMX if htmx else {})


def compose(client: Client, campaign: Campaign, *, htmx: bool = True, **changes: object) -> Any:
    """Type in the brief."""
    return client.post(url("campaign_prompt", campaign), {**ANSWERS, **changes}, headers=HTMX if htmx else {})


def poll(client: Client, campaign: Campaign, page: HttpResponse | None = None, **sent) -> Any:
    """What the page's poll sends: the unfinished frames that `page` shows, with their versions."""
    known = {name: values_of(page, name) for name in ("seen", "drawing")} if page else {}
    return client.get(url("campaign_gallery", campaign), {**known, **sent}, headers=HTMX)


def url(name: str, row: object) -> str:
    return reverse(name, args=[row.pk])


def values_of(page: HttpResponse, name: str) -> list[str]:
    return re.findall(rf'name="{name}"\s+value="([^"]*)"', page.text)


def typed_in(page: HttpResponse, name: str) -> str:
    """The text of a textarea."""
    return re.search(rf'<textarea name="{name}"[^>]*>\s*(.*?)</textarea>', page.text, re.DOTALL)[1]


def frames_in(page: HttpResponse) -> list[str]:
    """The keys of the pictures whose frames are in the answer, from top to bottom."""
    return re.findall(r'<li class="frame [^>]*id="frame-([0-9a-f-]{36})"', page.text)


def polls(page: HttpResponse) -> bool:
    """Whether the page will ask again by itself."""
    return 'hx-trigger="every' in page.text


def only_job() -> Job:
    return Job.objects.get()


def queries_of(client: Client, address: str, **options) -> int:
    """How many queries it takes to look at a page."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address, **options).status_code == 200
    return len(queries)
