"""Paths from features to a classifier: how each did in the tuning folds, and which was chosen."""

from __future__ import annotations

import pandas as pd

from analysis.training import TrainedStudy

PATHS = ["model", "context", "path", "auc", "chosen"]


def path_table(training: TrainedStudy) -> pd.DataFrame:
    """Mean AUC of each path in the tuning folds, in the outer folds and the final fit.

    The columns are model, context, path, auc (of the best values of the classifier's parameters)
    and chosen (0 or 1); no row without several paths. A fit with too few patients to tune has its
    first path alone, without an AUC.
    """
    rows = []
    for (model, context), fit in training.fitted.scores.fits.items():
        path = getattr(fit.model, "path_", None)
        if path is None:
            continue
        areas = fit.model.path_areas_ or {path: None}
        rows += [(model, context, name, area, int(name == path)) for name, area in areas.items()]
    return pd.DataFrame(rows, columns=PATHS)
