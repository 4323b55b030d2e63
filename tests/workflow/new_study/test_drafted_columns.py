"""What is drafted of one column: its type, unit and role."""

import pandas as pd
import pytest

from analysis.workflow.new_study.column_names import known_variable, parted
from analysis.workflow.new_study.guess import guess_column


@pytest.mark.parametrize(
    ("column", "values", "keys", "words"),
    [
        (
            "Albumin",
            [4.1, 3.9, 4.4],
            {"type": "continuous", "unit": "g/dL"},
            "possible in g/dL alone",
        ),
        (
            "Tumor size, cm",
            [3.1, 4.9, 2.4],
            {"type": "continuous", "unit": "cm"},
            "unit 'cm' as the table has it",
        ),
        ("tumour size", [31, 49, 24], {"type": "continuous", "unit": "mm"}, "possible in mm alone"),
        (
            "PLT (10*9/l)",
            [120, 200, 300],
            {"type": "continuous", "unit": "10^9/L"},
            "unit '10*9/l'",
        ),
        (
            "marker",
            [1.5, 2.5, 9.1, 7.2, 3.3],
            {"type": "continuous", "unit": "1"},
            "no unit was found",
        ),
        (
            "marker [pg/mL]",
            [1.5, 2.5, 9.1],
            {"type": "continuous", "unit": "pg/mL"},
            "unit 'pg/mL'",
        ),
        (
            "Gender",
            ["F", "M", "M"],
            {"type": "categorical", "levels": ["F", "M"]},
            "confirm the reference",
        ),
        (
            "BCLC stage",
            ["A", "B", "0"],
            {"type": "ordinal", "levels": ["0", "A", "B"]},
            "the best first",
        ),
        ("Diabetes", [0, 1, 0], {"type": "binary"}, "1 counts as yes"),
        (
            "肝硬化",
            ["有", "无", "有"],
            {"type": "binary", "codes": {"无": 0, "有": 1}},
            "answers are",
        ),
        ("Code", [1, 2, 2], {"type": "categorical", "levels": [1, 2]}, "say what they mean"),
        (
            "MRI date",
            ["03/04/2021", "04/05/2021"],
            {"type": "date", "date_format": "%d/%m/%Y"},
            "%d/%m/%Y or as %m/%d/%Y",
        ),
        ("MRI date", ["2021-04-03", "2021-05-04"], {"type": "date"}, "dates written as %Y-%m-%d"),
        (
            "Remark",
            [f"text {number}" for number in range(12)],
            {"type": "text", "role": "design"},
            "too many for levels",
        ),
        ("Nothing", [None, None], {"type": "text", "role": "design"}, "the column is empty"),
    ],
)
def test_one_column(column, values, keys, words):
    found = guess_column(column, pd.Series(values), 1)
    assert keys.items() <= found.keys.items(), found
    assert any(words in reason for reason in found.reasons), found.reasons


def test_names_and_their_units():
    assert parted("AST (U/L)") == ("AST", "U/L")
    assert parted("Albumin [g/L] ") == ("Albumin", "g/L")
    assert parted("last, first") == ("last, first", None)
    assert known_variable("Total bilirubin") == "bilirubin"
    assert known_variable("AST_1_month") is None
    assert known_variable("Albumin ratio") is None


@pytest.mark.parametrize(
    "column",
    [
        "OS (months)",
        "Death",
        "OS status",
        "Recurrence site",
        "recurrence_site",
        "Vital status",
        "Follow-up (mo)",
        "死亡",
        "总生存期",
        "Tod",
        "PFS_time",
        "OSmonths",
        "OSstatus",
        "fu_months",
        "Mortality",
        "Todesdatum",
        "Exitus",
    ],
)
def test_what_happens_after_treatment_is_no_predictor(column):
    values = (
        pd.Series([str(number % 2 + number) for number in range(30)])
        if "(" in column or "time" in column
        else pd.Series(["0", "1"] * 15)
    )
    assert not guess_column(column, values, 4).predicts


@pytest.mark.parametrize(
    "column",
    ["AST (U/L)", "Ascites", "Hospital stay", "Tumour site", "Postoperative drain", "Todd score"],
)
def test_other_columns_may_predict(column):
    assert guess_column(column, pd.Series(["0", "1"] * 15), 4).predicts


def test_a_column_of_two_kinds_of_dates_is_a_date():
    guess = guess_column("Surgery date", pd.Series(["2021-03-21", "25/04/2021"] * 20), 3)
    assert (guess.keys["type"], guess.keys["date_format"], guess.part) == (
        "date",
        "%d/%m/%Y",
        "start",
    )


def test_a_german_height_is_known():
    assert known_variable("Größe") == "height"


@pytest.mark.parametrize("column", ["Pathological MVI", "Edmondson grade", "Ki-67", "病理分级"])
def test_what_a_specimen_shows_is_no_predictor(column):
    guess = guess_column(column, pd.Series(["0", "1"] * 15), 4)
    assert not guess.predicts
    assert any("specimen" in reason for reason in guess.reasons)


@pytest.mark.parametrize(
    ("column", "values", "name", "keys"),
    [
        ("Größe (cm)", [4.2, 3.1, 6.6], "tumour_diameter", {"unit": "cm"}),
        ("Größe (cm)", [171, 180, 165], "height", {"unit": "cm"}),
        ("Alter (Jahre)", [60, 71, "k.A."], "age_years", {"unit": "years"}),
        ("Gefäßinvasion", ["ja", "nein", "unbekannt"], "gefaessinvasion", {"type": "binary"}),
        ("Âge du foie", [1.5, 2.5, 3.7], "age_du_foie", {"type": "continuous"}),
        ("Bemerkung", ["siehe Brief", None], "bemerkung", {"type": "text", "role": "design"}),
        ("Rezidiv", [0, 1, 1], "rezidiv", {"role": "outcome"}),
    ],
)
def test_a_german_or_french_column(column, values, name, keys):
    guess = guess_column(column, pd.Series(values * 10, dtype=object), 4)
    assert guess.name == name
    assert keys.items() <= guess.keys.items()


def test_a_unit_that_cannot_be_is_doubted():
    guess = guess_column("Albumin (g/L)", pd.Series([4.1, 3.9, 4.4] * 9), 4)
    assert guess.keys["unit"] == "g/L"
    assert "in which the median 4.1 is impossible" in guess.reasons[-1]
