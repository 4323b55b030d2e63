"""PyRadiomics itself, as this study's settings ask for it."""

from __future__ import annotations

import logging
from typing import Any

import SimpleITK as sitk

from analysis.study import Extraction

# Upstream leaves these to the caller: the default of PyRadiomics omits nothing that IBSI keeps but
# computes 'Compactness' and the like when asked for by name only, so enabling whole classes gives
# 14 + 18 + 75.
TEXTURES = ("glcm", "glrlm", "glszm", "gldm", "ngtdm")


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
        "normalizeScale": 100,
        "resampledPixelSpacing": (
            list(settings.resampled_spacing_mm) if settings.resampled_spacing_mm else None
        ),
        "interpolator": settings.interpolator,
        "padDistance": settings.pad_distance,
        "preCrop": True,
        "correctMask": True,
        "geometryTolerance": 1e-4,
        # Diagnostics, hashes of both images among them, which nobody reads here.
        "additionalInfo": False,
        "wavelet": settings.wavelet,
        **(
            {"binWidth": settings.bin_width}
            if settings.bin_width
            else {"binCount": settings.bin_count}
        ),
        **more,
    }
    extractor = featureextractor.RadiomicsFeatureExtractor(**options)
    extractor.disableAllImageTypes()
    extractor.enableImageTypeByName("Original")
    extractor.enableImageTypeByName("Wavelet", customArgs={"wavelet": settings.wavelet})
    if settings.log_sigma_mm:
        extractor.enableImageTypeByName("LoG", customArgs={"sigma": list(settings.log_sigma_mm)})
    extractor.disableAllFeatures()
    for name in ("shape", "firstorder", *TEXTURES):
        extractor.enableFeatureClassByName(name)
    return extractor


def stock_features(
    image: sitk.Image, mask: sitk.Image, settings: Extraction, **more: Any
) -> dict[str, float]:
    """image: float64; mask: 0 and 1 on the same grid. Raises whatever PyRadiomics raises."""
    result = stock_extractor(settings, **more).execute(image, mask)
    return {
        name: float(value) for name, value in result.items() if not name.startswith("diagnostics")
    }
