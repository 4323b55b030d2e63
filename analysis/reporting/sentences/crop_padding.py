"""Sentences on crops that reach beyond their images, and what networks may learn from that."""

from __future__ import annotations

from analysis.reporting.manuscript import Results
from analysis.reporting.sentences.study_parts import listed
from analysis.results import keys
from analysis.study.phase_label import phase_label, phase_labels
from analysis.training.leakage.crop_padding import LEAST_NOTED
from analysis.training.leakage.guard import NOTE_LEVEL


def _phases(results: Results) -> list[str]:
    return [parts["phase"] for parts, _ in results.all_of(keys.crop_over_tenth_n)]


def _association(results: Results) -> str:
    """AUC of the padding's share, and its direction; empty where it was not judged."""
    if not results.has_value(keys.crop_padding_auc()):
        return ""
    return (
        f"the share of padding alone had an AUC of {{{keys.crop_padding_auc()}:ci}} in the training"
        f" patients and was {results.text(keys.crop_padding_direction())} in those with the event"
    )


def crops_beyond(results: Results) -> str:
    """How many crops reach beyond their image, by phase; empty where they hardly do."""
    phases, labels = _phases(results), phase_labels(results.study)
    if not phases:
        return ""
    counts = [
        f"{{{keys.crop_over_tenth_n(phase)}|patient}} and by more than half in"
        f" {{{keys.crop_over_half_n(phase)}}} ({phase_label(phase, labels)})"
        for phase in phases
    ]
    association = _association(results)
    return (
        "The crops that networks saw reached beyond the image by more than 10% in"
        f" {listed(counts)}; the shares are in `tables/crop_padding.csv`."
        + (f" {association[0].upper()}{association[1:]}." if association else "")
    )


def padding_limit(results: Results) -> str:
    """Limitation by padding: where more than half of a crop is padded, or it tells the outcome."""
    found = results.records.get(keys.crop_padding_auc())
    noted = (
        found is not None
        and found.value is not None
        and (found.number >= LEAST_NOTED or (found.p is not None and found.p < NOTE_LEVEL))
    )
    halves = [
        phase
        for phase in _phases(results)
        if results.record(keys.crop_over_half_n(phase)).number > 0
    ]
    if not halves and not noted:
        return ""
    labels = phase_labels(results.study)
    counts = [
        f"{{{keys.crop_over_half_n(phase)}|patient}} ({phase_label(phase, labels)})"
        for phase in halves
    ]
    padded = (
        f"more than half of the networks' crop lay beyond the image in {listed(counts)}"
        if halves
        else ""
    )
    told = f"{_association(results)}, so that networks may use how images were cut" if noted else ""
    text = "; ".join(part for part in (padded, told) if part)
    return f"{text[0].upper()}{text[1:]}."
