"""The smallest cohorts that can be checked: twelve patients with images, forty with a clinical
table."""

from __future__ import annotations

import functools
import shutil
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import SimpleITK as sitk
from ruamel.yaml import YAML

from tests.support.tiny_study import write_yaml as dump

SHAPE = (6, 12, 10)
PHASES = ("arterial", "portal_venous", "delayed")
# Brightness of liver and of tumour by phase, as contrast medium arrives and washes out.
LIVER = {"arterial": 100, "portal_venous": 160, "delayed": 140}
TUMOUR = {"arterial": 180, "portal_venous": 130, "delayed": 105}

DICTIONARY = {
    "variables": {
        "patient_id": {"label": "Patient", "role": "identifier", "type": "text"},
        "ast": {"label": "AST", "role": "predictor", "type": "continuous", "unit": "U/L"},
        "albumin": {"label": "Albumin", "role": "predictor", "type": "continuous", "unit": "g/L"},
        "sex": {
            "label": "Sex",
            "role": "predictor",
            "type": "categorical",
            "levels": ["female", "male"],
        },
    }
}


def clinical_table(patients: int = 40) -> pd.DataFrame:
    """Patients whose AST is somewhat higher where the tumour came back; every fourth validates."""
    random = np.random.default_rng(5)
    event = np.arange(patients) % 2 == 0
    return pd.DataFrame(
        {
            "patient_id": [f"P{place:02d}" for place in range(1, patients + 1)],
            "ast": np.round(random.lognormal(3.5 + 0.4 * event, 0.4)),
            "albumin": np.round(random.normal(40, 3, patients), 1),
            "sex": np.where(random.random(patients) < 0.4, "female", "male"),
            "follow_up": np.where(event, 6, 36) + random.integers(0, 5, patients),
            "event_type": np.where(event, "recurrence", "censored"),
            "cohort": np.where(np.arange(patients) % 8 < 6, "training", "validation"),
            "centre": np.where(np.arange(patients) % 3, "A", "B"),
        }
    ).astype(str)


# Sections of a small study with follow-up, whose run is short.
SMALL_COHORT = {
    "cohort": {
        "folder": "data",
        "table": "clinical.csv",
        "dictionary": "dictionary.yml",
        "centre": "centre",
    },
    "endpoint": {"time": "follow_up", "event_type": "event_type", "horizon_months": 24},
    "split": {"column": "cohort"},
}
SHORT = {
    "validation": {"outer_folds": 2, "inner_folds": 2},
    "statistics": {"bootstrap_resamples": 100, "optimism_resamples": 0},
    "controls": {"permutations": 0},
}


def _settings(**sections: object) -> dict:
    return {
        "study": {
            "name": "small",
            "title": "A small study",
            "disease": "hepatocellular carcinoma",
            "event": "early recurrence",
            "modality": "MRI",
        },
        **SMALL_COHORT,
        "clinical": {"candidates": ["ast", "albumin"]},
        **SHORT,
        "robustness": {"instability_resamples": 0},
        "jobs": 1,
        "output": "outputs",
    } | sections


def clinical_study(folder: Path, patients: int = 40, **sections: object) -> Path:
    """study.yml of a study of a clinical table alone."""
    dump(folder / "data" / "dictionary.yml", DICTIONARY)
    clinical_table(patients).to_csv(folder / "data" / "clinical.csv", index=False)
    return dump(folder / "study.yml", _settings(**sections))


def volume(values: np.ndarray, spacing: tuple[float, ...] = (1.0, 1.0, 3.0)) -> sitk.Image:
    image = sitk.GetImageFromArray(values)
    image.SetSpacing(spacing)
    return image


def phase_values(phase: str, patient: int) -> np.ndarray:
    """Air around a liver with a tumour in it."""
    random = np.random.default_rng(100 * patient + PHASES.index(phase))
    values = np.full(SHAPE, 5.0)
    values[:, 1:-1, 1:-1] = LIVER[phase]
    values[tumour_values(patient) > 0] = TUMOUR[phase]
    return (values + random.normal(0, np.where(values > 5, 3, 0.5))).astype(np.float32)


def tumour_values(patient: int) -> np.ndarray:
    mask = np.zeros(SHAPE, np.uint8)
    mask[1:5, 3 + patient % 3 : 8 + patient % 3, 2 + patient % 2 : 7 + patient % 2] = 1
    mask[1 + patient % 4, 2, 3 + patient // 4] = 1  # no two patients have the same
    return mask


@functools.cache
def _images() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="small_cohort"))
    for number in range(1, 13):
        place = folder / f"P{number:02d}"
        place.mkdir()
        for phase in PHASES:
            sitk.WriteImage(volume(phase_values(phase, number)), str(place / f"{phase}.nii.gz"))
        sitk.WriteImage(volume(tumour_values(number)), str(place / "mask.nii.gz"))
    return folder


def image_study(folder: Path, **sections: object) -> Path:
    """study.yml of twelve patients with three phases and one mask each, written once and copied."""
    study = clinical_study(
        folder,
        12,
        **(
            {
                "radiomics": {
                    "classifiers": ["logistic"],
                    "tuning_folds": 2,
                    "univariable_features": 10,
                    "selected_features": 2,
                },
                "clinical": None,
                "phases": {
                    phase: {
                        "image": f"images/{{patient_id}}/{phase}.nii.gz",
                        "mask": "images/{patient_id}/mask.nii.gz",
                    }
                    for phase in PHASES
                },
            }
            | sections
        ),
    )
    shutil.copytree(_images(), folder / "data" / "images")
    return study


def edit_table(study: Path, change) -> Path:
    """Change the clinical table, all of whose cells are texts."""
    path = study.parent / "data" / "clinical.csv"
    change(pd.read_csv(path, dtype=str, keep_default_na=False)).to_csv(path, index=False)
    return path


def edit_study(study: Path, **sections: object) -> Path:
    return dump(study, YAML(typ="safe").load(study.read_text(encoding="utf-8")) | sections)


@functools.cache
def _series() -> Path:
    from tests.support.dicom_files import write_series, write_structures

    folder = Path(tempfile.mkdtemp(prefix="small_series"))
    for number in range(1, 13):
        place, tags = folder / f"P{number:02d}", {"PatientID": f"P{number:02d}"}
        stored = np.round(phase_values("arterial", number)).astype(np.int16)
        paths = write_series(place / "arterial", stored, (1.0, 1.0, 3.0), (0.0, 0.0, 0.0), **tags)
        write_structures(
            place / "mask.dcm",
            paths[0],
            {"tumour": tumour_values(number).astype(bool)},
            (1.0, 1.0, 3.0),
            (0.0, 0.0, 0.0),
            **tags,
        )
    return folder


FEW_FEATURES = {
    "classifiers": ["logistic"],
    "tuning_folds": 2,
    "univariable_features": 10,
    "selected_features": 2,
}
# A DICOM series and an RTSTRUCT.
DICOM_PHASES = {
    "arterial": {"image": "images/{patient_id}/arterial", "mask": "images/{patient_id}/mask.dcm"}
}


def dicom_study(folder: Path) -> Path:
    """study.yml of twelve patients with one DICOM series and one RTSTRUCT each."""
    study = clinical_study(
        folder,
        12,
        clinical=None,
        radiomics=FEW_FEATURES,
        phases=DICOM_PHASES,
    )
    shutil.copytree(_series(), folder / "data" / "images")
    return study


def table_study(folder: Path, **table: object) -> Path:
    """study.yml of forty patients with a table of six features."""
    study = clinical_study(
        folder,
        radiomics={
            "table": {
                "file": "features.csv",
                "columns": "(?P<phase>arterial|delayed)_(?P<feature>.+)",
                "phases": {"arterial": "arterial", "delayed": "delayed"},
                **table,
            },
            "classifiers": ["logistic"],
            "tuning_folds": 2,
            "univariable_features": 6,
            "selected_features": 2,
        },
    )
    random = np.random.default_rng(8)
    features = {
        f"{phase}_original_{name}": random.normal(size=40).round(4)
        for phase in ("arterial", "delayed")
        for name in ("glcm_Contrast", "firstorder_Mean", "shape_Sphericity")
    }
    pd.DataFrame({"patient_id": clinical_table()["patient_id"], **features}).to_csv(
        folder / "data" / "features.csv", index=False
    )
    return study


def predictions_study(
    folder: Path,
    probability=lambda event, random: np.clip(
        0.3 + 0.3 * event + random.normal(0, 0.15, len(event)), 0.01, 0.99
    ),
) -> Path:
    """study.yml of sixty given predictions of one model."""
    event = (np.arange(60) % 2 == 0).astype(int)
    (folder / "data").mkdir(parents=True)
    pd.DataFrame(
        {
            "patient_id": [f"P{place:02d}" for place in range(60)],
            "model": "Mine",
            "probability": probability(event, np.random.default_rng(0)),
            "event": event,
        }
    ).to_csv(folder / "data" / "predictions.csv", index=False)
    settings = _settings(
        cohort={"folder": "data", "table": "predictions.csv"},
        endpoint={"label": "event"},
        predictions={"file": "predictions.csv"},
    )
    for name in ("clinical", "split"):
        settings.pop(name)
    return dump(folder / "study.yml", settings)


def nothing_written(study: Path) -> bool:
    """Whether a study has no result, whole or half; the mark of a run at work is none."""
    outputs = study.parent / "outputs"
    return not outputs.exists() or not [
        path for path in outputs.rglob("*") if not path.name.startswith(".running")
    ]
