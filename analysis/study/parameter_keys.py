"""Settings of a PyRadiomics parameter file as keys of the study file.

Definitions and defaults: PyRadiomics's `docs/customization.rst` and its featureextractor.py. What
says how an image and a mask are read (label, label_channel, correctMask, geometryTolerance), what
is stored beside features (additionalInfo) and settings of feature maps (voxelSetting) say nothing
here: the study file tells which voxels are the tumour, and features are of the whole mask.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PLANES = ("axial", "coronal", "sagittal")
# Numbers that PyRadiomics takes for interpolators are SimpleITK's.
INTERPOLATORS = (
    *("sitkNearestNeighbor", "sitkLinear", "sitkBSpline", "sitkGaussian", "sitkLabelGaussian"),
    *("sitkHammingWindowedSinc", "sitkCosineWindowedSinc", "sitkWelchWindowedSinc"),
    *("sitkLanczosWindowedSinc", "sitkBlackmanWindowedSinc"),
)
IMAGES = {
    "original": "Original",
    "wavelet": "Wavelet",
    "log": "LoG",
    "square": "Square",
    "square_root": "SquareRoot",
    "logarithm": "Logarithm",
    "exponential": "Exponential",
    "gradient": "Gradient",
    "lbp_2d": "LBP2D",
    "lbp_3d": "LBP3D",
}
FILTERS = ("square", "square_root", "logarithm", "exponential", "gradient")


def _of_classes(setting: Mapping[str, Any]) -> dict[str, Any]:
    """Keys for what feature classes read, which an image type may have of its own."""
    count = setting.get("binCount")
    return {
        "bin_width": setting.get("binWidth", 25) if count is None else None,
        "bin_count": count,
        "voxel_array_shift": setting.get("voxelArrayShift", 0),
        "distances": list(setting.get("distances", [1])),
        "weighting_norm": setting.get("weightingNorm"),
        "symmetrical_glcm": setting.get("symmetricalGLCM", True),
        "gldm_alpha": setting.get("gldm_a", 0),
        "force_2d": PLANES[setting.get("force2Ddimension", 0)] if setting.get("force2D") else None,
    }


def _of_one_image(name: str, setting: Mapping[str, Any], general: dict[str, Any]) -> dict[str, Any]:
    """What an image type has of its own. Raises ValueError for what only PyRadiomics can ask."""
    own = {key: value for key, value in _of_classes(setting).items() if value != general[key]}
    for key, theirs in (("weighting_norm", "weightingNorm"), ("force_2d", "force2D")):
        if key in own and own[key] is None:
            raise ValueError(
                f"imageType.{name} switches {theirs} off for itself, which a study file can't;"
                " switch it on for each image type that has it"
            )
    if {"bin_width", "bin_count"} & set(own):
        own = {key: value for key, value in own.items() if value is not None}
    return own


def _spacing(setting: Mapping[str, Any]) -> list[float | None] | None:
    """0 keeps the image's own spacing of an axis; without an interpolator nothing is resampled."""
    spacing = setting.get("resampledPixelSpacing")
    if spacing is None or setting.get("interpolator", "") is None:
        return None
    if len(spacing) != 3:
        raise ValueError("setting.resampledPixelSpacing needs three numbers: x, y and z")
    return [each or None for each in spacing]


def _interpolator(setting: Mapping[str, Any]) -> str:
    given = setting.get("interpolator") or "sitkBSpline"
    return INTERPOLATORS[given - 1] if isinstance(given, int) else given


def _resegmentation(setting: Mapping[str, Any]) -> dict[str, Any] | None:
    if setting.get("resegmentRange") is None:
        return None
    return {
        "range": list(setting["resegmentRange"]),
        "mode": setting.get("resegmentMode", "absolute"),
        "shape": setting.get("resegmentShape", False),
    }


def _features(content: Mapping[str, Any], in_slices: bool) -> dict[str, Any] | None:
    """Classes and their features; shape2D is computed in slices alone, as PyRadiomics does."""
    classes = content.get("featureClass")
    if not classes:
        if not in_slices:
            return None
        # What PyRadiomics computes where no class is named.
        classes = dict.fromkeys(
            ("shape", "shape2D", "firstorder", "glcm", "glrlm", "glszm", "gldm", "ngtdm")
        )
    return {
        name: list(names) if names else None
        for name, names in classes.items()
        if name != "shape2D" or in_slices
    }


def _of_images(images: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Keys for the image types. images: PyRadiomics's name -> settings that hold for it."""
    wavelet, log = images.get("Wavelet"), images.get("LoG")
    found: dict[str, Any] = {
        "original": "Original" in images,
        "wavelet": None if wavelet is None else wavelet.get("wavelet", "coif1"),
        "log_sigma_mm": [] if log is None else list(log.get("sigma", [])),
        "filters": [name for name in FILTERS if IMAGES[name] in images],
    }
    if wavelet is not None:
        found["wavelet_level"] = wavelet.get("level", 1)
        found["wavelet_start_level"] = wavelet.get("start_level", 0)
    if "Gradient" in images:
        found["gradient_spacing"] = images["Gradient"].get("gradientUseSpacing", True)
    if (two := images.get("LBP2D")) is not None:
        if two.get("force2Ddimension", 0) and not two.get("force2D"):
            raise ValueError("imageType.LBP2D has a force2Ddimension without force2D: true")
        found["lbp_2d"] = {
            "radius": two.get("lbp2DRadius", 1),
            "samples": two.get("lbp2DSamples", 8),
            "method": two.get("lbp2DMethod", "uniform"),
        }
    if (three := images.get("LBP3D")) is not None:
        found["lbp_3d"] = {
            "levels": three.get("lbp3DLevels", 2),
            "radius": three.get("lbp3DIcosphereRadius", 1),
            "subdivision": three.get("lbp3DIcosphereSubdivision", 1),
        }
    return found


def keys_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """Keys of `radiomics.extraction` that ask for what the parameter file asks for.

    content: of the file, as PyRadiomics's schema allows it. PyRadiomics's defaults hold for what it
    leaves out. Raises ValueError for what no key can say.
    """
    setting = content.get("setting") or {}
    types = content.get("imageType") or {"Original": {}}
    images = {name: {**setting, **(own or {})} for name, own in types.items()}
    general = _of_classes(setting)
    by_image = {
        name: own
        for name, theirs in IMAGES.items()
        if theirs in images and (own := _of_one_image(theirs, images[theirs], general))
    }
    normalise = setting.get("normalize", False)
    return {
        "normalise": normalise,
        "normalise_scale": setting.get("normalizeScale", 1),
        "remove_outliers": setting.get("removeOutliers") if normalise else None,
        "resampled_spacing_mm": _spacing(setting),
        "interpolator": _interpolator(setting),
        "pad_distance": setting.get("padDistance", 5),
        "pre_crop": setting.get("preCrop", False),
        "resegment": _resegmentation(setting),
        "minimum_voxels": setting.get("minimumROISize"),
        "minimum_dimensions": setting.get("minimumROIDimensions", 2),
        **general,
        **_of_images(images),
        "features": _features(content, general["force_2d"] is not None),
        "by_image": by_image,
    }
