"""ComBat: features of several centres brought to one location and scale."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from analysis.core.word_lists import counted

CONVERGED, MOST_ITERATIONS = 1e-8, 10_000


def _empirical_bayes(scaled: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Posterior location and variance of each feature of one centre.

    scaled: its patients × features, standardised over centres.

    Johnson et al. 2007, section 3.1: normal prior of the location, inverse gamma of the variance,
    both by the method of moments.
    """
    patients = len(scaled)
    location = scaled.mean(axis=0)
    mean, spread = location.mean(), location.var(ddof=1)
    # No variance to learn from one patient, or from the copies of one in a bootstrap sample: the
    # location alone, at the variance of the others.
    if patients == 1 or not scaled.var(axis=0).any():
        return (spread * location + mean) / (spread + 1), np.ones_like(location)
    variance = scaled.var(axis=0, ddof=1)
    centre, width = variance.mean(), max(variance.var(ddof=1), 1e-12)
    shape, rate = (2 * width + centre**2) / width, (centre * width + centre**3) / width
    found, found_variance = location, variance
    for _ in range(MOST_ITERATIONS):
        new = (spread * patients * location + found_variance * mean) / (
            spread * patients + found_variance
        )
        squares = ((scaled - new) ** 2).sum(axis=0)
        new_variance = (squares / 2 + rate) / (patients / 2 + shape - 1)
        change = max(np.abs(new - found).max(), np.abs(new_variance - found_variance).max())
        found, found_variance = new, new_variance
        if change < CONVERGED:
            break
    return found, found_variance


def within_resample(
    harmonisation: Mapping[str, Any] | None, centre: np.ndarray | None
) -> dict[str, Any] | None:
    """Arguments of ComBat for a fit on a random part of a training set.

    Such a part is a tuning fold, a bootstrap sample, or a permutation.

    Chance can leave a small centre out of such a part. What the study asks for patients of a new
    centre (an error, say) is meant for real ones, so there they stay unharmonised; a reference of
    fewer than two patients gives way to the common mean. Where the part has every centre, nothing
    differs. centre: of the part's patients.
    """
    if harmonisation is None or centre is None:
        return None if harmonisation is None else dict(harmonisation)
    reference = harmonisation.get("reference")
    there = reference is not None and int((np.asarray(centre) == reference).sum()) >= 2
    return {
        **harmonisation,
        "reference": reference if there else None,
        "new_centre": "unharmonised",
    }


class ComBat(OneToOneFeatureMixin, TransformerMixin, BaseEstimator):
    """ComBat harmonisation of features between centres.

    Parametric empirical Bayes harmonisation (Johnson, Li & Rabinovic 2007; Fortin et al. 2018),
    fitted on training patients only.

    fit and transform take centre, one name a patient; without it, or with one centre, nothing is
    changed. No covariates: the outcome may not be one, as a new patient has none, so that a
    difference of outcome between centres is removed as well.
    reference: the centre that is left as it is and to which the others are brought; None brings all
    to their common mean and pooled variance. new_centre: what transform does with a centre that was
    not in fit: "error" is a ValueError that names it, "reference" treats its patients as the
    reference's, which leaves them as they are, "unharmonised" leaves them as they are with or
    without a reference (see `within_resample`). A feature that is constant within all centres is
    left as it is. A centre of one patient has no variance: its location alone is adjusted, as sva's
    ComBat does with mean.only (for all centres there).

    Validated against neuroCombat 0.2.12 (Python).
    """

    def __init__(
        self,
        reference: str | None = None,
        new_centre: Literal["error", "reference", "unharmonised"] = "error",
    ):
        self.reference = reference
        self.new_centre = new_centre

    def fit(self, X: Any, y: Any = None, centre: Any = None) -> Any:
        """Estimates the location and scale of each centre.

        X: patients × features; centre: a name a patient. Raises ValueError for settings that
        contradict each other or the centres.
        """
        values = validate_data(self, X, dtype=np.float64)
        if self.new_centre not in ("error", "reference", "unharmonised"):
            raise ValueError(
                f"new_centre: 'error', 'reference' or 'unharmonised', got '{self.new_centre}'"
            )
        if self.new_centre == "reference" and self.reference is None:
            raise ValueError("new_centre: 'reference' needs the name of the reference centre")
        names = self._centres(centre, len(values))
        self.centres_ = sorted(set(names))
        if (
            self.reference is not None
            and centre is not None
            and self.reference not in self.centres_
        ):
            raise ValueError(
                f"reference: there is no patient of centre '{self.reference}' in this training set;"
                f" its centres are {', '.join(self.centres_)}"
            )
        self.mean_, self.deviation_ = np.zeros(values.shape[1]), np.ones(values.shape[1])
        self.location_ = {name: np.zeros(values.shape[1]) for name in self.centres_}
        self.scale_ = {name: np.ones(values.shape[1]) for name in self.centres_}
        if len(self.centres_) < 2:
            return self
        if self.reference is not None and (names == self.reference).sum() < 2:
            raise ValueError(
                f"reference: a single patient of centre '{self.reference}' is in this training set,"
                " which gives no variance to bring the others to; name a larger centre"
            )
        within = np.concatenate(
            [
                values[names == name] - values[names == name].mean(axis=0)
                for name in self.centres_
                if self.reference in (None, name)
            ]
        )
        pooled = (within**2).mean(axis=0)
        constant = pooled <= 1e-24 * np.maximum(values.var(axis=0), 1e-300)
        self.mean_ = (
            values[names == self.reference].mean(axis=0)
            if self.reference is not None
            else values.mean(axis=0)
        )
        self.deviation_ = np.where(constant, 1.0, np.sqrt(pooled))
        if (~constant).sum() < 2:
            raise ValueError(
                "ComBat: empirical Bayes borrows strength between features and needs at least two"
                " that vary"
            )
        scaled = ((values - self.mean_) / self.deviation_)[:, ~constant]
        for name in self.centres_:
            if name != self.reference:
                location, variance = _empirical_bayes(scaled[names == name])
                self.location_[name][~constant], self.scale_[name][~constant] = (
                    location,
                    np.sqrt(variance),
                )
        return self

    def fit_transform(self, X: Any, y: Any = None, centre: Any = None) -> Any:
        """Fits and harmonises the same patients, as `fit` and `transform`."""
        return self.fit(X, y, centre).transform(X, centre)

    def _centres(self, centre: Any, patients: int) -> np.ndarray:
        if centre is None:
            return np.full(patients, "", dtype=object)
        names = np.asarray(
            [None if each is None or each != each else str(each) for each in centre], dtype=object
        )
        if len(names) != patients:
            raise ValueError(
                f"centre: {counted(len(names), 'value')} for {counted(patients, 'patient')}"
            )
        absent = [place for place, name in enumerate(names) if name is None]
        if absent:
            raise ValueError(
                f"centre: {counted(len(absent), 'patient')} without a centre, the first in row"
                f" {absent[0] + 1}"
            )
        return names

    def transform(self, X: Any, centre: Any = None) -> Any:
        """Harmonised features, patients × features.

        Raises ValueError where the centres are not named, or where a new one is refused.
        """
        check_is_fitted(self, "centres_")
        values = validate_data(self, X, reset=False, dtype=np.float64)
        if len(self.centres_) < 2 and self.centres_[0] == "":
            return values.copy()
        if centre is None:
            raise ValueError("centre: this ComBat was fitted on centres; name each patient's")
        names = self._centres(centre, len(values))
        new = sorted(set(names) - set(self.centres_))
        if new and self.new_centre == "error":
            raise ValueError(
                f"ComBat: no patient of centre {', '.join(new)} was in the training set, whose"
                f" centres are {', '.join(self.centres_)}; what the scanner there does to the"
                " features is unknown. Set new_centre: reference (and a reference centre) to score"
                " such patients unharmonised"
            )
        as_it_is = np.zeros(values.shape[1]), np.ones(values.shape[1])
        location = np.array(
            [
                self.location_.get(name, self.location_.get(self.reference, as_it_is[0]))
                for name in names
            ]
        )
        scale = np.array(
            [self.scale_.get(name, self.scale_.get(self.reference, as_it_is[1])) for name in names]
        )
        return (
            (values - self.mean_) / self.deviation_ - location
        ) / scale * self.deviation_ + self.mean_
