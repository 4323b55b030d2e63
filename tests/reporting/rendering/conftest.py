"""What tests of rendered pages share."""

import pytest

from tests.support.browser import CHROMIUM, Browser


@pytest.fixture(scope="module")
def browser():
    """A page of Chromium without a window; the test is skipped where there is none."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on the PATH")
    with Browser() as page:
        yield page
