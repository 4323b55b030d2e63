"""3D Slicer's segmentations (.seg.nrrd): names, label values and layers are in the header.

Layers that may overlap are one more axis of the file, which SimpleITK reads as several values a
voxel. Read here from what SimpleITK finds in the header, by the fields that Slicer's
vtkMRMLSegmentationStorageNode writes (SegmentN_Name, _LabelValue, _Layer); files from before layers
(Slicer 4.10) have a layer a segment.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import SimpleITK as sitk

from analysis.imaging.reading.headers import ReadingError


@dataclass(frozen=True)
class Segment:
    """Segment of a .seg.nrrd file of 3D Slicer: its name, value in the file and layer."""

    name: str
    label: int
    layer: int


def segments_of(path: Path) -> list[Segment] | None:
    """Segments that the header names, in its order; None if the file is no 3D Slicer segmentation.

    Raises ReadingError for a label or layer that is no number.
    """
    if not path.is_file() or not path.name.lower().endswith((".nrrd", ".nhdr")):
        return None
    reader = sitk.ImageFileReader()
    reader.SetFileName(str(path))
    try:
        reader.ReadImageInformation()
    except RuntimeError:
        return None  # read_volume says what is wrong
    fields = {key: reader.GetMetaData(key) for key in reader.GetMetaDataKeys()}
    numbers = sorted(
        {
            int(found[1])
            for key in fields
            if (found := re.fullmatch(r"Segment(\d+)_(?:ID|Name)", key))
        }
    )
    if not numbers:
        return None
    layered = reader.GetNumberOfComponents() > 1
    try:
        return [
            Segment(
                fields.get(f"Segment{number}_Name") or fields.get(f"Segment{number}_ID", ""),
                int(fields.get(f"Segment{number}_LabelValue", 1)),
                int(fields.get(f"Segment{number}_Layer", place if layered else 0)),
            )
            for place, number in enumerate(numbers)
        ]
    except ValueError as error:
        raise ReadingError(
            f"{path}: a segment's label value or layer is no whole number; save it again in 3D"
            " Slicer"
        ) from error


def label_numbers(
    segments: Sequence[Segment], wanted: Sequence[str | int], path: Path
) -> dict[int, Segment]:
    """Segments by the number that `segment:` may name: the label value.

    Raises ReadingError where a number is asked for and several layers use the same values.
    """
    labels = [segment.label for segment in segments]
    if len(set(labels)) == len(labels):
        return dict(zip(labels, segments, strict=True))
    if any(isinstance(each, int) for each in wanted):
        named = ", ".join(f"'{segment.name}'" for segment in segments)
        raise ReadingError(
            f"{path}: label values are not unique over its layers, so that segment: must give a"
            f" name, one or several of {named}"
        )
    return dict(enumerate(segments, start=1))


def segment_volume(image: sitk.Image, segment: Segment) -> sitk.Image:
    """0 and 1 on the file's grid. image: the file as SimpleITK has it, with a value a layer.

    Raises IndexError for a layer that is not there.
    """
    layers = image.GetNumberOfComponentsPerPixel()
    if segment.layer >= layers:
        raise IndexError(segment.layer)
    layer = image if layers == 1 else sitk.VectorIndexSelectionCast(image, segment.layer)
    return sitk.Cast(layer == segment.label, sitk.sitkUInt8)
