"""Claims about the best model itself.

They are whether it discriminates, and whether its risk groups survive differently.
"""

from __future__ import annotations

from collections.abc import Mapping

from analysis.reporting.claims.claim import Asserted, Claim, Decision, claim
from analysis.reporting.claims.comparison import too_few
from analysis.reporting.manuscript import Results
from analysis.reporting.survival_name import survival_name
from analysis.results import keys
from analysis.results.record import Record

CHANCE = (
    "A model is said to discriminate where the interval of its AUC lies above one half, in the"
    " validation cohort and in every cohort beyond it; where the interval lies below one half its"
    " order is called reversed. With fewer than {comparisons.least|patient} of either outcome in"
    " the cohort the AUC is printed with its interval, and nothing is said of it."
)
SURVIVAL = (
    "Risk groups are said to differ only where the model was shown to discriminate in the"
    " validation cohort, and the log-rank test there has a P-value below one minus the confidence"
    " level. Tested only after discrimination was shown, it needs no adjustment for that test; it"
    " stands outside of the family of comparisons between models. Other tests of the groups, in the"
    " supplement, are exploratory."
)


def asserted_of(kind: str, how: str) -> Asserted:
    """What is asserted of the validation cohort, or of one beyond it."""
    return Asserted(kind, None if how == "validation" else how)


def where(how: str) -> str:
    """The cohort as a part of a sentence's template."""
    return "in the validation cohort" if how == "validation" else f"in the cohort {{label.{how}}}"


def discrimination_state(records: Mapping[str, Record], model: str, how: str) -> str:
    """What the AUC of a model shows, by the rule of `CHANCE`.

    It is holds, reversed, not_shown, too_few or undefined. how: the patients that it is judged on.
    """
    record = records.get(keys.auc(model, how))
    if record is None or record.ci_low is None or record.ci_high is None:
        return "undefined"
    if too_few(records, keys.rarer_outcome(model, how)):
        return "too_few"
    return {"above": "holds", "below": "reversed"}.get(record.side_of(0.5), "not_shown")


def discriminates(results: Results, how: str = "validation") -> Claim:
    """The best model's order of patients; how: the validation cohort, or one beyond it."""
    best = results.plain(keys.best_model())
    key, state = keys.auc(best, how), discrimination_state(results.records, best, how)
    numbers = f"{where(how)} (AUC {{{key}:interval}})"
    sentence = {
        "holds": f"{{best.model.label}} discriminated better than chance {numbers}.",
        "not_shown": (
            f"{{best.model.label}} was not shown to discriminate better than chance {numbers}."
        ),
        "reversed": (
            f"{{best.model.label}} ordered patients in reverse {numbers}: those with the event had"
            " the lower scores."
        ),
        "too_few": (
            "There were too few patients of one outcome to tell whether {best.model.label}"
            f" discriminates {numbers}."
        ),
        "undefined": (
            f"The discrimination of {{best.model.label}} {where(how)} could not be estimated."
        ),
    }[state]
    return claim(
        results,
        asserted_of("discriminates", how),
        place="Results, Comparison of models",
        template=sentence,
        decision=Decision(state, CHANCE),
    )


def risk_groups(results: Results, discrimination: Claim) -> Claim | None:
    """Claim on the risk groups; None where nobody was followed.

    discrimination: the claim of the validation cohort, without which there is no test.
    """
    if keys.endpoint_horizon_months() not in results.records:
        return None
    test, ratio = (
        keys.log_rank_risk_group("validation"),
        keys.hazard_ratio("any_event", "validation"),
    )
    record = results.records.get(test)
    shown = (
        f" (hazard ratio {{{ratio}:interval}})"
        if results.has_value(ratio) and results.record(ratio).ci_low is not None
        else ""
    )
    if record is None or record.p is None:
        state, numbers = "undefined", ""
    elif not discrimination.holds:
        state, numbers = "no_discrimination", shown
    else:
        state = (
            "holds"
            if record.p < 1 - results.record(keys.settings_confidence_level()).number
            else "not_shown"
        )
        numbers = f" (log-rank {{{test}:p}}" + (f"; {shown[2:]}" if shown else ")")
    groups = "The risk groups of {best.model.label}"
    survival = survival_name(results.plain(keys.study_event()))
    sentence = {
        "holds": f"{groups} differed in {survival} in the validation cohort{numbers}.",
        "not_shown": (
            f"{groups} were not shown to differ in {survival} in the validation cohort{numbers}."
        ),
        "no_discrimination": (
            "No difference between the risk groups of {best.model.label} is claimed, as the"
            f" model was not shown to discriminate in the validation cohort{numbers}."
        ),
        "undefined": (
            "In the validation cohort all patients fell into one risk group, so there is no test."
        ),
    }[state]
    return claim(
        results,
        Asserted("risk_groups"),
        place="Results, Survival by risk group",
        template=sentence,
        decision=Decision(state, SURVIVAL),
    )
