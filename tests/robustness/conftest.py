"""The undisturbed run of a small study."""

import pytest

from tests.support.forked import Forks
from tests.support.tiny_study import tiny_study
from tests.support.undisturbed import PROVED, WHOLE, state_of


@pytest.fixture(scope="session")
def forks(tmp_path_factory):
    study = tiny_study(tmp_path_factory.mktemp("undisturbed"), **WHOLE)
    with Forks(study, blank=not PROVED) as server:
        server.expected = state_of(study)
        assert len(server.expected) > 30
        assert "outputs/results.json" in server.expected
        yield server
