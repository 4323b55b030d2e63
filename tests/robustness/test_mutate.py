"""`make mutate` tests what it changed, and not the checkout that it is a copy of."""

import pytest

from tests.robustness.mutate import ROOM, ROOT, Room


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    return Room(tmp_path_factory.mktemp("mutate"))


@pytest.mark.parametrize(
    ("change", "passes"), [("", True), ("ROUNDING = 1e9", False)], ids=["none", "one"]
)
def test_a_changed_statistic_fails_its_doctest_and_no_other_one(room, change, passes):
    path = ROOM / "separation.py"
    source = path.read_text(encoding="utf-8")
    room.write(path, source.replace("\n\ndef _by_one", f"\n{change}\n\ndef _by_one"))
    # A file of tests brings the fixtures along, which load the packages.
    assert (
        room.passes(["tests/statistics/test_proportion.py", str(path.relative_to(ROOT))], 100)
        is passes
    )
