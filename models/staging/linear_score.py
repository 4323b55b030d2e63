"""Linear scores: weighted sums of transformed inputs.

Their coefficients come from a file or are refitted on training data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from ruamel.yaml import YAML

from analysis.core.word_lists import counted
from models.staging.albi_family import albi_grade
from models.staging.blood_count_indexes import nlr

# Term → (inputs, transformation); ln is the natural logarithm, units are the canonical ones.
TERMS: dict[str, tuple[tuple[str, ...], Callable[[pd.DataFrame], pd.Series]]] = {
    "male": (("sex",), lambda table: (table["sex"] == "male").astype(float)),
    "albi_grade_2_or_3": (
        ("bilirubin", "albumin"),
        lambda table: (albi_grade(table) >= 2).astype(float),
    ),
    "ln_afp": (("afp",), lambda table: np.log(table["afp"])),
    "ln_tumour_diameter": (("tumour_diameter",), lambda table: np.log(table["tumour_diameter"])),
    "nlr_from_5": (
        ("neutrophils", "lymphocytes"),
        lambda table: (nlr(table).round(10) >= 5).astype(float),
    ),
    "afp_maximum_above_200": (
        ("afp_maximum",),
        lambda table: (table["afp_maximum"] > 200).astype(float),
    ),
    "tumour_diameter_above_3": (
        ("tumour_diameter",),
        lambda table: (table["tumour_diameter"] > 3).astype(float),
    ),
    "tumour_number_class": (
        ("tumour_number",),
        lambda table: pd.Series(
            np.select([table["tumour_number"] <= 1, table["tumour_number"] <= 3], [0.0, 1.0], 2.0),
            index=table.index,
        ),
    ),
}


def term_inputs(terms: tuple[str, ...]) -> tuple[str, ...]:
    """Canonical columns that the terms need, each once."""
    return tuple(dict.fromkeys(name for term in terms for name in TERMS[term][0]))


def design(table: pd.DataFrame, terms: tuple[str, ...]) -> pd.DataFrame:
    """Patients × terms; NaN where an input of the term is missing or has no logarithm."""
    columns = {}
    for term in terms:
        inputs, transform = TERMS[term]
        complete = (
            table[list(inputs)].notna().all(axis=1)
            if set(inputs) <= set(table.columns)
            else pd.Series(False, index=table.index)
        )
        column = pd.Series(np.nan, index=table.index)
        if complete.any():
            with np.errstate(divide="ignore", invalid="ignore"):
                column[complete] = transform(table.loc[complete, list(inputs)])
        columns[term] = column.where(np.isfinite(column))
    return pd.DataFrame(columns, index=table.index)


@dataclass(frozen=True)
class LinearScore:
    """Linear score; higher = worse.

    coefficients: term → weight; groups: name → highest score of the group, from low to high.
    """

    label: str
    source: str
    status: str
    coefficients: Mapping[str, float]
    groups: Mapping[str, float]

    def __post_init__(self) -> None:
        strange = sorted(set(self.coefficients) - set(TERMS))
        if strange:
            raise ValueError(
                f"{self.label}: no such term: {', '.join(strange)}; known terms are"
                f" {', '.join(TERMS)}"
            )

    @property
    def terms(self) -> tuple[str, ...]:
        """Names of the score's terms."""
        return tuple(self.coefficients)

    def __call__(self, table: pd.DataFrame) -> pd.Series:
        """Sum of coefficient × term; NaN where a term is missing."""
        return design(table, self.terms) @ pd.Series(dict(self.coefficients))

    @classmethod
    def from_file(cls, path: Path | str) -> LinearScore:
        """Read label, source, status, coefficients and groups.

        Raises ValueError naming what is absent.
        """
        content = YAML(typ="safe").load(Path(path).read_text(encoding="utf-8"))
        absent = [
            key
            for key in ("label", "source", "status", "coefficients")
            if not isinstance(content, dict) or key not in content
        ]
        if absent:
            raise ValueError(
                f"{path}: {', '.join(absent)} missing; a linear score needs label, source, status"
                " and coefficients"
            )
        return cls(
            content["label"],
            content["source"],
            status=content["status"],
            coefficients=content["coefficients"],
            groups=content.get("groups") or {},
        )


def refit(
    label: str, terms: tuple[str, ...], table: pd.DataFrame, outcome: pd.Series
) -> LinearScore:
    """Refit the same variables by logistic regression on complete patients.

    The result is no longer the published score.

    outcome: 1, 0 or NaN, on the table's index. Terms that do not vary get 0. Raises ValueError
    where too few are complete.
    """
    values = design(table, terms)
    complete = values.notna().all(axis=1) & outcome.notna()
    varying = [term for term in terms if values.loc[complete, term].nunique() > 1]
    if outcome[complete].nunique() < 2 or not varying:
        raise ValueError(
            f"{label}: {counted(int(complete.sum()), 'complete patient')} with"
            f" {counted(int(outcome[complete].sum()), 'event')} are too few to refit"
            f" {', '.join(terms)}"
        )
    # On one scale, so that the search converges; without a penalty, as in the published score.
    scale = values.loc[complete, varying].std(ddof=0)
    # Here, as every document reads the names of the scores, and none refits one.
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=np.inf, max_iter=5000).fit(
        values.loc[complete, varying] / scale, outcome[complete].astype(int)
    )
    weights = dict(zip(varying, fitted.coef_[0] / scale, strict=True))
    return LinearScore(
        label,
        "refitted on the training cohort",
        status="refit",
        coefficients={term: float(weights.get(term, 0.0)) for term in terms},
        groups={},
    )
