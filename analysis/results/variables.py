"""The variables of the clinical table as the data dictionary defines them."""

from __future__ import annotations

import pandas as pd

from analysis.study import Study
from analysis.study.dictionary import Dictionary, Variable
from analysis.study.level_label import level_label

COLUMNS = ["variable", "label", "definition", "values", "unit", "recorded", "candidate", "group"]
# Who a patient is, and how the study was laid out, is no measurement.
LEFT_OUT = ("identifier", "design")


def _unit(variable: Variable) -> str:
    if variable.type != "continuous":
        return ""
    if variable.unit:
        return "none" if variable.unit == "1" else variable.unit
    return "recorded"


def _values(variable: Variable) -> str:
    if variable.levels:
        return ", ".join(level_label(level) for level in variable.levels)
    return variable.type


def _recorded(variable: Variable) -> str:
    """Time at which the value became known; that of an outcome is follow-up in any case."""
    return "follow_up" if variable.role == "outcome" else variable.recorded


def _place(variable: Variable, groups: tuple[str, ...]) -> int:
    """Place of a variable's group among those whose order is said; others come after them."""
    return groups.index(variable.group) if variable.group in groups else len(groups)


def variable_table(dictionary: Dictionary, study: Study) -> pd.DataFrame:
    """Table of the variables but for identifiers and the design, one a row.

    Columns: variable, label, definition, values (levels from best to worst, or the reference
    first; the type where there are none), unit (recorded: with each patient's value), recorded
    (baseline, later or follow_up), whether it was a candidate of the CR model (yes or no), and the
    heading of the baseline table below which it stands (empty where there is none). Groups whose
    order the dictionary says come first, in this order.
    """
    candidates = set(study.clinical.candidates) if study.clinical is not None else set()
    rows = [
        [
            name,
            each.label,
            each.definition or "",
            _values(each),
            _unit(each),
            _recorded(each),
            "yes" if name in candidates else "no",
            each.group or "",
        ]
        for name, each in sorted(
            dictionary.variables.items(), key=lambda item: _place(item[1], dictionary.groups)
        )
        if each.role not in LEFT_OUT
    ]
    return pd.DataFrame(rows, columns=COLUMNS)
