"""A drawn split is written down at the first run: later edits of outcomes and patients move nobody,
and a new draw is told."""

import json

import pandas as pd
import pytest

from analysis.cohort.split import split_of
from analysis.reporting.sentences import redrawn, table_limit
from analysis.workflow.cohort_update.kept_split import keep_split
from analysis.workflow.cohort_update.keyed_digests import open_keyring, private_folder
from analysis.workflow.cohort_update.recorded_split import split_with_lock
from tests.support.recorded_split import ADDED, NAMES, split_study, split_table

RULE = {"validation_fraction": 0.3, "seed": 2}


def _first(study):
    table, label = split_table(NAMES)
    cohort, _ = split_with_lock(table, label, study)
    keep_split(study, cohort, open_keyring(study))
    return table, label, cohort


def test_nothing_is_written_by_looking(tmp_path):
    study = split_study(tmp_path, RULE)
    split_with_lock(*split_table(NAMES), study)
    assert not private_folder(study).exists()


def test_five_edited_outcomes_move_nobody(tmp_path):
    study = split_study(tmp_path, RULE)
    table, label, first = _first(study)
    edited = label.copy()
    edited.iloc[[0, 5, 11, 17, 23]] = 1 - edited.iloc[[0, 5, 11, 17, 23]]
    assert (split_of(table, edited, study.split) != first).any()  # a new draw would
    pd.testing.assert_series_equal(split_with_lock(table, edited, study)[0], first)


def test_added_patients_are_drawn_one_by_one_and_removed_ones_keep_their_place(tmp_path):
    study = split_study(tmp_path, RULE)
    table, label, first = _first(study)
    more, more_label = split_table(ADDED)
    gone = NAMES[3:6]
    grown, grown_label = (
        pd.concat([more, table.drop(gone)]),
        pd.concat([more_label, label.drop(gone)]),
    )
    cohort, _ = split_with_lock(grown, grown_label, study)
    pd.testing.assert_series_equal(cohort[first.index.drop(gone)], first.drop(gone))
    keep_split(study, cohort, open_keyring(study))
    both, _ = split_with_lock(pd.concat([table, more]), pd.concat([label, more_label]), study)
    assert (both[gone] == first[gone]).all()
    assert (both[ADDED] == cohort[ADDED]).all()


def test_those_who_come_later_are_drawn_in_the_share_that_was_asked_for(tmp_path):
    study = split_study(tmp_path, RULE)
    _first(study)
    table, label = split_table([f"N{number}" for number in range(2000)] + NAMES)
    share = (split_with_lock(table, label, study)[0][:2000] == "validation").mean()
    # Binomial error of 2000 draws: .010.
    assert share == pytest.approx(0.3, abs=0.03)


def test_another_seed_draws_anew_and_a_damaged_file_does_not(tmp_path):
    study = split_study(tmp_path, RULE)
    table, label, first = _first(study)
    other = study.model_copy(update={"split": study.split.model_copy(update={"seed": 3})})
    assert (split_with_lock(table, label, other)[0] != first).any()
    (private_folder(study) / "split.json").write_text("{")
    with pytest.raises(ValueError, match="split.json is damaged"):
        split_with_lock(table, label, study)


def test_the_file_names_nobody(tmp_path):
    study = split_study(tmp_path, RULE)
    _, _, first = _first(study)
    path = private_folder(study) / "split.json"
    content = json.loads(path.read_text())
    assert not [name for name in NAMES if name in path.read_text()]
    assert path.stat().st_mode & 0o077 == 0
    assert sorted(content["cohorts"].values()) == sorted(first)


class _Results:
    def __init__(self, splits, radiomics=None):
        from types import SimpleNamespace

        self.records, self.study = {"ledger.splits.n": 0}, SimpleNamespace(radiomics=radiomics)
        self.record = lambda key: SimpleNamespace(number=splits)


def test_a_redrawn_split_is_told_and_a_kept_one_is_not():
    assert redrawn(_Results(1)) == ""
    assert "The split was changed after the validation cohort had been evaluated" in redrawn(
        _Results(5)
    )


def test_a_table_of_features_has_a_limitation():
    from types import SimpleNamespace

    assert table_limit(_Results(1)) == table_limit(_Results(1, SimpleNamespace(table=None))) == ""
    assert "selected, scaled or harmonised" in table_limit(
        _Results(1, SimpleNamespace(table="features.csv"))
    )
