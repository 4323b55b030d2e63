"""Which staging systems and indexes are drawn beside the best model."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.results import keys
from analysis.results.record import Record


def drawn_scores(records: Mapping[str, Record]) -> list[str]:
    """The first comparator of the study file, then those with the highest AUC in training.

    They are as many as `models.comparators_best` has; the first one, with which the study file
    names the field's standard, takes the place of the last of these where it is none of them. A
    first comparator without an AUC in the validation cohort is not drawn.
    """
    best = records.get(keys.models_comparators_best())
    if best is None or not best.names:
        return []
    every = records.get(keys.models_comparators())
    first = every.names[0] if every is not None and every.names else best.names[0]
    area = records.get(keys.auc(first, "validation"))
    if area is None or area.value is None:
        return list(best.names)
    others = [name for name in best.names if name != first]
    return [first, *others[: len(best.names) - 1]]
