"""Levels of categorical variables as a text prints them."""

import pytest

from analysis.study.level_label import level_label


@pytest.mark.parametrize(
    ("level", "label"),
    [
        ("non_smooth", "non-smooth"),
        ("Non_rim", "Non-rim"),
        ("margin_non_smooth", "margin non-smooth"),
        ("canon_low", "canon low"),
        ("none_seen", "none seen"),
        ("grade_1_2", "grade 1–2"),
        ("grade_3_4_ascites", "grade 3–4 ascites"),
        ("size_2_5", "size 2 5"),
        ("stage_1_2_3", "stage 1 2 3"),
        ("two_to_five", "two to five"),
        (3, "3"),
    ],
)
def test_a_level_in_words(level, label):
    assert level_label(level) == label
