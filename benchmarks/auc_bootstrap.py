"""Bootstrap of the AUC beside a loop over scikit-learn's roc_auc_score, on the same resamples."""

from __future__ import annotations

import numpy as np
from sklearn.metrics import roc_auc_score

from analysis.statistics import auc_bootstrap
from benchmarks.measure import Comparison


def comparison(resamples: int = 2000, n: int = 165, least_ratio: float | None = 250) -> Comparison:
    """Scores rounded to two decimals, so that some are tied; three in five patients have the
    event."""
    random = np.random.default_rng(2)
    label = (np.arange(n) % 5 < 3).astype(float)
    score = np.round(label + random.standard_normal(n), 2)
    drawn = random.integers(n, size=(resamples, n))
    drawn = drawn[
        [0 < label[rows].sum() < n for rows in drawn]
    ]  # scikit-learn refuses a resample of one class
    return Comparison(
        f"{resamples} bootstrap AUCs, n = {n}",
        lambda: auc_bootstrap(label, score, indices=drawn).resampled,
        "scikit-learn in a loop",
        lambda: [roc_auc_score(label[rows], score[rows]) for rows in drawn],
        lambda ours, theirs: (ours, theirs),
        least_ratio=least_ratio,
    )
