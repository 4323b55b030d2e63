"""A feature's name spelt out: phase, image, class and feature."""

from __future__ import annotations

from analysis.cohort.tables.feature_columns import feature_phases
from analysis.inputs.radiomics.definitions import feature_parts
from analysis.inputs.radiomics.region_of_feature import region_in_words
from analysis.reporting.results_by_key import ResultsByKey
from analysis.reporting.tables.feature_words import feature_words
from analysis.reporting.wordings.feature_classes import class_words
from analysis.results import keys
from analysis.study.phase_label import name_labels
from analysis.study.regions import split_region


def own_labels(results: ResultsByKey) -> dict[str, str]:
    """Name -> label of the features of the study's own code."""
    return {
        each["own_features"]: str(record.value)
        for each, record in results.all_of(keys.features_own_label)
    }


def region_words(results: ResultsByKey, feature: str) -> str:
    """Region of a feature in words; empty where the study has none but the tumour."""
    return region_in_words(results.study, feature) if results.study.regions else ""


def spelled_out(results: ResultsByKey, feature: str) -> tuple[str, str, str, str]:
    """Phase, image, class and feature of a feature's name, in words."""
    _, plain = split_region(feature, results.study.name_beginnings, results.study.regions)
    phase, image, kind, name = feature_parts(
        plain,
        name_labels(results.study, feature_phases(results.study)),
        own_labels(results),
    )
    return phase, image, class_words(kind), feature_words(kind, name)


def in_one(results: ResultsByKey, feature: str) -> str:
    """A feature's name on one line: phase, region (where there are any), image, class, feature."""
    phase, *others = spelled_out(results, feature)
    parts = [phase, region_words(results, feature), *others]
    return ", ".join(part for part in parts if part not in ("–", ""))
