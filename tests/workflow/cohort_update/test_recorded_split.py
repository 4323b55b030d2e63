"""Nobody who is in the lock changes cohort, whoever is added, removed or corrected."""

import numpy as np
import pandas as pd
import pytest

from analysis.cohort.split import split_of
from analysis.workflow.cohort_update.keyed_digests import open_keyring
from analysis.workflow.cohort_update.lock import Lock, LockError, write_lock
from analysis.workflow.cohort_update.recorded_split import ADDED_LABEL, split_with_lock
from tests.support.recorded_split import ADDED, NAMES, split_study, split_table


def _lock(study, cohort, cohorts=None):
    keyring = open_keyring(study)
    write_lock(
        study.lock_file,
        Lock(
            {},
            {},
            {keyring.pseudonym(patient): where for patient, where in cohort.items()},
            cohorts or {},
            {},
            {},
        ),
    )


@pytest.mark.parametrize(
    "split", [{"validation_fraction": 0.3, "seed": 2}, {"column": "cohort"}, {"centres": ["south"]}]
)
def test_assignments_stay_when_patients_are_added_and_removed(tmp_path, split):
    study = split_study(tmp_path, split)
    table, label = split_table(NAMES)
    first = split_of(table, label, study.split, "centre")
    _lock(study, first)
    more, more_label = split_table(ADDED)
    grown, grown_label = (
        pd.concat([more, table.drop(NAMES[3:6])]),
        pd.concat([more_label, label.drop(NAMES[3:6])]),
    )
    if "validation_fraction" in split:  # without the lock the draw would move patients
        drawn = split_of(grown, grown_label, study.split, "centre")
        assert (drawn[first.index.drop(NAMES[3:6])] != first.drop(NAMES[3:6])).any()
    cohort, known = split_with_lock(grown, grown_label, study)
    pd.testing.assert_series_equal(
        cohort[first.index.drop(NAMES[3:6])], first.drop(NAMES[3:6]), check_names=False
    )
    assert (cohort[ADDED] == "added").all()
    assert known.split.external == {"added": ADDED_LABEL}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [("training", {}), ("validation", {}), ("hospital_c", {"hospital_c": "Hospital C"})],
)
def test_the_study_file_says_where_added_patients_go(tmp_path, rule, expected):
    study = split_study(
        tmp_path, {"validation_fraction": 0.3, "added": rule, "added_label": "Hospital C"}
    )
    table, label = split_table(NAMES)
    _lock(study, split_of(table, label, study.split))
    more, more_label = split_table(ADDED)
    cohort, known = split_with_lock(pd.concat([table, more]), pd.concat([label, more_label]), study)
    assert (cohort[ADDED] == rule).all()
    assert known.split.external == expected


def test_a_recorded_external_cohort_is_joined_and_other_cells_may_be_empty(tmp_path):
    study = split_study(tmp_path, {"column": "cohort", "external": {"west": "Western hospital"}})
    table, label = split_table(NAMES)
    _lock(study, table["cohort"])
    more, more_label = split_table(ADDED)
    more["cohort"] = ["west"] * 4 + [np.nan] * 6
    cohort, known = split_with_lock(pd.concat([table, more]), pd.concat([label, more_label]), study)
    assert cohort[ADDED].tolist() == ["west"] * 4 + ["added"] * 6
    assert known.split.external == {"west": "Western hospital", "added": ADDED_LABEL}


def test_an_earlier_added_cohort_keeps_its_name_when_the_rule_changes(tmp_path):
    study = split_study(tmp_path, {"column": "cohort", "added": "second_wave"})
    table, label = split_table(NAMES)
    _lock(
        study,
        table["cohort"].where(~table.index.isin(NAMES[-4:]), "added"),
        {"added": "First wave"},
    )
    more, more_label = split_table(ADDED)
    cohort, known = split_with_lock(pd.concat([table, more]), pd.concat([label, more_label]), study)
    assert (cohort[NAMES[-4:]] == "added").all()
    assert (cohort[ADDED] == "second_wave").all()
    assert known.split.external == {
        "second_wave": ADDED_LABEL,
        "added": "First wave",
    } or known.split.external == {"added": "First wave", "second_wave": ADDED_LABEL}


def test_a_locked_patient_who_would_move_is_an_error_that_names_him(tmp_path):
    study = split_study(tmp_path, {"column": "cohort"})
    table, label = split_table(NAMES)
    _lock(study, table["cohort"])
    table.loc["MRN-100", "cohort"] = "validation"
    with pytest.raises(
        LockError,
        match=(
            r"1 patient would change cohort \(MRN-100; MRN-100: training in results.lock.json,"
            r" validation now\)"
        ),
    ):
        split_with_lock(table, label, study)


def test_a_lock_without_its_secret_or_of_another_cohort_is_no_silent_new_split(tmp_path):
    study = split_study(tmp_path, {"column": "cohort"})
    table, label = split_table(NAMES)
    _lock(study, table["cohort"])
    other, other_label = split_table([f"X{number}" for number in range(20)])
    with pytest.raises(LockError, match="knows none of the 20 patients"):
        split_with_lock(other, other_label, study)
    (tmp_path / ".early-recurrence" / "split" / "secret").unlink()
    with pytest.raises(LockError, match="the secret that tells whom it means is not here"):
        split_with_lock(table, label, study)


def test_a_synthetic_cohort_needs_no_secret(tmp_path):
    import shutil

    study = split_study(tmp_path, {"column": "cohort"}, synthetic=True)
    table, label = split_table(NAMES)
    _lock(study, table["cohort"])
    shutil.rmtree(tmp_path / ".early-recurrence", ignore_errors=True)
    assert split_with_lock(table, label, study)[0].tolist() == table["cohort"].tolist()
