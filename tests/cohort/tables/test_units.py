"""Units at the border: conversion, and every impossible value named with its likely mistake."""

import numpy as np
import pandas as pd
import pytest

from analysis.cohort.tables.canonical_units import canonical_dictionary, to_canonical
from analysis.study.dictionary import Dictionary, DictionaryError, load_dictionary
from analysis.units.unit_errors import UnitError


def _dictionary(**variables) -> Dictionary:
    return Dictionary(
        variables={
            name: {"label": name, "role": "predictor", **parts} for name, parts in variables.items()
        }
    )


def _continuous(unit: str, **more) -> dict:
    return {"type": "continuous", "unit": unit, **more}


def test_units_are_converted_once_and_columns_renamed():
    table = pd.DataFrame({"Alb": [4.1], "bilirubin": [1.0], "platelets": [25.0]}, index=["P1"])
    dictionary = _dictionary(
        albumin=_continuous("g/dL", column="Alb"),
        bilirubin=_continuous("mg/dL"),
        platelets=_continuous("10^4/uL"),
    )
    result = to_canonical(table, dictionary).loc["P1"]
    assert result["albumin"] == pytest.approx(41)
    assert result["bilirubin"] == pytest.approx(17.104)
    assert result["platelets"] == pytest.approx(250)


def test_every_fault_names_patient_variable_value_and_likely_mistake():
    table = pd.DataFrame(
        {
            "albumin": [4.2, 40],
            "lymphocytes": [1.5, 32.0],
            "ast": ["30", "high"],
            "cirrhosis": [1, 2],
            "sex": ["male", "m"],
        },
        index=["P1", "P2"],
    )
    dictionary = _dictionary(
        albumin=_continuous("g/L"),
        lymphocytes=_continuous("10^9/L"),
        ast=_continuous("U/L"),
        cirrhosis={"type": "binary"},
        sex={"type": "categorical", "levels": ["female", "male"]},
        inr=_continuous("1"),
    )
    with pytest.raises(UnitError) as caught:
        to_canonical(table, dictionary)
    message = str(caught.value)
    for part in (
        "6 places",
        "patient P1: albumin 4.2 g/L is impossible",
        "g/dL where g/L was meant",
        "patient P2: lymphocytes 32",
        "percentage",
        "patient P2: ast: 'high' is not a number",
        "patient P2: cirrhosis 2 must be 0 or 1",
        "patient P2: sex 'm' is none of its levels",
        "inr: in the dictionary, but the table has no such column",
    ):
        assert part in message, part


@pytest.mark.parametrize("levels", [[0, 1, "2+"], {"a": 0, "b": 1, "c": "2+"}])
def test_levels_of_numbers_and_words_are_words(levels):
    """Else a column of a model that asks for 1 finds nobody among "1"."""
    from models.clinical.design import ClinicalDesign

    dictionary = _dictionary(nodules={"type": "ordinal", "levels": levels})
    table = to_canonical(
        pd.DataFrame(
            {"nodules": [0, 1, "2+", "1"] if isinstance(levels, list) else ["a", "b", "c", "b"]}
        ),
        dictionary,
    )
    columns = (
        ClinicalDesign({"nodules": dictionary.variables["nodules"].levels})
        .fit(table, ["nodules"])
        .matrix(table, ["nodules"])
    )
    assert columns.to_dict("list") == {"nodules=1": [0, 1, 0, 1], "nodules=2+": [0, 0, 1, 0]}


def test_empty_cells_stay_missing():
    result = to_canonical(
        pd.DataFrame({"albumin": [np.nan, 40.0]}), _dictionary(albumin=_continuous("g/L"))
    )
    assert result["albumin"].isna().tolist() == [True, False]


def test_an_unknown_unit_lists_the_accepted_ones():
    with pytest.raises(UnitError, match="unit 'mg' is unknown for it; accepted are umol/L, mg/dL"):
        to_canonical(pd.DataFrame({"bilirubin": [1.0]}), _dictionary(bilirubin=_continuous("mg")))


def test_a_dictionary_without_a_unit_is_refused(tmp_path):
    path = tmp_path / "dictionary.yml"
    path.write_text(
        "variables:\n  ast: {label: AST, role: predictor, type: continuous}\n  sex: {label: Sex,"
        " role: predictor, type: categorical}\n"
    )
    with pytest.raises(
        DictionaryError,
        match=(
            "(?s)2 fault.*ast: a continuous variable needs its unit.*sex: a variable of type"
            " categorical needs its levels"
        ),
    ):
        load_dictionary(path)


def test_the_dictionary_of_the_converted_table_names_the_units_that_it_has():
    """A label must not say mg/dL above values in µmol/L."""
    dictionary = _dictionary(
        bilirubin=_continuous("mg/dL"),
        albumin=_continuous("g/L"),
        texture_entropy=_continuous("bit"),
        sex={"type": "categorical", "levels": ["female", "male"]},
    )
    after = canonical_dictionary(dictionary)
    assert {name: variable.unit for name, variable in after.variables.items()} == {
        "bilirubin": "umol/L",
        "albumin": "g/L",
        "texture_entropy": "bit",
        "sex": None,
    }
    assert dictionary.variables["bilirubin"].unit == "mg/dL"
