"""Folds inside a model.

They are stratified, and in a bootstrap resample have all copies of a patient on one side.
"""

from __future__ import annotations

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold


def stratified_folds(
    folds: int, label: np.ndarray, seed: int, group: np.ndarray | None = None
) -> list[tuple[np.ndarray, np.ndarray]]:
    """(rows to learn from, rows held out) of each fold, shuffled by `seed`; by scikit-learn.

    label: 0 and 1. group: in a resample the original patient of each row, whose copies would else
    be learnt from and judged on.
    """
    rows = np.zeros((len(label), 1))
    if group is None:
        return list(StratifiedKFold(folds, shuffle=True, random_state=seed).split(rows, label))
    return list(
        StratifiedGroupKFold(folds, shuffle=True, random_state=seed).split(rows, label, group)
    )
