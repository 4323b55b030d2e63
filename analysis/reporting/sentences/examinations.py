"""From which of a patient's examinations the phases are, as the methods say it."""

from __future__ import annotations

from analysis.reporting.manuscript import Results
from analysis.results import keys

CHOSEN = {
    "first": "the first one",
    "last": "the last one",
    "before": "the last one up to the date in {images.examination.date}",
    "nearest": "the one nearest to the date in {images.examination.date}",
}


def examination_choice(r: Results) -> str:
    """Sentence on the choice among several examinations of a patient.

    It appears where the study file has a rule for such patients; the text is empty where it has
    none.
    """
    if keys.images_examination() not in r.records:
        return ""
    return r.fill(
        "Of several examinations of a patient, all phases are of"
        f" {CHOSEN[r.plain(keys.images_examination())]}. "
    )
