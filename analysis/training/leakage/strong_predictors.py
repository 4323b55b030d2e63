"""Single columns, or the centre, that tell the outcome nearly alone.

They may hence have been learnt from the outcome.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import mannwhitneyu, rankdata

from analysis.cohort.cohort import Cohort
from analysis.core.word_lists import counted
from analysis.statistics.contingency import category_test
from analysis.training.leakage.guard import GUARD_LEVEL, NOTE_LEVEL, Guard, Verdict
from models.inputs import Inputs
from models.registry import scores_of

# A single column whose AUC, whichever way round, reaches this is no predictor that a clinic knows
# of.
LEAST_AUC = 0.95
# The same for a column of names: in two equal halves, 95 of 100 in their own half.
LEAST_V = 0.9
# A centre: in two equal halves, events in 80 of 100 patients of one and in 20 of 100 of the other;
# and what deserves a word.
CENTRE_V, CENTRE_NOTE = 0.6, 0.3
FEWEST = 5


def cramers_v(table: Any) -> float:
    """Cramér's V of a two-way table without its bias in small samples (Bergsma 2013), from 0 to 1.

    table: counts, no row or column empty. scipy.stats.contingency.association has the biased one.
    """
    counts = np.asarray(table, dtype=float)
    total, (rows, columns) = counts.sum(), counts.shape
    expected = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0, keepdims=True) / total
    squared = max(
        ((counts - expected) ** 2 / expected).sum() / total
        - (rows - 1) * (columns - 1) / (total - 1),
        0.0,
    )
    sizes = [each - (each - 1) ** 2 / (total - 1) for each in counts.shape]
    return float(min(np.sqrt(squared / (min(sizes) - 1)), 1.0)) if min(sizes) > 1 else 0.0


def _judged(cohort: Cohort) -> pd.Index:
    """Training patients of known outcome; all of known outcome where nobody trains."""
    training = cohort.labelled("training")
    return training if len(training) else cohort.patients[cohort.label.notna()]


def _clinical(cohort: Cohort, patients: pd.Index) -> dict[str, pd.Series]:
    """Label of each clinical column that a model or a score reads → its values."""
    study, dictionary = cohort.study, cohort.dictionary
    wanted = [
        *(study.clinical.candidates if study.clinical else ()),
        *(name for score in scores_of(study).values() for name in score.inputs),
    ]
    return {
        (
            dictionary.variables[name].label
            if dictionary is not None and name in dictionary.variables
            else name
        ): cohort.clinical.loc[patients, name]
        for name in dict.fromkeys(wanted)
        if name in cohort.clinical
    }


def _tells(values: pd.Series, label: pd.Series) -> tuple[float, str, float] | None:
    """Strength with which one column tells the outcome.

    How well the column tells the outcome, relative to the least size of an alarm (1: at it), in
    words, with its P-value, which is computed from that size on (else 1).
    """
    known = values.notna().to_numpy()
    event = label.to_numpy()[known] == 1
    if min(event.sum(), (~event).sum()) < FEWEST:
        return None
    if pd.api.types.is_numeric_dtype(values):
        numbers = values.to_numpy(dtype=float)[known]
        if numbers.min() == numbers.max():
            return None
        area = (rankdata(numbers)[event].mean() - (event.sum() + 1) / 2) / (~event).sum()
        size = abs(area - 0.5) / (LEAST_AUC - 0.5)
        # 1 − 1e-9: a size at the limit but for rounding is at it.
        p = float(mannwhitneyu(numbers[event], numbers[~event]).pvalue) if size >= 1 - 1e-9 else 1.0
        return float(size), f"AUC {max(area, 1 - area):.3f}", p
    values, label = values[known], label[known]
    if values.nunique() < 2:
        return None
    counts = pd.crosstab(values.astype(str), label)
    size = cramers_v(counts)
    return (
        size / LEAST_V,
        f"Cramér's V {size:.2f}",
        float(category_test(counts).p) if size >= LEAST_V else 1.0,
    )


def single_predictor(cohort: Cohort, inputs: Inputs) -> Guard:
    """Guard against a column that orders the outcome nearly perfectly by itself.

    Its AUC is at least .95, and not by chance among so many.

    Clinical columns and radiomics features are two families, each corrected by Bonferroni's method.
    Where there are too few patients to exclude chance at GUARD_LEVEL, but not at NOTE_LEVEL, it is
    a note.
    """
    title, patients = "A single column that tells the outcome", _judged(cohort)
    label = cohort.label[patients]
    found: dict[str, tuple[float, str, float]] = {}
    features = {
        str(name): values
        for table in (inputs.radiomics, inputs.blocks)
        if table is not None
        # Patients are looked up once a table, not once a column.
        for name, values in table.loc[patients].items()
    }
    for family in (_clinical(cohort, patients), features):
        told = {
            name: each
            for name, values in family.items()
            if (each := _tells(values, label)) is not None
        }
        found |= {
            name: (size, words, min(p * len(told), 1.0)) for name, (size, words, p) in told.items()
        }
    looked_at = (
        f"{counted(len(found), 'column')} of {counted(len(patients), 'patient')}, each by itself"
    )
    if not found:
        return Guard(
            "single_predictor",
            title,
            looked_at=looked_at,
            finding="no column with enough patients of both outcomes",
            verdict="not run",
        )
    levels: tuple[tuple[Verdict, float], ...] = (("fail", GUARD_LEVEL), ("note", NOTE_LEVEL))
    for verdict, level in levels:
        faults = {
            name: told for name, told in found.items() if told[0] >= 1 - 1e-9 and told[2] < level
        }
        if faults:
            shown = sorted(faults, key=lambda name: -faults[name][0])[:3]
            more = f" and {len(faults) - 3} more" if len(faults) > 3 else ""
            words = "; ".join(f"{name}: {faults[name][1]}" for name in shown) + more
            return Guard(
                "single_predictor",
                title,
                looked_at=looked_at,
                finding=f"{words}. No known predictor does that; was it recorded after the"
                f" outcome, or made"
                " from it?",
                verdict=verdict,
                named=", ".join(shown) + more,
            )
    best = max(found, key=lambda name: found[name][0])
    return Guard(
        "single_predictor",
        title,
        looked_at=looked_at,
        finding=f"the strongest is {best}, {found[best][1]}; an alarm needs an AUC of"
        f" {LEAST_AUC:g}",
        verdict="pass",
    )


def centre_outcome(cohort: Cohort) -> Guard:
    """A centre that nearly is the outcome: whatever differs between scanners then predicts it."""
    title, centre = "A centre that tells the outcome", cohort.centre
    if centre is None:
        return Guard(
            "centre_outcome",
            title,
            looked_at="no centre",
            finding="the study file names no column of centres",
            verdict="not run",
        )
    patients = cohort.patients[cohort.label.notna() & centre.notna()]
    counts = pd.crosstab(centre[patients].astype(str), cohort.label[patients])
    looked_at = f"{counted(len(counts), 'centre')} of {counted(len(patients), 'patient')}"
    if min(counts.shape) < 2:
        return Guard(
            "centre_outcome",
            title,
            looked_at=looked_at,
            finding="one centre, or one outcome: nothing to compare",
            verdict="not run",
        )
    size, p = cramers_v(counts), float(category_test(counts).p)
    rates = (counts[1.0] / counts.sum(axis=1)).sort_values()
    words = (
        f"Cramér's V {size:.2f}; events in {rates.iloc[0]:.0%} of centre {rates.index[0]} and in"
        f" {rates.iloc[-1]:.0%} of centre {rates.index[-1]}"
    )
    verdict: Verdict
    if size >= CENTRE_V and p < GUARD_LEVEL:
        verdict = "fail"
    else:
        verdict = "note" if size >= CENTRE_NOTE and p < NOTE_LEVEL else "pass"
    meaning = {
        "fail": (
            ": a model that reads the scanner reads the outcome, and harmonisation would take both"
            " away"
        ),
        "note": ": part of what predicts the outcome may be the centre",
        "pass": "",
    }[verdict]
    return Guard(
        "centre_outcome",
        title,
        looked_at=looked_at,
        finding=words + meaning,
        verdict=verdict,
        named=f"events in {rates.iloc[0]:.0%} of one centre and in {rates.iloc[-1]:.0%} of another",
    )
