"""Staging systems and prognostic indexes: models with nothing to learn.

Every score is also a function of its id that takes a clinical table in canonical units:
`models.staging.albi(table)`, `models.staging.bclc(table)` → value, level, score, missing of every
patient.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.units.quantities import canonical_units
from models.staging.afp_levels import AFP_LEVELS
from models.staging.ajcc_stage import AJCC8
from models.staging.albi_family import ALBI_FAMILY
from models.staging.bclc_stage import BCLC
from models.staging.blood_count_indexes import BLOOD_COUNT_INDEXES
from models.staging.child_pugh_score import CHILD_PUGH
from models.staging.clip_score import CLIP
from models.staging.cnlc_stage import CNLC
from models.staging.cupi_score import CUPI
from models.staging.definition import ScoreDefinition, ScoreInputError, evaluate
from models.staging.enzyme_indexes import ENZYME_INDEXES
from models.staging.erasl import ERASL_PRE
from models.staging.hklc_stage import HKLC
from models.staging.italica_score import ITALICA
from models.staging.jis_score import JIS
from models.staging.li_rads import LI_RADS
from models.staging.meld_family import MELD_FAMILY
from models.staging.nutrition_indexes import NUTRITION_INDEXES
from models.staging.okuda_stage import OKUDA
from models.staging.recurrence_scores import RECURRENCE_SCORES
from models.staging.refits import REFITS, Refit
from models.staging.transplant_criteria import TRANSPLANT_CRITERIA
from models.staging.tumour_burden import TUMOUR_BURDEN

SCORES: dict[str, ScoreDefinition] = {
    each.id: each
    for each in (
        *BCLC,
        CNLC,
        AJCC8,
        HKLC,
        CLIP,
        OKUDA,
        JIS,
        ITALICA,
        *CUPI,
        *TRANSPLANT_CRITERIA,
        *TUMOUR_BURDEN,
        *CHILD_PUGH,
        *ALBI_FAMILY,
        *MELD_FAMILY,
        *ENZYME_INDEXES,
        *BLOOD_COUNT_INDEXES,
        *NUTRITION_INDEXES,
        *AFP_LEVELS,
        *RECURRENCE_SCORES,
        ERASL_PRE,
        LI_RADS,
    )
}


def comparator_label(name: str) -> str:
    """Label of a score or of a refit of one; raises ValueError for an unknown name."""
    return REFITS[name].label if name in REFITS else get_score(name).label


def comparator_inputs(name: str) -> tuple[str, ...]:
    """Canonical columns that a score, or a refit of one, needs."""
    return REFITS[name].inputs if name in REFITS else get_score(name).inputs


def get_score(name: str) -> ScoreDefinition:
    """The definition of a score; raises ValueError with close matches and all names."""
    if name not in SCORES:
        close = (
            difflib.get_close_matches(name, SCORES, n=3)
            or [each for each in SCORES if each.startswith(name)][:3]
        )
        hint = f"did you mean {' or '.join(close)}? " if close else ""
        raise ValueError(f"score '{name}' is unknown; {hint}known are {', '.join(SCORES)}")
    return SCORES[name]


def score_table(
    table: pd.DataFrame,
    ids: Sequence[str] | None = None,
    assume: Mapping[str, float | str] | None = None,
) -> pd.DataFrame:
    """Table of scores: patients × scores.

    It has the level of a stage, the value of an index, and `<id>_missing` naming the inputs that
    are not there.

    table: canonical units (analysis.cohort.tables.canonical_units.to_canonical), patient_id as
    index or column. ids: all confirmed scores if None; unconfirmed ones only by name. assume:
    variable → value taken where it is missing.
    """
    if "patient_id" in table and table.index.name != "patient_id":
        table = table.set_index("patient_id")
    columns = {}
    for name in ids or [
        each for each, definition in SCORES.items() if definition.status == "confirmed"
    ]:
        definition = get_score(name)
        result = evaluate(definition, table, assume)
        columns[name] = result["level"] if definition.levels is not None else result["value"]
        columns[f"{name}_missing"] = result["missing"]
    return pd.DataFrame(columns, index=table.index)


def describe_scores() -> pd.DataFrame:
    """One row a score: what it is, needs (with units), means, and where it comes from."""
    units = {name: unit for name, unit in canonical_units().items() if unit not in ("1", "count")}
    return pd.DataFrame([_description(each, units) for each in SCORES.values()])


def _description(score: ScoreDefinition, units: Mapping[str, str]) -> dict[str, Any]:
    """Row of a score. units: those of inputs, where they have any."""
    inputs = [f"{name} [{units[name]}]" if name in units else name for name in score.inputs]
    if score.ordered:
        worse = "higher" if score.higher_is_worse else "lower"
    else:
        worse = "no order"
    return {
        "id": score.id,
        "label": score.label,
        "family": score.family,
        "inputs": ", ".join(inputs),
        "worse": worse,
        "levels": (" < " if score.ordered else ", ").join(score.levels or ()) or "continuous",
        "status": score.status,
        "default": score.default,
        "source": score.source,
        "doi": score.doi or "",
        "note": score.note,
    }


def remaining_scores(named: Sequence[str]) -> list[str]:
    """Every confirmed score with an order that is not among those named."""
    return [
        name
        for name, score in SCORES.items()
        if score.status == "confirmed" and score.ordered and name not in named
    ]


def assumption_counts(
    table: pd.DataFrame,
    assume: Mapping[str, float | str],
    scores: Mapping[str, ScoreDefinition | Refit],
) -> pd.DataFrame:
    """Number of patients in whom each assumption stands in for a missing input of the scores.

    Columns: variable, value, patients.

    Raises ValueError for an assumed variable that none of the scores needs: it is misspelt or
    useless.
    """
    needed = {name for score in scores.values() for name in score.inputs}
    useless = [name for name in assume if name not in needed]
    if useless:
        raise ValueError(
            f"assume: {', '.join(useless)} is no input of {', '.join(scores)}; their inputs are"
            f" {', '.join(sorted(needed))}"
        )
    return pd.DataFrame(
        [
            {
                "variable": name,
                "value": value,
                "patients": int(table[name].isna().sum()) if name in table else len(table),
            }
            for name, value in assume.items()
        ],
        columns=["variable", "value", "patients"],
    )


def bclc(table: pd.DataFrame, assume: Mapping[str, float | str] | None = None) -> pd.DataFrame:
    """BCLC 2022 of every patient: value, level, score, missing."""
    return evaluate(SCORES["bclc_2022"], table, assume)


def __getattr__(name: str) -> Callable[..., pd.DataFrame]:
    """The function of a score, by its id."""
    if name not in SCORES:
        raise AttributeError(f"module 'models.staging' has no attribute '{name}'")

    def score(table: pd.DataFrame, assume: Mapping[str, float | str] | None = None) -> pd.DataFrame:
        return evaluate(SCORES[name], table, assume)

    score.__name__ = score.__qualname__ = name
    score.__doc__ = f"{SCORES[name].label} of every patient: value, level, score, missing."
    return score


def __dir__() -> list[str]:
    return sorted({*globals(), *SCORES})


__all__ = [
    "REFITS",
    "SCORES",
    "Refit",
    "ScoreDefinition",
    "ScoreInputError",
    "assumption_counts",
    "bclc",
    "comparator_inputs",
    "comparator_label",
    "describe_scores",
    "evaluate",
    "get_score",
    "remaining_scores",
    "score_table",
]
