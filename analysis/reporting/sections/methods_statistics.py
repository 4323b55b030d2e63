"""Sections of the methods: statistics and claims."""

from __future__ import annotations

from analysis.core.word_lists import listed
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
    neither = f"; neither has a {p_value()}" if c.compares else ""
    named = ""
    roles = {role for role, _ in contrast_keys(c.r).values()}
    if roles:
        kinds = [
            words
            for role, words in (
                ("Primary", "one primary contrast"),
                ("Holm family", "a family adjusted by Holm's method"),
            )
            if role in roles
        ]
        named = (
            f"Only comparisons named before the analysis have a {p_value()}: {listed(kinds)}. All"
            " others are exploratory and have intervals only."
        )
    elif c.compares:
        named = (
            "No comparison was named before the analysis; all are exploratory and have intervals"
            " only."
        )
    return sentences(
        "Intervals of out-of-fold AUCs are conditional on the fitted scores, and those of apparent"
        f" AUCs are as optimistic as their estimates{neither}."
        if c.judged
        else "",
        named,
    )


@section("statistics-performance", "cut-offs, calibration, the best model, unknown outcomes")
def statistics_performance(c: Context) -> str:
    """A paragraph."""
    best = "" if c.single else "best "
    chosen = "The first model named in the study file was compared with the others."
    if c.judged:
        chosen = (
            "The best model was the one with the highest out-of-fold AUC in the training cohort."
            f" {winner(c.r)}"
        )
    return sentences(
        "Cut-offs had the largest Youden index on the out-of-fold training"
        " scores; the supplement also reports the highest cut-off with a sensitivity of at least"
        " {settings.sensitivity} on these scores."
        if c.judged
        else "",
        "Proportions have {settings.proportion_interval} intervals.",
        "Calibration was assessed by the ratio of observed to expected events (O:E), calibration in"
        " the large, calibration slope and Brier score [@vancalster2016]. Calibration in the large"
        f" and slope of the {best}model were tested jointly by a score test;"
        " in cohorts expected to have fewer than {calibration_curve_stable.least|event}, or as few"
        f" patients without, its {p_value()} was obtained by simulation from the predicted"
        " probabilities."
        if c.probable
        else "",
        "Staging systems and indexes give no probabilities; for calibration and net benefit these"
        " were refitted in training."
        if c.comparators and c.judged
        else "",
        "" if c.single else chosen,
        "Analyses that include patients of unknown outcome were weighted by the inverse"
        " probability of censoring, with death without the event as a competing event (supplement)."
        if c.followed
        else "",
    )


@section("statistics-utility", "net benefit, its thresholds and what follows above one")
def statistics_utility(c: Context) -> str:
    """A paragraph."""
    if not c.probable:
        return (
            "The models give scores without probabilities; calibration and net benefit were not"
            " assessed."
        )
    return sentences(
        "Clinical utility was assessed by net benefit [@vickers2006] at threshold probabilities"
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
