"""Tumour volume alone as a model: the yardstick that radiomics has to pass."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from models.inputs import Inputs

COLUMN = "original_shape_VoxelVolume"


class VolumeModel:
    """Logistic regression on log tumour volume, from the shape features of the first phase.

    Score: probability of the event.
    """

    reads = "radiomics"
    label = "Tumour volume alone"
    # Stands beside the models, not among them.
    yardstick = True

    def __init__(self, seed: int = 0):
        self.seed = seed

    def _volume(self, inputs: Inputs) -> np.ndarray:
        assert inputs.radiomics is not None
        column = next((name for name in inputs.radiomics if name.endswith(COLUMN)), None)
        if column is None:
            raise ValueError(f"no feature ends in {COLUMN}, so the tumour's volume is unknown")
        return np.log(inputs.radiomics[[column]].to_numpy())

    def fit(self, inputs: Inputs, label: pd.Series) -> VolumeModel:
        """Fits a logistic regression on the logarithm of the tumours' volume. label: 0 and 1."""
        self.fitted_ = make_pipeline(StandardScaler(), LogisticRegression(C=np.inf, max_iter=2000))
        self.fitted_.fit(self._volume(inputs), label.to_numpy(dtype=int))
        return self

    def predict(self, inputs: Inputs) -> pd.Series:
        """Predicted probability of the event of each patient."""
        return pd.Series(
            self.fitted_.predict_proba(self._volume(inputs))[:, 1], index=inputs.patients
        )
