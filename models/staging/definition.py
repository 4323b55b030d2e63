"""Definition and evaluation of a staging system or index.

What a staging system or index declares of itself, and how it is evaluated where inputs are missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.core.word_lists import counted

# Inputs that are words; every other input is a number in its canonical unit (binary: 0 or 1).
VOCABULARY: dict[str, tuple[str, ...]] = {
    "sex": ("female", "male"),
    "ascites": ("none", "slight", "moderate_severe"),
    "encephalopathy": ("none", "grade_1_2", "grade_3_4"),
    "vascular_invasion": (
        "none",
        "segmental",
        "first_order",
        "main_trunk",
        "hepatic_vein",
        "inferior_vena_cava",
        "bile_duct",
    ),
    "aphe": ("none", "nonrim", "rim"),
    "washout": ("none", "nonperipheral", "peripheral"),
    "capsule": ("none", "incomplete", "complete"),
}

# Inputs that are whole numbers with a range of their own.
WHOLE_NUMBERS: Mapping[str, tuple[float, float]] = {
    "ecog": (0, 4),
    "tumour_number": (1, np.inf),
} | dict.fromkeys(
    (
        "lymph_node_metastasis",
        "distant_metastasis",
        "adjacent_organ_invasion",
        "diffuse",
        "dialysis",
        "asymptomatic",
        "satellite",
        "vascular_invasion_pathology",
        "resection_margin_r1",
        "threshold_growth",
    ),
    (0, 1),
)


class ScoreInputError(ValueError):
    """Error of an input of a score that is neither missing nor one of its possible values.

    The message lists the inputs by patient.
    """


class Publication(NamedTuple):
    """Where a score was published. doi: only where it was seen at its source."""

    source: str
    doi: str | None


@dataclass(frozen=True)
class ScoreDefinition:
    """A score that has nothing to learn.

    inputs: canonical column names. compute: complete rows → rank of the level, or the continuous
    value.
    levels: from best to worst, of rank first_rank, first_rank + 1, …; None for a continuous score.
    ordered: False if the levels are names without an order, which then give no score to rank
    patients by. status: `unconfirmed` definitions rest on statements that nobody has read in the
    source, as `note` says. default: part of the main table. doi: only where it was seen at its
    source.
    """

    id: str
    label: str
    family: str
    inputs: tuple[str, ...]
    higher_is_worse: bool
    levels: tuple[str, ...] | None
    source: str
    doi: str | None
    status: str
    default: bool
    compute: Callable[[pd.DataFrame], pd.Series]
    first_rank: int = 0
    ordered: bool = True
    note: str = ""


def index_of(
    identifier: str,
    label: str,
    inputs: tuple[str, ...],
    compute: Callable[[pd.DataFrame], pd.Series],
    source: str,
    doi: str | None = None,
    *,
    default: bool = False,
    status: str = "confirmed",
    higher_is_worse: bool = True,
    note: str = "",
) -> ScoreDefinition:
    """Definition of a continuous index."""
    return ScoreDefinition(
        identifier,
        label,
        family="index",
        inputs=inputs,
        higher_is_worse=higher_is_worse,
        levels=None,
        source=source,
        doi=doi,
        status=status,
        default=default,
        compute=compute,
        note=note,
    )


def checked_input(name: str, given: pd.Series) -> tuple[pd.Series, pd.Series, str]:
    """One input of a score, checked.

    Returns its words, or its numbers as floats, NaN where missing; which values are none of its
    possible ones; and what these are, in words.
    """
    if name in VOCABULARY:
        wrong = given.notna() & ~given.isin(VOCABULARY[name])
        return (
            given.astype(object).where(given.notna(), np.nan),
            wrong,
            f"one of {', '.join(VOCABULARY[name])}",
        )
    numbers = pd.to_numeric(given, errors="coerce").astype(float)
    values = numbers.to_numpy()
    wrong = (given.notna().to_numpy() & np.isnan(values)) | np.isinf(values) | (values < 0)
    expected = "a number from 0, in the canonical unit"
    if name in WHOLE_NUMBERS:
        low, high = WHOLE_NUMBERS[name]
        wrong |= (values < low) | (values > high) | (values != np.floor(values)) & ~np.isnan(values)
        expected = f"a whole number from {low}" + (f" to {high}" if np.isfinite(high) else "")
    return numbers, pd.Series(wrong, index=given.index), expected


def _faults(name: str, wrong: pd.Series, expected: str) -> list[str]:
    """A line for each wrong value of an input, with those who have it."""
    lines = []
    for value, those in wrong.groupby(wrong, sort=False):
        who = ", ".join(map(str, those.index[:4])) + (", …" if len(those) > 4 else "")
        patients = counted(len(those), "patient")
        whose = f"patient {who}" if len(those) == 1 else f"{patients} ({who})"
        lines.append(f"{whose}: {name} is {value!r}, it must be {expected}")
    return lines


def score_inputs(
    definition: ScoreDefinition, table: pd.DataFrame, assume: Mapping[str, float | str]
) -> pd.DataFrame:
    """Columns of the definition, checked.

    They are words of the vocabulary, or numbers as floats, NaN where missing. assume: variable →
    value taken where it is missing. Raises ScoreInputError if an input is not a possible value.
    """
    columns, faults = {}, []
    for name in definition.inputs:
        given = table[name] if name in table else pd.Series(np.nan, index=table.index, dtype=object)
        if name in assume:
            given = given.astype(object).where(given.notna(), assume[name])
        columns[name], wrong, expected = checked_input(name, given)
        if wrong.any():
            faults += _faults(name, given[wrong], expected)
    if faults:
        more = f"\n  … and {len(faults) - 20} more" if len(faults) > 20 else ""
        raise ScoreInputError(
            f"{definition.label} can't be computed:\n"
            + "\n".join(f"  {fault}" for fault in faults[:20])
            + more
        )
    return pd.DataFrame(columns, index=table.index)


def _joined(flags: pd.DataFrame) -> pd.Series:
    """Names of the columns that are true, comma-joined, of every row."""
    text = np.full(len(flags), "", dtype=object)
    for name in flags.columns:
        flagged = flags[name].to_numpy()
        text[flagged] = np.where(text[flagged] == "", name, text[flagged] + ", " + name)
    return pd.Series(text, index=flags.index, dtype=object)


def evaluate(
    definition: ScoreDefinition,
    table: pd.DataFrame,
    assume: Mapping[str, float | str] | None = None,
) -> pd.DataFrame:
    """Evaluate a staging system or index for the patients of a table.

    value (rank or number), level (text), score (higher = worse), missing (inputs, comma-joined), on
    the table's index.

    A patient with any missing input has no value, never a "normal" one; a missing column is missing
    for everyone. A value that does not exist (a ratio to zero) is missing too, and `missing` names
    the inputs that are 0 as `name (0)`. assume: variable → value taken where it is missing, to be
    reported with the number of patients. Raises ScoreInputError if an input is not a possible
    value.
    """
    inputs = score_inputs(definition, table, assume or {})
    absent = inputs.isna()
    complete = ~absent.any(axis=1)
    missing = _joined(absent)
    value = pd.Series(np.nan, index=table.index)
    if complete.any():
        with np.errstate(divide="ignore", invalid="ignore"):
            computed = definition.compute(inputs[complete].infer_objects()).astype(float)
        computed = computed.where(np.isfinite(computed))
        value[complete] = computed
        undefined = complete & value.isna()
        if undefined.any():
            zero = (inputs[undefined].select_dtypes("number") == 0).rename(
                columns=lambda name: f"{name} (0)"
            )
            missing[undefined] = _joined(zero)
    level = pd.Series(pd.NA, index=table.index, dtype="string")
    if definition.levels is not None:
        known = value.notna()
        level[known] = (
            value[known]
            .astype(int)
            .map(dict(enumerate(definition.levels, start=definition.first_rank)))
        )
    score = value if definition.higher_is_worse else -value
    if not definition.ordered:
        score = pd.Series(np.nan, index=table.index)
    return pd.DataFrame({"value": value, "level": level, "score": score, "missing": missing})
