"""The results and curves of a study as its figures ask for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from analysis.inputs.radiomics.definitions import feature_parts
from analysis.reporting.tables.feature_words import feature_words
from analysis.reporting.wordings.feature_classes import class_words
from analysis.results import keys
from analysis.results.record import Record
from analysis.study.delta import BEGINNING
from analysis.study.phase_label import in_spaces
from analysis.study.regions import TUMOUR, split_region
from models.habitats.names import is_habitat_feature


@dataclass(frozen=True)
class Findings:
    """What the figures are drawn from: the results, and the points of the curves by name."""

    records: Mapping[str, Record]
    curves: Mapping[str, pd.DataFrame]

    def text(self, key: str) -> str:
        """A result's value as text."""
        return str(self.records[key].value)

    def names(self, key: str) -> list[str]:
        """Of a list of models or cohorts; none where there is no such result."""
        return self.records[key].names if key in self.records else []

    def has_points(self, curve: str) -> bool:
        """Whether a curve is there and has points."""
        return curve in self.curves and len(self.curves[curve]) > 0

    def has_points_of(self, curve: str, how: str) -> bool:
        """Whether a curve has points of one way of judging."""
        return bool((self.curves[curve]["how"] == how).any())

    @cached_property
    def labels(self) -> dict[str, str]:
        """Model, or way of judging → what it is called."""
        return {parts["name"]: str(record.value) for parts, record in keys.label.of(self.records)}

    @cached_property
    def terms(self) -> dict[str, str]:
        """Term of the regression → what it is called."""
        return {
            parts["term"]: str(record.value) for parts, record in keys.label_term.of(self.records)
        }

    @cached_property
    def phases(self) -> dict[str, str]:
        """Phase → what it is called; where the study file gives no label, that is its name."""
        own = {
            parts["phase"]: str(record.value)
            for parts, record in keys.study_phase_label.of(self.records)
        }
        shown = self.names(keys.study_phases()) or self.names(keys.study_phases_labels())
        return {each.replace(" ", "_"): each for each in shown if each not in own.values()} | own

    @cached_property
    def name_beginnings(self) -> dict[str, str]:
        """What names of features begin with → what it is called: phases, and comparisons of two."""
        return self.phases | {
            f"{BEGINNING}_{parts['delta']}": str(record.value)
            for parts, record in keys.features_comparison_label.of(self.records)
        }

    @cached_property
    def regions(self) -> dict[str, str]:
        """Region beside the tumour → what it is called."""
        return {
            parts["region"]: str(record.value)
            for parts, record in keys.features_region_label.of(self.records)
        }

    def feature_name(self, feature: str) -> str:
        """A radiomics feature as the tables spell it out: phase, region, image, class and feature.

        A name that is none of a feature stays as it is.
        """
        own = {
            parts["own_features"]: str(record.value)
            for parts, record in keys.features_own_label.of(self.records)
        }
        region, plain = split_region(feature, self.name_beginnings, self.regions)
        try:
            parts = feature_parts(plain, self.name_beginnings, own)
        except ValueError:
            return in_spaces(feature)
        phase, image, kind, name = parts
        whole = TUMOUR if self.regions and not is_habitat_feature(feature) else ""
        within = self.regions[region] if region else whole
        words = phase, within, image, class_words(kind), feature_words(kind, name)
        return ", ".join(part for part in words if part not in ("–", ""))

    @property
    def event(self) -> str:
        """What is predicted, in words."""
        return self.text(keys.study_event())

    @property
    def best(self) -> str:
        """The model with the highest out-of-fold AUC."""
        return self.text(keys.best_model())

    @property
    def headline(self) -> list[str]:
        """The main models, in their order."""
        return self.names(keys.models_headline())

    @property
    def level(self) -> float:
        """The confidence level, as a share."""
        return self.records[keys.settings_confidence_level()].number

    @property
    def external(self) -> list[str]:
        """Cohorts beyond the validation cohort."""
        return self.names(keys.cohorts_external())

    @cached_property
    def judged(self) -> list[str]:
        """Ways of judging that have a curve.

        Predictions that were made elsewhere may come without training patients, and a cohort that
        has just begun may have patients of one outcome only.
        """
        every = ["apparent", "out_of_fold", "validation", *self.external]
        return [how for how in every if self.has_points_of("roc", how)]

    @property
    def unseen(self) -> list[str]:
        """Ways of judging on patients that the model did not learn from."""
        return [how for how in self.judged if how != "apparent"]
