"""A feature's name spelt out: phase, image, class and feature."""

from __future__ import annotations

from analysis.cohort.tables.feature_columns import feature_phases
from analysis.inputs.radiomics.definitions import feature_parts
from analysis.reporting.manuscript import Results
from analysis.reporting.tables.feature_words import class_words, feature_words
from analysis.results import keys
from analysis.study.phase_label import phase_labels


def own_labels(results: Results) -> dict[str, str]:
    """Name -> label of the features of the study's own code."""
    return {
        each["own_features"]: str(record.value)
        for each, record in results.all_of(keys.features_own_label)
    }


def spelled_out(results: Results, feature: str) -> tuple[str, str, str, str]:
    """Phase, image, class and feature of a feature's name, in words."""
    phase, image, kind, name = feature_parts(
        feature,
        phase_labels(results.study, feature_phases(results.study)),
        own_labels(results),
    )
    return phase, image, class_words(kind), feature_words(kind, name)


def in_one(results: Results, feature: str) -> str:
    """A feature's name on one line: phase, image, class, feature."""
    return ", ".join(part for part in spelled_out(results, feature) if part != "–")
