"""Harmonisation by its settings, and the patients' covariates that it keeps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from models.inputs import Inputs
from models.radiomics.combat import ComBat
from models.radiomics.covariates import covariate_design
from models.radiomics.covbat import CovBat

METHODS: dict[str, type[ComBat]] = {"combat": ComBat, "covbat": CovBat}
# What the settings say beside the arguments of the estimators.
BESIDE = ("method", "covariates")


def harmoniser(settings: Mapping[str, Any]) -> ComBat:
    """Unfitted harmonisation. settings: method, covariates, and the method's arguments."""
    method = METHODS[settings.get("method", "combat")]
    return method(**{name: value for name, value in settings.items() if name not in BESIDE})


def covariates_of(settings: Mapping[str, Any] | None, inputs: Inputs) -> np.ndarray | None:
    """Patients × numbers of the covariates that harmonisation keeps; None where there are none.

    Raises ValueError naming patients without a value.
    """
    kept = None if settings is None else settings.get("covariates")
    if not kept:
        return None
    if inputs.clinical is None:
        raise ValueError(f"harmonisation keeps the effects of {', '.join(kept)}; give them")
    return covariate_design(inputs.clinical, kept)


def reads_all_features(harmonise: ComBat | None) -> bool:
    """True if a feature can't be harmonised without those that no classifier reads.

    So it is with CovBat, and where a new centre borrows strength between features.
    """
    return isinstance(harmonise, CovBat) or (
        harmonise is not None and harmonise.new_centre == "estimate"
    )
