"""Scores whose coefficients come from a file or from a refit."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from models.staging import REFITS
from models.staging.erasl import PUBLISHED
from models.staging.linear_score import LinearScore, design, refit
from models.staging.reader_features import code_reader_features


def _cohort(size: int = 400) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    return pd.DataFrame(
        {
            "sex": rng.choice(["female", "male"], size),
            "bilirubin": rng.uniform(5, 40, size),
            "albumin": rng.uniform(28, 48, size),
            "afp": rng.lognormal(3, 2, size),
            "tumour_diameter": rng.uniform(1, 12, size),
            "tumour_number": rng.integers(1, 6, size),
        }
    )


def test_the_refit_finds_the_coefficients_that_made_the_outcome():
    table = _cohort(6000)
    rng = np.random.default_rng(5)
    linear = PUBLISHED(table) - PUBLISHED(table).mean()
    outcome = pd.Series((rng.uniform(size=len(table)) < 1 / (1 + np.exp(-linear))).astype(float))
    found = refit("ERASL variables, refitted", PUBLISHED.terms, table, outcome)
    assert found.status == "refit"
    assert found.terms == PUBLISHED.terms == REFITS["erasl_refit"].terms
    for term, coefficient in PUBLISHED.coefficients.items():
        assert found.coefficients[term] == pytest.approx(coefficient, abs=0.2), term


def test_the_refit_leaves_out_incomplete_patients_and_terms_that_do_not_vary():
    table = _cohort(300).assign(sex="male")
    outcome = pd.Series(np.tile([0.0, 1.0, np.nan], 100))
    table.loc[:50, "afp"] = np.nan
    found = refit("mine", PUBLISHED.terms, table, outcome)
    complete = refit("mine", PUBLISHED.terms, table[51:], outcome[51:])
    assert found.coefficients == complete.coefficients
    assert found.coefficients["male"] == 0


def test_missing_inputs_and_logarithms_that_do_not_exist_are_missing():
    table = _cohort(3).assign(afp=[0.0, np.nan, 10.0])
    assert design(table, ("ln_afp", "male")).isna().sum().tolist() == [2, 0]
    assert PUBLISHED(table).isna().tolist() == [True, True, False]
    assert design(table.drop(columns="afp"), ("ln_afp",))["ln_afp"].isna().all()


def test_a_coefficient_file_must_be_complete_and_name_known_terms(tmp_path):
    path = tmp_path / "mine.yml"
    path.write_text("label: Mine\nsource: me\n")
    with pytest.raises(ValueError, match="status, coefficients missing"):
        LinearScore.from_file(path)
    path.write_text(
        "label: Mine\nsource: me\nstatus: unconfirmed\ncoefficients: {shoe_size: 1.0}\n"
    )
    with pytest.raises(ValueError, match="no such term: shoe_size; known terms are male"):
        LinearScore.from_file(path)


def test_too_few_events_to_refit_say_so():
    with pytest.raises(ValueError, match="10 complete patients with 0 events are too few"):
        refit("ERASL", PUBLISHED.terms, _cohort(10), pd.Series(np.zeros(10)))


def test_reader_features_are_coded_in_the_order_of_their_levels():
    coded = code_reader_features(
        pd.DataFrame(
            {
                "aphe": ["rim", "none", None],
                "capsule": ["incomplete", "none", "complete"],
                "mosaic": [1, 0, None],
            }
        )
    )
    assert coded["aphe"].tolist()[:2] == [2, 0]
    assert coded["aphe"].isna().tolist() == [
        False,
        False,
        True,
    ]
    assert coded["capsule"].tolist() == [1, 0, 2]
    assert coded["rim_aphe"].tolist()[:2] == [1, 0]
    with pytest.raises(
        ValueError, match="patient 0: margin is 'lobulated', it must be one of smooth, non_smooth"
    ):
        code_reader_features(pd.DataFrame({"margin": ["lobulated"]}))
