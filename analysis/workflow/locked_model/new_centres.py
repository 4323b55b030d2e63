"""Patients of centres that a model has not seen, from whom it may learn what these do to features.

It may where the study says so (radiomics.harmonisation.new_centre: estimate).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.core.progress import in_parallel
from analysis.workflow.locked_model.new_patient import read_patient
from analysis.workflow.locked_model.patient_files import NewPatient
from analysis.workflow.locked_model.score_patient import loaded
from models.inputs import Inputs


def learns_centres(description: Mapping[str, Any]) -> bool:
    """True if a part of the model may learn what a new centre does; no library is loaded."""
    combats = [part.get("combat") for part in description["parts"].values()]
    return any(combat and combat["new_centre"] == "estimate" for combat in combats)


def _inputs(model_folder: Path, identity: str, patient: NewPatient) -> Inputs | None:
    """What a patient's files say; None where they can't be read, which scoring will tell."""
    description, model = loaded(model_folder, identity)
    try:
        return read_patient(description, model, patient)[0]
    except ValueError:
        return None


def patients_of_new_centres(
    model_folder: Path, identity: str, patients: Sequence[NewPatient], jobs: int
) -> dict[str, Inputs]:
    """Centre that the model has not seen → inputs of its patients who are scored together."""
    _, model = loaded(model_folder, identity)
    known = model.centres
    of_new = [
        patient
        for patient in patients
        if known is not None and patient.centre is not None and patient.centre not in known
    ]
    found = in_parallel(
        _inputs,
        [(model_folder, identity, patient) for patient in of_new],
        "patients of new centres",
        jobs,
        names=[patient.name for patient in of_new],
    )
    by_centre: dict[str, list[Inputs]] = {}
    for patient, inputs in zip(of_new, found, strict=True):
        if inputs is not None:
            by_centre.setdefault(str(patient.centre), []).append(inputs)
    return {centre: _together(each) for centre, each in by_centre.items()}


def _together(patients: Sequence[Inputs]) -> Inputs:
    """Features, covariates, centres and voxels of several patients."""
    features = [each.radiomics for each in patients if each.radiomics is not None]
    clinical = [each.clinical for each in patients if each.clinical is not None]
    centres = [each.centre for each in patients if each.centre is not None]
    voxels = [each.voxels for each in patients if each.voxels is not None]
    return Inputs(
        pd.Index([name for each in patients for name in each.patients]),
        pd.concat(clinical) if clinical else None,
        radiomics=pd.concat(features) if features else None,
        centre=pd.concat(centres),
        voxels=voxels[0].joined(voxels[1:]) if voxels else None,
    )
