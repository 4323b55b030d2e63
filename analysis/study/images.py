"""Images and masks of study.yml as checked types.

They say which images and masks are meant where files hold several.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from analysis.study.section import Count, Section, check_date_format


class ExaminationRule(Section):
    """Rule for the choice of a patient's examination (StudyInstanceUID) that phases are taken from.

    The examination is chosen before its series.

    choose: `only` refuses to choose; first, last: by date; before: the last one up to the patient's
    `date`; nearest: to that date;
    any: the phase is chosen among all examinations, for phases that are of several on purpose.
    Examinations without a series that fits a phase do not count. date: column with a date of each
    patient (treatment, say): of the file given by --patients for `convert`, of the clinical table
    for a study. date_format: as strptime writes it; YYYY-MM-DD if left out. within_days: a patient
    whose examination is further from `date` is refused. one_day: several StudyInstanceUIDs of one
    day are one examination.
    """

    choose: Literal["only", "first", "last", "before", "nearest", "any"] = "only"
    date: str | None = None
    date_format: str | None = None
    within_days: Annotated[int, Field(ge=0)] | None = None
    one_day: bool = False

    @model_validator(mode="after")
    def _has_its_date(self) -> ExaminationRule:
        if self.date is None and (
            self.choose in ("before", "nearest") or self.within_days is not None
        ):
            what = (
                f"choose: {self.choose}" if self.choose in ("before", "nearest") else "within_days"
            )
            raise ValueError(f"{what} needs date: the column with the date of each patient")
        check_date_format(self.date_format)
        return self

    def __str__(self) -> str:
        """Rule as the user's file writes it, on one line."""
        given = self.model_dump(exclude_defaults=True)
        if set(given) <= {"choose"}:
            return self.choose
        return (
            "{"
            + ", ".join(
                f"{name}: {str(value).lower() if value is True else value}"
                for name, value in given.items()
            )
            + "}"
        )


def with_examination(content: Any) -> Any:
    """`examination: first` for `examination: {choose: first}`."""
    if isinstance(content, dict) and isinstance(content.get("examination"), str):
        return content | {"examination": {"choose": content["examination"]}}
    return content


class SeriesRule(Section):
    """Rule for the choice of one of several DICOM series in a folder.

    Parts that are given must all hold, and patterns are shell-like (*, ?), in any case.

    examination: the examination is chosen first, then the series in it. description, exclude: of
    the series description, wanted and not. modality, number, uid: of the series. where: DICOM
    keyword -> value or pattern, which images must have (TemporalPositionIdentifier: 2; ImageType:
    "*WATER*"), for a series that holds several volumes. choose: among several series that fit;
    `only` refuses to choose, 2 is the second by acquisition time, first and last are by time, then
    series number. volume: 2 is the second by time of the volumes that one series holds at the same
    places, as a dynamic acquisition does.
    """

    examination: ExaminationRule = ExaminationRule()
    description: str | None = None
    exclude: str | None = None
    modality: str | None = None
    number: int | None = None
    uid: str | None = None
    where: dict[str, str | int | float] = {}
    choose: Literal["only", "most_slices", "first", "last"] | Count = "only"
    volume: Count | None = None

    @model_validator(mode="before")
    @classmethod
    def _a_word_for_the_examination(cls, content: Any) -> Any:
        return with_examination(content)

    @field_validator("where")
    @classmethod
    def _keywords_exist(cls, where: dict[str, str | int | float]) -> dict[str, str | int | float]:
        # Imported here: a study of volumes must not wait for DICOM's dictionary.
        from pydicom.datadict import tag_for_keyword

        unknown = [keyword for keyword in where if tag_for_keyword(keyword) is None]
        if unknown:
            raise ValueError(
                f"{', '.join(unknown)}: no such DICOM keyword (they are written like"
                " TemporalPositionIdentifier)"
            )
        return where


class Lesions(Section):
    """Several lesions of a patient.

    rule: all as one mask; the largest alone; the mean or the maximum of each feature over lesions.
    separated_by: labels of the mask (or its segments or structures), or pieces that do not touch.
    least_voxels: a smaller lesion is left out, unless it is the only one.
    """

    rule: Literal["all", "largest", "mean", "max"] = "all"
    separated_by: Literal["labels", "pieces"] = "labels"
    least_voxels: Count = 64


Resampling = Literal["none", "nearest", "signed_distance"]


class Masks(Section):
    """Preparation of masks before anything is taken from them; the article's methods state it.

    resampling: of a mask on another grid than its image (drawn on another series or phase): nearest
    (neighbour), or signed_distance (the outline by linear interpolation of the distance from it);
    none refuses such a mask. gaps: empty slices between drawn ones of a lesion are kept, or filled
    by shape-based interpolation (interpolate).
    """

    resampling: Resampling = "none"
    gaps: Literal["keep", "interpolate"] = "keep"
