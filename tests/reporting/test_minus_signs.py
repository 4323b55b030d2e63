"""A negative number has a minus sign, and no hyphen."""

import re

import pytest

from analysis.reporting.number_style import with_minus_signs
from tests.conftest import ROOT

HIDDEN = re.compile(r"\{[^}]*\}|`[^`]*`")
NEGATIVE = re.compile(r"(?:^|[\s(\[;,])-\d")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("median -2.77 [-2.99, -2.53]", "median −2.77 [−2.99, −2.53]"),
        ("-3.42 to -1.89", "−3.42 to −1.89"),
        ("FIB-4, 2024-01-02", "FIB-4, 2024-01-02"),
    ],
)
def test_hyphens_of_negative_numbers_become_minus_signs(text, expected):
    assert with_minus_signs(text) == expected


def test_no_cell_of_a_rendered_table_has_a_hyphen_for_a_minus():
    cells = [
        (path.name, cell)
        for path in sorted((ROOT / "report" / "_generated").glob("*.md"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("| ")
        for cell in HIDDEN.sub("", line).replace("&#91;", "[").split("|")
    ]
    assert len(cells) > 1000
    assert [each for each in cells if NEGATIVE.search(each[1])] == []
