"""Features that compare two phases: what they are and which were left out, in the methods."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.core.word_lists import listed
from analysis.reporting.manuscript import Results
from analysis.reporting.rendering.escaping import literal
from analysis.results import keys
from analysis.study.delta import MEAN, OF_MEAN, Delta, Measure
from analysis.study.phase_label import phase_labels
from models import near_zero

USUAL = ("original_firstorder_*",)
FORMULAS: dict[Measure, str] = {
    "difference": "the difference {phase} − {reference}",
    "ratio": "the ratio {phase} / {reference}",
    "relative_change": "the relative change ({phase} − {reference}) / {reference}",
    "wash_in": "wash-in, ({phase} − {reference}) / {reference}",
    "washout": "washout, ({reference} − {phase}) / {reference}",
}
LEAST_SOURCE = f"{near_zero.__name__}:LEAST_SHARE"


def delta_features(r: Results) -> str:
    """Sentences on the features that compare phases; empty where the study has none."""
    deltas = r.study.deltas
    if not deltas:
        return ""
    names = [name for each in deltas for name in (each.reference, each.phase)]
    labels = phase_labels(r.study, names)
    groups: dict[str, list[str]] = {}
    for delta in deltas:
        groups.setdefault(_compared(delta), []).append(_words(delta, labels))
    parts = "; ".join(f"of {features}, {listed(words)}" for features, words in groups.items())
    regions = " and region" if r.study.regions else ""
    whole = (
        "The total includes {features.delta.total|feature} that compare two phases in the same"
        f" segmentation{regions}: {parts}."
    )
    quotients = any(each.is_quotient for each in deltas)
    return " ".join([whole, *(_quotients(r) if quotients else [])])


def _words(delta: Delta, labels: Mapping[str, str]) -> str:
    """A comparison by its formula, with its number of features."""
    named = {key: literal(labels[getattr(delta, key)]) for key in ("phase", "reference")}
    count = "" if delta.measure in OF_MEAN else f" ({{{keys.features_comparison_n(delta.name)}}})"
    return FORMULAS[delta.measure].format(**named) + count


def _compared(delta: Delta) -> str:
    """Which features are compared."""
    if delta.measure in OF_MEAN:
        return "the mean of the unfiltered image"
    if delta.features == USUAL:
        words = "first-order features of the unfiltered image"
    else:
        words = f"features named {listed([f'`{each}`' for each in delta.features])}"
    return words + (" but the mean" if delta.but == MEAN else "")


def _quotients(r: Results) -> list[str]:
    """Sentences on division by values near zero, and on the reproducibility of denominators."""
    least = r.stated(f"{near_zero.LEAST_SHARE:.0%}", LEAST_SOURCE)
    found = [
        "A quotient entered a fit only where its denominator had one sign in the patients that the"
        f" fit learnt from and was nowhere below {least} of its median magnitude in them; in other"
        " patients with such a denominator the quotient was set to its mean in the former."
    ]
    if keys.features_delta_left_out_n() in r.records:
        out, filled = (
            r.record(key).value
            for key in (keys.features_delta_left_out_n(), keys.features_delta_filled_n())
        )
        quotients = "{features.delta.left_out.n|quotient}" if out else "no quotient"
        patients = "{features.delta.filled.n|patient}" if filled else "no patient"
        found.append(
            f"The final fit left out {quotients}, and {patients} had such a denominator of a"
            " quotient that it used."
        )
    if keys.features_stable_n() in r.records:
        found.append("A quotient counted as reproducible only where its denominator did.")
    return found


def deltas_left_out(r: Results) -> str:
    """Sentence on where the quotients are that did not enter the final fit; empty without any."""
    key = keys.features_delta_left_out_n()
    if key not in r.records or not r.record(key).value:
        return ""
    return (
        f"Of {{{key}:n|quotient}} of two phases, {{{key}}} did not enter the final fit, as the"
        " denominator was near zero or had both signs; they are named in"
        " `tables/delta_left_out.csv`."
    )
