"""ComBat: features of several centres brought to one location and scale."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from analysis.core.word_lists import counted
from models.radiomics.covariates import check_told_apart
from models.radiomics.empirical_bayes import empirical_bayes


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


NewCentre = Literal["error", "reference", "estimate", "unharmonised"]
NEW_CENTRE = ("error", "reference", "estimate", "unharmonised")


class ComBat(OneToOneFeatureMixin, TransformerMixin, BaseEstimator):
    """ComBat harmonisation of features between centres.

    Parametric empirical Bayes harmonisation (Johnson, Li & Rabinovic 2007; Fortin et al. 2018),
    fitted on training patients only.

    fit and transform take centre, one name a patient; without it, or with one centre, nothing is
    changed. They take covariates too, patients × numbers, whose linear effects are estimated beside
    the centres' and kept. The outcome may not be one, as a new patient has none, so that a
    difference of outcome between centres is removed as well.
    reference: the centre that is left as it is and to which the others are brought; None brings all
    to their common mean and pooled variance. new_centre: what transform does with a centre that was
    not in fit: "error" is a ValueError that names it, "reference" treats its patients as the
    reference's, which leaves them as they are, "estimate" takes location and scale from its own
    patients among those that are transformed together, of whom there must be least_patients (their
    features then depend on each other's), "unharmonised" leaves them as they are with or without a
    reference (see `within_resample`). A feature that is constant within all centres is left as it
    is. A centre of one patient has no variance: its location alone is adjusted, as sva's ComBat
    does with mean.only (for all centres there).

    mean_, deviation_: of each feature; effects_: covariates × features; location_, scale_: by
    centre, of standardised features. Validated against neuroCombat 0.2.12 (Python), with covariates
    and without.
    """

    def __init__(
        self,
        reference: str | None = None,
        new_centre: NewCentre = "error",
        least_patients: int = 10,
    ):
        self.reference = reference
        self.new_centre = new_centre
        self.least_patients = least_patients

    def fit(self, X: Any, y: Any = None, centre: Any = None, covariates: Any = None) -> Any:
        """Estimates the location and scale of each centre.

        X: patients × features; centre: a name a patient; covariates: patients × numbers. Raises
        ValueError for settings that contradict each other or the centres, and for covariates whose
        effects can't be told from those of the centres.
        """
        values = validate_data(self, X, dtype=np.float64)
        self._check_settings()
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
        kept = None if covariates is None else np.asarray(covariates, dtype=float)
        self.effects_ = np.zeros((0 if kept is None else kept.shape[1], values.shape[1]))
        self.location_ = {name: np.zeros(values.shape[1]) for name in self.centres_}
        self.scale_ = {name: np.ones(values.shape[1]) for name in self.centres_}
        if len(self.centres_) < 2:
            return self
        if self.reference is not None and (names == self.reference).sum() < 2:
            raise ValueError(
                f"reference: a single patient of centre '{self.reference}' is in this training set,"
                " which gives no variance to bring the others to; name a larger centre"
            )
        within = self._fit_means(values, names, kept)
        pooled = (within**2).mean(axis=0)
        constant = pooled <= 1e-24 * np.maximum(values.var(axis=0), 1e-300)
        self.deviation_ = np.where(constant, 1.0, np.sqrt(pooled))
        self.varies_ = ~constant
        if self.varies_.sum() < 2:
            raise ValueError(
                "ComBat: empirical Bayes borrows strength between features and needs at least two"
                " that vary"
            )
        scaled = (values - self.expected(kept)) / self.deviation_
        for name in self.centres_:
            if name != self.reference:
                self._add_centre(name, scaled[names == name])
        return self

    def _check_settings(self) -> None:
        if self.new_centre not in NEW_CENTRE:
            allowed = ", ".join(f"'{each}'" for each in NEW_CENTRE[:-1])
            raise ValueError(
                f"new_centre: {allowed} or '{NEW_CENTRE[-1]}', got '{self.new_centre}'"
            )
        if self.new_centre == "reference" and self.reference is None:
            raise ValueError("new_centre: 'reference' needs the name of the reference centre")

    def _fit_means(
        self, values: np.ndarray, names: np.ndarray, covariates: np.ndarray | None
    ) -> np.ndarray:
        """Means and effects of covariates; returns what is left within the centres.

        With a reference, it is left within the reference.
        """
        if covariates is None:
            self.mean_ = (
                values[names == self.reference].mean(axis=0)
                if self.reference is not None
                else values.mean(axis=0)
            )
            return np.concatenate(
                [
                    values[names == name] - values[names == name].mean(axis=0)
                    for name in self.centres_
                    if self.reference in (None, name)
                ]
            )
        centres = (names[:, None] == np.array(self.centres_, dtype=object)).astype(float)
        if self.new_centre != "unharmonised":
            check_told_apart(centres, covariates)
        design = np.column_stack([centres, covariates])
        found = np.linalg.lstsq(design, values, rcond=None)[0]
        of_centres, self.effects_ = found[: len(self.centres_)], found[len(self.centres_) :]
        self.mean_ = (
            of_centres[self.centres_.index(self.reference)]
            if self.reference is not None
            else centres.mean(axis=0) @ of_centres
        )
        left = values - design @ found
        return left if self.reference is None else left[names == self.reference]

    def _add_centre(self, name: str, scaled: np.ndarray) -> None:
        """Location and scale of a centre from its patients' standardised features."""
        location, scale = np.zeros(scaled.shape[1]), np.ones(scaled.shape[1])
        location[self.varies_], variance = empirical_bayes(scaled[:, self.varies_])
        scale[self.varies_] = np.sqrt(variance)
        self.location_[name], self.scale_[name] = location, scale

    def expected(self, covariates: Any = None) -> np.ndarray:
        """What a feature would be at no centre: its mean, and what a patient's covariates add."""
        if covariates is None or not len(self.effects_):
            return self.mean_
        return self.mean_ + np.asarray(covariates, dtype=float) @ self.effects_

    def fit_transform(
        self, X: Any, y: Any = None, centre: Any = None, covariates: Any = None
    ) -> Any:
        """Fits and harmonises the same patients, as `fit` and `transform`."""
        return self.fit(X, y, centre, covariates).transform(X, centre, covariates)

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

    def with_new_centres(self, X: Any, centre: Any, covariates: Any = None) -> Any:
        """Itself, or a copy that also knows the centres that were not in fit.

        Where new_centre is "estimate", their location and scale are taken from these patients.
        Raises ValueError where a centre has fewer than least_patients, or the fit had one centre.
        """
        check_is_fitted(self, "centres_")
        names = self._centres(centre, len(X))
        new = sorted(set(names) - set(self.location_))
        if self.new_centre != "estimate" or not new:
            return self
        if not hasattr(self, "varies_"):
            raise ValueError(
                f"ComBat: no patient of centre {', '.join(new)} was in the training set, whose"
                f" patients are all of {', '.join(self.centres_)}; what a new centre does to the"
                " features is estimated where two or more centres were in training"
            )
        values = np.asarray(X, dtype=float)
        few = {name: found for name in new if (found := int((names == name).sum())) < self.least}
        if few:
            words = [f"{name} has {counted(found, 'patient')}" for name, found in few.items()]
            raise ValueError(
                f"ComBat: centre {', '.join(words)} here, and none was in the training set; to"
                f" estimate what the scanner there does to the features takes {self.least} who are"
                " scored together. Score more of its patients at once, or lower"
                " radiomics.harmonisation.least_patients"
            )
        found = copy.copy(self)
        found.location_, found.scale_ = dict(self.location_), dict(self.scale_)
        scaled = (values - self.expected(covariates)) / self.deviation_
        for name in new:
            found._add_centre(name, scaled[names == name])
        return found

    @property
    def least(self) -> int:
        """Patients that a new centre needs: two at least, without whom there is no variance."""
        return max(2, self.least_patients)

    def transform(self, X: Any, centre: Any = None, covariates: Any = None) -> Any:
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
        self._refuse_new(names)
        known = self.with_new_centres(values, names, covariates)
        expected = self.expected(covariates)
        return known._without_centres(values, names, expected) * self.deviation_ + expected

    def _refuse_new(self, names: np.ndarray) -> None:
        new = sorted(set(names) - set(self.location_))
        if new and self.new_centre == "error":
            raise ValueError(
                f"ComBat: no patient of centre {', '.join(new)} was in the training set, whose"
                f" centres are {', '.join(self.centres_)}; what the scanner there does to the"
                " features is unknown. Set new_centre: reference (and a reference centre) to score"
                " such patients unharmonised, or new_centre: estimate to learn it from them"
            )

    def _without_centres(
        self, values: np.ndarray, names: np.ndarray, expected: np.ndarray
    ) -> np.ndarray:
        """Standardised features without what the centres do to location and scale."""
        location = of_centres(self.location_, names, self.reference, np.zeros(values.shape[1]))
        scale = of_centres(self.scale_, names, self.reference, np.ones(values.shape[1]))
        return ((values - expected) / self.deviation_ - location) / scale


def of_centres(
    found: Mapping[str, np.ndarray], names: np.ndarray, reference: str | None, other: np.ndarray
) -> np.ndarray:
    """What belongs to each patient's centre; the reference's, else `other`, for a new centre."""
    as_it_is = other if reference is None else found.get(reference, other)
    return np.array([found.get(name, as_it_is) for name in names])
