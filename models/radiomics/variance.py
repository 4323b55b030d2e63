"""Variance filter: near-constant features go."""

from __future__ import annotations

import numpy as np

from analysis.core.word_lists import counted
from models.radiomics.selector import FeatureSelector


class NearConstantFilter(FeatureSelector):
    """Filter of features whose commonest value is that of more than `most_common` of the patients.

    Such a feature goes. The filter sees no outcome.

    The share does not depend on the feature's scale, as a threshold of its variance would.
    """

    def __init__(self, most_common: float = 0.95):
        self.most_common = most_common

    def _choose(self, values: np.ndarray, event: np.ndarray | None) -> np.ndarray:
        run = int(self.most_common * len(values))
        # In sorted order a value that more than `run` patients share meets itself `run` places
        # further on.
        ordered = np.sort(values, axis=0)
        constant = (
            (ordered[run:] == ordered[: len(values) - run]).any(axis=0)
            if run < len(values)
            else np.zeros(values.shape[1], dtype=bool)
        )
        if constant.all():
            raise ValueError(
                f"each feature has the same value in more than {self.most_common:g} of the"
                f" {counted(len(values), 'patient')}; there is nothing to select from"
            )
        return np.flatnonzero(~constant)
