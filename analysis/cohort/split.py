"""Split of the patients into training and validation cohorts."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
from sklearn.model_selection import train_test_split

from analysis.core.word_lists import counted
from analysis.study import Split

COHORTS = ("training", "validation")
BOTH_OUTCOMES = "needs patients with and without the event"


def _names(patients: pd.Index) -> str:
    return ", ".join(map(str, patients[:5])) + (
        f" and {len(patients) - 5} more" if len(patients) > 5 else ""
    )


def _column(table: pd.DataFrame, name: str) -> pd.Series:
    if name not in table:
        raise ValueError(
            f"split: column '{name}' is not in the clinical table; it has"
            f" {', '.join(table.columns)}"
        )
    return table[name]


def _recorded(table: pd.DataFrame, split: Split) -> pd.Series:
    cohort = _column(table, str(split.column)).astype("string")
    allowed = [*COHORTS, *split.external]
    wrong = cohort.index[~cohort.isin(allowed).fillna(False)]
    if len(wrong):
        raise ValueError(
            f"split: '{split.column}' must be {', '.join(allowed[:-1])} or {allowed[-1]}; wrong or"
            f" empty for {_names(wrong)}. Further cohorts are named under split.external"
        )
    return cohort


def _drawn(table: pd.DataFrame, label: pd.Series, split: Split) -> pd.Series:
    # Sorted first, so that the order of rows in the file changes nobody's cohort.
    patients = sorted(table.index)
    strata = label.reindex(patients).fillna(-1)
    strata = strata.where(strata.map(strata.value_counts()) > 1, strata.mode().iloc[0])
    _, validation = train_test_split(
        patients, test_size=split.validation_fraction, random_state=split.seed, stratify=strata
    )
    return _where(table.index.isin(validation), table.index)


def _where(validates: pd.Series, index: pd.Index) -> pd.Series:
    return pd.Series(
        ["validation" if each else "training" for each in validates], index=index, dtype="string"
    )


def _temporal(table: pd.DataFrame, split: Split) -> pd.Series:
    values = _column(table, str(split.date))
    dates = pd.to_datetime(values.astype("string"), format="%Y-%m-%d", errors="coerce")
    wrong = table.index[dates.isna()]
    if len(wrong):
        raise ValueError(
            f"split: '{split.date}' must hold a date (YYYY-MM-DD) for every patient; it does not"
            f" for {_names(wrong)}"
        )
    return _where(dates >= pd.Timestamp(split.since), table.index)


def _by_centre(table: pd.DataFrame, split: Split, centre: str | None) -> pd.Series:
    if centre is None:
        raise ValueError(
            "split: centres needs cohort.centre, the column that names each patient's centre"
        )
    found = _column(table, centre).astype("string")
    unknown = [name for name in split.centres if name not in set(found.dropna())]
    if unknown:
        raise ValueError(
            f"split: no patient is of centre {', '.join(unknown)}; centres are"
            f" {', '.join(sorted(found.dropna().unique()))}"
        )
    if found.isna().any():
        raise ValueError(
            f"split: '{centre}' is empty for {_names(table.index[found.isna()])}, so their cohort"
            " is unknown"
        )
    return _where(found.isin(split.centres), table.index)


def check_outcomes(
    cohort: pd.Series, label: pd.Series, external: Iterable[str] = (), trains: bool = True
) -> None:
    """Check that each cohort has patients of both outcomes.

    Raises ValueError, one a line, for the cohorts without patients of both outcomes: training,
    validation and those named.
    """
    faults = []
    for name in [*COHORTS, *external]:
        known = label[cohort == name].dropna()
        if known.nunique() < 2 and (trains or name != "training" or (cohort == name).any()):
            faults.append(
                f"split: the {name} cohort {BOTH_OUTCOMES}; it has"
                f" {counted(int((cohort == name).sum()), 'patient')}, labels"
                f" {', '.join(f'{each:g}' for each in sorted(known.unique())) or 'none'}"
            )
    if faults:
        raise ValueError("\n".join(faults))


def split_of(
    table: pd.DataFrame,
    label: pd.Series,
    split: Split,
    centre: str | None = None,
    trains: bool = True,
    check: bool = True,
) -> pd.Series:
    """Series `cohort` (training | validation | an external cohort) on the index of `table`.

    A recorded column is taken as it is; a temporal split goes by date, another by centre (`centre`:
    the column); otherwise a seeded split stratified on the label, in which patients of unknown
    label are a stratum of their own. Raises ValueError naming the column and the wrong values, or
    (with `check`), one a line, the cohorts without both outcomes. trains: False where predictions
    were made elsewhere, which need no training patients.
    """
    if split.column is not None:
        cohort = _recorded(table, split)
    elif split.date is not None:
        cohort = _temporal(table, split)
    elif split.everyone is not None:
        cohort = pd.Series(split.everyone, index=table.index, dtype="string")
    elif split.centres:
        cohort = _by_centre(table, split, centre)
    else:
        cohort = _drawn(table, label, split)
    if check:
        check_outcomes(cohort, label, split.external, trains)
    return cohort.rename("cohort")
