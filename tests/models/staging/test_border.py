"""The check of units on the mistakes that people make."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.cohort.tables.canonical_units import to_canonical
from analysis.study.dictionary import Dictionary, DictionaryError, load_dictionary
from analysis.units.quantities import UNITS
from analysis.units.unit_errors import UnitError


def _dictionary(missing: tuple = (), **variables) -> Dictionary:
    return Dictionary(
        missing=missing,
        variables={
            name: {"label": name, "role": "predictor", "type": "continuous", **parts}
            for name, parts in variables.items()
        },
    )


def _error(table: pd.DataFrame, dictionary: Dictionary) -> UnitError:
    with pytest.raises(UnitError) as caught:
        to_canonical(table, dictionary)
    return caught.value


@pytest.mark.parametrize(
    ("name", "value", "unit", "likely"),
    [
        ("albumin", 4.2, "g/L", "g/dL where g/L was meant"),
        ("albumin", 40, "g/dL", "g/L where g/dL was meant"),
        ("platelets", 25, "10^9/L", "10^4/uL where 10^9/L was meant"),
        ("platelets", 150000, "10^9/L", "/uL where 10^9/L was meant"),
        ("lymphocytes", 32, "10^9/L", "a percentage, which must be multiplied by the white cells"),
        ("lymphocytes", 1800, "10^9/L", "/uL where 10^9/L was meant"),
        ("creatinine", 0.9, "umol/L", "mg/dL where umol/L was meant"),
        ("bilirubin", 0.8, "umol/L", "mg/dL where umol/L was meant"),
        ("bilirubin", 68, "mg/dL", "umol/L where mg/dL was meant"),
        ("tumour_diameter", 45, "cm", "mm where cm was meant"),
        ("height", 1.7, "cm", "m where cm was meant"),
        ("inr", 13, "1", "prothrombin time in seconds"),
        ("ast", 0.8, "U/L", "ukat/L where U/L was meant"),
        ("cholesterol", 4.6, "mg/dL", "mmol/L where mg/dL was meant"),
        ("fibrinogen", 320, "g/L", "mg/dL where g/L was meant"),
        ("tumour_number", 0, "count", "a code for"),
        ("tumour_number", 99.5, "count", "not a whole number"),
    ],
)
def test_an_impossible_value_names_the_likely_mistake(name, value, unit, likely):
    error = _error(
        pd.DataFrame({name: [value]}, index=["P7"]), _dictionary(**{name: {"unit": unit}})
    )
    (fault,) = error.faults
    assert fault.patient == "P7"
    assert fault.variable == name
    message = str(error)
    assert "patient P7" in message
    assert f"{name} {value:g}" in message
    assert likely in message
    assert "whole" in likely or f"{value:g} {unit}" in message


@pytest.mark.parametrize(
    ("name", "values", "unit", "likely"),
    [
        ("bilirubin", np.linspace(1.0, 2.5, 12), "umol/L", "mg/dL where umol/L was meant"),
        ("tumour_diameter", np.linspace(16, 29, 12), "cm", "mm where cm was meant"),
        ("neutrophils", np.linspace(20, 38, 12), "10^9/L", "a percentage"),
        ("monocytes", np.linspace(4, 9, 12), "10^9/L", "a percentage"),
        ("weight", np.linspace(140, 170, 12), "kg", "lb where kg was meant"),
    ],
)
def test_a_whole_column_in_another_unit_is_found_by_its_median(name, values, unit, likely):
    error = _error(pd.DataFrame({name: values}), _dictionary(**{name: {"unit": unit}}))
    assert [fault.patient for fault in error.faults] == [None]
    assert likely in str(error)
    assert "whole column" in str(error)
    # The same values of a few patients say nothing about the column.
    to_canonical(pd.DataFrame({name: values[:3]}), _dictionary(**{name: {"unit": unit}}))


def test_every_canonical_unit_is_accepted_and_every_range_is_possible():
    for name, quantity in UNITS.items():
        assert quantity.accepted[quantity.canonical] == 1.0, name
        assert quantity.plausible[0] < quantity.plausible[1], name
        assert (
            quantity.typical is None
            or quantity.plausible[0]
            <= quantity.typical[0]
            < quantity.typical[1]
            <= quantity.plausible[1]
        ), name


def test_a_column_that_needs_a_unit_and_is_not_declared_is_an_error():
    error = _error(
        pd.DataFrame({"albumin": [40.0], "bilirubin": [10.0], "remark": ["x"]}),
        _dictionary(albumin={"unit": "g/L"}),
    )
    assert [fault.variable for fault in error.faults] == ["bilirubin"]
    assert "have no unit" in str(error)


def test_each_patient_can_have_a_unit_and_none_can_lack_it():
    table = pd.DataFrame(
        {"platelets": [150.0, 15.0, 140000.0], "scale": ["10^9/L", "10^4/uL", "/uL"]},
        index=["P1", "P2", "P3"],
    )
    dictionary = _dictionary(platelets={"unit_column": "scale"})
    assert to_canonical(table, dictionary)["platelets"].tolist() == [150.0, 150.0, 140.0]
    error = _error(table.assign(scale=["10^9/L", None, "G"]), dictionary)
    assert "patient P2: platelets 15 has no unit in column 'scale'" in str(error)
    assert "unit 'G' is unknown for it" in str(error)


def test_a_checked_value_can_be_let_through():
    table = pd.DataFrame({"platelets": [22.0]})
    assert to_canonical(table, _dictionary(platelets={"unit": "10^9/L", "plausible": [10, 1500]}))[
        "platelets"
    ].tolist() == [22.0]


def test_missing_codes_headers_and_level_codes():
    table = pd.DataFrame({"Alb \t (g/dL)": ["4.1", " ?", ""], "Ascites": [1.0, 2.0, np.nan]})
    dictionary = _dictionary(
        ("?",),
        albumin={"unit": "g/dL", "column": "Alb (g/dL)"},
        ascites={
            "type": "ordinal",
            "levels": ["none", "slight"],
            "column": "Ascites",
            "codes": {1: "none", 2: "slight"},
        },
    )
    result = to_canonical(table, dictionary)
    assert result["albumin"].iloc[0] == 41.0
    assert result["albumin"].isna().tolist() == [
        False,
        True,
        True,
    ]
    assert result["ascites"].tolist()[:2] == ["none", "slight"]
    assert pd.isna(result["ascites"].iloc[2])
    assert list(result) == ["albumin", "ascites"]


def test_two_variables_can_read_one_column():
    result = to_canonical(
        pd.DataFrame({"afp": [12.0]}),
        _dictionary(afp={"unit": "ng/mL"}, afp_maximum={"unit": "ng/mL", "column": "afp"}),
    )
    assert result["afp"].tolist() == result["afp_maximum"].tolist() == [12.0]


def test_patients_are_named_by_the_identifier_column():
    dictionary = Dictionary(
        variables={
            "patient_id": {"label": "Patient", "role": "identifier", "type": "text"},
            "afp": {"label": "AFP", "role": "predictor", "type": "continuous", "unit": "ng/mL"},
        }
    )
    error = _error(pd.DataFrame({"patient_id": ["A9", "B1"], "afp": ["5", "<0.61"]}), dictionary)
    assert (
        "patient B1: afp: '<0.61' is not a number; say under detection_limit of the variable"
        " whether it counts as half, limit or missing" in str(error)
    )


def test_a_long_list_of_faults_shows_every_variable():
    error = _error(
        pd.DataFrame({"albumin": np.full(50, 4.0), "inr": np.full(50, 12.0)}),
        _dictionary(albumin={"unit": "g/L"}, inr={"unit": "1"}),
    )
    assert len(error.faults) == 100
    assert "… and 42 more of albumin" in str(error)
    assert "… and 42 more of inr" in str(error)


def test_every_fault_of_a_dictionary_is_listed_with_its_variable(tmp_path):
    path = tmp_path / "dictionary.yml"
    path.write_text(
        "variables:\n  ast: {label: AST, role: predictor, type: continuous}\n  sex: {label: Sex,"
        " role: predictor, type: categorical, unit: kg, levels: [a, a]}\n  afp: {label: AFP, role:"
        " hero, type: continuous, unit: ng/mL}\n  inr: {label: INR, role: predictor, type:"
        " continuous, unit: 1}\n"
    )
    with pytest.raises(DictionaryError) as caught:
        load_dictionary(path)
    message = str(caught.value)
    assert "3 faults" in message
    assert "line 2: variables.ast: a continuous variable needs its unit" in message
    assert "line 3: variables.sex: these levels are given more than once: a" in message
    assert "variables.afp.role" in message
    assert "inr" not in message
    path.write_text("- a list\n")
    with pytest.raises(DictionaryError, match="must hold `variables:`"):
        load_dictionary(path)
    with pytest.raises(DictionaryError, match="no such data dictionary"):
        load_dictionary(tmp_path / "nowhere.yml")
