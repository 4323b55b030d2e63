"""Other delineations of a patient's tumour as patients of their own.

The locked models score them and nothing learns from them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.inputs.crops import tumour_crops
from analysis.inputs.radiomics import RadiomicsTable
from models.inputs import Inputs
from models.voxels import Voxels

# Not a character of any patient's name, so that no patient can be taken for a delineation.
MARK = "\x1f"


@dataclass(frozen=True)
class Delineations:
    """Crops around the tumour as another delineation has it.

    They are delineation → patients, and their images in the same order.
    """

    patients: Mapping[str, list[str]]
    images: Mapping[str, np.ndarray]


def delineated_crops(cohort: Cohort) -> Delineations:
    """Image crops by every repeated delineation.

    These are the delineations that the reference phase declares and that some patients have.
    """
    study = cohort.study
    assert study.deep_learning is not None
    declared = study.phases[study.deep_learning.reference_phase].repeat_masks
    patients = {name: held for name in declared if (held := cohort.repeat_patients(name))}
    return Delineations(patients, {name: tumour_crops(cohort, name) for name in patients})


@dataclass(frozen=True)
class Extra:
    """Names of the added rows: (patient, delineation) → row."""

    names: Mapping[tuple[str, str], str]

    def __iter__(self) -> Iterator[str]:
        return iter(self.names.values())

    def rows(self, final: Mapping[str, pd.Series]) -> pd.DataFrame:
        """Probability that each locked model gives to each delineation.

        Columns: patient_id, delineation, model, probability.
        """
        rows = [
            (patient, delineation, model, float(scores[name]))
            for model, scores in final.items()
            for (patient, delineation), name in self.names.items()
            if name in scores.index
        ]
        return pd.DataFrame(rows, columns=["patient_id", "delineation", "model", "probability"])


def with_delineations(
    inputs: Inputs, table: RadiomicsTable | None, crops: Delineations | None
) -> tuple[Inputs, Extra]:
    """Inputs and, below them, a row for each repeated delineation.

    The delineations are those that every kind of images has; clinical values are the patient's.
    """
    found: dict[str, list[str]] = {}
    for delineation in sorted(
        set(table.repeats if table is not None else ())
        | set(crops.patients if crops is not None else ())
    ):
        holders = [
            (
                set(table.repeats[delineation].dropna().index)
                if table is not None and delineation in table.repeats
                else None
            ),
            (
                set(crops.patients[delineation])
                if crops is not None and delineation in crops.patients
                else None
            ),
        ]
        needed = [table is not None, inputs.images is not None]
        if all(
            holder is not None for holder, wanted in zip(holders, needed, strict=True) if wanted
        ):
            patients = sorted(
                set.intersection(*[holder for holder in holders if holder is not None])
            )
            if patients:
                found[delineation] = patients
    names = {
        (patient, delineation): f"{patient}{MARK}{delineation}"
        for delineation, patients in found.items()
        for patient in patients
    }
    if not names:
        return inputs, Extra({})
    index = pd.Index([*inputs.patients, *names.values()], name=inputs.patients.name)
    owners = [*inputs.patients, *[patient for patient, _ in names]]
    clinical = None if inputs.clinical is None else inputs.clinical.loc[owners].set_axis(index)
    radiomics, images = inputs.radiomics, inputs.images
    if radiomics is not None:
        assert table is not None
        # A feature that the other delineation has no value of keeps the patient's own.
        parts = [
            table.repeats[delineation]
            .loc[patients]
            .reindex(columns=radiomics.columns)
            .fillna(radiomics.loc[patients])
            for delineation, patients in found.items()
        ]
        radiomics = pd.concat([radiomics, *parts]).set_axis(index)
    if images is not None:
        assert crops is not None
        parts = [
            crops.images[delineation][
                [crops.patients[delineation].index(patient) for patient in patients]
            ]
            for delineation, patients in found.items()
        ]
        images = np.concatenate([images, *parts])
    centre = None if inputs.centre is None else inputs.centre.loc[owners].set_axis(index)
    blocks = None if inputs.blocks is None else inputs.blocks.loc[owners].set_axis(index)
    whole = Inputs(
        index,
        clinical,
        radiomics=radiomics,
        images=images,
        centre=centre,
        voxels=_voxels(inputs, table, found),
        blocks=blocks,
    )
    return whole, Extra(names)


def _voxels(
    inputs: Inputs, table: RadiomicsTable | None, found: Mapping[str, list[str]]
) -> Voxels | None:
    """Voxels with those of the delineations below; the patient's own where another has none.

    found: delineation → patients. None without habitats.
    """
    if inputs.voxels is None or table is None or table.voxels is None:
        return None
    parts = []
    for delineation, patients in found.items():
        held, drawn = table.voxels.repeats.get(delineation, ([], None))
        for patient in patients:
            if drawn is not None and patient in held:
                parts.append(drawn.take([held.index(patient)]))
            else:
                parts.append(inputs.voxels.take([inputs.patients.get_loc(patient)]))
    return inputs.voxels.joined(parts)


def without_delineations(scores: pd.Series) -> pd.Series:
    """The patients' own scores."""
    return scores[[MARK not in str(name) for name in scores.index]]
