"""Habitats as results: how many, their share of the tumours, and what of them was selected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.inputs.crops.example import Example
from analysis.inputs.habitats import CohortVoxels, cohort_voxels
from analysis.inputs.habitats.shown import shown_habitats
from analysis.inputs.radiomics import RadiomicsTable
from analysis.inputs.radiomics.reproducibility import LEAST_PATIENTS
from analysis.results import keys
from analysis.results.record import Records
from analysis.statistics import icc_2_1
from analysis.study.load import load_study
from analysis.study.phase_label import phase_labels
from analysis.training import TrainedStudy
from analysis.training.fits import Fit
from models.declared import RADIOMICS
from models.habitats.features import fractions
from models.habitats.fitted import FittedHabitats, fitted_habitats
from models.habitats.names import habitat_of_name
from models.voxels import Voxels

OUTCOMES = {1.0: "event", 0.0: "no_event"}


def _final(training: TrainedStudy) -> Fit | None:
    """Final fit of the chosen radiomics classifier; None where it has no habitats."""
    if RADIOMICS.id not in training.fitted.chosen["final"]:
        return None
    fit = training.fitted.fit(RADIOMICS.id)
    return fit if fit.habitats and fit.model is not None else None


def final_habitats(training: TrainedStudy) -> FittedHabitats | None:
    """Habitats of the final radiomics model; None without."""
    fit = _final(training)
    return None if fit is None else fit.model.habitats_


def habitat_features(training: TrainedStudy) -> list[str]:
    """Features of the habitats of every fit of the chosen radiomics classifier, once each."""
    fit = _final(training)
    if fit is None:
        return []
    fits = training.fitted.scores.fits
    every = [each.habitats for (model, _), each in fits.items() if model == fit.model_name]
    return list(dict.fromkeys(name for names in [fit.habitats, *every] for name in names))


def shares(habitats: FittedHabitats, voxels: Voxels) -> np.ndarray:
    """Patients × habitats: share of the voxels in each."""
    rows = [
        fractions(habitats.clustering.assign(voxels.patient(place)), habitats.number)
        for place in range(len(voxels))
    ]
    return np.stack(rows)


def _repeatability(
    habitats: FittedHabitats, drawn: CohortVoxels, patients: Sequence[Any], training: set[Any]
) -> np.ndarray | None:
    """Smallest ICC(2,1) of each habitat's share between the first segmentation and each other.

    Of training patients; None where fewer than LEAST_PATIENTS of them were segmented again.
    """
    place = {patient: number for number, patient in enumerate(patients)}
    found = []
    for held, again in drawn.repeats.values():
        known = [number for number, patient in enumerate(held) if patient in training]
        if len(known) < LEAST_PATIENTS:
            continue
        first = shares(habitats, drawn.voxels.take([place[held[number]] for number in known]))
        other = shares(habitats, again.take(known))
        found.append(icc_2_1(np.stack([first.T, other.T], axis=-1)).icc)
    return np.min(found, axis=0) if found else None


def _quartiles(column: np.ndarray) -> dict[str, float]:
    low, median, high = np.percentile(column, [25, 50, 75])
    return {"median": median, "low": low, "high": high, "absent": int((column == 0).sum())}


def habitat_table(cohort: Cohort, habitats: FittedHabitats, drawn: CohortVoxels) -> pd.DataFrame:
    """Share of each habitat of the final model in the tumours of the training patients.

    habitat, `centre_{phase}` (of the cluster, in the clustered intensities), then by outcome
    (event, no_event) the median, the quartiles (low, high), and the number of patients who lack it
    (absent); icc: between segmentations, where there are several.
    """
    learnt = cohort.labelled("training")
    places = cohort.patients.get_indexer(learnt)
    values = shares(habitats, drawn.voxels.take(places))
    label = cohort.label[learnt].to_numpy(dtype=float)
    fitted = habitats.clustering
    centres = fitted.centres * fitted.deviation + fitted.mean
    repeated = _repeatability(habitats, drawn, list(cohort.patients), set(learnt))
    rows = []
    for number in range(habitats.number):
        row: dict[str, float] = {"habitat": number + 1}
        row |= {
            f"centre_{phase}": centres[number, place] for place, phase in enumerate(habitats.phases)
        }
        for outcome, name in OUTCOMES.items():
            found = _quartiles(values[label == outcome, number])
            row |= {f"{name}_{what}": value for what, value in found.items()}
        if repeated is not None:
            row["icc"] = repeated[number]
        rows.append(row)
    return pd.DataFrame(rows)


def with_habitats(
    cohort: Cohort, patients: Sequence[str], examples: Sequence[Example], training: TrainedStudy
) -> list[Example]:
    """Examples of these patients with the habitats of the final model; as they are without."""
    habitats = final_habitats(training)
    if habitats is None:
        return list(examples)
    return [
        replace(each, habitats=shown_habitats(cohort, patient, habitats.clustering))
        for patient, each in zip(patients, examples, strict=True)
    ]


def _numbers(training: TrainedStudy, model: str) -> list[int]:
    """Number of habitats in each outer fold."""
    fits = (training.fitted.scores.fits[model, context] for context in training.fitted.outer)
    return [habitat_of_name(fit.habitats[0])[1] for fit in fits if fit.habitats]


def add_habitats(
    records: Records, cohort: Cohort, training: TrainedStudy, table: RadiomicsTable | None
) -> dict[str, pd.DataFrame]:
    """Table `tables/habitats` of the final model's habitats; nothing without habitats.

    Records: `habitats.n`, `habitats.features.n` and `habitats.selected.n` of the final radiomics
    model, `habitats.phase`, `habitats.folds.least` and `.most`, the fewest and most habitats of an
    outer fold, and `habitats.left_out.n`, patients of whom voxels lie beyond the image of a phase.
    """
    fit = _final(training)
    if fit is None or table is None or table.voxels is None:
        return {}
    habitats, drawn = fit.model.habitats_, table.voxels
    records.add(keys.habitats_n(), habitats.number, unit="habitats", source=fitted_habitats)
    study, names = cohort.study, set(fit.habitats)
    records.add(keys.habitats_phase(), phase_labels(study)[study.habitat_phase], source=load_study)
    records.add(keys.habitats_features_n(), len(names), unit="features", source=fitted_habitats)
    records.add(
        keys.habitats_selected_n(),
        len(names & set(fit.selected)),
        n=len(fit.selected),
        unit="features",
        source=add_habitats,
    )
    numbers = _numbers(training, fit.model_name)
    if numbers:
        for key, number in (
            (keys.habitats_folds_least(), min(numbers)),
            (keys.habitats_folds_most(), max(numbers)),
        ):
            records.add(key, number, n=len(numbers), unit="habitats", source=fitted_habitats)
    if drawn.left_out:
        records.add(
            keys.habitats_left_out_n(),
            len(drawn.left_out),
            n=len(cohort.patients),
            unit="patients",
            source=cohort_voxels,
        )
    return {"tables/habitats": habitat_table(cohort, habitats, drawn)}
