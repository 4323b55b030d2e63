"""Sections of the key points, each within its words, and what they share with the abstract."""

from __future__ import annotations

import re

from analysis.reporting.claims.make import OTHERS
from analysis.reporting.sections.context import Context, sentences
from analysis.reporting.sections.registry import section
from analysis.reporting.sections.word_limits import KEY_POINT, fitting
from analysis.results import keys

# Numbers of a comparison: ` (difference in AUC …)`, in which values may be marked.
NUMBERS = re.compile(r" \((?:difference|gain) in AUC [^()]*(?:\([^()]*\)[^()]*)*\)")


@section("discriminated", "whether the best model discriminates, briefly", decided=True)
def discriminated(c: Context) -> str:
    """One or more sentences, as many as a key point has room for."""
    first, others = c.claim("discriminates"), c.claims("discriminates")
    return fitting(c.r, [sentences(first, others), first], KEY_POINT)


@section(
    "outperformed", "which models the best one outperformed, or how the only one did", decided=True
)
def outperformed(c: Context) -> str:
    """One sentence over all comparisons; of one model, how it classifies."""
    if c.single and c.has(keys.accuracy(c.best, "validation")):
        return (
            f"At the cut-off fixed {'in training' if c.judged else 'beforehand'}, sensitivity was"
            f" {{sensitivity.{c.best}.validation:ci}} and specificity"
            f" {{specificity.{c.best}.validation:ci}}."
        )
    if not c.others:
        return "The study has one model."
    whole = c.claims_together("outperforms")
    first = re.sub(rf"; {OTHERS['exploratory']}\.$", ".", whole)
    return fitting(c.r, [whole, first, NUMBERS.sub("", first)], KEY_POINT)


@section("calibrated-briefly", "what may be said of calibration, for the key points", decided=True)
def calibrated_briefly(c: Context) -> str:
    """One short sentence, or that there are no probabilities."""
    if not c.probable:
        return "The models give scores without probabilities; calibration was not assessed."
    state = c.opened_claims.by_key["well_calibrated"].state
    words = {
        "holds": "{best.model.label} was well calibrated in the validation cohort",
        "fails": "{best.model.label} was not well calibrated in the validation cohort",
        "open": "The calibration of {best.model.label} remained uncertain",
        "undefined": "The calibration of {best.model.label} could not be estimated",
    }[state]
    numbers = "; ".join(
        f"{name} {{{key}}}"
        for name, key in (
            ("O:E", keys.observed_expected(c.best, "validation")),
            ("slope", keys.calibration_slope(c.best, "validation")),
        )
        if c.r.has_value(key)
    )
    return f"{words} ({numbers})." if numbers else f"{words}."


@section("calibrated", "what may be said of calibration", decided=True)
def calibrated(c: Context) -> str:
    """A sentence for each cohort."""
    if not c.probable:
        return (
            "The models give scores without probabilities; calibration and net benefit were not"
            " assessed."
        )
    return sentences(c.claim("well_calibrated"), c.claims("well_calibrated"))


@section("useful", "what may be said of net benefit", decided=True)
def useful(c: Context) -> str:
    """A sentence; empty without probabilities."""
    return c.claim("net_benefit")
