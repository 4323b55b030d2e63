"""Masks of any kind on their image's grid, one a lesion."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import SimpleITK as sitk

from analysis.core.word_lists import counted
from analysis.imaging.reading.gaps import fill_gaps, pieces
from analysis.imaging.reading.headers import (
    Instance,
    ReadingError,
    Remark,
    in_words,
    is_dicom,
    read_header,
)
from analysis.imaging.reading.mask_placing import binary_image, placed
from analysis.imaging.reading.resampling import grid_difference
from analysis.imaging.reading.segmentation import segment_masks, segment_names
from analysis.imaging.reading.series import matches
from analysis.imaging.reading.slicer import Segment, label_numbers, segment_volume, segments_of
from analysis.imaging.reading.sources import MaskSource
from analysis.imaging.reading.structures import (
    frames_of_reference,
    structure_masks,
    structure_names,
)
from analysis.imaging.reading.volumes import read_volume
from analysis.study.images import Masks


def union(masks: Sequence[sitk.Image]) -> sitk.Image:
    """All masks as one."""
    first, *others = masks
    array = sitk.GetArrayFromImage(first) > 0
    for other in others:
        array |= sitk.GetArrayViewFromImage(other) > 0
    return binary_image(array, first)


def pieces_of(mask: sitk.Image) -> list[sitk.Image]:
    """Pieces that touch each other not even by a corner, the largest first."""
    labels = pieces(sitk.GetArrayViewFromImage(mask) > 0)
    return [binary_image(labels == label, mask) for label in range(1, int(labels.max()) + 1)]


def chosen_segments(names: dict[int, str], wanted: Sequence[str | int], path: Path) -> list[int]:
    """Numbers of the chosen segments or structures.

    They are chosen by number or by a pattern of their name.

    Raises ReadingError, listing them, if one is not there, or if none is asked for and there are
    several.
    """
    listing = ", ".join(f"{number} '{name}'" for number, name in sorted(names.items())) or "none"
    if not wanted:
        if len(names) != 1:
            raise ReadingError(
                f"{path}: {counted(len(names), 'segment')}; say which is the tumour with segment:,"
                f" one or several of {listing}"
            )
        return list(names)
    found: list[int] = []
    for each in wanted:
        fitting = [
            number
            for number, name in sorted(names.items())
            if (number == each if isinstance(each, int) else matches(name, each))
        ]
        if not fitting:
            raise ReadingError(f"{path}: no segment is '{each}'; there are {listing}")
        found += [number for number in fitting if number not in found]
    return found


def _of_slicer(
    source: MaskSource, segments: list[Segment], image: sitk.Image, said: list[Remark] | None
) -> list[sitk.Image]:
    path = source.path
    numbered = label_numbers(segments, source.segment, path)
    chosen = chosen_segments(
        {number: segment.name for number, segment in numbered.items()}, source.segment, path
    )
    volume = read_volume(path, layers=True)
    try:
        drawn = [segment_volume(volume, numbered[number]) for number in chosen]
    except IndexError:
        raise ReadingError(
            f"{path}: a segment's layer is not in the file; save it again in 3D Slicer"
        ) from None
    return [
        placed(
            mask,
            image,
            rules=source.masks,
            place=f"{path}, segment '{numbered[number].name}'",
            said=said,
        )
        for number, mask in zip(chosen, drawn, strict=True)
    ]


def _of_label_map(
    source: MaskSource, image: sitk.Image, said: list[Remark] | None
) -> list[sitk.Image]:
    path = source.path
    mask = read_volume(path)
    difference = grid_difference(mask, image)
    if difference is not None and source.masks.resampling == "none":
        raise ReadingError(
            f"mask {path} has {difference}; both must share one grid (resample_to: puts an image on"
            " another phase's grid, masks: {resampling: nearest} a mask on its image's)"
        )
    return [
        (
            binary_image(array, image)
            if difference is None
            else placed(
                binary_image(array, mask),
                image,
                rules=source.masks,
                place=f"mask {path}",
                said=said,
            )
        )
        for array in _labels(source, sitk.GetArrayFromImage(mask))
    ]


def _labels(source: MaskSource, values: np.ndarray) -> list[np.ndarray]:
    """Masks of a label map, one a lesion, or one a value that is asked for."""
    path = source.path
    if not source.segment:
        if source.lesions.rule == "all" or source.lesions.separated_by == "pieces":
            return [values > 0]
        labels = sorted(set(np.unique(values[values > 0]).tolist()))
        if any(label != int(label) for label in labels):
            raise ReadingError(
                f"mask {path} has fractions as values, so its labels do not tell lesions apart; use"
                " lesions: separated_by: pieces"
            )
        return [values == label for label in labels] or [values > 0]
    named = [each for each in source.segment if not isinstance(each, int)]
    if named:
        raise ReadingError(
            f"mask {path} is a label map, which has numbers and no names: segment: {named[0]} can't"
            " be found in it"
        )
    present = set(np.unique(values).tolist())
    absent = [label for label in source.segment if label not in present]
    if absent:
        raise ReadingError(
            f"mask {path} has no voxel of value {absent[0]}; it has"
            f" {sorted(int(each) for each in present)}"
        )
    return [values == label for label in source.segment]


def _frame_of_reference(source: MaskSource) -> str:
    """Frame of reference of the delineated image, where that is DICOM; empty if not known."""
    if source.image is None:
        return ""
    image = source.image.resample_to or source.image
    files = image.files()
    instance = (
        read_header(files[0]) if files and files[0].is_file() and is_dicom(files[0]) else None
    )
    return instance.frame_of_reference if instance else ""


def dicom_segments(instance: Instance) -> dict[int, str]:
    """Number -> name of the segments of a DICOM-SEG, or the structures of an RTSTRUCT."""
    if instance.modality == "SEG":
        return segment_names(instance)
    if instance.modality == "RTSTRUCT":
        return structure_names(instance)
    raise ReadingError(
        f"mask {instance.path}: a DICOM file of modality {instance.modality}; masks are DICOM-SEG"
        " or RTSTRUCT"
    )


def dicom_masks(
    instance: Instance,
    numbers: list[int],
    image: sitk.Image,
    said: list[Remark] | None = None,
    rules: Masks | None = None,
) -> list[sitk.Image]:
    """Masks on the image's grid, one a segment or structure.

    said: gets what was not taken as the file has it. rules: for one that is on another grid.
    """
    return (
        segment_masks(instance, numbers, image=image, rules=rules or Masks(), said=said)
        if instance.modality == "SEG"
        else structure_masks(instance, numbers, image, said)
    )


def _of_dicom(
    source: MaskSource, instance: Instance, image: sitk.Image, said: list[Remark] | None
) -> list[sitk.Image]:
    names = dicom_segments(instance)
    expected, own = _frame_of_reference(source), frames_of_reference(instance)
    if expected and own and expected not in own:
        raise ReadingError(
            f"mask {instance.path}: it was drawn in another frame of reference than that of its"
            " image, so that positions do not correspond"
        )
    return dicom_masks(
        instance,
        chosen_segments(names, source.segment, instance.path),
        image=image,
        said=said,
        rules=source.masks,
    )


def lesions_of(
    source: MaskSource, image: sitk.Image, said: list[Remark] | None = None
) -> list[sitk.Image]:
    """Masks of the separate lesions on the image's grid.

    The masks are apart as the file has them (label, segment, structure), their gaps filled where
    the study asks for it; one may be empty. said: gets what was not taken as the file has it.
    """
    masks = _as_drawn(source, image, said)
    if source.masks.gaps == "keep":
        return masks
    return [
        fill_gaps(mask, said, f"lesion {number}: " if len(masks) > 1 else "")
        for number, mask in enumerate(masks, start=1)
    ]


def _as_drawn(source: MaskSource, image: sitk.Image, said: list[Remark] | None) -> list[sitk.Image]:
    path = source.file()
    if not path.is_file():
        raise ReadingError(f"{path}: no such file or folder")
    if not is_dicom(path):
        segments = segments_of(path)
        return (
            _of_label_map(source, image, said)
            if segments is None
            else _of_slicer(source, segments, image, said)
        )
    instance = read_header(path)
    if instance is None:
        raise ReadingError(f"mask {path}: a DICOM file without a series")
    with in_words(f"mask {path}"):
        return _of_dicom(source, instance, image, said)
