"""The story of a cohort, told once for all tests that look at it."""

import pytest

from tests.support.blank_figures import blank_figures
from tests.support.cells_here import cells_here
from tests.support.story import told_story

# Figures that a reader of the update sees beside the locked ones.
SHOWN = ("roc", "flow_chart")


@pytest.fixture(scope="session")
def story(tmp_path_factory):
    with cells_here(), blank_figures(shown=SHOWN):
        return told_story(tmp_path_factory.mktemp("story"))
