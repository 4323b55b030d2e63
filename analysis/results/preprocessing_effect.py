"""Repeatability of features with and without the preprocessing of images, in the same patients."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analysis.inputs.radiomics import RadiomicsTable, feature_iccs
from analysis.inputs.radiomics.reproducibility import LEAST_PATIENTS
from analysis.results.preprocessing_names import ALL, TABLE


def _smallest(table: RadiomicsTable, patients: list[str]) -> pd.DataFrame:
    """ICC of features × perturbations, and the least of them; what has none is 0."""
    alone = replace(table, repeats={})
    found = feature_iccs(alone, patients).pivot(
        index="feature", columns="delineation", values="icc"
    )
    found = found[list(table.perturbed)].fillna(0.0)
    found[ALL] = found.min(axis=1)
    return found


def preprocessing_tables(table: RadiomicsTable, threshold: float) -> dict[str, pd.DataFrame]:
    """Table of the shares of features that reach the threshold with and without preprocessing.

    One row a perturbation, and one of all together (perturbation, patients, features, with_it,
    without); nothing where the study does not compare them. The patients are those of whom every
    perturbation left something in both, and the features those that both tables have.
    """
    other = table.unprepared
    if other is None:
        return {}
    sets = [set(frame.index) for each in (table, other) for frame in each.perturbed.values()]
    patients = sorted(set.intersection(*sets))
    if len(patients) < LEAST_PATIENTS:
        return {}
    done, undone = (_smallest(each, patients) for each in (table, other))
    both = done.index.intersection(undone.index, sort=False)
    if not len(both):
        return {}
    done, undone = done.loc[both], undone.loc[both]
    rows = [
        {
            "perturbation": name,
            "patients": len(patients),
            "features": len(done),
            "with_it": float((done[name] >= threshold).mean()),
            "without": float((undone[name] >= threshold).mean()),
        }
        for name in done
    ]
    return {TABLE: pd.DataFrame(rows)}
