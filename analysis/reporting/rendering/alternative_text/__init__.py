"""Alternative text: what a figure shows, in words, for those who can't see it.

It is written from the numbers that the figure was drawn from.
"""

from __future__ import annotations

from collections.abc import Callable

from analysis.reporting.rendering.alternative_text import (
    cohort,
    follow_up,
    images,
    models,
    performance,
)
from analysis.reporting.results_by_key import ResultsByKey
from analysis.reporting.wordings.result_ids import DIVISIONS

TEXTS: dict[str, Callable[[ResultsByKey], str]] = {
    "flow_chart": cohort.flow_chart,
    "phases": cohort.phases,
    "habitats": cohort.habitats,
    "selection": models.selection,
    "roc": performance.roc,
    "roc_staging": performance.roc_staging,
    "calibration": performance.calibration,
    "calibration_models": performance.calibration_models,
    "decision_curve": performance.decision_curve,
    "decision_curve_models": performance.decision_curve_models,
    "forest": performance.forest,
    "nomogram": models.nomogram,
    "kaplan_meier": follow_up.kaplan_meier,
    "cumulative_incidence": follow_up.cumulative_incidence,
    "stages": follow_up.stages,
    "permutations": models.permutations,
    "repeats": models.repeats,
    "instability": models.instability,
    "shap": models.shap,
    "contributions": models.contributions,
    **{f"places_{division}": models.places(division) for division in DIVISIONS},
    **images.IMAGE_TEXTS,
}


def alternative_text(results: ResultsByKey, name: str) -> str:
    """Raises KeyError for a figure that has none: every figure of the report needs one."""
    if name.startswith("contact_sheet_"):
        return images.contact_sheet(name.removeprefix("contact_sheet_"))(results)
    if name not in TEXTS:
        raise KeyError(
            f"figure '{name}' has no alternative text; give it one in"
            " analysis/reporting/rendering/alternative_text"
        )
    return TEXTS[name](results)
