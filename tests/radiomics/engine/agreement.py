"""When two engines agree: every value to 1e-8 of itself, or to 1e-12 of what its feature's values are sums of; NaN in the same places."""

from __future__ import annotations

import warnings

import numpy as np
import SimpleITK as sitk

from analysis.radiomics.engine import Degenerate, fast_features
from analysis.radiomics.engines import image_features, one_thread
from analysis.radiomics.stock import stock_features
from analysis.study import Extraction


def natural_scale(name: str, features: dict[str, float]) -> float:
    """What a feature near 0 is small against: the terms that cancel in it; 1 for a dimensionless one."""
    image, kind, feature = name.rsplit("_", 2)

    def of(other: str, feature: str) -> float:
        return abs(features[f"{image}_{other}_{feature}"])

    if kind == "shape":
        return features["original_shape_Maximum3DDiameter"]
    if kind == "firstorder" and feature not in ("Entropy", "Kurtosis", "Skewness", "Uniformity"):
        return of("firstorder", "Maximum") + of("firstorder", "Minimum")
    if feature == "ClusterShade":
        return of("glcm", "ClusterProminence") ** 0.75
    return 1.0


def disagreements(ours: dict[str, float], theirs: dict[str, float]) -> list[str]:
    """Features that differ, with both values; names and their order must be the same."""
    assert list(ours) == list(theirs)
    found = []
    for name, a in ours.items():
        b = theirs[name]
        if np.isnan(a) or np.isnan(b):
            equal = np.isnan(a) and np.isnan(b)
        else:
            equal = abs(a - b) <= 1e-8 * max(abs(a), abs(b)) + 1e-12 * natural_scale(name, theirs)
        if not equal:
            found.append(f"{name}: {a!r} and {b!r}")
    return found


def outcome(engine, image: sitk.Image, mask: sitk.Image, settings: Extraction) -> dict[str, float] | str:
    """Features, or the error's type and words."""
    with one_thread(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return engine(image, mask, settings)
        except Exception as error:
            return f"{type(error).__name__}: {error}"


def assert_equal(image: sitk.Image, mask: sitk.Image, settings: Extraction) -> dict[str, float] | str:
    """Both engines on float64 and 0/1 images; returns what PyRadiomics gave."""
    ours, theirs = outcome(image_features, image, mask, settings), outcome(stock_features, image, mask, settings)
    if isinstance(theirs, str) and theirs.startswith("MemoryError"):
        # PyRadiomics makes matrices of all level numbers, not of those that occur: nothing to compare with.
        return theirs
    if isinstance(theirs, str) or isinstance(ours, str):
        assert ours == theirs
    else:
        assert not (found := disagreements(ours, theirs)), f"{len(found)} features differ, first {found[:5]}"
    return theirs


def by_the_fast_engine(image: sitk.Image, mask: sitk.Image, settings: Extraction) -> bool:
    """Whether the fast engine answers itself, not PyRadiomics in its stead."""
    try:
        with one_thread(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fast_features(image, mask, settings)
    except Degenerate:
        return False
    return True


def volume(values: np.ndarray, inside: np.ndarray, spacing: tuple[float, float, float] = (1.0, 1.0, 1.0), origin=(0.0, 0.0, 0.0), direction=None) -> tuple[sitk.Image, sitk.Image]:
    """Arrays (z, y, x) as an image and its mask."""
    image, mask = sitk.GetImageFromArray(values.astype(np.float64)), sitk.GetImageFromArray(inside.astype(np.uint8))
    for each in (image, mask):
        each.SetSpacing(spacing)
        each.SetOrigin(origin)
        if direction is not None:
            each.SetDirection(direction)
    return image, mask
