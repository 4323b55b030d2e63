"""Each id that results may hold has its words."""

from __future__ import annotations

import re

import pytest

from analysis.core.problem import REASONS
from analysis.reporting.wordings import result_ids
from analysis.reporting.wordings.result_ids import in_words
from analysis.results import keys
from analysis.results.place_names import DIVISIONS
from models.selection_steps import SELECTORS


def test_selection_steps_exclusions_and_divisions_have_words():
    assert set(result_ids.SELECTION_STEPS) == {"reproducible", *SELECTORS}
    assert set(result_ids.EXCLUSIONS) == set(REASONS)
    assert set(result_ids.DIVISIONS) == set(DIVISIONS)


@pytest.mark.parametrize(
    ("quantity", "words"),
    [
        (keys.added_value_left_out, result_ids.LEFT_OUT),
        (keys.updating_limit, result_ids.UPDATE_LIMITS),
        (keys.preparation_limited_rule, result_ids.LIMIT_RULES),
    ],
)
def test_ids_that_a_declaration_lists_have_words(quantity, words):
    listed = re.findall(r"\w+", quantity.meaning.rpartition(": ")[2])
    assert set(listed) - {"or"} == set(words)


def test_an_id_without_words_is_shown_with_spaces():
    assert in_words(result_ids.DIVISIONS, "left_lobe") == "left lobe"
