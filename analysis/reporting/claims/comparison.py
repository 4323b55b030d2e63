"""Claims that one model is better than another, or adds to a score.

Only a contrast that was named beforehand can carry them.
"""

from __future__ import annotations

from collections.abc import Mapping

from analysis.reporting.claims.claim import Asserted, Claim, Decision, claim
from analysis.reporting.intervals import identical
from analysis.reporting.manuscript import Results
from analysis.results import keys
from analysis.results.contrast_roles import SECONDARY
from analysis.results.record import Record

OUTPERFORMS = (
    "A model is said to outperform another only at a contrast that the study file names, where the"
    " P-value, Holm-adjusted within the family, is below one minus the confidence level and the"
    " interval of the difference in AUC lies above zero. Any other comparison is exploratory: its"
    " interval is printed, unadjusted for their number, and nothing is claimed from it; nor is it"
    " with fewer than {comparisons.least|validation patient} of either outcome."
)
NO_DIFFERENCE = (
    "Two models are said not to differ only where the study file gives an equivalence margin and"
    " the interval of two one-sided tests lies within it; an interval that includes zero alone is"
    " called not shown to differ."
)
ADDS = (
    "A model is said to add to a score only at a contrast that the study file names, where the"
    " P-value, Holm-adjusted within the family, is below one minus the confidence level and the"
    " interval of the gain in AUC lies above zero, on validation patients whom all scores grade;"
    " with fewer than {comparisons.least} of them of either outcome nothing is said of the gain but"
    " its interval."
)


def too_few(records: Mapping[str, Record], key: str) -> bool:
    """Whether the patients of the rarer outcome are fewer than a test needs.

    They are where a record of them is below that number; without the record nothing is known of it.
    """
    record, least = records.get(key), records.get(keys.comparisons_least())
    return (
        record is not None
        and record.value is not None
        and least is not None
        and record.number < least.number
    )


def verdict(record: Record | None, level: float, few: bool = False) -> str:
    """Verdict on a contrast: holds, below, not_shown, exploratory, too_few or undefined.

    level: of the interval. Without a P-value it is exploratory, however far from zero. few: too few
    patients of either outcome for a verdict.
    """
    if record is None or record.value is None or record.ci_low is None or record.ci_high is None:
        return "undefined"
    if few:
        return "too_few"
    if record.p is None:
        return "exploratory"
    if record.p >= 1 - level:
        return "not_shown"
    return {"above": "holds", "below": "below"}.get(record.side_of(0), "not_shown")


def adjusted(results: Results, other: str) -> str:
    """Text `Holm-adjusted ` where the contrast's P-value is adjusted.

    Its interval is not adjusted, and the two may then seem to disagree.
    """
    role = results.records.get(keys.contrast_role(other))
    return "Holm-adjusted " if role is not None and role.value == SECONDARY else ""


def outperforms(results: Results, other: str) -> Claim:
    """The contrasts' model against another trained model, in validation."""
    model = results.plain(keys.contrasts_model())
    key = keys.delong(model, other, "validation")
    record = results.records.get(key)
    state = verdict(
        record,
        results.record(keys.settings_confidence_level()).number,
        too_few(results.records, keys.rarer_outcome_of_pair(model, other)),
    )
    numbers = f"(difference in AUC {{{key}:interval}}" + (
        f"; {adjusted(results, other)}{{{key}:p}})"
        if record is not None and record.p is not None and not identical(record)
        else ")"
    )
    one, two = f"{{{keys.label(model)}}}", f"{{{keys.label(other)}}}"
    sentence = {
        "holds": f"{one} outperformed {two} in the validation cohort {numbers}.",
        "exploratory": (
            f"The comparison of {one} with {two} in the validation cohort is exploratory {numbers}."
        ),
        "below": f"{one} had a lower AUC than {two} in the validation cohort {numbers}.",
        "not_shown": (
            f"{one} was not shown to differ in AUC from {two} in the validation cohort {numbers}."
        ),
        "too_few": (
            f"The validation cohort has too few patients of one outcome to tell whether {one} and"
            f" {two} differ in AUC {numbers}."
        ),
        "undefined": f"{one} could not be compared with {two} in the validation cohort.",
    }[state]
    return claim(
        results,
        Asserted("outperforms", other),
        place="Results, Comparison of models",
        template=sentence,
        decision=Decision(state, OUTPERFORMS),
        decided_by=[key],
    )


def no_difference(results: Results, other: str) -> Claim | None:
    """Equivalence with another model; None where the study file gives no margin."""
    model = results.plain(keys.contrasts_model())
    key = keys.equivalent(model, other, "validation")
    record = results.records.get(key)
    if record is None:
        return None
    holds = record.value is True
    one, two = f"{{{keys.label(model)}}}", f"{{{keys.label(other)}}}"
    margin = "the equivalence margin of {settings.equivalence_margin}"
    sentence = (
        f"{one} and {two} did not differ in AUC by more than {margin}."
        if holds
        else (f"That {one} and {two} do not differ in AUC by more than {margin} was not shown.")
    )
    return claim(
        results,
        Asserted("no_difference", other),
        place="Results, Comparison of models",
        template=sentence,
        decision=Decision("holds" if holds else "not_shown", NO_DIFFERENCE),
        decided_by=[keys.delong(model, other, "validation")],
    )


def adds_to(results: Results, name: str) -> Claim:
    """What the contrasts' model adds to a staging system or index, in validation."""
    model, key = results.plain(keys.contrasts_model()), keys.added_value(name)
    record = results.records.get(key)
    state = verdict(
        record,
        results.record(keys.settings_confidence_level()).number,
        too_few(results.records, keys.added_value_common_rarer()),
    )
    numbers = f"(gain in AUC {{{key}:interval}}" + (
        f"; {adjusted(results, name)}{{{key}:p}})"
        if record is not None and record.p is not None and not identical(record)
        else ")"
    )
    one, two = f"{{{keys.label(model)}}}", f"{{{keys.label(name)}}}"
    sentence = {
        "holds": f"{one} added to {two} {numbers}.",
        "exploratory": f"What {one} adds to {two} was explored {numbers}.",
        "below": f"{one} with {two} had a lower AUC than {two} alone {numbers}.",
        "not_shown": f"{one} was not shown to add to {two} {numbers}.",
        "undefined": f"What {one} adds to {two} could not be estimated.",
        "too_few": (
            f"The validation cohort has too few patients of one outcome to tell what {one} adds to"
            f" {two} {numbers}."
        ),
    }[state]
    return claim(
        results,
        Asserted("adds_to", name),
        place="Results, Comparison with staging systems and prognostic indexes",
        template=sentence,
        decision=Decision(state, ADDS),
        decided_by=[key],
    )
