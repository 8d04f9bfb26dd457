"""A model, and a short way to ask for pictures."""

from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest

from accounts.models import Business
from generation import pictures
from generation.models import Job, ModelVersion
from tests import cast


@pytest.fixture
def people() -> cast.Cast:
    return cast.gather()


@pytest.fixture
def model() -> ModelVersion:
    return ModelVersion.objects.create(
        name="tiny",
        hash="0" * 64,
        folder="models/tiny",
        pipeline_class="StableDiffusionPipeline",
        size_multiple=8,
        size_min=32,
        size_max=1024,
        size_default=32,
        steps_default=4,
    )


@pytest.fixture
def ask(people: cast.Cast, model: ModelVersion) -> Callable[..., Job]:
    """`ask(seeds=[1, 2])`: a queued job of the bakery, by Alice, unless told otherwise."""

    def ask(
        *,
        business: Business = people.bakery,
        by=people.alice,
        model: ModelVersion = model,
        seeds=(7,),
        key: str = "",
        **request,
    ) -> Job:
        whole = replace(model.request("a cup of coffee"), **request)
        return pictures.submit(
            business, by=by, model=model, request=whole, seeds=list(seeds), key=key or uuid4().hex
        )

    return ask
