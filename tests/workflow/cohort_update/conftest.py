"""The story of a cohort, told once for all tests that look at it."""

import pytest

from tests.support.cells_here import cells_here
from tests.support.story import told_story


@pytest.fixture(scope="session")
def story(tmp_path_factory):
    with cells_here():
        return told_story(tmp_path_factory.mktemp("story"))
