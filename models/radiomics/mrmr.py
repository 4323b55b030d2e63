"""mRMR selection: features that tell of the outcome and not of each other."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.statistics import mrmr_ranking
from models.radiomics.selector import OutcomeSelector


class MinimumRedundancy(OutcomeSelector):
    """Selection by minimum redundancy, maximum relevance (mRMR).

    It keeps the first `features` of that ranking (analysis.statistics.mrmr_ranking), in that order.

    Constant features are never chosen, as nothing correlates with them; where all are, the first
    stays.
    """

    def __init__(self, features: int = 30):
        self.features = features

    def _choose(self, values: np.ndarray, event: np.ndarray) -> np.ndarray:
        varying = np.flatnonzero(np.ptp(values, axis=0) > 0)
        if not len(varying):
            return np.arange(1)
        ranking = mrmr_ranking(
            pd.DataFrame(values[:, varying]), event.astype(float), min(self.features, len(varying))
        )
        return varying[ranking.index.to_numpy(dtype=int)]
