"""Both engines on the same image, held to each other."""

from __future__ import annotations

import warnings

import numpy as np
import SimpleITK as sitk

from analysis.inputs.radiomics.agreement import differences
from analysis.inputs.radiomics.engine import Degenerate, fast_features
from analysis.inputs.radiomics.engine_choice import image_features, one_thread
from analysis.inputs.radiomics.pyradiomics_engine import stock_features
from analysis.study import Extraction


def outcome(
    engine, image: sitk.Image, mask: sitk.Image, settings: Extraction
) -> dict[str, float] | str:
    """Features, or the error's type and words."""
    with one_thread(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return engine(image, mask, settings)
        except Exception as error:
            return f"{type(error).__name__}: {error}"


def assert_equal(
    image: sitk.Image, mask: sitk.Image, settings: Extraction
) -> dict[str, float] | str:
    """Both engines on float64 and 0/1 images; returns what PyRadiomics gave."""
    ours, theirs = (
        outcome(image_features, image, mask, settings),
        outcome(stock_features, image, mask, settings),
    )
    if isinstance(theirs, str) and theirs.startswith("MemoryError"):
        # PyRadiomics makes matrices of all level numbers, not of those that occur: nothing to
        # compare with.
        return theirs
    if isinstance(theirs, str) or isinstance(ours, str):
        assert ours == theirs
    else:
        beyond = np.array(list(ours))[differences(ours, theirs) > 1]
        assert not len(beyond), (
            f"{len(beyond)} features differ, first"
            f" {[(name, ours[name], theirs[name]) for name in beyond[:5]]}"
        )
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


def volume(
    values: np.ndarray,
    inside: np.ndarray,
    spacing: tuple[float, float, float] = (1.0, 1.0, 1.0),
    origin=(0.0, 0.0, 0.0),
    direction=None,
) -> tuple[sitk.Image, sitk.Image]:
    """Arrays (z, y, x) as an image and its mask."""
    image, mask = (
        sitk.GetImageFromArray(values.astype(np.float64)),
        sitk.GetImageFromArray(inside.astype(np.uint8)),
    )
    for each in (image, mask):
        each.SetSpacing(spacing)
        each.SetOrigin(origin)
        if direction is not None:
            each.SetDirection(direction)
    return image, mask
