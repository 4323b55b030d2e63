"""Fusions of scores: RCR and DLRCR.

They are logistic regression on the scores of their parts and the raw clinical-radiological
predictors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.special import logit
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

# A nearest-neighbour probability can be 0 or 1; its logit must stay finite and not outweigh all
# others.
CLIP = 0.02


def as_score(probability: pd.Series) -> pd.Series:
    """Score of a part: its probability on the logit scale, clipped to [0.02, 0.98].

    It is the radiomics score or the DL score.
    """
    return pd.Series(
        logit(np.clip(probability.to_numpy(dtype=float), CLIP, 1 - CLIP)),
        index=probability.index,
        name=probability.name,
    )


@dataclass(frozen=True)
class Formula:
    """Linear predictor = intercept + Σ slope × term.

    It is the log odds of the event, written in the terms' own units.

    ranges: lowest and highest value of each term among the learning patients. linear_range: of
    their linear predictors.
    logarithmic: terms taken as log2.
    """

    intercept: float
    slopes: Mapping[str, float]
    ranges: Mapping[str, tuple[float, float]]
    linear_range: tuple[float, float]
    logarithmic: tuple[str, ...] = ()

    def in_units(
        self, centre: Mapping[str, float | str], scale: Mapping[str, float], logarithmic: set[str]
    ) -> Formula:
        """Formula in the units before standardisation.

        For each named term, term = (value - centre) / scale. centre may hold words of terms without
        a scale.
        """
        slopes = {term: slope / scale.get(term, 1.0) for term, slope in self.slopes.items()}
        intercept = self.intercept - sum(
            slopes[term] * float(centre[term]) for term in scale if term in slopes
        )
        ranges = {
            term: (
                (
                    limits[0] * scale[term] + float(centre[term]),
                    limits[1] * scale[term] + float(centre[term]),
                )
                if term in scale
                else limits
            )
            for term, limits in self.ranges.items()
        }
        return replace(
            self,
            intercept=intercept,
            slopes=slopes,
            ranges=ranges,
            logarithmic=tuple(term for term in slopes if term in logarithmic),
        )


def nomogram_terms(
    formula: Formula, levels: Mapping[str, Sequence[str | int]]
) -> tuple[dict[str, float], dict[str, dict[str, float]], float]:
    """Terms of a nomogram, from which its axes are drawn.

    They are numeric term → slope; factor → level → coefficient, the reference with 0; and
    what the terms add that no learning patient varies in, to the intercept. levels: of each factor,
    the reference first; a level that no learning patient has is left out.
    """
    varying = {
        term: slope
        for term, slope in formula.slopes.items()
        if formula.ranges[term][0] < formula.ranges[term][1]
    }
    constant = sum(
        slope * formula.ranges[term][0]
        for term, slope in formula.slopes.items()
        if term not in varying
    )
    factors = {}
    for name, (reference, *others) in levels.items():
        coefficients = {
            str(level): varying[f"{name}={level}"]
            for level in others
            if f"{name}={level}" in varying
        }
        if coefficients:
            factors[name] = {str(reference): 0.0, **coefficients}
    within = {f"{name}={level}" for name, each in factors.items() for level in each}
    return (
        {term: slope for term, slope in varying.items() if term not in within},
        factors,
        float(constant),
    )


class FusionModel:
    """Logistic regression on a table with one column a part.

    A weak ridge (C = 1 on standardised columns) steadies it.

    Fit it on out-of-fold scores of the parts, never on apparent ones, and judge it on patients
    whose scores came from parts that were cross-fitted without them. Score: probability of the
    event.
    """

    def fit(self, parts: pd.DataFrame, label: pd.Series, weight: float = 1.0) -> FusionModel:
        """Fit the fusion on the scores of its parts.

        parts: a row a patient, or one for each repeat of the folds with weight = 1 / repeats.
        label: by patient.
        """
        self.columns_ = list(parts.columns)
        self.ranges_ = {
            name: (float(parts[name].min()), float(parts[name].max())) for name in self.columns_
        }
        self.fitted_: Pipeline = make_pipeline(
            StandardScaler(), LogisticRegression(C=1.0, max_iter=2000)
        )
        self.fitted_.fit(
            parts.to_numpy(dtype=float),
            label.loc[parts.index].to_numpy(dtype=int),
            logisticregression__sample_weight=None if weight == 1 else np.full(len(parts), weight),
        )
        linear = self.fitted_.decision_function(parts.to_numpy(dtype=float))
        self.linear_range_ = (float(linear.min()), float(linear.max()))
        return self

    def predict(self, parts: pd.DataFrame) -> pd.Series:
        """Predicted probability of the event of each patient.

        parts: a row a patient, a column a fused model.
        """
        return pd.Series(
            self.fitted_.predict_proba(parts[self.columns_].to_numpy(dtype=float))[:, 1],
            index=parts.index,
        )

    @property
    def coefficients(self) -> pd.Series:
        """Log odds ratio for one standard deviation of each part."""
        return pd.Series(self.fitted_[-1].coef_[0], index=self.columns_)

    @property
    def formula(self) -> Formula:
        """The linear predictor in the columns that the model was given."""
        scaler, regression = self.fitted_[0], self.fitted_[-1]
        slopes = regression.coef_[0] / scaler.scale_
        return Formula(
            float(regression.intercept_[0] - slopes @ scaler.mean_),
            dict(zip(self.columns_, map(float, slopes), strict=True)),
            self.ranges_,
            self.linear_range_,
        )
