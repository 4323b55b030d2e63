"""Who trains and who validates."""

from __future__ import annotations

import pandas as pd
from sklearn.model_selection import train_test_split

from analysis.study import Split

COHORTS = ("training", "validation")


def split_of(table: pd.DataFrame, label: pd.Series, split: Split) -> pd.Series:
    """Series `cohort` (training | validation) on the index of `table`.

    A recorded column is taken as it is; otherwise a seeded split stratified on the label, in which patients
    of unknown label are a stratum of their own. Raises ValueError naming the column and the wrong values.
    """
    if split.column is not None:
        if split.column not in table:
            raise ValueError(f"split: column '{split.column}' is not in the clinical table; it has {', '.join(table.columns)}")
        cohort = table[split.column].astype("string").rename("cohort")
        wrong = cohort.index[~cohort.isin(COHORTS).fillna(False)]
        if len(wrong):
            raise ValueError(f"split: '{split.column}' must be training or validation; wrong or empty for {', '.join(map(str, wrong[:5]))}")
    else:
        # Sorted first, so that the order of rows in the file changes nobody's cohort.
        patients = sorted(table.index)
        strata = label.reindex(patients).fillna(-1)
        strata = strata.where(strata.map(strata.value_counts()) > 1, strata.mode().iloc[0])
        _, validation = train_test_split(patients, test_size=split.validation_fraction, random_state=split.seed, stratify=strata)
        cohort = pd.Series("training", index=table.index, name="cohort", dtype="string")
        cohort[validation] = "validation"
    for name in COHORTS:
        classes = label[cohort == name].dropna().unique()
        if len(classes) < 2:
            raise ValueError(f"split: the {name} cohort needs patients with and without the event; it has {int((cohort == name).sum())} patients, labels {sorted(classes)}")
    return cohort
