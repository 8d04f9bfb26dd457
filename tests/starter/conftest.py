"""The starter as it ships, loaded once a run."""

import warnings

import diffusers
import pytest
import torch
import transformers

from generation.starter import load
from generation.starter.pipeline import StarterPipeline


@pytest.fixture(scope="session", autouse=True)
def quiet_and_frugal() -> None:
    torch.set_num_threads(1)
    diffusers.utils.logging.disable_progress_bar()
    transformers.utils.logging.disable_progress_bar()
    transformers.utils.logging.set_verbosity_error()


@pytest.fixture(scope="session")
def starter(quiet_and_frugal: None) -> StarterPipeline:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # diffusers' own, about its next release
        pipeline = load()
    pipeline.set_progress_bar_config(disable=True)
    return pipeline
