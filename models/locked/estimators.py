"""scikit-learn's and XGBoost's fitted estimators as bytes, and back, without pickle."""

from __future__ import annotations

from typing import Any

import skops.io
from sklearn.base import BaseEstimator
from xgboost import XGBClassifier

from models.locked.folder import LockedModelError

ALLOWED = ("LogisticRegression", "SVC", "KNeighborsClassifier", "MLPClassifier", "IterativeImputer")
# What these may hold besides the types that skops trusts of itself: the neighbours' tree, the
# imputer's regressions.
HELD = (
    "sklearn.neighbors._kd_tree.KDTree",
    "sklearn.metrics._dist_metrics.EuclideanDistance64",
    "sklearn.impute._iterative.IterativeImputer",
    "sklearn.impute._iterative._ImputerTriplet",
    "numpy.dtype",
)


def estimator_bytes(estimator: BaseEstimator) -> tuple[str, bytes]:
    """Ending of the file's name, and its content: XGBoost's JSON, or a skops archive."""
    if isinstance(estimator, XGBClassifier):
        return "json", bytes(estimator.get_booster().save_raw("json"))
    return "skops", skops.io.dumps(estimator)


def estimator_of(name: str, content: bytes) -> Any:
    """The fitted estimator.

    Raises LockedModelError for a type that is not on the list, before anything of it is built.
    """
    if name.endswith(".json"):
        estimator = XGBClassifier()
        estimator.load_model(bytearray(content))
        return estimator
    unknown = set(skops.io.get_untrusted_types(data=content)) - set(HELD)
    if unknown:
        raise LockedModelError(
            f"{name} wants to build {', '.join(sorted(unknown))}, which no locked model holds; it"
            " was not opened"
        )
    estimator = skops.io.loads(content, trusted=list(HELD))
    if type(estimator).__name__ not in ALLOWED:
        raise LockedModelError(
            f"{name} holds a {type(estimator).__name__}; a locked model holds one of"
            f" {', '.join(ALLOWED)}"
        )
    return estimator
