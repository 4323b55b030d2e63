"""Table, images and masks as one validated cohort; each patient is in it or the error says why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from pathlib import Path

import pandas as pd

from analysis.cohort.checks.predictors import outcome_variables
from analysis.cohort.tables.detection_limits import Limited
from analysis.core.problem import Problem
from analysis.core.problems import Problems
from analysis.imaging.reading import ImageSource, MaskSource, PhaseFiles
from analysis.study import Study
from analysis.study.dictionary import Dictionary
from analysis.study.images import ExaminationRule
from analysis.study.regions import Block
from analysis.units.dates import dates_of


def _place(folder: Path, patient: str, pattern: str) -> Path:
    return folder / pattern.format(patient_id=patient)


@dataclass(frozen=True)
class Cohort:
    """Validated cohort of a study.

    clinical: variables in canonical units; outcome: label, time_months, event_type; cohort:
    training | validation; dictionary: of the table as it is here, in canonical units. excluded:
    patient of the table who is not in the cohort -> everything that is wrong with them. limited:
    variable -> what its values beyond a detection limit came to. standards: phase → landmarks of
    the standard scale that its images are matched to; empty where none are, or none is learnt yet.

    All indexed by patient_id, in sorted order.
    """

    study: Study
    clinical: pd.DataFrame
    outcome: pd.DataFrame
    cohort: pd.Series
    dictionary: Dictionary | None
    excluded: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)
    limited: Mapping[str, Limited] = field(default_factory=dict)
    standards: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    @property
    def patients(self) -> pd.Index:
        """Patients' ids, in the order of all tables."""
        return self.clinical.index

    @property
    def label(self) -> pd.Series:
        """Outcome label: 1 with the event by the horizon, 0 without, NaN where unknown."""
        return self.outcome["label"]

    @property
    def centre(self) -> pd.Series | None:
        """Each patient's centre, where the study file names its column."""
        return None if self.study.cohort.centre is None else self.clinical[self.study.cohort.centre]

    @property
    def predictors(self) -> pd.DataFrame:
        """Clinical variables that a model may read.

        They are the clinical variables without the outcome's columns, the split's and the names.
        """
        hidden = outcome_variables(self.study, self.dictionary)
        return self.clinical[[name for name in self.clinical if name not in hidden]]

    @cached_property
    def scored(self) -> dict[str, pd.DataFrame]:
        """Published scores of the patients by id, kept as they are asked for.

        `analysis.training.comparators.published` fills it.
        """
        return {}

    def labelled(self, cohort: str) -> pd.Index:
        """Patients of a cohort whose label is known."""
        return self.patients[(self.cohort == cohort) & self.label.notna()]

    @cached_property
    def files(self) -> PhaseFiles:
        """Images and masks of every patient, with the folders as they are when first asked for."""
        return PhaseFiles(
            partial(_place, self.study.cohort_folder),
            self.study.phases,
            lesions=self.study.lesions,
            day=self._day,
            masks=self.study.masks,
            regions=self.study.regions,
            transforms=self.study.cache_folder / "registration",
            preprocessing=self.study.preprocessing_of,
            cache=self.study.cache_folder,
            standards=self.standards,
        )

    def _day(self, patient: str, rule: ExaminationRule) -> date | None:
        """Patient's date in the clinical table, by which the examination is chosen.

        It is None for an empty or a wrong cell.
        """
        if rule.date not in self.clinical:
            return None
        found = dates_of(
            self.clinical.loc[[patient], rule.date],
            str(rule.date),
            file=self.study.cohort.table,
            problems=Problems(),
            form=rule.date_format,
        )
        return None if found.isna().all() else found.iloc[0].date()

    def image(self, patient: str, phase: str) -> Path:
        """Path of a patient's image of one phase."""
        return self.files.image(patient, phase)

    def mask(self, patient: str, phase: str, repeat: str | None = None) -> Path:
        """Path of a patient's mask of one phase; repeat: the name of a repeated delineation."""
        return self.files.mask(patient, phase, repeat)

    def image_source(self, patient: str, phase: str) -> ImageSource:
        """Image source of a patient and phase: where it is read from, and how."""
        return self.files.image_source(patient, phase)

    def prepared_source(self, patient: str, phase: str) -> ImageSource:
        """Image source as features read it: after the study's preprocessing."""
        return self.files.prepared_source(patient, phase)

    def mask_source(self, patient: str, phase: str, repeat: str | None = None) -> MaskSource:
        """Source of a patient's mask of one phase.

        It says where the mask is read from, and how; repeat: the name of a repeated delineation.
        """
        return self.files.mask_source(patient, phase, repeat)

    def block_mask(self, patient: str, block: Block, repeat: str | None = None) -> MaskSource:
        """Source of the mask that a block of features is taken from: the tumour or a region."""
        drawn = self.mask_source(patient, block.phase, repeat)
        return self.files.region_source(drawn, patient, block)

    def repeat_patients(self, repeat: str) -> list[str]:
        """Patients who have the repeated delineation `repeat` in every phase that declares it."""
        phases = [name for name, files in self.study.phases.items() if repeat in files.repeat_masks]
        return [
            patient
            for patient in self.patients
            if all(self.mask(patient, phase, repeat).exists() for phase in phases)
        ]
