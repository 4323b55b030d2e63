"""A value in another unit is no value of the model: it is converted, or the patient is refused."""

import pandas as pd
import pytest

from analysis.study.dictionary import Variable
from analysis.workflow.locked_model.cohort_table import read_cohort_table
from analysis.workflow.locked_model.new_patient import read_clinical
from analysis.workflow.locked_model.own_units import other_unit
from analysis.workflow.locked_model.training_ranges import strange_values
from models.locked import LockedModelError

OWN = {"label": "Spot size", "role": "predictor", "type": "continuous", "unit": "cm"}
DESCRIPTION = {"dictionary": {"spot_size": OWN}}


def clinical(folder, row):
    (folder / "clinical.csv").write_text(f"variable,value,unit\n{row}\n")
    faults, warnings = [], []
    return read_clinical(DESCRIPTION, folder, faults, warnings), faults, warnings


def test_a_unit_that_nothing_converts_is_a_fault(tmp_path):
    table, faults, _ = clinical(tmp_path, "spot_size,4.5,cm")
    assert table.loc[tmp_path.name, "spot_size"] == 4.5
    assert faults == []
    _, faults, _ = clinical(tmp_path, "spot_size,45,mm")
    assert len(faults) == 1
    assert "spot_size is in mm; the model was trained in cm" in faults[0]


def test_quantities_that_are_known_are_converted_elsewhere():
    albumin = Variable(**OWN | {"label": "Albumin", "unit": "g/L"})
    assert other_unit("albumin", "g/dL", albumin) == ""
    assert other_unit("spot_size", "CM ", Variable(**OWN)) == ""


def test_a_misspelt_variable_is_named(tmp_path):
    _, faults, warnings = clinical(tmp_path, "spot_sise,4.5,cm")
    assert faults == []
    assert any(
        "spot_sise is no variable of the model (did you mean 'spot_size'?)" in each
        for each in warnings
    )


def tables(folder, unit="cm", header="Nr;Spot (cm)"):
    (folder / "new.csv").write_text(f"{header}\nA1;4.5\nA2;3.0\n")
    (folder / "dictionary.yml").write_text(
        "variables:\n"
        "  patient_id: {label: Patient, role: identifier, type: text, column: Nr}\n"
        "  spot_size: {label: Spot, role: predictor, type: continuous,"
        f" unit: {unit}, column: Spot (cm)}}\n"
    )
    return DESCRIPTION, folder / "new.csv", folder / "dictionary.yml"


def test_the_dictionary_names_the_column_of_the_patients(tmp_path):
    assert list(read_cohort_table(*tables(tmp_path))) == ["A1", "A2"]
    # Another name of the column is given, or is patient_id.
    found = read_cohort_table(*tables(tmp_path, header="patient_id;Spot (cm)"))
    assert list(found) == ["A1", "A2"]
    with pytest.raises(ValueError, match="no column 'Nr' or 'patient_id'.*--patient-id"):
        read_cohort_table(*tables(tmp_path, header="Case;Spot (cm)"))


def test_a_table_in_another_unit_is_refused(tmp_path):
    with pytest.raises(LockedModelError, match="spot_size is in mm; the model was trained in cm"):
        read_cohort_table(*tables(tmp_path, unit="mm"))


def test_a_column_that_is_not_there_is_named(tmp_path):
    with pytest.raises(LockedModelError, match=r"has no column 'Spot \(cm\)' \(did you mean"):
        read_cohort_table(*tables(tmp_path, header="Nr;Spott (cm)"))


def test_a_table_that_is_not_there_is_one_line(tmp_path):
    description, _, dictionary = tables(tmp_path)
    with pytest.raises(LockedModelError, match="no such table") as raised:
        read_cohort_table(description, tmp_path / "other.csv", dictionary)
    assert "study file" not in str(raised.value)


def test_a_remedy_of_the_study_file_is_none_of_a_plain_table(tmp_path):
    description, table, dictionary = tables(tmp_path)
    table.write_text(table.read_text() + table.read_text().splitlines()[-1] + "\n")
    with pytest.raises(LockedModelError, match="A2.*save a copy with one row of column") as raised:
        read_cohort_table(description, table, dictionary)
    assert "study file" not in str(raised.value)


def test_what_lies_far_away_is_told_from_what_lies_outside():
    limits = {"spot_size": [1.0, 10.0], "afp": [2.0, 900.0]}
    labels = {"spot_size": "Spot size"}
    values = pd.Series({"spot_size": 45.0, "afp": 9000.0, "other": 1.0})
    outside, far = strange_values(values, limits, labels, logarithmic={"afp"})
    assert far == ["Spot size 45, in training 1 to 10"]
    assert outside == ["afp 9000, in training 2 to 900"]
    # As a plain number the same value is far away.
    assert len(strange_values(values, limits, labels)[1]) == 2
