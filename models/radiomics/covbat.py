"""CovBat: features of several centres brought to one location, scale and covariance."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.decomposition import PCA

from models.radiomics.combat import ComBat, NewCentre, of_centres


class CovBat(ComBat):
    """CovBat harmonisation of features between centres.

    ComBat, after which the leading principal components of the standardised residuals are brought
    to a common mean and variance over the centres as well (Chen et al. 2022, Hum Brain Mapp 43,
    1179-1195, doi 10.1002/hbm.25688), so that the features vary together alike at all centres.

    variance: the components that hold more than this share of the variance are harmonised. A new
    patient's residuals are projected on the components of the fit; what lies beside them stays. A
    feature that is constant within all centres is in no component.
    There is no reference centre: all are brought to their common mean. Other arguments are
    ComBat's.

    residual_mean_, residual_deviation_: of each feature; components_: components × features;
    score_location_, score_stretch_: of the components, by centre. Validated against covbat of the R
    package CovBat 0.1.0.
    """

    def __init__(
        self,
        reference: str | None = None,
        new_centre: NewCentre = "error",
        least_patients: int = 10,
        variance: float = 0.95,
    ):
        super().__init__(reference, new_centre, least_patients)
        self.variance = variance

    def _check_settings(self) -> None:
        super()._check_settings()
        if self.reference is not None:
            raise ValueError("reference: CovBat brings all centres to their common mean; leave it")

    def fit(self, X: Any, y: Any = None, centre: Any = None, covariates: Any = None) -> Any:
        """Estimates location and scale of each centre, then mean and variance of components."""
        super().fit(X, y, centre, covariates)
        values = np.asarray(X, dtype=float)
        features = values.shape[1]
        self.residual_mean_, self.residual_deviation_ = np.zeros(features), np.ones(features)
        self.components_, self.score_deviation_ = np.zeros((0, features)), np.zeros(0)
        self.score_location_ = {name: np.zeros(0) for name in self.centres_}
        self.score_stretch_ = {name: np.ones(0) for name in self.centres_}
        if len(self.centres_) < 2:
            return self
        names = self._centres(centre, len(values))
        left = ComBat._without_centres(self, values, names, self.expected(covariates))
        # A feature that is constant within all centres stays as it is: it is in no component.
        left[:, ~self.varies_] = 0
        self.residual_mean_, spread = left.mean(axis=0), left.std(axis=0)
        self.residual_deviation_ = np.where(spread > 1e-12, spread, 1.0)
        found = PCA(svd_solver="full").fit(self._standardised(left))
        explained = np.cumsum(found.explained_variance_ratio_)
        taken = min(int((explained <= self.variance).sum()) + 1, len(explained))
        self.components_ = found.components_[:taken]
        self.components_[:, ~self.varies_] = 0
        scores = self._standardised(left) @ self.components_.T
        within = [
            scores[names == name] - scores[names == name].mean(axis=0) for name in self.centres_
        ]
        self.score_deviation_ = np.sqrt((np.concatenate(within) ** 2).mean(axis=0))
        for name in self.centres_:
            self._add_scores(name, scores[names == name])
        return self

    def _standardised(self, left: np.ndarray) -> np.ndarray:
        return (left - self.residual_mean_) / self.residual_deviation_

    def _add_scores(self, name: str, scores: np.ndarray) -> None:
        """Mean and variance of a centre's components; one patient has no variance."""
        stretch = np.ones(scores.shape[1])
        if len(scores) > 1:
            spread = scores.std(axis=0, ddof=1)
            enough = spread > 1e-12 * np.maximum(self.score_deviation_, 1e-300)
            stretch[enough] = (self.score_deviation_ / np.where(enough, spread, 1.0))[enough]
        self.score_location_[name], self.score_stretch_[name] = scores.mean(axis=0), stretch

    def with_new_centres(self, X: Any, centre: Any, covariates: Any = None) -> Any:
        """As ComBat's, with means and variances of the components of the new centres."""
        found = super().with_new_centres(X, centre, covariates)
        if found is self:
            return self
        found.score_location_ = dict(self.score_location_)
        found.score_stretch_ = dict(self.score_stretch_)
        values, names = np.asarray(X, dtype=float), self._centres(centre, len(X))
        left = ComBat._without_centres(found, values, names, self.expected(covariates))
        scores = self._standardised(left) @ self.components_.T
        for name in sorted(set(found.location_) - set(self.location_)):
            found._add_scores(name, scores[names == name])
        return found

    def _without_centres(
        self, values: np.ndarray, names: np.ndarray, expected: np.ndarray
    ) -> np.ndarray:
        left = self._standardised(super()._without_centres(values, names, expected))
        scores = left @ self.components_.T
        none = np.zeros(scores.shape[1])
        location = of_centres(self.score_location_, names, None, none)
        stretch = of_centres(self.score_stretch_, names, None, none + 1)
        harmonised = left + ((scores - location) * stretch - scores) @ self.components_
        return harmonised * self.residual_deviation_ + self.residual_mean_
