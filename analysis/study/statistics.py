"""`statistics`: intervals, thresholds, contrasts and rules of claims."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from analysis.study.section import Fraction, Section


class Contrasts(Section):
    """Contrasts of AUCs that carry a p-value, named before the validation patients were seen.

    model: compared with all others; "best" is the model with the highest out-of-fold AUC in
    training. primary: the model that it is compared with, p unadjusted. family: the others that
    carry a p, Holm-adjusted; the rest is exploratory and has none. equivalence_margin: difference
    in AUC below which two models count as equal; without it no sentence says so.
    """

    model: str = "best"
    primary: str | None = None
    family: list[str] = []
    equivalence_margin: Fraction | None = None

    @model_validator(mode="after")
    def _apart(self) -> Contrasts:
        twice = [name for name in self.family if name in (self.primary, self.model)]
        if twice or self.primary == self.model:
            raise ValueError(
                f"{', '.join(twice) or self.primary}: model, primary and family must not name the"
                " same model"
            )
        return self


class Statistics(Section):
    """Statistical settings of the study.

    sensitivity: of the prespecified cut-off beside Youden's. proportion_interval: of accuracy,
    sensitivity and the like. optimism_resamples: of the bootstrap correction of the CR model; 0
    leaves it out. reclassification: cut-offs of the categorical NRI, [] for the continuous one
    alone; left out, no reclassification is computed. action: what follows for a patient above the
    threshold, and thresholds_because: why no patient and physician would choose one outside of
    `thresholds`; the article prints both beside the decision curve. net_benefit_range: threshold
    probabilities over which a higher net benefit may be claimed, named beforehand; left out, the
    reported threshold alone. net_benefit_tolerance: the least gain in net benefit a patient that
    counts. calibration_band: what the intervals of O:E, of the slope and, as an odds ratio, of
    calibration in the large must lie within for "well calibrated". anticipated_auc: the AUC that
    the size of a validation is planned for, from before this study (published, or what would be
    worth having), never what it observed. by_centre: results of each centre and each validation
    cohort, pooled from three on, as far as the study has several; it fits nothing.
    pooling_interval: of the pooled mean, hartung_knapp, adhoc (the same, never narrower than the
    plain error allows) or wald. target_prevalence: share of events where the model is to be used,
    at which net benefit is given as well; left out, it is not.
    """

    confidence_level: Fraction = 0.95
    thresholds: tuple[Fraction, Fraction] = (0.2, 0.8)
    action: str | None = None
    thresholds_because: str | None = None
    reported_threshold: Fraction = 0.5
    net_benefit_range: tuple[Fraction, Fraction] | None = None
    net_benefit_tolerance: Annotated[float, Field(gt=0, lt=1)] = 0.001
    calibration_band: tuple[Annotated[float, Field(gt=0, lt=1)], Annotated[float, Field(gt=1)]] = (
        0.8,
        1.25,
    )
    bootstrap_resamples: Annotated[int, Field(ge=100)] = 1000
    sensitivity: Fraction = 0.9
    anticipated_auc: Annotated[float, Field(gt=0.5, lt=1)] = 0.8
    proportion_interval: Literal["exact", "wilson", "bootstrap"] = "exact"
    optimism_resamples: Annotated[int, Field(ge=0)] = 200
    reclassification: list[Fraction] | None = None
    target_prevalence: Fraction | None = None
    by_centre: Literal["automatic", "off"] = "automatic"
    pooling_interval: Literal["hartung_knapp", "adhoc", "wald"] = "hartung_knapp"
    contrasts: Contrasts = Contrasts()

    @model_validator(mode="after")
    def _ordered(self) -> Statistics:
        low, high = self.thresholds
        if not low < high:
            raise ValueError(f"thresholds: the lower must come first, got {low:g} to {high:g}")
        first, last = self.claimed_thresholds
        if not low <= first <= last <= high:
            raise ValueError(
                f"net_benefit_range: it must rise and lie within thresholds, {low:g} to {high:g};"
                f" got {first:g} to {last:g}"
                if self.net_benefit_range
                else (
                    f"reported_threshold: it must lie within thresholds, {low:g} to {high:g}; got"
                    f" {first:g}"
                )
            )
        return self

    @property
    def claimed_thresholds(self) -> tuple[float, float]:
        """The range over which a higher net benefit may be claimed."""
        return self.net_benefit_range or (self.reported_threshold, self.reported_threshold)
