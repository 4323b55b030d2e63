"""Features by MIRP, as the Image Biomarker Standardisation Initiative defines them.

MIRP: Zwanenburg and Löck, Journal of Open Source Software 2024, doi 10.21105/joss.06413. The
settings of the study file are given to it in its own words, and what it has no counterpart for was
refused before (`analysis/study/ibsi.py`). What is used of it is not all public: its public function
reads files, and writes to the log. So its version is pinned from above (pyproject.toml), and tests
hold its values to the consensus of the IBSI. Interpolation, Moran's I and Geary's C are this
package's own: MIRP interpolates the whole image, far beyond the tumour, and its spatial
autocorrelation takes minutes, or estimates Moran's I from samples, beyond the IBSI's tolerance.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

import numpy as np
import SimpleITK as sitk

from analysis.inputs.radiomics.ibsi_features import AUTOCORRELATION, ibsi_features
from analysis.inputs.radiomics.ibsi_grid import surroundings
from analysis.inputs.radiomics.spatial_autocorrelation import spatial_autocorrelation
from analysis.study import Extraction
from analysis.study.ibsi import SPLINE_ORDER, Ibsi

MISSING = (
    "engine: ibsi needs the package MIRP, which is not installed: pip install"
    ' "hcc-early-recurrence[ibsi]"'
)
MATRICES = {
    "2D_averaged": ("2d_average", "2d"),
    "2D_slice_merged": ("2d_slice_merge", "2d"),
    "2.5D_direction_merged": ("2.5d_direction_merge", "2.5d"),
    "2.5D_merged": ("2.5d_volume_merge", "2.5d"),
    "3D_averaged": ("3d_average", "3d"),
    "3D_merged": ("3d_volume_merge", "3d"),
}


class MissingPackage(ValueError):
    """MIRP is not installed; the message says how it is."""


def is_installed() -> bool:
    """True if MIRP can be imported."""
    return find_spec("mirp") is not None


def _spacing(settings: Extraction, image: sitk.Image) -> tuple[float, ...]:
    """Voxels (mm) on which features are computed, z y x; slices are not resampled across."""
    return tuple(float(each) for each in settings.spacing_of(image.GetSpacing())[::-1])


def _of_intensities(settings: Extraction, ibsi: Ibsi) -> dict[str, Any]:
    """Re-segmentation and discretisation."""
    found: dict[str, Any] = {}
    if settings.resegment is not None:
        low, *high = sorted(float(each) for each in settings.resegment.range)
        found["resegmentation_intensity_range"] = [low, high[0] if high else np.nan]
    if ibsi.outlier_sigma is not None:
        found["resegmentation_sigma"] = ibsi.outlier_sigma
    if settings.bin_width is not None:
        found |= {
            "base_discretisation_method": "fixed_bin_size",
            "base_discretisation_bin_width": float(settings.bin_width),
        }
    else:
        found |= {
            "base_discretisation_method": "fixed_bin_number",
            "base_discretisation_n_bins": settings.bin_count,
        }
    if ibsi.volume_histogram_bin_width is not None:
        found |= {
            "ivh_discretisation_method": "fixed_bin_size",
            "ivh_discretisation_bin_width": float(ibsi.volume_histogram_bin_width),
        }
    elif ibsi.volume_histogram_bin_count is not None:
        found |= {
            "ivh_discretisation_method": "fixed_bin_number",
            "ivh_discretisation_n_bins": ibsi.volume_histogram_bin_count,
        }
    return found


def mirp_settings(settings: Extraction) -> dict[str, Any]:
    """Settings under MIRP's names, but for interpolation, which is done before."""
    ibsi = settings.ibsi or Ibsi()
    directions, zones = MATRICES[ibsi.aggregation]
    return {
        "by_slice": ibsi.by_slice,
        "anti_aliasing": False,
        "base_feature_families": "all",
        "glcm_distance": 1.0,
        "glcm_spatial_method": directions,
        "glrlm_spatial_method": directions,
        "glszm_spatial_method": zones,
        "gldzm_spatial_method": zones,
        "ngtdm_spatial_method": zones,
        "ngldm_spatial_method": zones,
        "ngldm_distance": 1.0,
        "ngldm_difference_level": float(settings.gldm_alpha),
        **_of_intensities(settings, ibsi),
    }


def _normalised(image: sitk.Image, settings: Extraction) -> sitk.Image:
    """The image as PyRadiomics normalises it; the IBSI leaves this to the study."""
    if not settings.normalise:
        return image
    # Imported here: only features that are not stored need PyRadiomics.
    from radiomics.imageoperations import normalizeImage

    return normalizeImage(
        image,
        normalizeScale=settings.normalise_scale,
        removeOutliers=settings.remove_outliers,
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """Context in which MIRP neither sets the process's log up nor warns of what a study chose."""
    root, silent = logging.getLogger(), logging.NullHandler()
    root.addHandler(silent)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        root.removeHandler(silent)


def _workflow(image: sitk.Image, mask: sitk.Image, settings: Extraction) -> Any:
    """MIRP's workflow of an image and its mask on one grid, wherever in the room that lies."""
    # Imported here: the package is optional, and takes a second to load.
    from mirp._images.generic_image import GenericImage
    from mirp._masks.base_mask import BaseMask
    from mirp._workflows.standardWorkflow import StandardWorkflow
    from mirp.settings.import_config_parameters import import_configuration_settings

    (chosen,) = import_configuration_settings(compute_features=True, **mirp_settings(settings))
    around = surroundings(
        sitk.GetArrayFromImage(_normalised(image, settings)),
        sitk.GetArrayFromImage(mask),
        spacing=image.GetSpacing()[::-1],
        wanted=_spacing(settings, image),
        order=SPLINE_ORDER[settings.interpolator],
    )
    grid = {
        "image_modality": "ct" if settings.ibsi and settings.ibsi.round_intensities else "generic",
        "image_spacing": around.spacing,
        "image_origin": (0.0, 0.0, 0.0),
        "image_orientation": np.eye(3),
        "image_dimensions": around.image.shape,
        "sample_name": "tumour",
    }
    volume = GenericImage(image_data=around.image, **grid).promote()
    volume.associated_masks = [BaseMask(roi_name="tumour", image_data=around.mask, **grid)]
    return StandardWorkflow(image_file=volume, settings=chosen, export_features=True)


def _values(workflow: Any, wanted: set[str]) -> dict[str, float]:
    """MIRP's name of a feature → value."""
    # Imported here: the package is optional.
    from mirp._features.feature_generator import generate_features

    ((volume, (mask,)),) = workflow.standard_image_processing()
    features = [
        each
        for each in generate_features(settings=workflow.settings.feature_extr)
        if each.abbr_name in wanted and each.abbr_name not in AUTOCORRELATION
    ]
    try:
        for before, each in zip([None, *features], features, strict=False):
            each.compute(image=volume, mask=mask)
            if before is not None:
                before.clear_local_cache(other=each)
    finally:
        for each in features:
            each.clear_cache()
    moran, geary = spatial_autocorrelation(
        volume.get_voxel_grid(), mask.roi_intensity.get_voxel_grid(), volume.image_spacing
    )
    values = {each.abbr_name: float(each.value) for each in features}
    return values | dict(zip(AUTOCORRELATION, (moran, geary), strict=True))


def ibsi_engine_features(
    image: sitk.Image, mask: sitk.Image, settings: Extraction
) -> dict[str, float]:
    """Features of one image, named `original_{class}_{feature}` (`ibsi_features.yml`).

    image: float64; mask: 0 and 1 on the same grid. Values are float64, NaN where MIRP has NaN;
    lengths are in mm. Raises MissingPackage where MIRP is not installed, and what MIRP raises.
    """
    if not is_installed():
        raise MissingPackage(MISSING)
    # A study file can't name classes; checks ask for the least that tells whether there is any.
    kinds = settings.features
    wanted = [each for each in ibsi_features() if kinds is None or each.kind in kinds]
    with _quiet():
        values = _values(_workflow(image, mask, settings), {each.mirp for each in wanted})
    return {f"original_{each.kind}_{each.name}": values[each.mirp] for each in wanted}
