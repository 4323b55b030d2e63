"""Univariable selection: features ranked by what each alone tells of the outcome."""

from __future__ import annotations

import numpy as np
from scipy.stats import mannwhitneyu

from models.radiomics.selector import OutcomeSelector


def mann_whitney_ranking(values: np.ndarray, event: np.ndarray) -> np.ndarray:
    """Ranking by the Mann-Whitney test (asymptotic, tie-corrected): positions by rising p.

    Equal p stand in the table's order, constant features last.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        p_values = mannwhitneyu(values[event], values[~event], axis=0, method="asymptotic").pvalue
    return np.argsort(np.where(np.isnan(p_values), 1.0, p_values), kind="stable")


class UnivariableFilter(OutcomeSelector):
    """The `features` of smallest Mann-Whitney p, smallest first.

    No limit of p: at thousands of features one would be arbitrary.
    """

    def __init__(self, features: int = 60):
        self.features = features

    def _choose(self, values: np.ndarray, event: np.ndarray) -> np.ndarray:
        return mann_whitney_ranking(values, event)[: self.features]
