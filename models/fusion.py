"""RCR and DLRCR: logistic regression on the scores of their parts and the raw clinical-radiological predictors."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import logit
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

# A nearest-neighbour probability can be 0 or 1; its logit must stay finite and not outweigh all others.
CLIP = 0.02


def as_score(probability: pd.Series) -> pd.Series:
    """A part's probability on the logit scale, clipped to [0.02, 0.98]: the radiomics score and the DL score."""
    return pd.Series(logit(np.clip(probability.to_numpy(dtype=float), CLIP, 1 - CLIP)), index=probability.index, name=probability.name)


class FusionModel:
    """Logistic regression on a table with one column a part; a weak ridge (C = 1 on standardised columns) steadies it.

    Fit it on out-of-fold scores of the parts, never on apparent ones, and judge it on patients whose scores came
    from parts that were cross-fitted without them. Score: probability of the event.
    """

    def fit(self, parts: pd.DataFrame, label: pd.Series) -> FusionModel:
        self.columns_ = list(parts.columns)
        self.fitted_: Pipeline = make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=2000))
        self.fitted_.fit(parts.to_numpy(dtype=float), label.loc[parts.index].to_numpy(dtype=int))
        return self

    def predict(self, parts: pd.DataFrame) -> pd.Series:
        return pd.Series(self.fitted_.predict_proba(parts[self.columns_].to_numpy(dtype=float))[:, 1], index=parts.index)

    @property
    def coefficients(self) -> pd.Series:
        """Log odds ratio for one standard deviation of each part."""
        return pd.Series(self.fitted_[-1].coef_[0], index=self.columns_)
