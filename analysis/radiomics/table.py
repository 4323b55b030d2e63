"""Patients × features, extracted in parallel and cached per patient and phase."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.cache import cached, digest, source_digest, versions
from analysis.cohort import Cohort
from analysis.progress import in_parallel
from analysis.radiomics.extraction import extract_features
from analysis.study import Extraction

LIBRARIES = ("pyradiomics-bhklab", "SimpleITK", "numpy", "PyWavelets")


@dataclass(frozen=True)
class RadiomicsTable:
    """features: patients × `{phase}_{pyradiomics name}`. repeats: the same for each repeated delineation, of the patients who have one."""

    features: pd.DataFrame
    repeats: dict[str, pd.DataFrame]


def _installed(names: tuple[str, ...]) -> dict[str, str]:
    from importlib.metadata import PackageNotFoundError
    found = {}
    for name in names:
        try:
            found |= versions([name])
        except PackageNotFoundError:  # conda names the same code 'pyradiomics'
            found |= versions(["pyradiomics"])
    return found


def extraction_code() -> str:
    """Code and libraries that a feature's value depends on."""
    return digest(source_digest(Path(__file__).with_name("extraction.py")), _installed(LIBRARIES))


def _one(image: Path, mask: Path, settings: Extraction, code: str, folder: Path) -> dict[str, float]:
    key = digest(image, mask, settings.model_dump(mode="json"), code)
    return cached(folder, key, lambda: extract_features(image, mask, settings), "an image")


def radiomics_table(cohort: Cohort) -> RadiomicsTable:
    """Extract what is not cached yet, for every patient, phase and delineation."""
    study = cohort.study
    work: list[tuple[str | None, str, str]] = [(None, patient, phase) for patient in cohort.patients for phase in study.phases]
    names = sorted({name for files in study.phases.values() for name in files.repeat_masks})
    work += [(name, patient, phase) for name in names for patient in cohort.repeat_patients(name)
             for phase, files in study.phases.items() if name in files.repeat_masks]
    code = extraction_code()
    folder = study.cache_folder / "radiomics"
    arguments = [(cohort.image(patient, phase), cohort.mask(patient, phase, name), study.extraction_of(phase), code, folder)
                 for name, patient, phase in work]
    values = in_parallel(_one, arguments, "radiomics", study.jobs)

    rows: dict[str | None, dict[str, dict[str, float]]] = {}
    for (name, patient, phase), features in zip(work, values, strict=True):
        row = rows.setdefault(name, {}).setdefault(patient, {})
        row.update({f"{phase}_{feature}": value for feature, value in features.items()})
    tables = {name: pd.DataFrame.from_dict(table, orient="index").rename_axis("patient_id") for name, table in rows.items()}
    features = tables.pop(None).loc[cohort.patients]
    return RadiomicsTable(features, {name: table[[column for column in features if column in table]] for name, table in tables.items() if name is not None})
