"""Results of earlier versions: words become ids, and what a method told becomes a record."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from analysis.results import keys
from analysis.results.older_tables import table_in_present_form
from analysis.results.record import records_of
from tests.conftest import ROOT


def row(key: keys.Key, value, method=None) -> dict:
    """A record as version 0.2 wrote it."""
    return {
        "key": str(key),
        "value": value,
        "method": method,
        "quantity": key.quantity.name,
        "of": key.parts,
        "rests_on_training": False,
    }


@pytest.mark.parametrize(
    ("key", "words", "value"),
    [
        (keys.contrast_role("cr"), "primary contrast", "primary"),
        (keys.contrast_role("cr"), "secondary, Holm-adjusted over 16 contrasts", "secondary"),
        (keys.contrast_role("cr"), "exploratory, no p-value", "exploratory"),
        (keys.contrast_role("cr"), "not tested: fewer than 10 patients of either", "untested"),
        (keys.chosen_cr_basis(), "bootstrap resamples", "bootstrap"),
        (keys.chosen_cr_basis(), "outer folds", "outer_folds"),
        (keys.added_value_seen("albi"), "-3.42 to -1.89", ("-3.42", "-1.89")),
        (keys.added_value_seen("okuda"), "I", ("I",)),
        (
            keys.added_value_left_out("jis"),
            "an input is missing for every patient",
            "input_missing",
        ),
        (keys.best_model(), "dlrcr", "dlrcr"),
    ],
)
def test_words_become_ids_and_ids_stay(key, words, value):
    (found,) = records_of([row(key, words)]).values()
    assert found.value == value
    (again,) = records_of([row(key, list(value) if isinstance(value, tuple) else value)]).values()
    assert again.value == value


@pytest.mark.parametrize(
    ("key", "method", "told"),
    [
        (keys.nomogram_slope("ast"), "per doubling", {"nomogram.scale.ast": "doubling"}),
        (keys.nomogram_slope("dl"), "per unit", {"nomogram.scale.dl": "unit"}),
        (
            keys.nomogram_slope("capsule=no"),
            "against complete",
            {"nomogram.scale.capsule=no": "level", "nomogram.reference.capsule=no": "complete"},
        ),
        (keys.preparation_limited("afp"), "half", {"preparation.limited_rule.afp": "half"}),
        (
            keys.updating_chosen("north"),
            "closed test of Vergouwe et al. (2017), up to a refit of all coefficients",
            {"updating.north.limit": "none"},
        ),
        (
            keys.updating_chosen("north"),
            "closed test of Vergouwe et al. (2017), up to recalibration: the model has no"
            " coefficients to refit",
            {"updating.north.limit": "no_coefficients"},
        ),
        (
            keys.updating_chosen("north"),
            "not estimable: patients of both outcomes are needed",
            {"updating.north.limit": "one_outcome"},
        ),
        (keys.nomogram_slope("ast"), None, {}),
    ],
)
def test_what_a_method_told_becomes_a_record(key, method, told):
    found = records_of([row(key, 1.0, method)])
    assert {name: each.value for name, each in found.items() if name != key} == told
    given = [row(keys.parsed(name), value) for name, value in told.items()]
    assert set(records_of([row(key, 1.0, method), *given])) == {str(key), *told}


def test_the_lock_of_the_demonstration_is_read_without_words():
    rows = json.loads((ROOT / "results.lock.json").read_text(encoding="utf-8"))["results"]
    records = records_of(rows)
    assert set(records) >= {each["key"] for each in rows}
    assert {each.value for _, each in keys.contrast_role.of(records)} <= {
        "primary",
        "secondary",
        "exploratory",
        "untested",
    }
    assert all(len(each.names) == 2 for _, each in keys.added_value_seen.of(records))
    terms = [parts["term"] for parts, _ in keys.nomogram_slope.of(records)]
    assert terms
    assert [parts["term"] for parts, _ in keys.nomogram_scale.of(records)] == terms


OLDER = {
    "curves/selection_steps": (
        {"step": ["extracted", "not nearly constant", "selected by LASSO"]},
        {"step": ["extracted", "variance", "lasso"]},
    ),
    "curves/grad_cam_patients": (
        {"reason": ["highest with event"]},
        {"reason": ["highest_with_event"]},
    ),
    "tables/scores": (
        {"status": ["refitted here", "confirmed"]},
        {"status": ["refitted", "confirmed"]},
    ),
    "tables/subgroups": (
        {
            "group": ["All patients", "Age", "Another horizon", "Complete cases"],
            "level": [None, "≤ 60 years", "24 months", "no candidate missing"],
        },
        {
            "analysis": ["all_patients", "subgroup", "other_horizon", "complete_cases"],
            "group": [None, "Age", None, None],
            "level": [None, "≤ 60 years", "24", None],
        },
    ),
    "tables/variables": (
        {
            "values": ["number", "0 or 1", "A, B"],
            "unit": ["U/L", "as recorded for each patient", ""],
            "recorded": ["baseline", "during follow-up", "later"],
        },
        {
            "values": ["continuous", "binary", "A, B"],
            "unit": ["U/L", "recorded", ""],
            "recorded": ["baseline", "follow_up", "later"],
        },
    ),
    "tables/other": ({"step": ["selected by LASSO"]}, {"step": ["selected by LASSO"]}),
}


@pytest.mark.parametrize("name", OLDER)
def test_tables_hold_ids_and_stay_so(name):
    older, present = (pd.DataFrame(each) for each in OLDER[name])
    found = table_in_present_form(name, older)
    pd.testing.assert_frame_equal(
        found.fillna(""), present.fillna(""), check_dtype=False, check_column_type=False
    )
    again = table_in_present_form(name, found)
    pd.testing.assert_frame_equal(again, found)
