"""PyRadiomics's features with PyRadiomics's values, several times as fast: 1037 by default.

Own code, as no library gives both: packages that are faster merge the directions of texture
matrices or define features otherwise. The marching cubes are PyRadiomics's own C extension; the
rest is one discretisation per filtered image, one pass over neighbours for four classes of texture,
symmetric eigenvalues, filters of many lines at once, and everything from the bounding box instead
of the whole image.

Values agree with PyRadiomics's to |a - b| <= 1e-8 max(|a|, |b|) + 1e-12 (the feature's natural
scale), NaN in the same places (`analysis/inputs/radiomics/agreement.py`). Two safeguards see to it.
A value within rounding of a bin's edge, or of a percentile that cuts, has its side decided by the
order of additions: such an image is filtered again as PyRadiomics filters it. And what rounding or
an error message decides altogether (no voxel, one line of voxels, a constant normalised image) is
given to PyRadiomics itself; so are settings that this engine does not have
(`analysis/study/fast_engine.py`).
"""

from __future__ import annotations

from collections.abc import Callable

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
from analysis.inputs.radiomics.engine.resegmentation import resegmented
from analysis.inputs.radiomics.engine.size_matrix import (
    dependence_features,
    run_features,
    zone_features,
)
from analysis.inputs.radiomics.engine.tone_difference import tone_difference_features
from analysis.study import Extraction
from analysis.study.extraction_parts import FeatureClass
from analysis.study.fast_engine import left_to_pyradiomics
from analysis.study.image_names import image_type_of

# Of the image's largest value: many times what differing orders of additions leave, and rarely met
# by chance.
ROUNDING = 1e-12
# Classes that read the pass over neighbours.
OF_NEIGHBOURS = {"glcm", "glrlm", "glszm", "gldm"}
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
    wanted = settings.classes()
    found = neighbours_of(grid, grey, mask) if set(wanted) & OF_NEIGHBOURS else None
    volume = float(np.multiply.reduce(spacing))
    shift = settings.voxel_array_shift
    classes: dict[FeatureClass, Callable[[], dict[str, float]]] = {
        "firstorder": lambda: first_order_features(doubles, ordered, grey, volume, shift),
        "ngtdm": lambda: tone_difference_features(grid, grey, mask),
    }
    if found is not None:
        classes |= {
            "glcm": lambda: cooccurrence_features(found.cooccurrence, grey),
            "glrlm": lambda: run_features(found, grey, mask),
            "glszm": lambda: zone_features(found, grid, grey, mask),
            "gldm": lambda: dependence_features(found, grey),
        }
    return {
        f"{name}_{kind}_{feature}": value
        for kind in wanted
        if kind in classes
        for feature, value in _chosen(classes[kind](), wanted[kind]).items()
    }


def _chosen(features: dict[str, float], names: list[str] | None) -> dict[str, float]:
    """Features of one class: all, or those that are named, in their order."""
    return {name: float(features[name]) for name in names or features}


def _features(region: Region, settings: Extraction, exact: bool) -> dict[str, float]:
    region, outline = resegmented(region, settings)
    mask = mask_work(region.mask[region.box], region.spacing)
    features = {}
    wanted = settings.classes()
    if "shape" in wanted:
        drawn = mask if settings.resegment is None else mask_work(outline, region.spacing)
        features = {
            f"original_shape_{name}": value
            for name, value in _chosen(drawn.shape, wanted["shape"]).items()
        }
    tolerance = ROUNDING * float(np.abs(region.image).max())
    of_types = {image_type: settings.of_image(image_type) for image_type in settings.image_types}
    for name, values, same in filtered(region, settings, exact):
        features |= _features_of(
            name,
            values,
            mask,
            of_types[image_type_of(name)],
            region.spacing,
            0.0 if same else tolerance,
        )
    return features


def fast_features(image: sitk.Image, mask: sitk.Image, settings: Extraction) -> dict[str, float]:
    """Features of one image, named and ordered as PyRadiomics has them.

    image: float64; mask: 0 and 1 on the same grid. Raises Degenerate where PyRadiomics itself must
    be asked.
    """
    if left_to_pyradiomics(settings):
        raise Degenerate
    # A limit of intensities cuts, and a root or a logarithm magnifies near 0, what rounding leaves.
    sharp = settings.resegment is not None or bool(settings.filters)
    try:
        return _features(region_of(image, mask, settings, exact=sharp), settings, exact=False)
    except _DecidedByRounding:
        return _features(region_of(image, mask, settings, exact=True), settings, exact=True)
