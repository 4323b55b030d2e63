"""study.yml as checked types: which images and masks are meant where files hold several, and what other masks are tried."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from analysis.study.section import Count, Section


class SeriesRule(Section):
    """Which of several DICOM series in a folder; parts that are given must all hold, and patterns are shell-like (*, ?), in any case.

    description, exclude: of the series description, wanted and not. modality, number, uid: of the series. where: DICOM keyword ->
    value or pattern, which images must have (TemporalPositionIdentifier: 2; ImageType: "*WATER*"), for a series that holds
    several volumes. choose: among several series that fit; `only` refuses to choose, first and last are by date and time,
    then series number.
    """

    description: str | None = None
    exclude: str | None = None
    modality: str | None = None
    number: int | None = None
    uid: str | None = None
    where: dict[str, str | int | float] = {}
    choose: Literal["only", "most_slices", "first", "last"] = "only"

    @field_validator("where")
    @classmethod
    def _keywords_exist(cls, where: dict[str, str | int | float]) -> dict[str, str | int | float]:
        from pydicom.datadict import tag_for_keyword
        unknown = [keyword for keyword in where if tag_for_keyword(keyword) is None]
        if unknown:
            raise ValueError(f"{', '.join(unknown)}: no such DICOM keyword (they are written like TemporalPositionIdentifier)")
        return where


class Lesions(Section):
    """Several lesions of a patient. rule: all as one mask; the largest alone; the mean or the maximum of each feature over
    lesions. separated_by: labels of the mask (or its segments or structures), or pieces that do not touch. least_voxels: a
    smaller lesion is left out, unless it is the only one."""

    rule: Literal["all", "largest", "mean", "max"] = "all"
    separated_by: Literal["labels", "pieces"] = "labels"
    least_voxels: Count = 64


class Masks(Section):
    """What is done to masks before anything is taken from them; the article's methods state it.

    resampling: of a mask on another grid than its image (drawn on another series or phase): nearest (neighbour), or signed_distance
    (the outline by linear interpolation of the distance from it); none refuses such a mask. gaps: empty slices between drawn ones of
    a lesion are kept, or filled by shape-based interpolation (interpolate).
    """

    resampling: Literal["none", "nearest", "signed_distance"] = "none"
    gaps: Literal["keep", "interpolate"] = "keep"


class Perturbation(Section):
    """Other masks made from the first one, of training patients; each is held against it by ICC like another reader's.

    erosion_mm, dilation_mm: the outline moved in or out. contour_noise_mm: standard deviation of a smooth random displacement of
    the outline, contour_noise_length_mm over which it varies. patients: so many, drawn by `seed`; all if left out.
    """

    erosion_mm: Annotated[float, Field(gt=0)] | None = None
    dilation_mm: Annotated[float, Field(gt=0)] | None = None
    contour_noise_mm: Annotated[float, Field(gt=0)] | None = None
    contour_noise_length_mm: Annotated[float, Field(gt=0)] = 10.0
    patients: Annotated[int, Field(ge=3)] | None = None
    seed: int = 0

    @model_validator(mode="after")
    def _does_something(self) -> Perturbation:
        if not self.amounts:
            raise ValueError("give at least one of erosion_mm, dilation_mm, contour_noise_mm")
        return self

    @property
    def amounts(self) -> dict[str, float]:
        """Kind -> millimetres, of the kinds that are asked for."""
        amounts = {"erosion": self.erosion_mm, "dilation": self.dilation_mm, "contour_noise": self.contour_noise_mm}
        return {kind: amount for kind, amount in amounts.items() if amount is not None}
