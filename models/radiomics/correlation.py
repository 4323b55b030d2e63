"""Correlation filter: of features that are strongly correlated, one is kept."""

from __future__ import annotations

import numpy as np
from scipy.stats import rankdata

from models.radiomics.selector import OutcomeSelector
from models.radiomics.univariable import mann_whitney_ranking


class CorrelationFilter(OutcomeSelector):
    """Filter of correlated features.

    Of two features with |Spearman's rho| above `limit`, the one with the larger Mann-Whitney p
    goes; kept ones by rising p.
    """

    def __init__(self, limit: float = 0.9):
        self.limit = limit

    def _choose(self, values: np.ndarray, event: np.ndarray) -> np.ndarray:
        ranking = mann_whitney_ranking(values, event)
        with np.errstate(invalid="ignore", divide="ignore"):
            correlation = np.nan_to_num(
                np.abs(
                    np.corrcoef(rankdata(values[:, ranking], axis=0), rowvar=False).reshape(
                        len(ranking), -1
                    )
                )
            )
        stays = np.ones(len(ranking), dtype=bool)
        for place in range(len(ranking)):
            if stays[place]:
                stays[place + 1 :] &= correlation[place, place + 1 :] <= self.limit
        return ranking[stays]
