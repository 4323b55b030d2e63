"""What a score declares, what it says about missing inputs and assumptions, and what it refuses."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import models.staging
from models.staging import (
    SCORES,
    assumption_counts,
    describe_scores,
    evaluate,
    get_score,
    score_table,
)
from models.staging.definition import VOCABULARY, WHOLE_NUMBERS, ScoreInputError
from tests.support.graded_patient import PATIENT

ISSUE = """bclc_2022 bclc_2018 cnlc ajcc8 hklc clip okuda jis italica milan ucsf up_to_seven
tumour_burden_score child_pugh albi albi_grade malbi palbi ez_albi meld meld_na meld_3
apri fib4 aar alri anri gpr glr nlr dnlr plr lmr sii siri piv pni conut gnri gps mgps lcr aapr far
afp_category erasl_pre pre_moral li_rads_2018""".split()


def test_every_system_is_there_and_declares_itself():
    assert set(ISSUE) <= set(SCORES)
    from analysis.units.quantities import UNITS

    known = {*VOCABULARY, *WHOLE_NUMBERS, *UNITS}
    for name, definition in SCORES.items():
        assert definition.id == name, name
        assert definition.label, name
        assert definition.source, name
        assert definition.inputs, name
        assert set(definition.inputs) <= known, name
        assert definition.status in ("confirmed", "unconfirmed"), name
        assert not (definition.default and definition.status == "unconfirmed"), name
        assert definition.status == "confirmed" or definition.note, name
        assert definition.compute.__doc__, name
        assert definition.family in (
            "staging",
            "index",
            "liver_function",
            "recurrence",
            "imaging",
        ), name


def test_scores_of_which_higher_is_better_are_turned_round():
    better = {name for name, definition in SCORES.items() if not definition.higher_is_worse}
    assert better == {"pni", "gnri", "lmr", "lcr", "aapr"}
    result = evaluate(SCORES["pni"], pd.DataFrame({"albumin": [40.0], "lymphocytes": [1.5]})).iloc[
        0
    ]
    assert result["value"] == 47.5
    assert result["score"] == -47.5


def test_an_assumption_fills_only_what_is_missing_and_is_counted():
    table = pd.DataFrame([{**PATIENT, "ecog": np.nan}, {**PATIENT, "ecog": 1}])
    assert models.staging.bclc(table)["missing"].tolist() == ["ecog", ""]
    assert models.staging.bclc(table, {"ecog": 0})["level"].tolist() == ["A", "C"]
    assert score_table(table, ["bclc_2022"], {"ecog": 0})["bclc_2022"].tolist() == ["A", "C"]
    two = {name: SCORES[name] for name in ("bclc_2022", "meld")}
    counts = assumption_counts(table, {"ecog": 0, "dialysis": 0}, two)
    assert counts["patients"].tolist() == [1, 2]
    with pytest.raises(ValueError, match="assume: ecgo is no input of bclc_2022"):
        assumption_counts(table, {"ecgo": 0}, {"bclc_2022": SCORES["bclc_2022"]})


def test_a_missing_column_is_missing_for_everyone_and_named():
    result = score_table(pd.DataFrame({"bilirubin": [10.0, 12.0]}, index=["P1", "P2"]), ["albi"])
    assert result["albi"].isna().all()
    assert (result["albi_missing"] == "albumin").all()
    empty = evaluate(SCORES["bclc_2022"], pd.DataFrame(index=["P1"]))
    assert empty["missing"].iloc[0] == ", ".join(SCORES["bclc_2022"].inputs)


def test_a_ratio_to_zero_is_missing_and_names_the_zero():
    result = evaluate(SCORES["lcr"], pd.DataFrame({"lymphocytes": [1.5, 1.5], "crp": [0.0, 3.0]}))
    assert np.isnan(result["value"].iloc[0])
    assert result["missing"].tolist() == ["crp (0)", ""]


def test_values_that_a_score_does_not_know_are_refused_by_patient():
    table = pd.DataFrame(
        [{**PATIENT, "ecog": 0, "ascites": "mild"}, {**PATIENT, "ecog": 7}], index=["P1", "P2"]
    )
    with pytest.raises(
        ScoreInputError,
        match=(
            "(?s)patient P2: ecog is 7, it must be a whole number from 0 to 4.*patient P1: ascites"
            " is 'mild', it must be one of none, slight, moderate_severe"
        ),
    ):
        evaluate(SCORES["bclc_2022"], table)
    with pytest.raises(ScoreInputError, match="patient P1: bilirubin is '1,2'"):
        evaluate(
            SCORES["albi"], pd.DataFrame({"bilirubin": ["1,2"], "albumin": [40.0]}, index=["P1"])
        )
    with pytest.raises(
        ScoreInputError, match="tumour_number is 0, it must be a whole number from 1"
    ):
        evaluate(SCORES["milan"], pd.DataFrame([PATIENT | {"tumour_number": 0}]))


def test_an_unknown_score_lists_close_ones():
    with pytest.raises(ValueError, match="did you mean .*bclc_2022"):
        get_score("bclc")
    with pytest.raises(AttributeError, match="no attribute 'bclc_2023'"):
        models.staging.bclc_2023  # noqa: B018


def test_every_score_is_a_function_of_its_id():
    table = pd.DataFrame([PATIENT])
    for name in SCORES:
        assert name in dir(models.staging)
        assert list(getattr(models.staging, name)(table)) == [
            "value",
            "level",
            "score",
            "missing",
        ]
    assert models.staging.albi(table)["value"].iloc[0] == pytest.approx(0.66 - 0.085 * 42)


def test_the_table_of_scores_is_wide_and_leaves_unconfirmed_ones_out_unless_named():
    table = pd.DataFrame([{**PATIENT, "patient_id": "P1"}])
    wide = score_table(table)
    assert wide.index.tolist() == ["P1"]
    assert {"albi", "albi_missing"} <= set(wide)
    assert not {"hklc", "erasl_pre", "malbi"} & set(wide)
    assert list(score_table(table, ["malbi"])) == ["malbi", "malbi_missing"]


def test_the_description_names_units_direction_status_and_source():
    described = describe_scores().set_index("id")
    assert described.loc["albi", "inputs"] == "bilirubin [umol/L], albumin [g/L]"
    assert described.loc["pni", "worse"] == "lower"
    assert described.loc["li_rads_2018", "worse"] == "no order"
    assert described.loc["hklc", "status"] == "unconfirmed"
    assert described.loc["bclc_2022", "doi"] == "10.1016/j.jhep.2021.11.018"
    assert described.loc["okuda", "levels"] == "I < II < III"


def test_names_without_an_order_give_no_score():
    table = pd.DataFrame(
        [
            {
                "aphe": "nonrim",
                "washout": "nonperipheral",
                "capsule": "none",
                "threshold_growth": 0,
                "tumour_diameter": 3.0,
                "vascular_invasion": "none",
            }
        ]
    )
    result = evaluate(SCORES["li_rads_2018"], table).iloc[0]
    assert result["level"] == "LR-5"
    assert np.isnan(result["score"])
