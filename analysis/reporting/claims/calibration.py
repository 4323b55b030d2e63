"""Claims about the best model's probabilities: well calibrated, not well calibrated, or open."""

from __future__ import annotations

import math

from analysis.reporting.claims.claim import Claim, Decision, claim
from analysis.reporting.claims.performance import asserted_of, where
from analysis.reporting.manuscript import Results
from analysis.results import keys

CALIBRATED = (
    "A model is called well calibrated where the intervals of O:E, of the slope and, as an odds"
    " ratio, of calibration in the large lie within {settings.calibration_band_low} to"
    " {settings.calibration_band_high}, in a cohort with at least"
    " {calibration_curve_stable.least|event} and as many patients without. Otherwise it is called"
    " not well calibrated, with however few events, where one test of calibration in the large and"
    " slope together, valid in small cohorts, rejects their ideal values at one minus the"
    " confidence level. Else its calibration remains open: an interval that includes the ideal"
    " value is no evidence of it."
)


def within_band(results: Results, key: str, odds: bool = False) -> bool:
    """Whether a result's whole interval lies within the study's band.

    odds: it is a logarithm of odds.
    """
    record = results.records.get(key)
    if record is None or record.ci_low is None or record.ci_high is None:
        return False
    low, high = (
        results.record(key).number
        for key in (keys.settings_calibration_band_low(), keys.settings_calibration_band_high())
    )
    return (math.log(low) if odds else low) <= record.ci_low and record.ci_high <= (
        math.log(high) if odds else high
    )


def well_calibrated(results: Results, how: str = "validation") -> Claim:
    """The best model's probabilities; how: the validation cohort, or one beyond it."""
    best = results.plain(keys.best_model())
    ratio, slope, large, test = (
        quantity(best, how)
        for quantity in (
            keys.observed_expected,
            keys.calibration_slope,
            keys.calibration_intercept,
            keys.calibration_test,
        )
    )
    record, enough = (
        results.records.get(test),
        results.records.get(keys.calibration_curve_stable(best, how)),
    )
    if record is None or record.p is None:
        state = "undefined"
    elif (
        enough is not None
        and enough.value is True
        and within_band(results, ratio)
        and within_band(results, slope)
        and within_band(results, large, odds=True)
    ):
        state = "holds"
    else:
        state = (
            "fails"
            if record.p < 1 - results.record(keys.settings_confidence_level()).number
            else "open"
        )
    parts = [
        f"{words} {{{key}:interval}}"
        for words, key in (("O:E", ratio), ("calibration slope", slope))
        if results.has_value(key)
    ]
    numbers = f"{where(how)} ({'; '.join([*parts, f'joint test of calibration {{{test}:p}}'])})"
    sentence = {
        "holds": f"{{best.model.label}} was well calibrated {numbers}.",
        "fails": f"{{best.model.label}} was not well calibrated {numbers}.",
        "open": f"Whether {{best.model.label}} is well calibrated remains open {numbers}.",
        "undefined": (
            f"The calibration of {{best.model.label}} {where(how)} could not be estimated."
        ),
    }[state]
    return claim(
        results,
        asserted_of("well_calibrated", how),
        place="Results, Calibration",
        template=sentence,
        decision=Decision(state, CALIBRATED),
        decided_by=[large],
    )
