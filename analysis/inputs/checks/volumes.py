"""An image's or a mask's own file: whether it is a volume, and what is wrong with its values."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import SimpleITK as sitk

from analysis.core.word_lists import counted
from analysis.imaging.reading import ImageSource, MaskSource, read_image, read_mask
from analysis.imaging.reading.headers import ReadingError, Remark, is_dicom
from analysis.imaging.reading.nifti import check_whole, is_nifti, loaded
from analysis.imaging.reading.nifti_header import header_remarks
from analysis.imaging.reading.slicer import segments_of
from analysis.imaging.reading.volumes import read_volume, refuse_no_volume
from analysis.inputs.checks.finding import Finding
from analysis.inputs.checks.masks import mask_values
from analysis.study import Masks

SPACING_MM = (0.05, 20.0)


def said_of(error: Exception, *paths: Path) -> str:
    """The error's words without the file, which the place of the problem names."""
    text = str(error)
    for path in paths:
        text = text.removeprefix(f"mask {path}: ").removeprefix(f"{path}: ")
    return text


def _reason(error: ReadingError, path: Path) -> str:
    """Reason of an error, without the file and without the advice."""
    return said_of(error, path).removeprefix("the image can't be read: ").rpartition("; ")[0]


def _unreadable(error: ReadingError, path: Path, of: str, mend: str) -> Finding:
    return Finding("error", of, f"the file can't be read ({_reason(error, path)})", mend)


def _volume(path: Path, of: str, found: list[Finding]) -> sitk.Image | None:
    """The image, or None where it is no volume with one value a voxel."""
    try:
        refuse_no_volume(path)
        if is_nifti(path):
            check_whole(path)
    except ReadingError as error:
        found.append(_unreadable(error, path, of, "export or copy it again"))
        return None
    try:
        image = sitk.ReadImage(str(path))
    except RuntimeError:
        try:
            image = read_volume(path)
        except ReadingError as error:
            found.append(_unreadable(error, path, of, str(error).rpartition("; ")[2]))
            return None
    dimension, components = image.GetDimension(), image.GetNumberOfComponentsPerPixel()
    if components > 1:
        found.append(
            Finding(
                "error",
                of,
                f"it has {counted(components, 'value')} a voxel (colour or vectors)",
                "give the original grey values, not a screenshot",
            )
        )
        return None
    if dimension == 4 and image.GetSize()[3] == 1:
        found.append(
            Finding("error", of, "it has a fourth axis of length 1", "save it with three axes")
        )
        return None
    if dimension != 3:
        found.append(
            Finding(
                "error",
                of,
                f"it has {counted(dimension, 'axis', 'axes')}, and a volume has 3",
                (
                    "give one file a phase"
                    if dimension > 3
                    else "give the whole volume, not one slice"
                ),
            )
        )
        return None
    if is_nifti(path):
        found += [
            Finding(each.level, of, each.text, "correct the header, or export the file again")
            for each in header_remarks(path, image)
        ]
    return image


def _not_finite(path: Path, values: np.ndarray) -> int:
    """Voxels that are NaN or infinite.

    SimpleITK reads those of NIfTI files as 0 and says nothing, so nibabel is asked.
    """
    if not np.issubdtype(values.dtype, np.floating):
        return 0
    if path.is_file() and path.name.endswith((".nii", ".nii.gz")):
        values = np.asanyarray(loaded(path).dataobj)
    return int((~np.isfinite(values)).sum())


def image_values(image: sitk.Image, path: Path, found: list[Finding]) -> np.ndarray:
    """Values of an image; what is wrong with them (not finite, all alike) goes to `found`."""
    values = sitk.GetArrayViewFromImage(image)
    wrong = _not_finite(path, values)
    if wrong:
        found.append(
            Finding(
                "error",
                "image",
                f"{wrong} of {counted(values.size, 'voxel is', 'voxels are')} not finite (NaN or"
                " infinite)",
                "fill them with the background's value and export again",
            )
        )
        return np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    if values.size and values.min() == values.max():
        found.append(
            Finding(
                "error",
                "image",
                f"all voxels have the value {values.flat[0]:g}",
                "export it again; nothing was imaged",
            )
        )
    wide = [
        f"{each:.3g} mm"
        for each in image.GetSpacing()
        if not SPACING_MM[0] <= each <= SPACING_MM[1]
    ]
    if wide:
        found.append(
            Finding(
                "warning",
                "image",
                f"its voxels measure {' and '.join(wide)} along an axis",
                "look at the spacing in the header: is it in mm?",
            )
        )
    return values


def _is_volume_file(path: Path) -> bool:
    return path.is_file() and not is_dicom(path)


def _instance_numbers(source: ImageSource, found: list[Finding]) -> None:
    """Check for slices of a DICOM series that have one number.

    They are put in order by their places, so that nothing rests on it.
    """
    if not source.path.is_dir():
        return
    numbers = Counter(instance.text("InstanceNumber") for instance in source.found().instances)
    for number, count in numbers.items():
        if (
            number
            and count > 1
            and not (source.series and (source.series.where or source.series.volume))
        ):
            found.append(
                Finding(
                    "warning",
                    "image",
                    f"{counted(count, 'slice has', 'slices have')} the instance number {number};"
                    " they were put in order by their positions",
                    "export the series again, or make sure that it holds one volume",
                )
            )


def checked_image(source: ImageSource, found: list[Finding]) -> sitk.Image | None:
    """Image as it is checked.

    It is a volume's own file with all that is wrong with it; a DICOM series, or an image on
    another's grid, is taken as the study reads it.
    """
    if _is_volume_file(source.path) and _volume(source.path, "image", found) is None:
        return None
    try:
        _instance_numbers(source, found)
        return read_image(source)
    except (ValueError, RuntimeError) as error:
        found.append(
            Finding(
                "error",
                "image",
                f"the study can't read it: {said_of(error, source.path)}",
                "export it again, or correct series and resample_to of its phase",
            )
        )
        return None


def _names_segments(path: Path) -> bool:
    """True if the mask is read by the names in its header.

    A damaged one is, so that reading says what is wrong.
    """
    try:
        return segments_of(path) is not None
    except ReadingError:
        return True


def checked_mask(
    source: MaskSource, image: sitk.Image | None, found: list[Finding]
) -> tuple[sitk.Image | None, np.ndarray | None]:
    """The mask, and where the tumour is."""
    if _is_volume_file(source.path) and not _names_segments(source.path):
        mask = _volume(source.path, "mask", found)
        inside = None if mask is None else mask_values(mask, source, found)
        if mask is None or inside is None or (not source.segment and source.masks == Masks()):
            return mask, inside
    if image is None:
        return None, None
    said: list[Remark] = []
    try:
        mask = read_mask(source, image, said)
    except (ValueError, RuntimeError) as error:
        found.append(
            Finding(
                "error",
                "mask",
                f"the study can't read it: {said_of(error, source.path)}",
                "export it again, or correct segment and mask of its phase",
            )
        )
        return None, None
    found += [
        Finding(
            each.level,
            "mask",
            each.text,
            (
                "look at the mask as it is read, and correct the drawing if it is not what was"
                " meant"
                if each.level == "warning"
                else ""
            ),
        )
        for each in said
    ]
    return mask, sitk.GetArrayViewFromImage(mask) != 0
