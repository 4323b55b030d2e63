"""What must hold for every patient, on drawn ones."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.cohort.tables.canonical_units import to_canonical
from analysis.study.dictionary import Dictionary
from analysis.units.quantities import UNITS
from models.staging import SCORES, evaluate, score_table
from models.staging.definition import WHOLE_NUMBERS

# Each example is a whole table: few examples are many patients.
QUICK = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
CONFIRMED = [name for name, definition in SCORES.items() if definition.status == "confirmed"]
# Stages in which more or larger tumours can't be better, all else equal.
MONOTONE = (
    "bclc_2022",
    "bclc_2018",
    "cnlc",
    "ajcc8",
    "clip",
    "jis",
    "italica",
    "milan",
    "ucsf",
    "up_to_seven",
    "up_to_seven_sum",
    "tumour_burden_score",
    "tumour_burden_group",
)


def _patients(seed: int, size: int = 200) -> pd.DataFrame:
    """Patients with every input that a preoperative score needs, on the grid of tenths where the
    limits lie."""
    rng = np.random.default_rng(seed)

    def tenths(low: float, high: float) -> np.ndarray:
        return rng.integers(round(low * 10), round(high * 10) + 1, size) / 10

    def rarely() -> np.ndarray:
        return (rng.random(size) < 0.1).astype(int)

    number, diameter = rng.integers(1, 7, size), tenths(0.5, 10)
    return pd.DataFrame(
        {
            "age_years": rng.integers(20, 91, size),
            "sex": rng.choice(["female", "male"], size),
            "ecog": rng.choice(5, size, p=[0.6, 0.2, 0.1, 0.05, 0.05]),
            "ascites": rng.choice(["none", "slight", "moderate_severe"], size, p=[0.8, 0.15, 0.05]),
            "encephalopathy": rng.choice(
                ["none", "grade_1_2", "grade_3_4"], size, p=[0.9, 0.07, 0.03]
            ),
            "bilirubin": tenths(4, 80),
            "albumin": tenths(20, 55),
            "inr": tenths(0.8, 2.6),
            "creatinine": tenths(40, 400),
            "sodium": rng.integers(115, 151, size),
            "platelets": rng.integers(31, 600, size),
            "ast": rng.integers(10, 900, size),
            "alt": rng.integers(10, 900, size),
            "ggt": rng.integers(10, 900, size),
            "alp": rng.integers(30, 900, size),
            "ast_uln": 40,
            "ggt_uln": 60,
            "white_cells": tenths(11, 20),
            "neutrophils": tenths(0.5, 10),
            "lymphocytes": tenths(0.2, 4),
            "monocytes": tenths(0.1, 2),
            "afp": tenths(0.5, 3000),
            "tumour_number": number,
            "tumour_diameter": diameter,
            "tumour_diameter_sum": np.round(diameter + (number - 1) * 0.4, 1),
            "tumour_extent_percent": rng.integers(1, 91, size),
            "vascular_invasion": rng.choice(
                ["none", "segmental", "first_order", "main_trunk", "hepatic_vein", "bile_duct"],
                size,
                p=[0.75, 0.05, 0.05, 0.05, 0.05, 0.05],
            ),
            "lymph_node_metastasis": rarely(),
            "distant_metastasis": rarely(),
            "adjacent_organ_invasion": rarely(),
            "diffuse": rarely(),
            "dialysis": rarely(),
            "cholesterol": tenths(60, 400),
            "crp": tenths(0.1, 100),
            "fibrinogen": tenths(1, 8),
            "height": rng.integers(140, 201, size),
            "weight": rng.integers(40, 121, size),
        },
        index=pd.Index([f"P{each}" for each in range(size)], name="patient_id"),
    )


SEEDS = st.integers(0, 2**32 - 1)
TABLES = SEEDS.map(_patients)
COMPLETE = [name for name in CONFIRMED if set(SCORES[name].inputs) <= set(_patients(0, 1))]


@QUICK
@given(TABLES)
def test_milan_is_contained_in_up_to_seven(table):
    within = {
        name: evaluate(SCORES[name], table)["value"] == 0 for name in ("milan", "up_to_seven")
    }
    assert not (within["milan"] & ~within["up_to_seven"]).any()


@QUICK
@given(TABLES, st.integers(0, 3), st.integers(0, 50).map(lambda tenths: tenths / 10))
def test_more_tumour_is_never_a_better_stage(table, more, larger):
    worse = table.assign(
        tumour_number=table["tumour_number"] + more,
        tumour_diameter=(table["tumour_diameter"] + larger).round(1),
        tumour_diameter_sum=(table["tumour_diameter_sum"] + larger + more).round(1),
    )
    for name in MONOTONE:
        before, after = (
            evaluate(SCORES[name], table)["score"],
            evaluate(SCORES[name], worse)["score"],
        )
        # 1x4 cm to 2x3 cm is no increase; here the largest never shrinks, so every one of these is
        # monotone.
        assert (after >= before).all(), name


@QUICK
@given(TABLES)
def test_invasion_spread_and_performance_are_never_a_better_stage(table):
    for name in ("bclc_2022", "cnlc", "ajcc8", "jis", "italica", "milan", "ucsf", "up_to_seven"):
        before = evaluate(
            SCORES[name], table.assign(vascular_invasion="none", distant_metastasis=0)
        )["score"]
        for changes in (
            {"vascular_invasion": "main_trunk", "distant_metastasis": 0},
            {"vascular_invasion": "none", "distant_metastasis": 1},
            {"ecog": 4},
        ):
            assert (
                evaluate(
                    SCORES[name],
                    table.assign(
                        **{"vascular_invasion": "none", "distant_metastasis": 0} | changes
                    ),
                )["score"]
                >= before
            ).all(), name


def _in_units(table: pd.DataFrame, units: dict[str, str]) -> tuple[pd.DataFrame, Dictionary]:
    """The same patients as another laboratory would report them."""
    reported, variables = table.copy(), {}
    for name in table.columns:
        if name in UNITS:
            unit = units.get(name, UNITS[name].canonical)
            reported[name] = table[name] / UNITS[name].accepted[unit]
            variables[name] = {
                "label": name,
                "role": "predictor",
                "type": "continuous",
                "unit": unit,
            }
    return reported, Dictionary(variables=variables)


@QUICK
@given(TABLES)
def test_the_units_of_the_laboratory_do_not_change_a_score(table):
    conventional = {
        "bilirubin": "mg/dL",
        "albumin": "g/dL",
        "creatinine": "mg/dL",
        "platelets": "10^4/uL",
        "lymphocytes": "/uL",
        "neutrophils": "cells/mm3",
        "monocytes": "/mm3",
        "cholesterol": "mmol/L",
        "crp": "mg/dL",
        "fibrinogen": "mg/dL",
        "tumour_diameter": "mm",
        "tumour_diameter_sum": "mm",
        "ast": "ukat/L",
        "height": "m",
    }
    canonical, reported = (
        score_table(to_canonical(*_in_units(table, units)), CONFIRMED)
        for units in ({}, conventional)
    )
    for name in CONFIRMED:
        if SCORES[name].levels is None:
            np.testing.assert_allclose(
                canonical[name].astype(float), reported[name].astype(float), rtol=1e-7, err_msg=name
            )
        else:
            assert canonical[name].equals(reported[name]), name


@QUICK
@given(TABLES, st.integers(0, 199), st.sampled_from(COMPLETE))
def test_a_patient_has_the_same_score_alone_and_among_others(table, position, name):
    alone = evaluate(SCORES[name], table.iloc[[position]])
    pd.testing.assert_frame_equal(alone, evaluate(SCORES[name], table).iloc[[position]])


@pytest.mark.parametrize("name", COMPLETE)
def test_any_missing_input_makes_the_score_missing_and_is_named(name):
    inputs = list(SCORES[name].inputs)
    table = _patients(1, len(inputs) + 1).astype(dict.fromkeys(inputs, object))
    for position, gone in enumerate(inputs):
        table.iloc[position, table.columns.get_loc(gone)] = np.nan
    result = evaluate(SCORES[name], table)
    assert result["missing"].tolist() == [*inputs, ""]
    assert (
        result["value"].isna().tolist()
        == result["score"].isna().tolist()
        == [True] * len(inputs) + [False]
    )
    assert result["level"].iloc[:-1].isna().all()


@QUICK
@given(TABLES)
def test_meld_scores_stay_whole_and_in_range(table):
    for name in ("meld", "meld_na", "meld_3"):
        value = evaluate(SCORES[name], table)["value"]
        assert value.between(6, 40).all()
        assert (value == value.round()).all()


@pytest.mark.parametrize("name", list(SCORES))
def test_levels_cover_every_rank_that_occurs(name):
    """No level is ever missing where a value is there."""
    rng = np.random.default_rng(0)
    size = 300
    table = pd.DataFrame(
        {
            "ecog": rng.integers(0, 5, size),
            "ascites": rng.choice(["none", "slight", "moderate_severe"], size),
            "encephalopathy": rng.choice(["none", "grade_1_2", "grade_3_4"], size),
            "tumour_number": rng.integers(1, 7, size),
            "vascular_invasion": rng.choice(
                ["none", "segmental", "main_trunk", "hepatic_vein"], size, p=[0.7, 0.1, 0.1, 0.1]
            ),
            "sex": rng.choice(["female", "male"], size),
            "aphe": rng.choice(["none", "nonrim", "rim"], size),
            "washout": rng.choice(["none", "nonperipheral", "peripheral"], size),
            "capsule": rng.choice(["none", "incomplete", "complete"], size),
        }
        | {
            column: rng.integers(0, 2, size)
            for column, ends in WHOLE_NUMBERS.items()
            if ends == (0, 1)
        }
        | {
            column: rng.uniform(
                max(quantity.plausible[0], 0.1), min(quantity.plausible[1], 1000), size
            )
            for column, quantity in UNITS.items()
            if column != "tumour_number"
        }
    )
    definition, result = SCORES[name], evaluate(SCORES[name], table)
    assert result["value"].notna().any()
    assert (result["missing"] == "").sum() >= size - (result["value"].isna()).sum()
    if definition.levels is not None:
        assert result["level"].notna().equals(result["value"].notna())
        assert set(result["level"].dropna()) <= set(definition.levels)
