"""Table, images and masks as one validated cohort; every patient of the table is in it or the error says why not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.dictionary import Dictionary, load_dictionary
from analysis.endpoint import outcome_of
from analysis.study import Study
from analysis.units import canonical_dictionary, to_canonical


class CohortError(ValueError):
    """The cohort's files contradict the study file; the message lists every fault."""


@dataclass(frozen=True)
class Cohort:
    """clinical: variables in canonical units; outcome: label, time_months, event_type; cohort: training | validation;
    dictionary: of the table as it is here, in canonical units.

    All indexed by patient_id, in sorted order.
    """

    study: Study
    clinical: pd.DataFrame
    outcome: pd.DataFrame
    cohort: pd.Series
    dictionary: Dictionary | None

    @property
    def patients(self) -> pd.Index:
        return self.clinical.index

    @property
    def label(self) -> pd.Series:
        return self.outcome["label"]

    @property
    def centre(self) -> pd.Series | None:
        """Each patient's centre, where the study file names its column."""
        return None if self.study.cohort.centre is None else self.clinical[self.study.cohort.centre]

    def labelled(self, cohort: str) -> pd.Index:
        """Patients of a cohort whose label is known."""
        return self.patients[(self.cohort == cohort) & self.label.notna()]

    def image(self, patient: str, phase: str) -> Path:
        return self.study.cohort_folder / self.study.phases[phase].image.format(patient_id=patient)

    def mask(self, patient: str, phase: str, repeat: str | None = None) -> Path:
        phase_files = self.study.phases[phase]
        pattern = phase_files.mask if repeat is None else phase_files.repeat_masks[repeat]
        return self.study.cohort_folder / pattern.format(patient_id=patient)

    def repeat_patients(self, repeat: str) -> list[str]:
        """Patients who have the repeated delineation `repeat` in every phase that declares it."""
        phases = [name for name, files in self.study.phases.items() if repeat in files.repeat_masks]
        return [patient for patient in self.patients if all(self.mask(patient, phase, repeat).is_file() for phase in phases)]


def _read_table(study: Study) -> pd.DataFrame:
    path = study.cohort_folder / study.cohort.table
    if not path.is_file():
        raise CohortError(f"cohort: no table at {path}; set cohort.folder and cohort.table in {study.path.name}")
    # "none" is a level (no ascites), not a missing value: only an empty cell is missing.
    table = pd.read_csv(path, dtype={study.cohort.patient_id: "string"}, skipinitialspace=True, keep_default_na=False, na_values=[""])
    table.columns = table.columns.str.strip()
    key = study.cohort.patient_id
    if key not in table:
        raise CohortError(f"cohort: {path.name} has no column '{key}'; its columns are {', '.join(table.columns)}")
    identifiers = table[key].str.strip()
    if identifiers.isna().any():
        raise CohortError(f"cohort: {path.name} has {int(identifiers.isna().sum())} row(s) without {key} (first at line {int(identifiers.isna().argmax()) + 2})")
    doubles = sorted(identifiers[identifiers.duplicated()].unique())
    if doubles:
        raise CohortError(f"cohort: {path.name} names these patients more than once: {', '.join(doubles)}")
    return table.assign(**{key: identifiers.astype(str)}).set_index(key).rename_axis("patient_id").sort_index()


def _check_files(cohort: Cohort) -> None:
    absent = [path for patient in cohort.patients for phase in cohort.study.phases
              for path in (cohort.image(patient, phase), cohort.mask(patient, phase)) if not path.is_file()]
    if absent:
        listing = "\n".join(f"  {path.relative_to(cohort.study.cohort_folder)}" for path in absent[:20])
        more = f"\n  … and {len(absent) - 20} more" if len(absent) > 20 else ""
        raise CohortError(f"cohort: {len(absent)} file(s) are missing under {cohort.study.cohort_folder}; no patient is dropped silently, "
                          f"so add them, correct the patterns under phases, or take the patients out of the table:\n{listing}{more}")


def load_cohort(study: Study) -> Cohort:
    """Read, convert and check the whole cohort; raises CohortError, or the unit check's error, listing every fault."""
    if study.cohort.demo is not None:
        from analysis.demo import make_demo_cohort
        settings = study.cohort.demo
        make_demo_cohort(study.cohort_folder, **settings.model_dump(), jobs=study.jobs)
    table = _read_table(study)
    dictionary = None
    if study.cohort.dictionary is not None:
        dictionary = load_dictionary(study.cohort_folder / study.cohort.dictionary)
        table, dictionary = to_canonical(table, dictionary), canonical_dictionary(dictionary)
    if study.clinical is not None:
        absent = [name for name in study.clinical.candidates if name not in table]
        if absent:
            raise CohortError(f"clinical.candidates: {', '.join(absent)} not in {study.cohort.table}; it has {', '.join(table.columns)}")
    outcome = outcome_of(table, study.endpoint)
    # Imported here: that room builds on this module.
    from analysis.updating.recorded_split import split_with_lock
    assigned, study = split_with_lock(table, outcome["label"], study)
    cohort = Cohort(study, table, outcome, assigned, dictionary)
    if study.radiomics is not None or study.deep_learning is not None:
        _check_files(cohort)
    return cohort
