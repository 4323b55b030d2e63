"""The claim that acting on the best model does more good than treating all or treating none."""

from __future__ import annotations

from analysis.reporting.claims.claim import Claim, Decision, claim
from analysis.reporting.claims.performance import asserted_of, where
from analysis.reporting.manuscript import Results
from analysis.results import keys

UTILITY = (
    "A higher net benefit is claimed only for a model that was shown to discriminate in the same"
    " cohort, at {thresholds}, named beforehand; the gain over the better of treating all and"
    " treating none must be at least {{decision.net_benefit_tolerance}} and the lower limit of its"
    " interval above zero{everywhere}. A lower one is stated where the upper limit lies below zero."
)


def named_thresholds(results: Results) -> tuple[str, bool]:
    """Threshold probabilities that a claim of net benefit names.

    They are the thresholds that the study file names for this claim, as a part of a template, and
    whether they are a range.
    """
    low, high = (results.record(f"decision.claim_{end}").number for end in ("low", "high"))
    return (
        ("the threshold probability of {decision.claim_low:level}", False)
        if low == high
        else (
            (
                "threshold probabilities from {decision.claim_low:level} to"
                " {decision.claim_high:level}"
            ),
            True,
        )
    )


def net_benefit(results: Results, discrimination: Claim, how: str = "validation") -> Claim | None:
    """Claim on the best model's net benefit; None where it has no probabilities.

    discrimination: the claim of the same cohort.
    """
    best = results.plain(keys.best_model())
    key = keys.net_benefit_gain(best, how)
    record = results.records.get(key)
    if record is None:
        return None
    at, spread = named_thresholds(results)
    if record.value is None or record.ci_low is None or record.ci_high is None:
        state = "undefined"
    elif record.ci_high < 0:
        state = "below"
    elif not discrimination.holds:
        state = "no_discrimination"
    else:
        state = (
            "holds"
            if record.ci_low > 0
            and record.number >= results.record(keys.decision_net_benefit_tolerance()).number
            else "not_shown"
        )
    gain = f"({'smallest ' if spread else ''}difference from the better of both {{{key}:interval}})"
    both = "than treating all and treating none"
    sentence = {
        "holds": (
            f"{{best.model.label}} had a higher net benefit {both} at {at} {where(how)} {gain}."
        ),
        "not_shown": (
            f"A higher net benefit of {{best.model.label}} {both} was not shown at {at}"
            f" {where(how)} {gain}."
        ),
        "no_discrimination": (
            f"No net benefit is claimed for {{best.model.label}} at {at}, as it was not shown to"
            f" discriminate {where(how)} {gain}."
        ),
        "below": (
            "{best.model.label} had a lower net benefit than the better of treating all and"
            f" treating none at {'one or more of ' if spread else ''}{at} {where(how)} {gain}."
        ),
        "undefined": (
            f"The net benefit of {{best.model.label}} {where(how)} could not be estimated."
        ),
    }[state]
    rule = UTILITY.format(thresholds=at, everywhere=" at each of them" if spread else "")
    return claim(
        results,
        asserted_of("net_benefit", how),
        place="Results, Clinical utility",
        template=sentence,
        decision=Decision(state, rule),
    )
