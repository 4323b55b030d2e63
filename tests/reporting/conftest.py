"""Opened results of the made-up studies."""

from __future__ import annotations

import pytest

from analysis.reporting.manuscript import open_results
from tests.support.fake_kinds import LIVER, SARCOMA
from tests.support.fake_results import write_fake_study


@pytest.fixture(scope="module")
def liver(tmp_path_factory):
    return open_results(write_fake_study(LIVER, tmp_path_factory.mktemp("liver")))


@pytest.fixture(scope="module")
def sarcoma(tmp_path_factory):
    return open_results(write_fake_study(SARCOMA, tmp_path_factory.mktemp("sarcoma")))
