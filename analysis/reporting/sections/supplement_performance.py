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
        "The predictions came from models that were made elsewhere; that these were locked before"
        " can't be told from them."
        if c.given
        else "Numbers of the validation cohort are those of locked models; out-of-fold ones are"
        " conditional on the fitted scores."
    )


@section("supplement-cut-offs", "cut-offs and what they give")
def supplement_cut_offs(c: Context) -> str:
    """Three tables and a sentence."""
    return paragraphs(
        c.table(
            "tbl-cutoffs",
            lambda: cutoffs_markdown(c.r, c.headline),
            "Cut-offs learnt from out-of-fold training scores: Youden's with bootstrap CI, how many"
            " cut-offs were as good, and the highest one that reaches the prespecified sensitivity"
            " there.",
            there=c.judged,
        ),
        c.table(
            "tbl-indexes",
            lambda: indexes_markdown(c.r, c.headline, "validation"),
            "Indexes at the model's cut-off in the validation cohort. MCC: Matthews' correlation"
            " coefficient; LR+ and LR−: likelihood ratios of a positive and of a negative result;"
            " DOR: diagnostic odds ratio; Youden: sensitivity plus specificity minus one. A dash:"
            " not defined. In a resample where all patients are classified alike, MCC counts as"
            " zero.",
        ),
        c.table(
            "tbl-prespecified",
            lambda: proportions_markdown(c.r, c.headline, "validation", prespecified=True),
            "Classification of the validation cohort at the cut-off of the prespecified"
            " sensitivity.",
            there=c.judged,
        ),
        "@tbl-cutoffs has the cut-offs, @tbl-indexes what Youden's gives beside the proportions of"
        " the article, and @tbl-prespecified what a cut-off gives that was fixed for a sensitivity"
        " of {settings.sensitivity} in training: in validation the sensitivity can be another."
        if c.judged
        else "Without out-of-fold predictions no cut-off was learnt; @tbl-indexes has what the"
        " cut-off of the study file gives.",
    )


def _sigmoid(c: Context) -> str:
    if not c.has(keys.radiomics_uncalibrated_n()):
        return ""
    return (
        "Each of the radiomics classifiers, logistic regression among them, has its probability"
        " from a sigmoid of its score [@platt2000], as its features were chosen with the outcome of"
        " the patients that it learnt from and its own probabilities are too extreme. The sigmoid"
        " was learnt from scores of the tuning folds, in each of which the whole path was fitted"
        " without the patient. Where it would have fallen, the classifier's own probabilities"
        " stand: {radiomics.uncalibrated.n} of {radiomics.uncalibrated.n:n|fit},"
        " final and in outer folds."
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
            " exploratory and their *P* values are not corrected for the number of models; Hosmer"
            " and Lemeshow's is left out (a dash) where a group has fewer than five expected events"
            " or others.",
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
        "How far a flexible calibration curve lies from the diagonal (ICI, E50, E90, Emax) is not"
        " printed: with fewer than {calibration_curve_stable.least|event}, or as few patients"
        " without the event, the curve of a perfectly calibrated model is far from it too"
        " [@vancalster2016]."
        if c.probable and not errors
        else "",
        _sigmoid(c),
        sentences(
            "@tbl-calibration-tests tests whether calibration is perfect, a question that small"
            f" cohorts cannot answer: a large {p_value()} is no evidence of good calibration."
            if c.probable
            else "Scores have no calibration.",
            "@tbl-calibration-errors has the distances of the curves from the diagonal"
            " [@vancalster2016]; a distance near the one in brackets is no sign of miscalibration."
            if errors
            else "",
            "@fig-calibration-models has the calibration curves of all models." if drawn else "",
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

    curves = ", and @fig-decision-models has the curves of all models" if drawn else ""
    expressed = (
        "@tbl-standardized and @tbl-avoided express the net benefit of the article in two other"
        f" ways{curves}."
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
            "Net interventions avoided in a hundred patients, against treating all, in the"
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
        "@tbl-target-prevalence supposes that {settings.target_prevalence:percent} of patients have"
        " the event, and that sensitivity and specificity are those of the validation cohort."
        if elsewhere
        else "",
        expressed if c.probable else "Scores have no net benefit.",
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
        "Where deaths compete, the hazard of each event alone tells how fast it comes, and the"
        " subdistribution hazard how the incidence of recurrence differs [@fine1999;"
        f" @latouche2013]; both are in the table, and their {p_value(several=True)} are"
        " exploratory. The incidence of recurrence by risk group was compared by Gray's test"
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
            " @tbl-horizon the {cohort.unknown.n|patient of unknown outcome is|patients of unknown"
            " outcome are} represented by those who were seen longer (inverse probability of"
            " censoring, Kaplan-Meier), and a death without recurrence is a competing event, its"
            " patient a control; the last column"
            " counts such a death by the horizon as an event instead. The C-index is that of"
            " recurrence or death.",
            "@tbl-hazards compares the risk groups, and @fig-incidence shows recurrence with death"
            " as a competing event (Aalen-Johansen)."
            if c.cut
            else "The model has no cut-off, so there are no risk groups.",
        ),
        c.table(
            "tbl-horizon",
            lambda: horizon_markdown(c.r, c.headline),
            "Discrimination and Brier score with patients of unknown outcome weighted in, and"
            " sensitivity to deaths.",
        ),
        c.table(
            "tbl-hazards",
            lambda: hazards_markdown(c.r),
            "Hazard ratios of the risk groups of {best.model.label} (cut-off fixed beforehand)."
            " Groups of training patients, where there are any, come from out-of-fold scores and"
            f" carry no {p_value()}.",
            there=c.cut,
        ),
        _incidence(c),
        c.table(
            "tbl-followed-differences",
            lambda: followed_differences_markdown(c.r, [*c.headline, *c.comparators]),
            "C-index and Brier score at the horizon, weighted for censoring, on validation patients"
            " whom both models score: differences with CI. A difference in Brier score below zero"
            " favours the first model. Exploratory.",
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
            "@tbl-followed-differences compares models on the whole follow-up."
            if differing
            else "",
            "@tbl-competing-net-benefit has the decision curve that leaves no patient out."
            if competing
            else "",
        ),
        c.figure(
            "fig-incidence",
            "cumulative_incidence",
            "Cumulative incidence of recurrence, and of death before it, by risk group of the best"
            f" model. {curve_end(c.r)}",
            c.cut,
        ),
    )
