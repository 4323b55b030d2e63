"""Sections of the methods: statistics and claims."""

from __future__ import annotations

from analysis.reporting.number_style import p_value
from analysis.reporting.sections.context import Context, sentences
from analysis.reporting.sections.registry import section
from analysis.reporting.sentences import thresholds_reason, winner
from analysis.reporting.tables import contrast_keys


@section("where-locked", "that models were locked, a part of a sentence")
def where_locked(c: Context) -> str:
    """Part of a sentence; empty where nobody knows it."""
    return "" if c.given else ", where the models were locked,"


@section("statistics-intervals", "what intervals mean, and which comparisons carry a P-value")
def statistics_intervals(c: Context) -> str:
    """Two sentences."""
    return sentences(
        "Out-of-fold intervals are conditional on the fitted scores, apparent ones are as"
        " optimistic as their estimates"
        + (f", and neither carries a {p_value()} between models." if c.compares else ".")
        if c.judged
        else "",
        f"Of the comparisons, those that the study file names carry a {p_value()}: the primary"
        " contrast, and a family that is adjusted by Holm's method. The others are exploratory"
        " and have an interval only."
        if list(contrast_keys(c.r))
        else "The study file names no contrasts, so comparisons are exploratory and have an"
        " interval only."
        if c.compares
        else "",
    )


@section("statistics-performance", "cut-offs, calibration, the best model, unknown outcomes")
def statistics_performance(c: Context) -> str:
    """A paragraph."""
    return sentences(
        "A model's cut-off is the one with the largest Youden index on its out-of-fold training"
        " scores; beside it the supplement has the highest cut-off whose sensitivity there is at"
        " least {settings.sensitivity}."
        if c.judged
        else "",
        "Proportions have {settings.proportion_interval} intervals.",
        "Calibration is reported as the ratio of observed to expected events (O:E), calibration in"
        " the large, slope and Brier score [@vancalster2016]; calibration in the large and slope of"
        f" the {'' if c.single else 'best '}model are tested together by a score test, whose"
        f" {p_value()} in cohorts with"
        " fewer than {calibration_curve_stable.least|expected event}, or patients without, comes"
        " from outcomes simulated by the model's own probabilities."
        if c.probable
        else "",
        "A stage or an index has no probability of its own: its calibration and net benefit use a"
        " probability refitted in training."
        if c.comparators and c.judged
        else "",
        ""
        if c.single
        else "The best model is the one with the highest out-of-fold AUC in the training cohort,"
        " so that validation patients had no say in it. " + winner(c.r)
        if c.judged
        else "The model named first is the one that others are compared with; validation patients"
        " had no say in that.",
        "Patients of unknown outcome are kept in analyses weighted by the inverse probability of"
        " censoring, and death without recurrence is treated as a competing event (supplement)."
        if c.followed
        else "",
    )


@section("statistics-utility", "net benefit, its thresholds and what follows above one")
def statistics_utility(c: Context) -> str:
    """A paragraph."""
    if not c.probable:
        return (
            "The models give scores and no probabilities: neither calibration nor net benefit can"
            " be computed."
        )
    return sentences(
        "Clinical utility is reported as net benefit [@vickers2006] for threshold probabilities"
        " from {decision.threshold_low:level} to {decision.threshold_high:level}, with intervals"
        " from {settings.bootstrap_resamples|bootstrap resample} of the patients. The gain over"
        " the better of treating all and treating none has exact limits, from the proportions of"
        " patients with the event above and below the threshold.",
        thresholds_reason(c.r),
    )


@section("claim-rules", "the rules by which sentences are worded from the numbers", decided=True)
def claim_rules(c: Context) -> str:
    """A list."""
    # claims.json keeps the rules without a journal's letter.
    return "\n".join(f"- {rule.replace('P-value', p_value())}" for rule in c.rules())
