"""Units that differ between centres are pointed out, declared by centre, and spelled as people
spell them."""

import numpy as np
import pytest
from pydantic import ValidationError

from analysis.study import load_study
from analysis.study.dictionary import Variable
from analysis.units.quantities import UNITS, accepted_unit, folded_unit
from analysis.workflow.check.examine import examine
from tests.support.small_files import small_files, small_table


def of_two_centres():
    table = small_table()
    for row in table.index[table["centre"] == "B"]:
        table.loc[row, "albumin"] = f"{float(table.loc[row, 'albumin']) / 10:.2f}"
    return table


def test_a_centre_in_another_unit_is_one_error(tmp_path):
    errors = [
        each.what
        for each in examine(load_study(small_files(tmp_path, table=of_two_centres())))[1].of(
            "error"
        )
    ]
    assert len(errors) == 1
    assert "albumin: all 20 values of B are impossible in g/L and possible in g/dL" in errors[0]
    assert "unit_by" in errors[0]


def test_a_median_of_one_centre_is_noticed_where_every_value_is_possible(tmp_path):
    table = small_table()
    random = np.random.default_rng(2)
    table["bilirubin"] = [
        f"{random.uniform(8, 30) / (17.104 if centre == 'B' else 1):.2f}"
        for centre in table["centre"]
    ]
    table.loc[table["bilirubin"].astype(float) < 1, "bilirubin"] = "1.01"
    bilirubin = {"label": "Bilirubin", "role": "predictor", "type": "continuous", "unit": "umol/L"}
    errors = [
        each.what
        for each in examine(
            load_study(small_files(tmp_path, table=table, variables={"bilirubin": bilirubin}))
        )[1].of("error")
    ]
    assert len(errors) == 1
    assert "the median of 20 patients of B" in errors[0]
    assert "likely mg/dL where umol/L was meant" in errors[0]


def test_units_by_centre(tmp_path):
    path = small_files(
        tmp_path,
        table=of_two_centres(),
        variables={"albumin": {"unit": None, "unit_by": {"centre": {"A": "g/l", "B": "g/dl"}}}},
    )
    cohort, problems = examine(load_study(path))
    np.testing.assert_allclose(
        cohort.clinical["albumin"], small_table()["albumin"].astype(float), atol=0.06
    )
    assert not problems.of("error")
    assert cohort.dictionary.variables["albumin"].unit == "g/L"
    path = small_files(
        tmp_path / "other",
        table=of_two_centres(),
        variables={"albumin": {"unit": None, "unit_by": {"centre": {"A": "g/L"}}}},
    )
    errors = examine(load_study(path))[1].of("error")
    assert len(errors) == 20
    assert "unit_by names none for the value of 'centre'" in errors[0].what


@pytest.mark.parametrize(
    "wrong",
    [
        {"unit": "g/L", "unit_by": {"centre": {"A": "g/L"}}},
        {"unit_by": {"centre": {"A": "g/L"}, "ward": {"1": "g/L"}}},
        {},
    ],
)
def test_one_unit_or_one_column_of_units(wrong):
    with pytest.raises(ValidationError):
        Variable(label="x", role="predictor", type="continuous", **wrong)


@pytest.mark.parametrize(
    ("name", "written", "meant"),
    [
        ("platelets", "G/l", "10^9/L"),
        ("platelets", "x10⁹/L", "10^9/L"),
        ("platelets", "10*9/l", "10^9/L"),
        ("platelets", "10E9/L", "10^9/L"),
        ("platelets", "× 10^9/L", "10^9/L"),
        ("platelets", "10³/µl", "10^3/uL"),
        ("platelets", "/μL", "/uL"),
        ("platelets", "/mm³", "/mm3"),
        ("bilirubin", "μmol/l", "umol/L"),
        ("bilirubin", "MG/DL", "mg/dL"),
        ("ast", "iu/l", "IU/L"),
        ("platelets", "10^4/ul", "10^4/uL"),
        ("platelets", "10^5/uL", None),
        ("bilirubin", "mol/L", None),
        ("ast", "U", None),
    ],
)
def test_spellings(name, written, meant):
    quantity = UNITS[name]
    found = accepted_unit(quantity, written)
    assert (found is None) == (meant is None)
    assert meant is None or quantity.accepted[found] == quantity.accepted[meant]


@pytest.mark.parametrize("name", list(UNITS))
def test_no_two_scales_of_a_quantity_are_folded_into_one(name):
    scales: dict[str, set[float]] = {}
    for unit, factor in UNITS[name].accepted.items():
        scales.setdefault(folded_unit(unit), set()).add(factor)
    assert all(len(factors) == 1 for factors in scales.values()), scales


def test_the_column_of_centres_has_its_name_of_the_table_or_of_the_dictionary(tmp_path):
    table = of_two_centres().rename(columns={"centre": "Zentrum"})
    where = {"label": "Centre", "role": "design", "type": "categorical", "levels": ["A", "B"]}
    for number, name in enumerate(("Zentrum", "centre")):
        path = small_files(
            tmp_path / str(number),
            table=table,
            variables={
                "centre": where | {"column": "Zentrum"},
                "albumin": {"unit": None, "unit_by": {name: {"A": "g/L", "B": "g/dL"}}},
            },
        )
        assert not examine(load_study(path))[1].of("error")
    path = small_files(
        tmp_path / "misspelt",
        table=table,
        variables={
            "centre": where | {"column": "Zentrum"},
            "albumin": {"unit": None, "unit_by": {"Zentrun": {"A": "g/L", "B": "g/dL"}}},
        },
    )
    (error,) = examine(load_study(path))[1].of("error")
    assert "'Zentrun', is not in the table (did you mean 'Zentrum'?)" in error.what


def test_a_centre_by_its_name_in_the_table_is_told_the_dictionarys(tmp_path):
    path = small_files(
        tmp_path,
        table=small_table().rename(columns={"centre": "Zentrum"}),
        variables={
            "centre": {
                "label": "Centre",
                "role": "design",
                "type": "categorical",
                "levels": ["A", "B"],
                "column": "Zentrum",
            }
        },
    )
    text = path.read_text().replace("centre: centre", "centre: Zentrum")
    if "centre: Zentrum" not in text:
        text = text.replace(
            "  patient_id: patient_id", "  patient_id: patient_id\n  centre: Zentrum"
        )
    path.write_text(text)
    errors = [str(each) for each in examine(load_study(path))[1].of("error")]
    assert any("the dictionary has the column 'Zentrum' as 'centre'" in each for each in errors)
