"""Feature selector: the interface of every step of the selection.

A step is a scikit-learn transformer that keeps some columns, in the order of their worth.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_feature_names_in, check_is_fitted, validate_data


class FeatureSelector(TransformerMixin, BaseEstimator):
    """Keeps columns. support_: positions of the kept ones, best first where the step ranks them.

    A subclass says which by `_choose(values, event)`; event is boolean, True for the last class of
    y, or None without y. scikit-learn's SelectorMixin keeps the table's order, which would lose the
    ranking that the next step starts from.
    """

    # In a fit: the original patient of each row of a resample.
    _groups: np.ndarray | None = None

    def fit(self, X: Any, y: Any = None, groups: np.ndarray | None = None) -> FeatureSelector:
        """Fit the step to patients × features.

        X: patients × features, finite; y: outcome, its last class the event. groups: in a bootstrap
        resample the original patient of each row, whose copies stay on one side of a step's own
        folds. Raises ValueError for one class where y is needed.
        """
        if y is None:
            if self.__sklearn_tags__().target_tags.required:
                raise ValueError(
                    f"{type(self).__name__} requires y to be passed, but the target y is None."
                )
            values, event = validate_data(self, X, dtype=np.float64, ensure_min_samples=2), None
        else:
            values, y = validate_data(self, X, y, dtype=np.float64, ensure_min_samples=2)
            check_classification_targets(y)
            event = y == np.unique(y)[-1]
            if event.all():
                raise ValueError(f"{type(self).__name__}: the outcome has 1 class only")
        self._groups = groups
        try:
            self.support_ = np.asarray(self._choose(values, event), dtype=int)
        finally:
            del self._groups
        return self

    def _choose(self, values: np.ndarray, event: Any) -> np.ndarray:
        raise NotImplementedError

    def transform(self, X: Any) -> Any:
        """The selected features, patients × selected."""
        check_is_fitted(self, "support_")
        return validate_data(self, X, reset=False, dtype=np.float64)[:, self.support_]

    def get_feature_names_out(self, input_features: Any = None) -> Any:
        """Names of the selected features."""
        check_is_fitted(self, "support_")
        return _check_feature_names_in(self, input_features)[self.support_]


class OutcomeSelector(FeatureSelector):
    """A step that sees the outcome."""

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        return tags
