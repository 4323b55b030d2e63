"""study.yml as checked types: what is done to an image's intensities before anything is read of it.

Bias correction comes first, then the scale of the intensities; resampling and discretisation come
after, by the settings of the extraction. Each step sees one image of one patient and no other, so
nothing is learnt from patients; but for histogram matching, whose standard scale is learnt in the
learning patients of each fit.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_serializer, model_validator

from analysis.study.later_keys import without_unset
from analysis.study.section import Count, Section

Positive = Annotated[float, Field(gt=0)]
PLACE = "{patient_id}"
# Keys of a scale that a reference within the image sets.
OF_A_REFERENCE = ("by", "percentile", "peak", "width")
# Top of the standard scale of histogram matching: with the default bin width, 20 grey levels
# between the first and the last landmark.
MATCHED_SCALE = 500.0


class BiasCorrection(Section):
    """N4 correction of the receiver's sensitivity (Tustison et al. 2010), of each image by itself.

    shrink: the factor by which the image is shrunk along each axis before the field is fitted (less
    along an axis that would have fewer than eight voxels). iterations: at most so many on
    each level, from a coarse field to a fine one; convergence: the change at which a level ends.
    mask: where it is fitted: voxels brighter than Otsu's threshold, or all above 0, as of an image
    whose background is 0.
    """

    method: Literal["n4"] = "n4"
    shrink: Annotated[int, Field(ge=1, le=16)] = 4
    iterations: Annotated[list[Count], Field(min_length=1, max_length=8)] = [50, 50, 50, 50]
    convergence: Positive = 0.001
    mask: Literal["otsu", "positive"] = "otsu"


class IntensityScale(Section):
    """Scale of an image's intensities, by a reference in the same image or by its histogram.

    method: organ: by the voxels of the mask of a reference organ; white_stripe: by those around a
    peak of the image's histogram (Shinohara et al. 2014), within the mask, or brighter than Otsu's
    threshold without one; nyul: by percentiles of those voxels, which are put where they are on
    average in the learning patients of a fit (Nyúl et al. 2000), from 0 to `scale` (500 if left
    out). mask: a file by patient (and by {phase}); segment: which part of it.
    by: mean_sd puts the reference on mean 0 and standard deviation `scale`; percentile divides by
    that percentile of the reference, which becomes `scale`. peak: the largest one, or the brightest
    one that has at least a tenth of its height; width: share of the voxels on either side of the
    peak that the stripe takes. label: what the article calls what the mask is of.
    """

    method: Literal["organ", "white_stripe", "nyul"]
    mask: str | None = None
    segment: str | int | list[str | int] | None = None
    by: Literal["mean_sd", "percentile"] = "mean_sd"
    percentile: Annotated[float, Field(gt=0, lt=100)] = 50.0
    peak: Literal["largest", "brightest"] = "largest"
    width: Annotated[float, Field(gt=0, le=0.25)] = 0.05
    scale: Positive = 100.0
    label: Annotated[str, Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _uses_what_is_given(self) -> IntensityScale:
        idle = [name for name in OF_A_REFERENCE if name in self.model_fields_set]
        if self.is_matched and idle:
            raise ValueError(
                f"{', '.join(idle)} is of a reference (method: organ, white_stripe), which method:"
                " nyul does not have; take it out"
            )
        if self.is_matched and "scale" not in self.model_fields_set:
            # In the place of the default, and no key that the file gives.
            self.__dict__["scale"] = MATCHED_SCALE
        return self

    def idle_keys(self) -> set[str]:
        """Keys of a reference, where histograms are matched."""
        return set(OF_A_REFERENCE) if self.is_matched else set()

    @model_serializer(mode="wrap")
    def _of_its_method(self, serialise: Any) -> dict[str, Any]:
        found: dict[str, Any] = serialise(self)
        idle = self.idle_keys()
        return {name: value for name, value in found.items() if name not in idle}

    @model_validator(mode="after")
    def _has_its_reference(self) -> IntensityScale:
        if self.method == "organ" and self.mask is None:
            raise ValueError(
                "method: organ needs mask: the reference organ's, as in mask:"
                ' "images/{patient_id}/spleen.nii.gz"'
            )
        if self.mask is not None and PLACE not in self.mask:
            raise ValueError(f"mask must contain {{patient_id}} (found: {self.mask!r})")
        if self.segment is not None and self.mask is None:
            raise ValueError("segment says which part of mask, and there is no mask")
        return self

    @property
    def by_white_stripe(self) -> bool:
        """True if the reference is a white stripe, and not an organ."""
        return self.method == "white_stripe"

    @property
    def is_matched(self) -> bool:
        """True if histograms are matched, by a standard scale that is learnt from patients."""
        return self.method == "nyul"


class Preprocessing(Section):
    """Preparation of an image: bias_correction first, then intensity; what is left out is not done.

    An empty section under a phase leaves that phase's images as they are.
    """

    bias_correction: BiasCorrection | None = None
    intensity: IntensityScale | None = None

    @model_serializer(mode="wrap")
    def _given_alone(self, serialise: Any) -> dict[str, Any]:
        return without_unset(serialise(self), "bias_correction", "intensity")

    @property
    def does_something(self) -> bool:
        """True if there is any step."""
        return self.bias_correction is not None or self.intensity is not None

    @property
    def is_matched(self) -> bool:
        """True if the image's histogram is matched to a standard scale."""
        return self.intensity is not None and self.intensity.is_matched

    @property
    def of_one_image(self) -> Preprocessing:
        """The steps that need no other patient: all but histogram matching."""
        return self.model_copy(update={"intensity": None}) if self.is_matched else self

    def without_paths(self) -> dict[str, Any]:
        """Content without the names of a file and of an organ, no part of what is done."""
        found = self.model_dump(mode="json", exclude={"intensity": {"mask", "label"}})
        if self.intensity is not None:
            found["intensity"]["masked"] = self.intensity.mask is not None
        return found
