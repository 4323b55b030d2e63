"""Claims about the best model itself: discrimination, calibration, clinical utility and survival by its risk groups."""

from __future__ import annotations

from analysis.claims.claim import Claim, claim
from analysis.claims.comparison import too_few
from analysis.manuscript import Results

CHANCE = ("A model is said to discriminate where the score interval of its validation AUC lies above one half, and the cohort has at least {comparisons.least} patients of either outcome; with fewer the AUC is printed "
          "with its interval and no verdict.")
CALIBRATED = ("A model is called well calibrated only with at least {calibration_curve_stable.least} events and as many patients without the event in the validation cohort, and intervals of O:E, of calibration in the "
              "large and of the slope that include their ideal values; with fewer patients O:E and slope are printed with their intervals and no verdict.")
UTILITY = ("A model is said to have the higher net benefit over the longest range of threshold probabilities, among those studied, in which its estimate exceeds those of treating all and of treating none, and only if "
           "that range includes the reported threshold.")
SURVIVAL = "Risk groups are said to differ where the log-rank test in the validation cohort has a P-value below one minus the confidence level."


def discriminates(results: Results) -> Claim:
    key = f"auc.{results.text('best.model')}.validation"
    record = results.record(key)
    state = "undefined" if record.ci_low is None else "too_few" if too_few(results, f"rarer_outcome.{results.text('best.model')}") else "holds" if record.ci_low > 0.5 else "not_shown"
    sentence = {"holds": f"{{best.model.label}} discriminated better than chance in the validation cohort (AUC {{{key}:interval}}).",
                "not_shown": f"{{best.model.label}} was not shown to discriminate better than chance in the validation cohort (AUC {{{key}:interval}}).",
                "too_few": f"The validation cohort has too few patients of one outcome to tell whether {{best.model.label}} discriminates (AUC {{{key}:interval}}).",
                "undefined": "The discrimination of {best.model.label} in the validation cohort could not be estimated."}[state]
    return claim(results, "discriminates", "Results, Discrimination", sentence, holds=state == "holds", state=state, rule=results.fill_plain(CHANCE))


def _includes(results: Results, key: str, ideal: float) -> bool | None:
    record = results.records.get(key)
    return None if record is None or record.ci_low is None or record.ci_high is None else record.ci_low <= ideal <= record.ci_high


def well_calibrated(results: Results) -> Claim:
    best = results.text("best.model")
    ratio, slope, large = (f"{name}.{best}.validation" for name in ("observed_expected", "calibration_slope", "calibration_intercept"))
    inside = [_includes(results, ratio, 1), _includes(results, slope, 1), _includes(results, large, 0)]
    stable = results.records.get(f"calibration_curve_stable.{best}.validation")
    shown = ", ".join([f"O:E {{{ratio}:interval}}", f"calibration slope {{{slope}:interval}}"])
    if results.has_value(ratio) and results.has_value(slope):
        state = "too_few" if stable is None or stable.value != "true" else "holds" if all(inside) else "fails"
    else:
        state = "undefined"
    sentence = {"holds": f"{{best.model.label}} was well calibrated in the validation cohort ({shown}).", "fails": f"{{best.model.label}} was not well calibrated in the validation cohort ({shown}).",
                "too_few": f"In the validation cohort {{best.model.label}} had O:E {{{ratio}:ci}} and a calibration slope of {{{slope}:ci}}. With fewer than {{calibration_curve_stable.least}} events or as many patients without the "
                           "event, the flexible curve is unstable and is no evidence, and whether the model is well calibrated remains open.",
                "undefined": "The calibration of {best.model.label} in the validation cohort could not be estimated."}[state]
    return claim(results, "well_calibrated", "Results, Calibration", sentence, holds=state == "holds", state=state, rule=results.fill_plain(CALIBRATED), decided_by=[large])


def net_benefit_range(results: Results) -> Claim | None:
    """None where the study has no decision curve."""
    best = results.text("best.model")
    prefix = f"net_benefit_range.{best}.validation"
    if f"{prefix}.low" not in results.records:
        return None
    low, high = (None if record.value is None else record.number for record in (results.record(f"{prefix}.{end}") for end in ("low", "high")))
    reported = results.record("decision.reported_threshold").number
    state = "not_shown" if low is None or high is None else "holds" if low <= reported <= high else "elsewhere"
    everywhere = "{decision.threshold_low:level} and {decision.threshold_high:level}"
    spread = f"between {{{prefix}.low:level}} and {{{prefix}.high:level}}"
    sentence = {"holds": f"{{best.model.label}} had a higher estimated net benefit than treating all and treating none at threshold probabilities {spread}.",
                "elsewhere": f"{{best.model.label}} had a higher estimated net benefit than treating all and treating none only at threshold probabilities {spread}, which leave out the reported threshold of "
                             "{decision.reported_threshold:level}.",
                "not_shown": f"At no threshold probability between {everywhere} did {{best.model.label}} have a higher estimated net benefit than both treating all and treating none."}[state]
    return claim(results, "net_benefit_range", "Results, Clinical utility", sentence, holds=state == "holds", state=state, rule=UTILITY)


def risk_groups(results: Results) -> Claim | None:
    """None where nobody was followed."""
    if "endpoint.horizon_months" not in results.records:
        return None
    test, ratio = "log_rank.risk_group.validation", "hazard_ratio.any_event.validation"
    record = results.records.get(test)
    if record is None or record.p is None:
        state, numbers = "undefined", ""
    else:
        state = "holds" if record.p < 1 - results.record("settings.confidence_level").number else "not_shown"
        numbers = f"(log-rank {{{test}:p}}" + (f"; hazard ratio {{{ratio}:interval}})" if results.has_value(ratio) and results.record(ratio).ci_low is not None else ")")
    sentence = {"holds": f"The risk groups of {{best.model.label}} differed in event-free survival in the validation cohort {numbers}.",
                "not_shown": f"The risk groups of {{best.model.label}} were not shown to differ in event-free survival in the validation cohort {numbers}.",
                "undefined": "In the validation cohort all patients fell into one risk group, so there is no test."}[state]
    return claim(results, "risk_groups", "Results, Survival by risk group", sentence, holds=state == "holds", state=state, rule=SURVIVAL)
