"""Sentences on crops that reach beyond their images, and what networks may learn from that."""

from __future__ import annotations

from collections.abc import Callable

from analysis.reporting.manuscript import Results
from analysis.reporting.sentences.study_parts import listed
from analysis.results import keys
from analysis.study.phase_label import phase_label, phase_labels

# Name of the guard that judges what the padding tells of the outcome.
GUARD = "crop_padding"


def _phases(results: Results) -> list[str]:
    return [parts["phase"] for parts, _ in results.all_of(keys.crop_over_tenth_n)]


def _association(results: Results) -> str:
    """AUC of the padding's share, and its direction; empty where it was not judged."""
    if not results.has_value(keys.crop_padding_auc()):
        return ""
    return (
        f"the share of padding alone had an AUC of {{{keys.crop_padding_auc()}:ci}} in the training"
        f" patients ({results.text(keys.crop_padding_direction())} in those with the event)"
    )


def _counts(results: Results, count: Callable[[str], str], phases: list[str]) -> str:
    """`17 patients (MR) and 13 patients (PET)`, by phase if several. count: phase → key."""
    labels = phase_labels(results.study)
    several = len(_phases(results)) > 1
    return listed(
        [
            f"{{{count(phase)}|patient}}" + (f" ({phase_label(phase, labels)})" if several else "")
            for phase in phases
        ]
    )


def crops_beyond(results: Results) -> str:
    """How many crops reach beyond their image, by phase; empty where they hardly do."""
    phases = _phases(results)
    if not phases:
        return ""
    tenth = _counts(results, keys.crop_over_tenth_n, phases)
    half = _counts(results, keys.crop_over_half_n, phases)
    association = _association(results)
    return (
        "The crops that networks saw reached beyond the image by more than a tenth in"
        f" {tenth}, and by more than half in {half};"
        " @tbl-crop-padding has the shares, and `tables/crop_padding.csv` those of each patient."
        + (f" {association[0].upper()}{association[1:]}." if association else "")
    )


def padding_limit(results: Results) -> str:
    """Limitation by padding: where more than half of a crop is padded, or it tells the outcome."""
    verdict = results.records.get(keys.guard(GUARD))
    noted = verdict is not None and verdict.value == "note"
    halves = [
        phase
        for phase in _phases(results)
        if results.record(keys.crop_over_half_n(phase)).number > 0
    ]
    parts = [
        f"more than half of the networks' crop lay beyond the image in"
        f" {_counts(results, keys.crop_over_half_n, halves)}"
        if halves
        else "",
        f"{_association(results)}, so that networks may use how images were cut" if noted else "",
    ]
    text = ", and ".join(part for part in parts if part)
    return f"{text[0].upper()}{text[1:]}." if text else ""
