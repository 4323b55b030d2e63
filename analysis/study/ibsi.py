"""study.yml as checked types: settings of `engine: ibsi`, in the terms of the IBSI's manual."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, model_validator

from analysis.study.section import Section

Bins = Annotated[int, Field(ge=2)]
Positive = Annotated[float, Field(gt=0)]
Aggregation = Literal[
    "2D_averaged",
    "2D_slice_merged",
    "2.5D_direction_merged",
    "2.5D_merged",
    "3D_averaged",
    "3D_merged",
]
SPLINE_ORDER = {"sitkNearestNeighbor": 0, "sitkLinear": 1, "sitkBSpline": 3}
# Of the IBSI's own configurations of its CT phantom.
BIN_COUNT = 32


class Ibsi(Section):
    """Settings of an extraction that the IBSI's manual has and PyRadiomics does not.

    aggregation: how texture matrices become one value; 2D and 2.5D ones are of slices, which are
    then not resampled across. outlier_sigma: intensity outlier filtering, after `resegment`.
    round_intensities: to whole numbers after interpolation, as CT's Hounsfield units.
    volume_histogram: of the intensity-volume histogram; without, each whole number is a level where
    intensities are rounded, else there are 1000.
    """

    aggregation: Aggregation = "3D_averaged"
    outlier_sigma: Positive | None = None
    round_intensities: bool = False
    volume_histogram_bin_width: Positive | None = None
    volume_histogram_bin_count: Bins | None = None

    @model_validator(mode="after")
    def _one_volume_histogram(self) -> Ibsi:
        if None not in (self.volume_histogram_bin_width, self.volume_histogram_bin_count):
            raise ValueError(
                "give one of volume_histogram_bin_width and volume_histogram_bin_count"
            )
        return self

    @property
    def by_slice(self) -> bool:
        """True if slices are taken one by one, in interpolation and in texture."""
        return not self.aggregation.startswith("3D")


# Keys that MIRP has no counterpart for -> what to do instead.
REFUSED = {
    "minimum_voxels": "leave it out",
    "minimum_dimensions": "leave it out",
    "pre_crop": "leave it out: the whole image is used",
    "pad_distance": "leave it out: the whole image is used",
    "voxel_array_shift": "leave it out: the IBSI's energy is of the intensities as they are",
    "distances": "leave it out: neighbours are at distance 1",
    "weighting_norm": "leave it out; `ibsi: {aggregation: 3D_merged}` merges without weights",
    "symmetrical_glcm": "leave it out: the IBSI's co-occurrence counts both ways",
    "force_2d": "write `ibsi: {aggregation: 2.5D_merged}`, or another one of slices",
    "original": "leave it out",
    "wavelet_level": "leave it out",
    "wavelet_start_level": "leave it out",
    "filters": "leave it out",
    "gradient_spacing": "leave it out",
    "lbp_2d": "leave it out",
    "lbp_3d": "leave it out",
    "features": "leave it out: all features with a value in the IBSI's reference are computed",
    "by_image": "leave it out",
    "parameters": "write its settings as keys, since it says what PyRadiomics is to compute",
}


def of_ibsi(given: Any) -> Any:
    """Settings as given, with the defaults of `engine: ibsi` where that is asked for.

    Features are then of the unfiltered image, and grey levels a fixed number, which the IBSI asks
    for where intensities have no unit.
    """
    if not isinstance(given, dict) or given.get("engine") != "ibsi":
        return given
    bins = {} if {"bin_width", "bin_count"} & set(given) else {"bin_count": BIN_COUNT}
    return {"log_sigma_mm": [], "wavelet": None, **bins, **given}


def check_ibsi(settings: BaseModel) -> None:
    """Raises ValueError where settings of `engine: ibsi` ask for what MIRP does not compute.

    settings: an Extraction. The message has every such key and what to do.
    """
    found: Any = settings
    if found.engine != "ibsi":
        if found.ibsi is not None:
            raise ValueError("ibsi: says nothing without engine: ibsi; set that, or leave it out")
        return
    faults = list(_faults(found, found.ibsi or Ibsi()))
    if faults:
        raise ValueError("engine: ibsi: " + "; ".join(faults))


def _faults(settings: Any, ibsi: Ibsi) -> Iterator[str]:
    fields = type(settings).model_fields
    for key, remedy in REFUSED.items():
        default = fields[key].get_default(call_default_factory=True)
        if getattr(settings, key) != default:
            yield f"{key} has no counterpart; {remedy}"
    if settings.log_sigma_mm or settings.wavelet is not None:
        yield (
            "features are of the unfiltered image alone; leave log_sigma_mm and wavelet out, or"
            " take engine: fast"
        )
    if settings.interpolator not in SPLINE_ORDER:
        yield f"interpolator: take {', '.join(SPLINE_ORDER)}"
    if ibsi.by_slice and settings.resampled_spacing_mm and settings.resampled_spacing_mm[2]:
        yield (
            f"aggregation {ibsi.aggregation} is of slices, which are not resampled across; write"
            " resampled_spacing_mm: [1, 1, null], or null"
        )
    if ibsi.round_intensities and settings.normalise:
        yield "round_intensities is for intensities with a unit; set normalise: false"
    yield from _resegmentation_faults(settings)


def _resegmentation_faults(settings: Any) -> Iterator[str]:
    chosen = settings.resegment
    if chosen is not None and chosen.mode != "absolute":
        instead = (
            "write `ibsi: {outlier_sigma: 3}`"
            if chosen.mode == "sigma"
            else "give the range in the image's unit"
        )
        yield f"resegment: mode {chosen.mode} has no counterpart; {instead}"
    if chosen is not None and chosen.shape:
        yield "resegment: shape: true has no counterpart: the IBSI's morphology is the drawn mask's"
    if settings.bin_width is not None and chosen is None:
        yield (
            "bin_width: the IBSI's bins of a fixed width begin at the lower limit of"
            " re-segmentation; give `resegment: {range: [LOWEST, HIGHEST]}`, or bin_count"
        )
