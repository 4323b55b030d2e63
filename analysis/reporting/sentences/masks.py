"""What was done to masks before features were taken, as the methods say it."""

from __future__ import annotations

from analysis.reporting.manuscript import Results
from analysis.results import keys

RULES = {
    "nearest": "by nearest neighbour",
    "signed_distance": "by linear interpolation of the signed distance from the outline",
}


def mask_treatment(r: Results) -> str:
    """Sentences on resampled masks and filled gaps, each with its patients.

    The text is empty where the study let neither be done.
    """
    words = ""
    if keys.quality_masks_resampled() in r.records:
        words += (
            "Masks on another grid than their image's were resampled to it"
            f" {RULES[r.plain(keys.quality_masks_resampled())]}"
            + r.fill(", without registration ({quality.masks_resampled.n|patient}). ")
        )
    if keys.quality_gaps_filled() in r.records:
        words += r.fill(
            "Empty slices between delineated ones of a lesion were filled by shape-based"
            " interpolation [@raya1990] ({quality.gaps_filled.n|patient}). "
        )
    return words
