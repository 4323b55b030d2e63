"""Plan of masks: the delineation for each, chosen by headers alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.core.word_lists import counted
from analysis.imaging.convert.rules import MaskRule
from analysis.imaging.reading.headers import Instance, ReadingError
from analysis.imaging.reading.masks import chosen_segments, dicom_segments
from analysis.imaging.reading.series import Series, matches
from analysis.study.images import Resampling


@dataclass(frozen=True)
class MaskJob:
    """Mask to be written.

    It has its name and source file, the UID of its series, the DICOM modality, the segments'
    numbers, and the rule that chose it in words.
    """

    name: str
    path: Path
    series: str
    modality: str
    segments: tuple[int, ...]
    why: str
    resampling: Resampling = "none"


def _below(items: Iterable[Any], *keywords: str) -> Iterable[Any]:
    for keyword in keywords:
        items = [inner for item in items for inner in item.get(keyword, [])]
    return items


def referenced_series(instance: Instance) -> set[str]:
    """UIDs of the series that a DICOM-SEG or RTSTRUCT was drawn on."""
    found = [
        *_below([instance.header], "ReferencedSeriesSequence"),
        *_below(
            [instance.header],
            "ReferencedFrameOfReferenceSequence",
            "RTReferencedStudySequence",
            "RTReferencedSeriesSequence",
        ),
    ]
    return {str(item.SeriesInstanceUID) for item in found if "SeriesInstanceUID" in item}


def drawn_on(series: Series, masks: Iterable[Instance]) -> list[Instance]:
    """Masks that name the series, or that name none and share its frame of reference."""
    frame = series.text("FrameOfReferenceUID")
    return [
        mask
        for mask in masks
        if series.uid in (named := referenced_series(mask))
        or (not named and mask.frame_of_reference and mask.frame_of_reference == frame)
    ]


def _has_segment(instance: Instance, wanted: str | int) -> bool:
    return any(
        number == wanted if isinstance(wanted, int) else matches(name, wanted)
        for number, name in dicom_segments(instance).items()
    )


def _fits_mask(instance: Instance, rule: MaskRule) -> bool:
    description = instance.text("SeriesDescription")
    if rule.description is not None and not matches(description, rule.description):
        return False
    if rule.exclude is not None and matches(description, rule.exclude):
        return False
    return any(_has_segment(instance, each) for each in rule.segments)


def _age(mask: Instance) -> tuple[str, str, str]:
    return (
        mask.text("SeriesDate") or mask.text("StudyDate"),
        mask.text("SeriesTime"),
        mask.text("SOPInstanceUID"),
    )


def mask_job(name: str, rule: MaskRule, drawn: Sequence[Instance], place: str) -> MaskJob | None:
    """The delineation that the rule means, None if there is none.

    Raises ReadingError for several, or a segment that is not there.
    """
    fitting = sorted((mask for mask in drawn if _fits_mask(mask, rule)), key=_age)
    if not fitting:
        return None
    if len(fitting) > 1 and rule.choose == "only":
        raise ReadingError(
            f"{place}: {len(fitting)} DICOM-SEG or RTSTRUCT files fit the mask '{name}'; narrow it"
            " by description, or give choose: first or last"
        )
    chosen = fitting[-1] if rule.choose == "last" else fitting[0]
    wanted = [each for each in rule.segments if _has_segment(chosen, each)]
    numbers = chosen_segments(dicom_segments(chosen), wanted, chosen.path)
    why = f"segments {', '.join(map(str, rule.segments))}"
    why += f", description: {rule.description}" if rule.description else ""
    of_series = counted(
        len(drawn), "delineation of this series fits", "delineations of this series fit"
    )
    why += f"; {len(fitting)} of {of_series}"
    why += f", choose: {rule.choose}" if len(fitting) > 1 else ""
    return MaskJob(
        name=name,
        path=chosen.path,
        series=chosen.series,
        modality=chosen.modality,
        segments=tuple(numbers),
        why=why,
        resampling=rule.resampling,
    )
