"""PyRadiomics's 1037 features with PyRadiomics's values, several times as fast.

Own code, as no library gives both: packages that are faster merge the directions of texture
matrices or define features otherwise. What PyRadiomics leaves to good libraries (SimpleITK's
Laplacian of Gaussian, the marching cubes of its own C extension) is asked of these here as well;
the rest is one discretisation per filtered image, one pass over neighbours for four classes of
texture, symmetric eigenvalues, and everything from the bounding box instead of the whole image.

Values agree with PyRadiomics's to |a - b| <= 1e-8 max(|a|, |b|) + 1e-12 (the feature's natural
scale), NaN in the same places (`analysis/inputs/radiomics/agreement.py`). Two safeguards see to it.
A value within rounding of a bin's edge, or of a percentile that cuts, has its side decided by the
order of additions: such an image is filtered again as PyRadiomics filters it. And what rounding or
an error message decides altogether (no voxel, one line of voxels, a constant normalised image) is
given to PyRadiomics itself.
"""

from __future__ import annotations

import numpy as np
import SimpleITK as sitk

from analysis.inputs.radiomics.engine.cooccurrence import cooccurrence_features
from analysis.inputs.radiomics.engine.discretisation import grey_levels
from analysis.inputs.radiomics.engine.filters import filtered
from analysis.inputs.radiomics.engine.first_order import (
    first_order_features,
    percentile_decided_by_rounding,
)
from analysis.inputs.radiomics.engine.mask import MaskWork, mask_work
from analysis.inputs.radiomics.engine.neighbours import neighbours_of
from analysis.inputs.radiomics.engine.region import Degenerate, Region, region_of
from analysis.inputs.radiomics.engine.size_matrix import (
    dependence_features,
    run_features,
    zone_features,
)
from analysis.inputs.radiomics.engine.tone_difference import tone_difference_features
from analysis.study import Extraction

# Of the image's largest value: many times what differing orders of additions leave, and rarely met
# by chance.
ROUNDING = 1e-12
# Images flatter than this have moments that are rounding.
FLAT = 1e-6


class _DecidedByRounding(Exception):
    """Error for a grey level that rounding decides.

    A grey level of an image that was not filtered with PyRadiomics's own order of operations is
    uncertain.
    """


def _features_of(
    name: str,
    values: np.ndarray,
    mask: MaskWork,
    settings: Extraction,
    spacing: tuple[float, float, float],
    tolerance: float,
) -> dict[str, float]:
    if not np.isfinite(values).all():
        raise Degenerate
    doubles = values.astype(np.float64)
    ordered = np.sort(doubles)
    if tolerance > 0 and (
        ordered[-1] - ordered[0] < FLAT / ROUNDING * tolerance
        or (values.dtype == np.float64 and percentile_decided_by_rounding(ordered, tolerance))
    ):
        raise _DecidedByRounding
    grey = grey_levels(values, settings, tolerance)
    if grey is None:
        raise _DecidedByRounding if tolerance > 0 else Degenerate
    grid = mask.grid(grey.index)
    found = neighbours_of(grid, grey, mask)
    classes = {
        "firstorder": first_order_features(
            doubles, ordered, grey, float(np.multiply.reduce(spacing))
        ),
        "glcm": cooccurrence_features(found.cooccurrence, grey),
        "glrlm": run_features(grid, grey, mask),
        "glszm": zone_features(found, grey),
        "gldm": dependence_features(found, grey),
        "ngtdm": tone_difference_features(found.sum_of_neighbours, grey, mask),
    }
    return {
        f"{name}_{kind}_{feature}": float(value)
        for kind, features in classes.items()
        for feature, value in features.items()
    }


def _features(region: Region, settings: Extraction, exact: bool) -> dict[str, float]:
    mask = mask_work(region.mask[region.box], region.spacing)
    features = {f"original_shape_{name}": float(value) for name, value in mask.shape.items()}
    tolerance = ROUNDING * float(np.abs(region.image).max())
    for name, values, same in filtered(region, settings, exact):
        features |= _features_of(
            name, values, mask, settings, region.spacing, 0.0 if same else tolerance
        )
    return features


def fast_features(image: sitk.Image, mask: sitk.Image, settings: Extraction) -> dict[str, float]:
    """Features of one image, named and ordered as PyRadiomics has them.

    image: float64; mask: 0 and 1 on the same grid. Raises Degenerate where PyRadiomics itself must
    be asked.
    """
    try:
        return _features(region_of(image, mask, settings), settings, exact=False)
    except _DecidedByRounding:
        return _features(region_of(image, mask, settings, exact=True), settings, exact=True)
