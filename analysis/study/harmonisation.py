"""study.yml as checked types: harmonisation of features between centres."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field, model_serializer, model_validator

from analysis.study.fault import Fault
from analysis.study.later_keys import without_defaults
from analysis.study.section import Fraction, Section

LATER = ("covariates", "least_patients", "covbat_variance")
PLACE = ("radiomics", "harmonisation")


class Harmonisation(Section):
    """Harmonisation over cohort.centre by ComBat, or by CovBat.

    It is fitted on the training patients of each fit. method: combat brings the centres to one
    location and scale of each feature; covbat then brings the principal components that hold
    covbat_variance of the variance to one mean and variance. reference: the centre that stays as it
    is; null brings all to their common mean. covariates: clinical variables whose effects are kept;
    the outcome can't be one. new_centre: of patients of a centre that a fit has not seen; error
    names it, reference treats them as the reference centre's, estimate learns location and scale
    from their own features, of least_patients at least who are scored together.
    """

    method: Literal["combat", "covbat"] = "combat"
    reference: str | None = None
    covariates: list[str] = []
    new_centre: Literal["error", "reference", "estimate"] = "error"
    least_patients: Annotated[int, Field(ge=3)] = 10
    covbat_variance: Fraction = 0.95

    @model_validator(mode="after")
    def _has_a_reference(self) -> Harmonisation:
        if self.new_centre == "reference" and self.reference is None:
            raise ValueError("new_centre: reference needs the name of a reference centre")
        if self.method == "covbat" and self.reference is not None:
            raise ValueError(
                "reference: covbat brings all centres to their common mean; leave reference out, or"
                " take method: combat"
            )
        return self

    @model_validator(mode="after")
    def _keys_that_say_something(self) -> Harmonisation:
        given = self.model_fields_set
        if "least_patients" in given and self.new_centre != "estimate":
            raise ValueError("least_patients is for new_centre: estimate; leave it out")
        if "covbat_variance" in given and self.method != "covbat":
            raise ValueError("covbat_variance is for method: covbat; leave it out")
        twice = sorted({name for name in self.covariates if self.covariates.count(name) > 1})
        if twice:
            raise ValueError(f"covariates: {', '.join(twice)} is named more than once")
        return self

    @property
    def is_covbat(self) -> bool:
        """True if principal components are harmonised as well."""
        return self.method == "covbat"

    @model_serializer(mode="wrap")
    def _as_before(self, serialise: Any) -> dict[str, Any]:
        """Without keys that came later it is digested as it was before there were these."""
        return without_defaults(self, serialise(self), LATER)

    @property
    def arguments(self) -> dict[str, Any]:
        """Arguments of the estimator; those that came later where they say something."""
        found: dict[str, Any] = {"reference": self.reference, "new_centre": self.new_centre}
        if self.method == "covbat":
            found |= {"method": self.method, "variance": self.covbat_variance}
        if self.new_centre == "estimate":
            found["least_patients"] = self.least_patients
        return found


# Columns that say the outcome, the split, or who a patient is.
TAKEN = (
    *(("endpoint", key) for key in ("label", "time", "start", "end", "event_type")),
    *(("split", key) for key in ("column", "date")),
    *(("cohort", key) for key in ("centre", "patient_id")),
)


def harmonisation_faults(plain: dict[str, Any]) -> Iterator[Fault]:
    """Covariates that the study file itself calls the outcome or the split, (place, message)."""

    def at(*place: str) -> Any:
        node: Any = plain
        for part in place:
            node = node.get(part) if isinstance(node, dict) else None
        return node

    covariates = at(*PLACE, "covariates")
    if not isinstance(covariates, list) or not covariates:
        return
    taken = {at(*place): ".".join(place) for place in TAKEN if isinstance(at(*place), str)}
    for name in covariates:
        if name not in taken:
            continue
        place = taken[name]
        reason = (
            "a feature that keeps the effect of the outcome holds the outcome, so that every"
            " performance would be too good; and a new patient has none"
            if place.startswith("endpoint")
            else "what says who is studied or where is no trait of the patient"
        )
        yield (
            (*PLACE, "covariates"),
            f"'{name}' is {place} and can't be a covariate: {reason}. Take it out",
        )
    if at("cohort", "dictionary") is None:
        yield (
            (*PLACE, "covariates"),
            "need cohort.dictionary, which says which are numbers and which have levels",
        )
