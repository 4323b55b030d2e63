"""Radiomics features by PyRadiomics, and their reproducibility between readers.

The features of every patient and phase are cached by content.

Names are imported when they are first used: the documents need the definitions alone, and no image
library.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.inputs.radiomics.extraction import extract_features, feature_classes
    from analysis.inputs.radiomics.quality import cohort_quality, patient_quality
    from analysis.inputs.radiomics.reproducibility import (
        FORM,
        feature_iccs,
        feature_reproducibility,
        reproducible_features,
    )
    from analysis.inputs.radiomics.shuffling import shuffled_features
    from analysis.inputs.radiomics.table import RadiomicsTable, radiomics_table

PLACES = {
    "FORM": "reproducibility",
    "RadiomicsTable": "table",
    "cohort_quality": "quality",
    "extract_features": "extraction",
    "feature_classes": "extraction",
    "feature_iccs": "reproducibility",
    "feature_reproducibility": "reproducibility",
    "patient_quality": "quality",
    "radiomics_table": "table",
    "reproducible_features": "reproducibility",
    "shuffled_features": "shuffling",
}


def __getattr__(name: str) -> Any:
    if name not in PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{PLACES[name]}"), name)
    globals()[name] = value
    return value
