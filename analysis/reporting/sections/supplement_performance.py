"""Sections of the supplement: cut-offs, calibration, utility, follow-up."""

from __future__ import annotations

from analysis.reporting.number_style import p_value
from analysis.reporting.sections.context import Context, paragraphs, sentences
from analysis.reporting.sections.registry import section
from analysis.reporting.sections.results_utility import decision_caption
from analysis.reporting.survival_name import curve_end
from analysis.reporting.tables import (
    calibration_errors_markdown,
    calibration_tests_markdown,
    cutoffs_markdown,
    followed_differences_markdown,
    has_calibration_errors,
    hazards_markdown,
    horizon_markdown,
    indexes_markdown,
    net_benefit_markdown,
    proportions_markdown,
)
from analysis.results import keys


@section("supplement-introduction", "what the numbers of the supplement are")
def supplement_introduction(c: Context) -> str:
    """A sentence or two."""
    return (
        "The predictions came from existing models; whether these were fixed beforehand is not"
        " known."
        if c.given
        else "Results in the validation cohort are those of the final models; out-of-fold results"
        " are conditional on the fitted scores."
    )


@section("supplement-cut-offs", "cut-offs and what they give")
def supplement_cut_offs(c: Context) -> str:
    """Three tables and a sentence."""
    return paragraphs(
        c.table(
            "tbl-cutoffs",
            lambda: cutoffs_markdown(c.r, c.headline),
            "Cut-offs from out-of-fold training scores: largest Youden index with bootstrap CI,"
            " number of equally good cut-offs, and highest cut-off with the prespecified"
            " sensitivity.",
            there=c.judged,
        ),
        c.table(
            "tbl-indexes",
            lambda: indexes_markdown(c.r, c.headline, "validation"),
            "Indexes at the model's cut-off in the validation cohort. MCC: Matthews' correlation"
            " coefficient; LR+ and LR−: likelihood ratios of a positive and of a negative result;"
            " DOR: diagnostic odds ratio; Youden: sensitivity plus specificity minus one. A dash:"
            " not defined. MCC is zero in resamples in which all patients are classified alike.",
        ),
        c.table(
            "tbl-prespecified",
            lambda: proportions_markdown(c.r, c.headline, "validation", prespecified=True),
            "Classification of the validation cohort at the cut-off of the prespecified"
            " sensitivity.",
            there=c.judged,
        ),
        "@tbl-cutoffs shows the cut-offs, @tbl-indexes further indexes at those of the article,"
        " and @tbl-prespecified classification at the cut-off with a sensitivity of"
        " {settings.sensitivity} in training."
        if c.judged
        else "@tbl-indexes shows further indexes at the cut-off of the study file.",
    )


def _sigmoid(c: Context) -> str:
    if not c.has(keys.radiomics_uncalibrated_n()):
        return ""
    decreasing = (
        " A decreasing sigmoid, in {radiomics.uncalibrated.n} of"
        " {radiomics.uncalibrated.n:n|fit} (final and outer folds), was not used."
        if c.r.record(keys.radiomics_uncalibrated_n()).number
        else " The sigmoid increased in all {radiomics.uncalibrated.n:n|fit} (final and outer"
        " folds)."
    )
    return (
        "Scores of all radiomics classifiers were calibrated by a sigmoid [@platt2000] fitted to"
        " scores of the tuning folds, because probabilities after feature selection are too"
        f" extreme.{decreasing}"
    )


@section("supplement-calibration", "tests and distances of calibration")
def supplement_calibration(c: Context) -> str:
    """Tables and sentences; without probabilities a sentence."""
    errors = has_calibration_errors(c.r, c.headline)
    drawn = c.probable and c.r.has_figure("calibration_models")
    return paragraphs(
        c.table(
            "tbl-calibration-tests",
            lambda: calibration_tests_markdown(c.r, c.headline),
            "Scaled Brier score (one minus the Brier score over that of the prevalence),"
            " Spiegelhalter's and the Hosmer-Lemeshow test in the validation cohort. The tests are"
            " exploratory and their *P* values are not adjusted. A dash: not computed because a"
            " group has fewer than five expected events or non-events.",
            there=c.probable,
        ),
        c.table(
            "tbl-calibration-errors",
            lambda: calibration_errors_markdown(c.r, c.headline),
            "Distance of flexible calibration curves from the diagonal in the validation cohort:"
            " mean (ICI), median (E50), ninetieth percentile (E90) and largest (Emax), by loess and"
            " by a restricted cubic spline of three knots; in brackets the mean distance that a"
            " perfectly calibrated model with the same predictions would have among as many"
            " patients.",
            there=errors,
        ),
        "Distances of flexible calibration curves from the diagonal (ICI, E50, E90, Emax) are not"
        " shown because they are large even for perfectly calibrated models with fewer than"
        " {calibration_curve_stable.least|event} or as few patients without the event"
        " [@vancalster2016]."
        if c.probable and not errors
        else "",
        _sigmoid(c),
        sentences(
            "@tbl-calibration-tests shows tests of perfect calibration; in small cohorts a large"
            f" {p_value()} is no evidence of good calibration."
            if c.probable
            else "Calibration of scores was not assessed.",
            "@tbl-calibration-errors shows the distances of the curves from the diagonal"
            " [@vancalster2016]; a distance near the one in brackets is no sign of miscalibration."
            if errors
            else "",
            "@fig-calibration-models shows the calibration curves of all models." if drawn else "",
        ),
        c.figure(
            "fig-calibration-models",
            "calibration_models",
            "Calibration curves (loess) of all models, with the confidence band of the best one,"
            " {best.model.label}.",
            drawn,
        ),
    )


@section("supplement-utility", "net benefit in other ways")
def supplement_utility(c: Context) -> str:
    """Tables and sentences; without probabilities a sentence."""
    elsewhere, drawn = (
        c.r.has_any(keys.net_benefit_target),
        c.r.has_figure("decision_curve_models"),
    )

    def benefit(label: str, kind: str, caption: str, there: bool) -> str:
        return c.table(
            label, lambda: net_benefit_markdown(c.r, c.headline, kind=kind), caption, there=there
        )

    curves = ", and @fig-decision-models the decision curves of all models" if drawn else ""
    expressed = (
        "@tbl-standardized and @tbl-avoided show standardised net benefit and avoided"
        f" interventions{curves}."
    )
    return paragraphs(
        benefit(
            "tbl-standardized",
            "standardized_net_benefit",
            "Standardized net benefit (net benefit over prevalence, at most one) in the validation"
            " cohort by threshold probability.",
            c.probable,
        ),
        benefit(
            "tbl-avoided",
            "interventions_avoided",
            "Net interventions avoided per hundred patients compared with treating all, in the"
            " validation cohort by threshold probability.",
            c.probable,
        ),
        benefit(
            "tbl-target-prevalence",
            "net_benefit_target",
            "Net benefit of each model, by its sensitivity and specificity in the validation"
            " cohort, in patients of the prevalence that the study file names, by threshold"
            " probability.",
            elsewhere,
        ),
        "@tbl-target-prevalence assumes a prevalence of {settings.target_prevalence:percent} and"
        " the sensitivity and specificity of the validation cohort."
        if elsewhere
        else "",
        expressed if c.probable else "Net benefit of scores was not assessed.",
        c.figure(
            "fig-decision-models",
            "decision_curve_models",
            decision_caption(c, compared=False) if drawn else "",
            drawn,
        ),
    )


def _incidence(c: Context) -> str:
    if not c.has(keys.gray_test_risk_group("validation")):
        return ""
    return (
        "With death as a competing event, cause-specific hazards describe rates and subdistribution"
        " hazards describe incidence [@fine1999; @latouche2013]; their"
        f" {p_value(several=True)} are exploratory. Incidence by risk group was compared by Gray's"
        " test"
        " [@gray1988] in the validation cohort ({gray_test.risk_group.validation:p})."
    )


@section("supplement-follow-up", "analyses weighted for censoring, competing deaths")
def supplement_follow_up(c: Context) -> str:
    """Paragraphs, tables and a figure; without follow-up a sentence."""
    if not c.followed:
        return "The outcome of this study has no follow-up time."
    competing, differing = (
        c.r.has_any(keys.net_benefit_competing),
        c.r.has_any(keys.concordance_difference),
    )
    return paragraphs(
        sentences(
            "The outcome was {study.event} at or before {endpoint.horizon_months|month}. In"
            " @tbl-horizon, patients were weighted by the inverse probability of censoring"
            " (Kaplan-Meier) to account for the {cohort.unknown.n|patient} of unknown outcome."
            " Death without the event was a competing event, whose patients were controls; the last"
            " column counts it as an event. The C-index is for the event or death.",
            "@tbl-hazards compares the risk groups, and @fig-incidence shows recurrence with death"
            " as a competing event (Aalen-Johansen)."
            if c.cut
            else "The model has no cut-off, and therefore no risk groups.",
        ),
        c.table(
            "tbl-horizon",
            lambda: horizon_markdown(c.r, c.headline),
            "Discrimination and Brier score weighted for censoring, and AUC with deaths as events,"
            " with {settings.confidence_level:level} CI.",
        ),
        c.table(
            "tbl-hazards",
            lambda: hazards_markdown(c.r),
            "Hazard ratios of the risk groups of {best.model.label} at the fixed cut-off. Groups of"
            f" training patients are from out-of-fold scores and have no {p_value()}. A hazard"
            " ratio that could not be estimated, for few events or none in a group, is a dash.",
            there=c.cut,
        ),
        _incidence(c),
        c.table(
            "tbl-followed-differences",
            lambda: followed_differences_markdown(c.r, [*c.headline, *c.comparators]),
            "Differences in C-index and in Brier score at the horizon, weighted for censoring, in"
            " validation patients with scores of both models, with"
            " {settings.confidence_level:level} CI. Negative differences in Brier score favour"
            " {best.model.label}. Exploratory.",
            there=differing,
        ),
        c.table(
            "tbl-competing-net-benefit",
            lambda: net_benefit_markdown(c.r, c.headline, kind="net_benefit_competing"),
            "Net benefit by the horizon with death before recurrence as a competing event, from the"
            " Aalen-Johansen incidence among patients above each threshold probability; validation"
            " cohort, patients of unknown outcome included.",
            there=competing,
        ),
        sentences(
            "@tbl-followed-differences compares models over the whole follow-up."
            if differing
            else "",
            "@tbl-competing-net-benefit shows net benefit in all patients." if competing else "",
        ),
        c.figure(
            "fig-incidence",
            "cumulative_incidence",
            "Cumulative incidence of recurrence, and of death before it, by risk group of the best"
            f" model. {curve_end(c.r)}",
            c.cut,
        ),
    )
