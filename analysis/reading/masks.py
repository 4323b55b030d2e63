"""Masks of any kind on their image's grid, one a lesion."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import SimpleITK as sitk

from analysis.reading.headers import Instance, ReadingError, in_words, is_dicom, read_header
from analysis.reading.resampling import same_grid
from analysis.reading.series import matches
from analysis.reading.sources import MaskSource
from analysis.reading.volumes import read_volume


def binary_image(array: np.ndarray, image: sitk.Image) -> sitk.Image:
    """0 and 1 on the image's grid."""
    mask = sitk.GetImageFromArray(array.astype(np.uint8))
    mask.CopyInformation(image)
    return mask


def union(masks: Sequence[sitk.Image]) -> sitk.Image:
    """All masks as one."""
    first, *others = masks
    array = sitk.GetArrayFromImage(first) > 0
    for other in others:
        array |= sitk.GetArrayViewFromImage(other) > 0
    return binary_image(array, first)


def pieces_of(mask: sitk.Image) -> list[sitk.Image]:
    """Pieces that touch each other not even by a corner."""
    labels = sitk.GetArrayFromImage(sitk.ConnectedComponent(mask, True))
    return [binary_image(labels == label, mask) for label in range(1, int(labels.max()) + 1)]


def chosen_segments(names: dict[int, str], wanted: Sequence[str | int], path: Path) -> list[int]:
    """Numbers of the segments or structures that are meant, by number or by a pattern of their name.

    Raises ReadingError, listing them, if one is not there, or if none is asked for and there are several.
    """
    listing = ", ".join(f"{number} '{name}'" for number, name in sorted(names.items())) or "none"
    if not wanted:
        if len(names) != 1:
            raise ReadingError(f"{path}: {len(names)} segments; say which is the tumour with segment:, one or several of {listing}")
        return list(names)
    found: list[int] = []
    for each in wanted:
        fitting = [number for number, name in sorted(names.items()) if (number == each if isinstance(each, int) else matches(name, each))]
        if not fitting:
            raise ReadingError(f"{path}: no segment is '{each}'; there are {listing}")
        found += [number for number in fitting if number not in found]
    return found


def _of_label_map(source: MaskSource, image: sitk.Image) -> list[sitk.Image]:
    path = source.path
    mask = read_volume(path)
    difference = same_grid(mask, image)
    if difference is not None:
        what, ours, theirs = difference
        raise ReadingError(f"mask {path} has {what} {ours}, its image {theirs}; both must share one grid (resample_to: puts an image on another phase's grid)")
    values = sitk.GetArrayFromImage(mask)
    if not source.segment:
        if source.lesions.rule == "all" or source.lesions.separated_by == "pieces":
            return [binary_image(values > 0, image)]
        labels = sorted(set(np.unique(values[values > 0]).tolist()))
        if any(label != int(label) for label in labels):
            raise ReadingError(f"mask {path} has fractions as values, so its labels do not tell lesions apart; use lesions: separated_by: pieces")
        return [binary_image(values == label, image) for label in labels] or [binary_image(values > 0, image)]
    named = [each for each in source.segment if not isinstance(each, int)]
    if named:
        raise ReadingError(f"mask {path} is a label map, which has numbers and no names: segment: {named[0]} can't be found in it")
    present = set(np.unique(values).tolist())
    absent = [label for label in source.segment if label not in present]
    if absent:
        raise ReadingError(f"mask {path} has no voxel of value {absent[0]}; it has {sorted(int(each) for each in present)}")
    return [binary_image(values == label, image) for label in source.segment]


def _frame_of_reference(source: MaskSource) -> str:
    """Of the delineated image, where that is DICOM; empty where it is not known."""
    if source.image is None:
        return ""
    image = source.image.resample_to or source.image
    files = image.files()
    instance = read_header(files[0]) if files and files[0].is_file() and is_dicom(files[0]) else None
    return instance.frame_of_reference if instance else ""


def dicom_segments(instance: Instance) -> dict[int, str]:
    """Number -> name of the segments of a DICOM-SEG, or the structures of an RTSTRUCT."""
    if instance.modality == "SEG":
        from analysis.reading.segmentation import segment_names
        return segment_names(instance)
    if instance.modality == "RTSTRUCT":
        from analysis.reading.structures import structure_names
        return structure_names(instance)
    raise ReadingError(f"mask {instance.path}: a DICOM file of modality {instance.modality}; masks are DICOM-SEG or RTSTRUCT")


def dicom_masks(instance: Instance, numbers: list[int], image: sitk.Image, said: list[str] | None = None) -> list[sitk.Image]:
    """One mask a segment or structure, on the image's grid. said: gets what was not taken as the file has it."""
    from analysis.reading.segmentation import segment_masks
    from analysis.reading.structures import structure_masks
    return segment_masks(instance, numbers, image) if instance.modality == "SEG" else structure_masks(instance, numbers, image, said)


def _of_dicom(source: MaskSource, instance: Instance, image: sitk.Image, said: list[str] | None) -> list[sitk.Image]:
    names = dicom_segments(instance)
    from analysis.reading.structures import frames_of_reference
    expected, own = _frame_of_reference(source), frames_of_reference(instance)
    if expected and own and expected not in own:
        raise ReadingError(f"mask {instance.path}: it was drawn in another frame of reference than that of its image, so that positions do not correspond")
    return dicom_masks(instance, chosen_segments(names, source.segment, instance.path), image, said)


def lesions_of(source: MaskSource, image: sitk.Image, said: list[str] | None = None) -> list[sitk.Image]:
    """Masks as the file has them apart (label, segment, structure), on the image's grid; one may be empty. said: gets what was not
    taken as the file has it."""
    path = source.file()
    if not path.is_file():
        raise ReadingError(f"{path}: no such file or folder")
    if not is_dicom(path):
        return _of_label_map(source, image)
    instance = read_header(path)
    if instance is None:
        raise ReadingError(f"mask {path}: a DICOM file without a series")
    with in_words(f"mask {path}"):
        return _of_dicom(source, instance, image, said)
