"""scikit-learn's and XGBoost's fitted estimators as bytes, and back, without pickle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.locked.folder import LockedModelError

if TYPE_CHECKING:
    from sklearn.base import BaseEstimator

ALLOWED = (
    *("LogisticRegression", "SVC", "KNeighborsClassifier", "MLPClassifier", "IterativeImputer"),
    *("RandomForestClassifier", "HistGradientBoostingClassifier"),
)
# What these may hold besides the types that skops trusts of itself: the neighbours' tree, the
# imputer's regressions, the trees of forest and boosting.
HELD = (
    "sklearn.neighbors._kd_tree.KDTree",
    "sklearn.metrics._dist_metrics.EuclideanDistance64",
    "sklearn.impute._iterative.IterativeImputer",
    "sklearn.impute._iterative._ImputerTriplet",
    "numpy.dtype",
    "sklearn.tree._tree.Tree",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
)


def estimator_bytes(estimator: BaseEstimator) -> tuple[str, bytes]:
    """Ending of the file's name, and its content: XGBoost's JSON, or a skops archive."""
    # Imported when called, as below: a model without an estimator needs neither library.
    import skops.io
    from xgboost import XGBClassifier

    if isinstance(estimator, XGBClassifier):
        return "json", bytes(estimator.get_booster().save_raw("json"))
    return "skops", skops.io.dumps(estimator)


def estimator_of(name: str, content: bytes) -> Any:
    """The fitted estimator.

    Raises LockedModelError for a type that is not on the list, before anything of it is built.
    """
    if name.endswith(".json"):
        # Imported here: each library is loaded only where a model needs it.
        from xgboost import XGBClassifier

        estimator = XGBClassifier()
        estimator.load_model(bytearray(content))
        return estimator
    # Imported here: as above.
    import skops.io

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
