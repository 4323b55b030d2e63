"""Features that compare two phases: what they are and which were left out, in the methods."""

from __future__ import annotations

from analysis.core.word_lists import listed
from analysis.reporting.manuscript import Results
from analysis.reporting.rendering.escaping import literal
from analysis.results import keys
from analysis.study.delta import MEAN, OF_MEAN, Delta, Measure
from analysis.study.phase_label import phase_labels
from models.radiomics.denominators import LEAST_SHARE

USUAL = ("original_firstorder_*",)
FORMULAS: dict[Measure, str] = {
    "difference": "the difference ({phase} − {reference})",
    "ratio": "the ratio ({phase} / {reference})",
    "relative_change": "the relative change [({phase} − {reference}) / {reference}]",
    "wash_in": "the wash-in of the mean [({phase} − {reference}) / {reference}]",
    "washout": "the washout of the mean [({reference} − {phase}) / {reference}]",
}


def _words(delta: Delta, labels: dict[str, str]) -> str:
    """A comparison in words, with its formula where its name does not say it."""
    named = {key: literal(labels[getattr(delta, key)]) for key in ("phase", "reference")}
    words = FORMULAS[delta.measure].format(**named)
    return words if delta.measure in OF_MEAN else f"{words} of {_compared(delta)}"


def _compared(delta: Delta) -> str:
    """Which features are compared."""
    if delta.features == USUAL:
        words = "first-order features of the unfiltered image"
    else:
        words = f"features named {listed([f'`{each}`' for each in delta.features])}"
    return words + (" but the mean" if delta.but == MEAN else "")


def delta_features(r: Results) -> str:
    """Sentences on the features that compare phases; empty where the study has none."""
    deltas = r.study.deltas
    if not deltas:
        return ""
    labels = phase_labels(r.study, [each for delta in deltas for each in _phases(delta)])
    regions = " and region" if r.study.regions else ""
    parts = [f"{_words(delta, labels)} ({_count(delta)})" for delta in deltas]
    sentences = [
        "The total includes {features.delta.total|feature} that compare two phases of the same"
        f" segmentation{regions}: {'; '.join(parts)}."
    ]
    if r.record(keys.features_delta_total()).value and any(each.is_quotient for each in deltas):
        sentences.append(_quotients(r))
    return " ".join(sentences)


def _phases(delta: Delta) -> tuple[str, str]:
    return delta.reference, delta.phase


def _count(delta: Delta) -> str:
    return f"{{{keys.features_comparison_n(delta.name)}|feature}}"


def _quotients(r: Results) -> str:
    """Sentences on division by values near zero."""
    rule = (
        "A quotient entered a fit only where its denominator had one sign in the patients that the"
        f" fit learnt from and was nowhere below {LEAST_SHARE:.0%} of its median magnitude in them;"
        " in other patients with such a denominator it was set to its mean in the former."
    )
    if keys.features_delta_left_out_n() not in r.records:
        return rule
    return (
        f"{rule} {{features.delta.left_out.n|quotient}} did not enter the final fit, and"
        " {features.delta.filled.n|patient} had such a denominator of a feature that it uses."
    )


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
