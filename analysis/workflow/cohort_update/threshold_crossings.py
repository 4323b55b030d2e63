"""Thresholds that matter: significance, the order of models, cut-offs, what was chosen, verdicts of
guards, claims of the text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from analysis.results.record import Record
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
CHOSEN = ("best.model", "radiomics.best", "deep.best", "clinical.selected", "contrasts.model")


@dataclass(frozen=True)
class Crossing:
    """kind: significance, interval, order, cut-off, chosen, guard or claim. key: of the number, or
    claim; old, new: what it said."""

    kind: str
    key: str
    old: str
    new: str


def _significance(old: Mapping[str, Record], new: Mapping[str, Record]) -> Iterator[Crossing]:
    level = new.get("settings.confidence_level")
    alpha = 1 - float(level.value) if level is not None and level.value is not None else 0.05
    for key in sorted(set(old) & set(new)):
        one, two = old[key].p, new[key].p
        if one is not None and two is not None and (one < alpha) != (two < alpha):
            yield Crossing(
                "significance",
                key,
                f"p {'below' if one < alpha else 'not below'} {alpha:.3g}",
                f"p {'below' if two < alpha else 'not below'} {alpha:.3g}",
            )


def _side(record: Record, null: float) -> str | None:
    if record.ci_low is None or record.ci_high is None:
        return None
    return "above" if record.ci_low > null else "below" if record.ci_high < null else "across"


def _intervals(old: Mapping[str, Record], new: Mapping[str, Record]) -> Iterator[Crossing]:
    for key in sorted(set(old) & set(new)):
        null = NO_EFFECT.get(str(new[key].unit))
        if key.startswith("calibration_intercept."):
            null = 0.0
        if null is None:
            continue
        one, two = _side(old[key], null), _side(new[key], null)
        if one and two and one != two:
            yield Crossing("interval", key, f"{one} {null:g}", f"{two} {null:g}")


def _order(results: Mapping[str, Record], how: str) -> str | None:
    headline = results.get("models.headline")
    names = (
        [name for name in str(headline.value).split(",") if name] if headline is not None else []
    )
    areas = {
        name: results[f"auc.{name}.{how}"].value
        for name in names
        if f"auc.{name}.{how}" in results and results[f"auc.{name}.{how}"].value is not None
    }
    return " > ".join(sorted(areas, key=lambda name: (-float(areas[name] or 0), name))) or None


def _orders(old: Mapping[str, Record], new: Mapping[str, Record]) -> Iterator[Crossing]:
    for how in ("out_of_fold", "validation"):
        one, two = _order(old, how), _order(new, how)
        if one and two and one != two:
            yield Crossing("order", f"AUC, {how.replace('_', ' ')}", one, two)


def _cutoffs(old: Mapping[str, Record], new: Mapping[str, Record]) -> Iterator[Crossing]:
    """A cut-off that left the interval that it had."""
    for key in sorted(key for key in set(old) & set(new) if key.startswith("cutoff.")):
        one, two = old[key], new[key]
        if None in (one.ci_low, one.ci_high, two.value):
            continue
        if not float(one.ci_low or 0) <= float(two.value or 0) <= float(one.ci_high or 0):
            yield Crossing(
                "cut-off",
                key,
                f"{one.value:.3g} ({one.ci_low:.3g} to {one.ci_high:.3g})",
                f"{two.value:.3g}",
            )


def _chosen(old: Mapping[str, Record], new: Mapping[str, Record]) -> Iterator[Crossing]:
    for key in CHOSEN:
        one, two = (
            None if key not in results else str(results[key].value) for results in (old, new)
        )
        if one is not None and two is not None and one != two:
            yield Crossing("chosen", key, one, two)
    before, after = (
        {
            str(record.value)
            for key, record in results.items()
            if key.startswith("features.selected.") and isinstance(record.value, str)
        }
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
    for key in sorted(
        key
        for key in set(old) & set(new)
        if key.startswith(("guard.", "calibration_curve_stable.", "equivalent."))
    ):
        if old[key].value != new[key].value and isinstance(new[key].value, str):
            yield Crossing(
                "guard" if key.startswith("guard.") else "verdict",
                key,
                str(old[key].value),
                str(new[key].value),
            )


def _claims(old: Snapshot, new: Snapshot) -> Iterator[Crossing]:
    def state(claim: Mapping | None) -> str:
        return (
            "not made"
            if claim is None
            else "holds"
            if claim.get("holds") is True
            else "does not hold"
        )

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
