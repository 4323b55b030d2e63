"""Reading a cohort: identifiers, and 'none' as a level."""

import pandas as pd
import pytest

from analysis.core.problem import CohortError
from analysis.study import load_study
from analysis.workflow.check.load import load_cohort
from tests.conftest import small_study


def _study_with(tmp_path, change):
    # Images say nothing of the table.
    study = load_study(small_study(tmp_path, radiomics=None, deep_learning=None))
    load_cohort(study)
    table = study.cohort_folder / "clinical.csv"
    frame = pd.read_csv(table, dtype=str, keep_default_na=False)
    change(frame).to_csv(table, index=False)
    return study.model_copy(update={"cohort": study.cohort.model_copy(update={"demo": None})})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda frame: pd.concat([frame, frame.iloc[:1]]), "more than once"),
        (
            lambda frame: frame.assign(patient_id=["", *frame["patient_id"][1:]]),
            "without patient_id at line 2",
        ),
        (lambda frame: frame.rename(columns={"patient_id": "id"}), "has no column 'patient_id'"),
        (lambda frame: frame.drop(columns="ast"), "ast"),
    ],
)
def test_faulty_tables_are_refused_by_name(tmp_path, change, message):
    with pytest.raises(ValueError, match=message):
        load_cohort(_study_with(tmp_path, change))


def test_none_is_a_level_and_order_is_sorted(tmp_path):
    cohort = load_cohort(_study_with(tmp_path, lambda frame: frame.iloc[::-1]))
    assert (cohort.clinical["ascites"] == "none").any()
    assert cohort.patients.is_monotonic_increasing
    assert isinstance(CohortError("x"), ValueError)
