"""Thresholds that matter.

They are significance, the order of models, cut-offs, what was chosen, verdicts of guards, claims of
the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from analysis.reporting.number_style import plain_p_side
from analysis.results import keys
from analysis.results.record import Record, Value, as_text
from analysis.workflow.cohort_update.snapshot import Snapshot

# The value of no effect, by unit: an interval that gains or loses it says something else.
NO_EFFECT = {
    "AUC difference": 0.0,
    "net benefit difference": 0.0,
    "odds ratio": 1.0,
    "hazard ratio": 1.0,
    "ratio": 1.0,
    "slope": 1.0,
}
CHOSEN = (
    keys.best_model(),
    keys.radiomics_best(),
    keys.deep_best(),
    keys.clinical_selected(),
    keys.contrasts_model(),
)

# Quantities whose value is a verdict, and what a change of it is called.
VERDICTS = {
    keys.guard.name: "guard",
    keys.calibration_curve_stable.name: "verdict",
    keys.equivalent.name: "verdict",
}


@dataclass(frozen=True)
class Crossing:
    """Threshold that was crossed.

    kind: significance, interval, order, cut-off, chosen, guard or claim. key: of the number, or
    claim; old, new: what it said.
    """

    kind: str
    key: str
    old: str
    new: str


def _significance(old: Mapping[str, Record], new: Mapping[str, Record]) -> Iterator[Crossing]:
    level = new.get(keys.settings_confidence_level())
    alpha = 1 - level.number if level is not None and level.value is not None else 0.05
    for key in sorted(set(old) & set(new)):
        one, two = old[key].p, new[key].p
        if one is not None and two is not None and (one < alpha) != (two < alpha):
            yield Crossing(
                "significance",
                key,
                plain_p_side(one, alpha),
                plain_p_side(two, alpha),
            )


def _intervals(old: Mapping[str, Record], new: Mapping[str, Record]) -> Iterator[Crossing]:
    for key in sorted(set(old) & set(new)):
        null = NO_EFFECT.get(str(new[key].unit))
        if new[key].quantity == keys.calibration_intercept.name:
            null = 0.0
        if null is None:
            continue
        one, two = old[key].side_of(null), new[key].side_of(null)
        if one and two and one != two:
            yield Crossing("interval", key, f"{one} {null:g}", f"{two} {null:g}")


def _labelled(results: Mapping[str, Record], name: str) -> str:
    """The label of a model or a way of judging, or the name itself where results have none."""
    label = results.get(keys.label(name))
    return name if label is None else as_text(label.value)


def _in_labels(results: Mapping[str, Record], value: Value) -> str:
    return ", ".join(
        _labelled(results, str(name)) for name in (value if isinstance(value, tuple) else (value,))
    )


def _order(results: Mapping[str, Record], how: str) -> str | None:
    headline = results.get(keys.models_headline())
    names = headline.names if headline is not None else []
    found = {name: results.get(keys.auc(name, how)) for name in names}
    areas = {
        name: record.number
        for name, record in found.items()
        if record is not None and record.value is not None
    }
    ranked = sorted(areas, key=lambda name: (-areas[name], name))
    return " > ".join(_labelled(results, name) for name in ranked) or None


def _orders(old: Mapping[str, Record], new: Mapping[str, Record]) -> Iterator[Crossing]:
    for how in ("out_of_fold", "validation"):
        one, two = _order(old, how), _order(new, how)
        if one and two and one != two:
            yield Crossing("order", f"AUC, {_labelled(new, how)}", one, two)


def _cutoffs(old: Mapping[str, Record], new: Mapping[str, Record]) -> Iterator[Crossing]:
    """A cut-off that left the interval that it had."""
    for _, two in sorted(keys.cutoff.of(new), key=lambda found: found[1].key):
        key, one = two.key, old.get(two.key)
        if one is None or one.ci_low is None or one.ci_high is None or two.value is None:
            continue
        if not one.ci_low <= two.number <= one.ci_high:
            yield Crossing(
                "cut-off",
                key,
                f"{one.value:.3g} ({one.ci_low:.3g} to {one.ci_high:.3g})",
                f"{two.value:.3g}",
            )


def _chosen(old: Mapping[str, Record], new: Mapping[str, Record]) -> Iterator[Crossing]:
    for key in CHOSEN:
        one, two = (
            None if key not in results else _in_labels(results, results[key].value)
            for results in (old, new)
        )
        if one is not None and two is not None and one != two:
            yield Crossing("chosen", key, one, two)
    before, after = (
        {str(record.value) for _, record in keys.features_selected.of(results)}
        for results in (old, new)
    )
    if before and after and before != after:
        yield Crossing(
            "chosen",
            "features.selected",
            "left: " + (", ".join(sorted(before - after)) or "none"),
            "came: " + (", ".join(sorted(after - before)) or "none"),
        )


def _guards(old: Mapping[str, Record], new: Mapping[str, Record]) -> Iterator[Crossing]:
    for key in sorted(key for key in set(old) & set(new) if new[key].quantity in VERDICTS):
        one, two = old[key].value, new[key].value
        if one != two and two is not None:
            yield Crossing(VERDICTS[str(new[key].quantity)], key, as_text(one), as_text(two))


def _claims(old: Snapshot, new: Snapshot) -> Iterator[Crossing]:
    def state(claim: Mapping | None) -> str:
        if claim is None:
            return "not made"
        return "holds" if claim.get("holds") is True else "does not hold"

    for key in sorted(set(old.claims) | set(new.claims)):
        one, two = old.claims.get(key), new.claims.get(key)
        if (old.claims and new.claims) and state(one) != state(two):
            yield Crossing(
                "claim",
                f"{key}: {(two or one or {}).get('wording', '')}".strip(),
                state(one),
                state(two),
            )


def crossings(old: Snapshot, new: Snapshot) -> list[Crossing]:
    """Every threshold that lies between the two states, claims and choices first."""
    before, after = old.results, new.results
    return [
        *_claims(old, new),
        *_chosen(before, after),
        *_orders(before, after),
        *_significance(before, after),
        *_intervals(before, after),
        *_cutoffs(before, after),
        *_guards(before, after),
    ]
