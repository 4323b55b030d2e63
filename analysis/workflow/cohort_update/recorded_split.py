"""The split as it was locked: nobody changes cohort when others are added, removed or corrected."""

from __future__ import annotations

import pandas as pd

from analysis.cohort.split import check_outcomes, split_of
from analysis.core.word_lists import counted
from analysis.study import Split, Study
from analysis.workflow.cohort_update.kept_split import kept_split
from analysis.workflow.cohort_update.keyed_digests import is_synthetic, open_keyring, private_folder
from analysis.workflow.cohort_update.lock import LockError, read_lock

ADDED_LABEL = "Added after the lock"


def _names(patients: list[str]) -> str:
    return ", ".join(patients[:5]) + (f" and {len(patients) - 5} more" if len(patients) > 5 else "")


def _of_added(table: pd.DataFrame, added: pd.Index, split: Split) -> pd.Series:
    """Cohort of patients who came after the lock.

    It is by the study file's rule, or an external cohort that the table names.
    """
    found = pd.Series(split.added, index=added, dtype="string")
    if split.column is not None and split.column in table:
        named = table.loc[added, split.column].astype("string")
        found = found.where(~named.isin(list(split.external)).fillna(False), named)
    return found


def split_with_lock(table: pd.DataFrame, label: pd.Series, study: Study) -> tuple[pd.Series, Study]:
    """Cohort of every patient, by the lock where there is one.

    Returned are the cohort of every patient, and the study with the cohorts that the lock or the
    rule for added patients brought.

    Without a lock it is analysis.cohort.split.split_of, or what that drew at the first run
    (analysis.workflow.cohort_update.kept_split). With one, patients in it stay where they are, and
    the others go where `split.added` says: a cohort of its own (default), training, validation, or
    a named external cohort. Raises LockError where the table or the rule now says otherwise of a
    locked patient, so that nobody moves unnoticed.
    """
    path, split = study.lock_file, study.split
    if not path.is_file():
        kept = kept_split(table.index, study)
        if kept is not None:
            check_outcomes(kept, label, trains=study.predictions is None)
            return kept.rename("cohort"), study
        return split_of(
            table, label, split=split, centre=study.cohort.centre, trains=study.predictions is None
        ), study
    lock = read_lock(path)
    if not is_synthetic(study) and not (private_folder(study) / "secret").is_file():
        raise LockError(
            f"{path.name} records who trains and who validates, and the secret that tells whom it"
            f" means is not here. Copy {private_folder(study)} from where it was locked, or take"
            f" {path.name} away to split anew"
        )
    keyring = open_keyring(study)
    recorded = pd.Series(
        [lock.split.get(keyring.pseudonym(patient)) for patient in table.index],
        index=table.index,
        dtype="string",
    )
    known, added = recorded.index[recorded.notna()], recorded.index[recorded.isna()]
    if not len(known):
        raise LockError(
            f"{path.name} knows none of the {counted(len(table), 'patient')} of this cohort: it"
            " belongs to another one, or to another secret. Take it away to start anew"
        )
    held = {name: text for name, text in split.external.items() if name in set(recorded[known])}
    settled = known[recorded[known].isin(["training", "validation", *held])]
    if split.validation_fraction is None and len(settled):
        now = split_of(
            table.loc[settled],
            label[settled],
            split.model_copy(update={"external": held}),
            study.cohort.centre,
            check=False,
        )
        moved = settled[(now != recorded[settled]).to_numpy()]
        if len(moved):
            first = moved[0]
            raise LockError(
                f"split: {counted(len(moved), 'patient')} would change cohort"
                f" ({_names(list(moved))}; {first}: {recorded[first]} in {path.name}, {now[first]}"
                " now). An assignment never changes after the lock: restore the column or the rule,"
                f" or take {path.name} away to start a new study"
            )
    cohort = recorded.copy()
    cohort[added] = _of_added(table, added, split)
    labels = {
        name: (
            split.external.get(name)
            or lock.cohorts.get(name)
            or (split.added_label or ADDED_LABEL if name == split.added else name)
        )
        for name in dict.fromkeys([*split.external, *cohort])
        if name not in ("training", "validation") and (cohort == name).any()
    }
    check_outcomes(
        cohort,
        label,
        [name for name in split.external if name in labels and not (cohort[added] == name).any()],
        study.predictions is None,
    )
    return cohort.rename("cohort"), study.model_copy(
        update={"split": split.model_copy(update={"external": labels})}
    )
