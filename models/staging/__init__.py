"""Staging systems and prognostic indexes: models with nothing to learn."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence

import pandas as pd

from models.staging.blood_indexes import BLOOD_INDEXES
from models.staging.child_pugh import CHILD_PUGH
from models.staging.definition import ScoreDefinition, evaluate
from models.staging.tumour_stages import AJCC8, BCLC, CNLC

SCORES: dict[str, ScoreDefinition] = {each.id: each for each in (BCLC, CNLC, AJCC8, CHILD_PUGH, *BLOOD_INDEXES)}


def get_score(name: str) -> ScoreDefinition:
    """The definition of a score; raises ValueError with close matches and all names."""
    if name not in SCORES:
        close = difflib.get_close_matches(name, SCORES, n=3)
        hint = f"did you mean {' or '.join(close)}? " if close else ""
        raise ValueError(f"score '{name}' is unknown; {hint}known are {', '.join(SCORES)}")
    return SCORES[name]


def score_table(table: pd.DataFrame, ids: Sequence[str] | None = None, assume: Mapping[str, float | str] | None = None) -> pd.DataFrame:
    """Patients × scores: the level of a stage, the value of an index, and `<id>_missing` naming the inputs that are not there."""
    columns = {}
    for name in ids or [each for each, definition in SCORES.items() if definition.status == "confirmed"]:
        definition = get_score(name)
        result = evaluate(definition, table, assume)
        columns[name] = result["level"] if definition.levels is not None else result["value"]
        columns[f"{name}_missing"] = result["missing"]
    return pd.DataFrame(columns, index=table.index)


def describe_scores() -> pd.DataFrame:
    """One row a score: what it is, needs, means, and where it comes from."""
    return pd.DataFrame([{
        "id": each.id, "label": each.label, "family": each.family, "inputs": ", ".join(each.inputs),
        "worse": "higher" if each.higher_is_worse else "lower", "levels": " < ".join(each.levels or ()) or "continuous",
        "status": each.status, "source": each.source, "doi": each.doi or "",
    } for each in SCORES.values()])


def bclc(table: pd.DataFrame) -> pd.DataFrame:
    """BCLC 2022 of every patient: value, level, score, missing."""
    return evaluate(BCLC, table)


def cnlc(table: pd.DataFrame) -> pd.DataFrame:
    """CNLC of every patient: value, level, score, missing."""
    return evaluate(CNLC, table)


def ajcc8(table: pd.DataFrame) -> pd.DataFrame:
    """Clinical AJCC TNM, 8th edition, of every patient: value, level, score, missing."""
    return evaluate(AJCC8, table)
