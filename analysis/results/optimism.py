"""Bootstrap optimism of the clinical-radiological model, its whole path in every resample."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.core.progress import in_parallel
from analysis.core.word_lists import counted
from analysis.results import keys
from analysis.results.record import Records
from analysis.statistics import auc, brier_score, optimism_correction
from analysis.statistics.calibration import recalibration_line
from analysis.statistics.optimism import OptimismCorrection
from analysis.training.settings import clinical_settings
from models.clinical import ClinicalModel
from models.declared import CR
from models.inputs import Inputs

MEASURES = {"auc": "AUC", "brier": "Brier score", "slope": "slope"}


@dataclass(frozen=True)
class Resampled:
    """CR model in bootstrap resamples: its correction, and the variables that each chose."""

    correction: OptimismCorrection
    chosen: list[list[str]]


def resampled_model(cohort: Cohort) -> Resampled | None:
    """Bootstrap of the CR model, over processes; None where the study has none.

    Screening, elimination and fit are done again in each resample. The fusions and images' models
    are judged by nested cross-fitting alone: a bootstrap would train every network some hundred
    times.
    """
    study = cohort.study
    if study.clinical is None or not study.statistics.optimism_resamples:
        return None
    chosen: list[list[str]] = []
    settings, patients = clinical_settings(cohort), cohort.labelled("training")

    def fit(
        table: pd.DataFrame, label: np.ndarray, group: np.ndarray
    ) -> Callable[[pd.DataFrame], np.ndarray]:
        if len(np.unique(label)) < 2:
            raise ValueError("a resample holds one class only")
        model = ClinicalModel(**settings.arguments, seed=study.seed).fit(
            _inputs(table), pd.Series(label), None if len(set(group)) == len(group) else group
        )
        chosen.append(model.selected_)
        return lambda new: model.predict(_inputs(new)).to_numpy()

    def measure(label: np.ndarray, prediction: np.ndarray, own_data: bool) -> dict[str, float]:
        inside = np.clip(prediction, 1e-6, 1 - 1e-6)
        return {
            "auc": auc(label, prediction),
            "brier": brier_score(label, prediction),
            "slope": 1.0 if own_data else recalibration_line(label, inside)[1],
        }

    of_resamples: list[list[str]] = []

    def over(judged: Callable[[np.ndarray], Any], resamples: Sequence[np.ndarray]) -> list[Any]:
        def one(rows: np.ndarray) -> tuple[Any, list[list[str]]]:
            # In a process of its own the list is that process'.
            chosen.clear()
            return judged(rows), list(chosen)

        made = in_parallel(one, [(rows,) for rows in resamples], "optimism", study.jobs)
        # The first is no resample but all patients.
        of_resamples.extend(names for _, found in made[1:] for names in found)
        return [value for value, _ in made]

    found = optimism_correction(
        fit,
        measure,
        patients=cohort.clinical.loc[patients],
        label=cohort.label[patients],
        resamples=study.statistics.optimism_resamples,
        seed=study.seed,
        over=over,
    )
    return Resampled(found, of_resamples)


def add_optimism(records: Records, cohort: Cohort, resampled: Resampled | None) -> list[list[str]]:
    """Add the optimism-corrected performance of the CR model, where it was resampled.

    `optimism_corrected.<statistic>.cr`: apparent minus optimism, beside the out-of-fold value that
    the performance table has. Returns the variables that each resample chose.
    """
    if resampled is None:
        return []
    found, patients = resampled.correction, len(cohort.labelled("training"))
    for name, unit in MEASURES.items():
        row = found.table.loc[name]
        records.add(
            keys.optimism_corrected(name, CR.id),
            row["corrected"],
            n=patients,
            unit=unit,
            method=(
                f"Harrell's bootstrap, {int(row['n'])} of {counted(found.resamples, 'resample')},"
                f" selection repeated; optimism {row['optimism']:.3f}"
            ),
            source=optimism_correction,
        )
    records.add(
        keys.optimism_failed(),
        found.resamples - int(found.table["n"].iloc[0]),
        n=found.resamples,
        unit="resamples",
        method="; ".join(found.failed) or "none failed",
        source=optimism_correction,
    )
    return resampled.chosen


def _inputs(table: pd.DataFrame) -> Inputs:
    # A resample holds a patient several times: rows are numbered anew.
    numbered = table.reset_index(drop=True)
    return Inputs(patients=numbered.index, clinical=numbered)
