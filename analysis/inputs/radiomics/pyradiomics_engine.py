"""PyRadiomics itself, as this study's settings ask for it."""

from __future__ import annotations

import logging
from typing import Any

import SimpleITK as sitk

from analysis.study import Extraction
from analysis.study.extraction_parts import ImageSettings, ImageType
from analysis.study.parameter_keys import IMAGES, PLANES


def _of_resegmentation(settings: Extraction) -> dict[str, Any]:
    chosen = settings.resegment
    if chosen is None:
        return {}
    return {
        "resegmentRange": list(chosen.range),
        "resegmentMode": chosen.mode,
        "resegmentShape": chosen.shape,
    }


def _of_classes(settings: Extraction | ImageSettings) -> dict[str, Any]:
    """Settings of feature classes under PyRadiomics's names; those that are None are left out."""
    named = {
        "voxelArrayShift": settings.voxel_array_shift,
        "distances": settings.distances,
        "weightingNorm": settings.weighting_norm,
        "symmetricalGLCM": settings.symmetrical_glcm,
        "gldm_a": settings.gldm_alpha,
    }
    found: dict[str, Any] = {name: value for name, value in named.items() if value is not None}
    if settings.bin_count is not None:
        found |= {"binCount": settings.bin_count}
    elif settings.bin_width is not None:
        # A number of bins of all images would go before the width of one.
        found |= {"binWidth": settings.bin_width, "binCount": None}
    if settings.force_2d is not None:
        found |= {"force2D": True, "force2Ddimension": PLANES.index(settings.force_2d)}
    return found


def _of_image(settings: Extraction, image_type: ImageType) -> dict[str, Any]:
    """Settings of one image type under PyRadiomics's names."""
    two, three = settings.lbp_2d, settings.lbp_3d
    own: dict[str, Any] = {}
    if image_type == "wavelet":
        own = {
            "wavelet": settings.wavelet,
            "level": settings.wavelet_level,
            "start_level": settings.wavelet_start_level,
        }
    elif image_type == "log":
        own = {"sigma": list(settings.log_sigma_mm)}
    elif image_type == "gradient":
        own = {"gradientUseSpacing": settings.gradient_spacing}
    elif image_type == "lbp_2d" and two is not None:
        own = {
            "lbp2DRadius": two.radius,
            "lbp2DSamples": two.samples,
            "lbp2DMethod": two.method,
        }
    elif image_type == "lbp_3d" and three is not None:
        own = {
            "lbp3DLevels": three.levels,
            "lbp3DIcosphereRadius": three.radius,
            "lbp3DIcosphereSubdivision": three.subdivision,
        }
    by_image = settings.by_image.get(image_type)
    return own | ({} if by_image is None else _of_classes(by_image))


def stock_extractor(settings: Extraction, **more: Any) -> Any:
    """A RadiomicsFeatureExtractor; more: settings of PyRadiomics that a study doesn't have."""
    # Imported here: a study whose features are stored must not wait for PyRadiomics.
    from radiomics import featureextractor, logger

    logger.setLevel(logging.CRITICAL)
    options = {
        "label": 1,
        "normalize": settings.normalise,
        # PyRadiomics recommends a scale when normalising, since bin widths are in the image's own
        # unit.
        "normalizeScale": settings.normalise_scale,
        "removeOutliers": settings.remove_outliers,
        "resampledPixelSpacing": (
            [each or 0 for each in settings.resampled_spacing_mm]
            if settings.resampled_spacing_mm
            else None
        ),
        "interpolator": settings.interpolator,
        "padDistance": settings.pad_distance,
        "preCrop": settings.pre_crop,
        "minimumROISize": settings.minimum_voxels,
        "minimumROIDimensions": settings.minimum_dimensions,
        "correctMask": True,
        "geometryTolerance": 1e-4,
        # Diagnostics, hashes of both images among them, which nobody reads here.
        "additionalInfo": False,
        **_of_resegmentation(settings),
        **_of_classes(settings),
        **more,
    }
    extractor = featureextractor.RadiomicsFeatureExtractor(**options)
    extractor.disableAllImageTypes()
    for image_type in settings.image_types:
        extractor.enableImageTypeByName(
            IMAGES[image_type], customArgs=_of_image(settings, image_type)
        )
    extractor.disableAllFeatures()
    # Upstream leaves these to the caller: the default of PyRadiomics omits nothing that IBSI keeps
    # but computes 'Compactness' and the like when asked for by name only, so enabling whole classes
    # gives 14 + 18 + 75.
    for name, features in settings.classes().items():
        extractor.enableFeatureClassByName(name)
        if features:
            extractor.enableFeaturesByName(**{name: features})
    return extractor


def stock_features(
    image: sitk.Image, mask: sitk.Image, settings: Extraction, **more: Any
) -> dict[str, float]:
    """image: float64; mask: 0 and 1 on the same grid. Raises whatever PyRadiomics raises."""
    result = stock_extractor(settings, **more).execute(image, mask)
    return {
        name: float(value) for name, value in result.items() if not name.startswith("diagnostics")
    }
