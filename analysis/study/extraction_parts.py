"""study.yml as checked types: sections and names within the settings of an extraction."""

from __future__ import annotations

import difflib
import warnings
from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field, field_validator

from analysis.study.section import Count, Section

Interpolator = Literal[
    "sitkBSpline",
    "sitkLinear",
    "sitkNearestNeighbor",
    "sitkGaussian",
    "sitkLabelGaussian",
    "sitkHammingWindowedSinc",
    "sitkCosineWindowedSinc",
    "sitkWelchWindowedSinc",
    "sitkLanczosWindowedSinc",
    "sitkBlackmanWindowedSinc",
]
WeightingNorm = Literal["manhattan", "euclidean", "infinity", "no_weighting"]
Plane = Literal["axial", "coronal", "sagittal"]
IntensityFilter = Literal["square", "square_root", "logarithm", "exponential", "gradient"]
ImageType = Literal["original", "wavelet", "log", IntensityFilter, "lbp_2d", "lbp_3d"]
FeatureClass = Literal["shape", "shape2D", "firstorder", "glcm", "glrlm", "glszm", "gldm", "ngtdm"]
CLASSES: tuple[FeatureClass, ...] = (
    *("shape", "shape2D", "firstorder"),
    *("glcm", "glrlm", "glszm", "gldm", "ngtdm"),
)
FILTERS: tuple[IntensityFilter, ...] = (
    *("square", "square_root", "logarithm"),
    *("exponential", "gradient"),
)
Positive = Annotated[float, Field(gt=0)]


class Resegmentation(Section):
    """Voxels of the mask that stay, by their intensity, as PyRadiomics's `resegmentRange`.

    range: lowest intensity, or lowest and highest, both included, after normalisation and
    resampling; mode: in the image's unit, as shares of the largest intensity in the mask, or in
    standard deviations of the mask's intensities from their mean. shape: whether shape is that of
    the voxels that stay; else it is the drawn mask's, cut to the box around the voxels that stay.
    """

    range: Annotated[list[float], Field(min_length=1, max_length=2)]
    mode: Literal["absolute", "relative", "sigma"] = "absolute"
    shape: bool = False


class LocalBinaryPattern2D(Section):
    """Local binary patterns in slices (scikit-image's `local_binary_pattern`)."""

    radius: Positive = 1.0
    samples: Count = 8
    method: Literal["default", "ror", "uniform", "var"] = "uniform"


class LocalBinaryPattern3D(Section):
    """Local binary patterns on a sphere, by spherical harmonics."""

    levels: Count = 2
    radius: Positive = 1.0
    subdivision: Annotated[int, Field(ge=0)] = 1


class ImageSettings(Section):
    """Settings of one image type alone; what is left out is as for all."""

    bin_width: Positive | None = None
    bin_count: Annotated[int, Field(ge=2)] | None = None
    voxel_array_shift: int | None = None
    distances: Annotated[list[Count], Field(min_length=1)] | None = None
    weighting_norm: WeightingNorm | None = None
    symmetrical_glcm: bool | None = None
    gldm_alpha: Annotated[int, Field(ge=0)] | None = None
    force_2d: Plane | None = None

    @field_validator("bin_count")
    @classmethod
    def _one_binning(cls, count: int | None, info: object) -> int | None:
        if count is not None and getattr(info, "data", {}).get("bin_width") is not None:
            raise ValueError("give one of bin_width and bin_count")
        return count


def meant(name: str, known: Iterable[str]) -> str:
    """What a misspelt name was likely meant to be, in words; else all that there is."""
    known = list(known)
    lower = {each.lower(): each for each in reversed(known)}
    close = difflib.get_close_matches(name.lower(), lower, n=3)
    if close:
        return f"did you mean {' or '.join(lower[each] for each in close)}?"
    return f"there are {', '.join(known)}"


def check_features(features: dict[FeatureClass, list[str] | None]) -> None:
    """Raises ValueError where a feature is none of PyRadiomics's class, or is named twice."""
    if not features:
        raise ValueError("names no class of features; leave it out for all")
    named = {kind: names for kind, names in features.items() if names}
    if not named:
        return
    # Imported here: only a study that names single features must wait for PyRadiomics.
    from radiomics import getFeatureClasses

    classes = getFeatureClasses()
    for kind, names in named.items():
        known = classes[kind].getFeatureNames()
        for name in names:
            if name not in known:
                raise ValueError(f"{kind} has no feature {name}; {meant(name, known)}")
        if len(set(names)) < len(names):
            raise ValueError(f"{kind} names a feature twice")


def check_lbp(two: bool, three: bool) -> None:
    """Raises ValueError where the packages of local binary patterns are not there.

    PyRadiomics would leave these images out without an error.
    """
    if two:
        try:
            # Imported here: the package is optional.
            from skimage.feature import local_binary_pattern  # noqa: F401
        except ImportError:
            raise ValueError(
                "lbp_2d needs the package scikit-image, which is not installed: pip install"
                " scikit-image, or take lbp_2d out"
            ) from None
    if three:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # SciPy announces what it will leave out
                # Imported here, as PyRadiomics does: it needs what later SciPy left out.
                from scipy.ndimage.interpolation import map_coordinates  # noqa: F401
                from scipy.special import sph_harm  # noqa: F401
                from trimesh.creation import icosphere  # noqa: F401
        except ImportError as error:
            raise ValueError(
                "lbp_3d needs the package trimesh, and of SciPy what its versions from 1.17 lack"
                f" ({error}): pip install trimesh 'scipy<1.17', or take lbp_3d out"
            ) from None
