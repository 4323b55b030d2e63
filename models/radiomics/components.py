"""Principal components: features replaced by the few directions in which most of them vary."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.decomposition import PCA
from sklearn.utils.validation import check_is_fitted, validate_data


class PrincipalComponents(TransformerMixin, BaseEstimator):
    """The first principal components, each of standard deviation 1 in the patients of the fit.

    variance: share of the features' variance that they hold together, above 0 and below 1. So few
    as reach it are taken; with n patients there are n - 1 at most. components: so many in its
    place, as far as there are. Expects standardised columns.
    Components of equal spread suit grids of penalties and radial kernels, which are meant for
    standardised features. No outcome is seen.

    weights_: components × features; centre_: means of the features. transform is
    (values - centre_) @ weights_.T.
    Raises ValueError where no feature varies.
    """

    def __init__(self, variance: float = 0.9, components: int | None = None):
        self.variance = variance
        self.components = components

    def fit(self, X: Any, y: Any = None) -> PrincipalComponents:
        """Fit the components to patients × features."""
        values = validate_data(self, X, dtype=np.float64, ensure_min_samples=2)
        if not np.ptp(values, axis=0).any():
            raise ValueError(
                "pca: each feature has 1 value only in the patients of the fit; there is no"
                " component to take"
            )
        size: float = self.variance
        if self.components is not None:
            # What varies: the last of n directions through n patients is none.
            size = min(self.components, int(np.linalg.matrix_rank(values - values.mean(axis=0))))
        found = PCA(size, svd_solver="full").fit(values)
        self.centre_ = found.mean_
        self.weights_ = found.components_ / np.sqrt(found.explained_variance_)[:, None]
        return self

    def transform(self, X: Any) -> Any:
        """Components of patients × features, patients × components."""
        check_is_fitted(self, "weights_")
        values = validate_data(self, X, reset=False, dtype=np.float64)
        return (values - self.centre_) @ self.weights_.T
