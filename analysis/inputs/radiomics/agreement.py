"""Agreement of two engines.

They agree when every value does to 1e-8 of itself, or to 1e-12 of what its feature's values are
sums of; NaN is in the same places.
"""

from __future__ import annotations

import numpy as np

RELATIVE, OF_SCALE = 1e-8, 1e-12
DIMENSIONLESS = ("Entropy", "Kurtosis", "Skewness", "Uniformity")


def natural_scale(name: str, features: dict[str, float]) -> float:
    """Scale that a feature near 0 is small against.

    It is the terms that cancel in the feature; 1 for a dimensionless one.

    name: as `wavelet-HHH_glcm_ClusterShade`; features: of the same image, PyRadiomics's.
    """
    image, kind, feature = name.rsplit("_", 2)
    if kind == "shape":
        return features["original_shape_Maximum3DDiameter"]
    if kind == "firstorder" and feature not in DIMENSIONLESS:
        return abs(features[f"{image}_firstorder_Maximum"]) + abs(
            features[f"{image}_firstorder_Minimum"]
        )
    if feature == "ClusterShade":
        return features[f"{image}_glcm_ClusterProminence"] ** 0.75
    return 1.0


def differences(ours: dict[str, float], theirs: dict[str, float]) -> np.ndarray:
    """Difference |a - b| of each feature over what is let pass (1 is the limit).

    It is infinite where only one is NaN.

    Raises ValueError for other names, or names in another order.
    """
    if list(ours) != list(theirs):
        raise ValueError("the engines have different features, or in another order")
    a, b = np.array(list(ours.values())), np.array(list(theirs.values()))
    allowed = RELATIVE * np.maximum(np.abs(a), np.abs(b)) + OF_SCALE * np.array(
        [natural_scale(name, theirs) for name in theirs]
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        result = np.where(a == b, 0.0, np.abs(a - b) / allowed)
    missing = np.isnan(a) | np.isnan(b)
    result[missing] = np.where(np.isnan(a) & np.isnan(b), 0.0, np.inf)[missing]
    return result


def largest_relative_difference(ours: dict[str, float], theirs: dict[str, float]) -> float:
    """Largest |a - b| / max(|a|, |b|) of any feature, however close to 0 the feature is."""
    return max(
        (
            abs(a - b) / max(abs(a), abs(b))
            for a, b in zip(ours.values(), theirs.values(), strict=True)
            if a != b and not (np.isnan(a) and np.isnan(b))
        ),
        default=0.0,
    )
