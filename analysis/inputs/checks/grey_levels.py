"""The rule that a bin width was chosen by: how many grey levels tumours have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from analysis.cohort.cohort import Cohort
from analysis.core.problems import Problems
from analysis.core.word_lists import counted
from analysis.inputs.radiomics.quality import cohort_quality
from analysis.inputs.standard_scale import with_standard_scale
from analysis.study import Extraction


def widths_within(
    levels: Iterable[int], width: float, bounds: tuple[int, int]
) -> tuple[float, float, float]:
    """Median of numbers of grey levels at a bin width, and the least and largest width within.

    The number of levels goes with one over the width, so that a median of m at width w comes to
    `bounds` at w·m/high and w·m/low (in the intensities' unit).
    """
    median = float(np.median(list(levels)))
    low, high = bounds
    return median, width * median / high, width * median / low


def check_grey_levels(cohort: Cohort, problems: Problems) -> None:
    """Check the median number of grey levels of the training patients' tumours in each phase.

    The rule is that of `radiomics.grey_levels`; no outcome is seen, and the width stays one number
    of the study file. Nothing is looked at where images or masks have errors.
    """
    study = cohort.study
    if study.radiomics is None or study.radiomics.table is not None or problems.of("error"):
        return
    bounds = study.radiomics.grey_levels
    if bounds is None:
        return
    rows = [
        row for row in cohort_quality(with_standard_scale(cohort))[0] if row["cohort"] == "training"
    ]
    for phase in study.phases:
        found = [row for row in rows if row["phase"] == phase]
        if found:
            _judge(found, study.written_extraction_of(phase), bounds, problems)


def _judge(
    rows: Sequence[Mapping[str, Any]],
    settings: Extraction,
    bounds: tuple[int, int],
    problems: Problems,
) -> None:
    """Add an error for a phase whose median lies outside the bounds."""
    phase, low, high = rows[0]["phase"], *bounds
    place = "radiomics.grey_levels in the study file"
    if settings.bin_width is None:
        problems.error(
            f"phase {phase} has a bin_count, which is the number of grey levels of every tumour",
            place,
            mend="take grey_levels out, or give a bin_width",
        )
        return
    levels = [row["grey_levels"] for row in rows]
    median, least, most = widths_within(levels, settings.bin_width, bounds)
    if not low <= median <= high:
        problems.error(
            f"tumours of phase {phase} have a median of"
            f" {counted(f'{median:g}', 'grey level')} at bin_width"
            f" {settings.bin_width:g} (training patients), and the rule is {low} to {high}",
            place,
            mend=f"set bin_width of this phase between {least:.3g} and {most:.3g}, once and for all"
            " patients and folds, or take grey_levels out",
        )
