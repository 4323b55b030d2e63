"""What can be wrong with an image and its mask; each pair is read once and remembered by its
content."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import SimpleITK as sitk

from analysis.core.cache import cached, digest, source_digest
from analysis.imaging.reading import ImageSource, MaskSource, read_image, read_mask, reading_code
from analysis.imaging.reading.examinations import study_day
from analysis.imaging.reading.headers import ReadingError, Remark, is_dicom
from analysis.imaging.reading.mask_placing import binary_image
from analysis.imaging.reading.nifti import check_whole, is_nifti, loaded
from analysis.imaging.reading.nifti_header import header_remarks
from analysis.imaging.reading.resampling import grid_difference
from analysis.imaging.reading.slicer import segments_of
from analysis.imaging.reading.volumes import read_volume, refuse_no_volume
from analysis.inputs.checks.finding import Finding, Grid, Seen
from analysis.inputs.checks.masks import are_few, extent, mask_values, separate_pieces, try_features
from analysis.inputs.radiomics.table import extraction_code
from analysis.study import Extraction, Masks

RESAMPLE = (
    "let masks be resampled to their image (masks: {resampling: nearest} or signed_distance in the"
    " study file)"
)
SPACING_MM = (0.05, 20.0)
# Voxels below this share of the image's range are air; a tumour that reaches no further was not
# imaged.
BACKGROUND_SHARE = 0.05


def _grid(image: sitk.Image) -> Grid:
    return Grid(
        image.GetSize(),
        tuple(round(each, 6) for each in image.GetSpacing()),
        tuple(round(each, 4) for each in image.GetOrigin()),
        tuple(round(each, 6) for each in image.GetDirection()),
    )


def _said(error: Exception, *paths: Path) -> str:
    """The error's words without the file, which the place of the problem names."""
    text = str(error)
    for path in paths:
        text = text.removeprefix(f"mask {path}: ").removeprefix(f"{path}: ")
    return text


def _reason(error: ReadingError, path: Path) -> str:
    """What is wrong, without the file and without the advice."""
    return _said(error, path).removeprefix("the image can't be read: ").rpartition("; ")[0]


def _volume(path: Path, of: str, found: list[Finding]) -> sitk.Image | None:
    """The image, or None where it is no volume with one value a voxel."""
    try:
        refuse_no_volume(path)
        if is_nifti(path):
            check_whole(path)
    except ReadingError as error:
        found.append(
            Finding(
                "error",
                of,
                f"the file can't be read ({_reason(error, path)})",
                "export or copy it again",
            )
        )
        return None
    try:
        image = sitk.ReadImage(str(path))
    except RuntimeError:
        try:
            image = read_volume(path)
        except ReadingError as error:
            found.append(
                Finding(
                    "error",
                    of,
                    f"the file can't be read ({_reason(error, path)})",
                    str(error).rpartition("; ")[2],
                )
            )
            return None
    dimension, components = image.GetDimension(), image.GetNumberOfComponentsPerPixel()
    if components > 1:
        found.append(
            Finding(
                "error",
                of,
                f"it has {components} values a voxel (colour or vectors)",
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
                f"it has {dimension} axes, and a volume has 3",
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


def _same_grid(image: sitk.Image, mask: sitk.Image, found: list[Finding]) -> bool:
    difference = grid_difference(mask, image)
    if difference is None:
        return True
    if difference.what == "grid":
        found.append(
            Finding(
                "error",
                "mask",
                f"its grid is {_times(mask.GetSize())}, its image's {_times(image.GetSize())}",
                f"name the image that it was drawn on, or {RESAMPLE}",
            )
        )
        return False
    shown = [_three(each) for each in (difference.ours, difference.theirs)]
    turned = "; one of them is flipped or rotated" if difference.what == "direction" else ""
    far = (
        f", so that voxels lie up to {difference.voxels:.2g} voxels ({difference.mm:.2g} mm) from"
        " the image's"
    )
    found.append(
        Finding(
            "error",
            "mask",
            f"its {difference.what} is {shown[0]}, its image's {shown[1]}{far}{turned}",
            "export image and mask from the same series; if only the header is wrong, copy the"
            f" image's; if the mask was drawn on another series, {RESAMPLE}",
        )
    )
    return False


def _times(size: tuple[int, ...]) -> str:
    return " × ".join(map(str, size))


def _three(values: tuple[float, ...]) -> str:
    return "(" + ", ".join(f"{each:.4g}" for each in values) + ")"


def _not_finite(path: Path, values: np.ndarray) -> int:
    """Voxels that are NaN or infinite. SimpleITK reads those of NIfTI files as 0 and says nothing,
    so nibabel is asked."""
    if not np.issubdtype(values.dtype, np.floating):
        return 0
    if path.is_file() and path.name.endswith((".nii", ".nii.gz")):
        values = np.asanyarray(loaded(path).dataobj)
    return int((~np.isfinite(values)).sum())


def _image_values(image: sitk.Image, path: Path, found: list[Finding]) -> np.ndarray:
    values = sitk.GetArrayViewFromImage(image)
    wrong = _not_finite(path, values)
    if wrong:
        found.append(
            Finding(
                "error",
                "image",
                f"{wrong} of {values.size} voxels are not finite (NaN or infinite)",
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
    """Slices of a DICOM series that have one number; they are put in order by their places, so that
    nothing rests on it."""
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
                    f"{count} slices have the instance number {number}; they were put in order by"
                    " their positions",
                    "export the series again, or make sure that it holds one volume",
                )
            )


def _image(source: ImageSource, found: list[Finding]) -> sitk.Image | None:
    """A volume's own file with all that is wrong with it; a DICOM series, or an image on another's
    grid, as the study reads it."""
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
                f"the study can't read it: {_said(error, source.path)}",
                "export it again, or correct series and resample_to of its phase",
            )
        )
        return None


def _names_segments(path: Path) -> bool:
    """Whether the mask is read by the names in its header; a damaged one is, so that reading says
    what is wrong."""
    try:
        return segments_of(path) is not None
    except ReadingError:
        return True


def _mask(
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
                f"the study can't read it: {_said(error, source.path)}",
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


def look_at(
    image_source: ImageSource, mask_source: MaskSource, extraction: Extraction | None
) -> Seen:
    """Everything that can be said of one image and its mask. extraction: of the features that are
    taken from it, if any are."""
    found: list[Finding] = []
    image = _image(image_source, found)
    mask, inside = _mask(mask_source, image, found)
    values = None if image is None else _image_values(image, image_source.path, found)
    if inside is not None:
        extent(inside, extraction is not None, found)
        if mask is not None:
            separate_pieces(
                binary_image(inside, mask),
                1 if mask_source.lesions.rule == "all" else mask_source.lesions.least_voxels,
                found,
            )
    brightness = None
    if (
        image is not None
        and mask is not None
        and _same_grid(image, mask, found)
        and values is not None
        and inside is not None
        and values.min() < values.max()
    ):
        tumour = values[inside]
        low, high = (float(each) for each in np.percentile(values, (0, 99.5)))
        background = low + BACKGROUND_SHARE * (high - low)
        if high > low and np.percentile(tumour, 90) < background and tumour.min() < tumour.max():
            found.append(
                Finding(
                    "warning",
                    "mask",
                    "it lies in the background of its image, where nothing was imaged",
                    "look at both: was the mask drawn on another image, or on another patient?",
                )
            )
        elif (values > background).any():
            brightness = (float(np.median(values[values > background])), float(np.median(tumour)))
        if len(tumour) > 1 and tumour.min() == tumour.max():
            found.append(
                Finding(
                    "warning",
                    "image",
                    f"all voxels of the tumour have the value {tumour[0]:g}",
                    "look at it: is the mask beside the tumour, or the image cut off at a value?",
                )
            )
        if (
            extraction is not None
            and are_few(inside, mask, extraction)
            and not any(finding.level == "error" for finding in found)
        ):
            try_features(image_source, mask_source, extraction, found)
    return Seen(
        tuple(found),
        None if image is None else _grid(image),
        digest(image_source),
        "" if mask is None else digest(*mask_source.files()),
        brightness,
        _examination(image_source) if image is not None else "",
    )


def _examination(source: ImageSource) -> str:
    series = source.dicom()
    if series is None or not (study := series.instances[0].study):
        return ""
    day = study_day(series)
    return f"{digest(study)} {digest(study, day.isoformat()) if day else ''}"


def seen(
    image: ImageSource, mask: MaskSource, extraction: Extraction | None, code: str, folder: Path
) -> Seen:
    """look_at, remembered by content: an unchanged pair is not read again."""
    try:
        key = digest(
            "seen",
            image,
            mask,
            image.path.suffixes,
            mask.path.suffixes,
            None if extraction is None else extraction.model_dump(mode="json"),
            code,
        )
    except (ValueError, RuntimeError, OSError) as error:
        return Seen(
            (
                Finding(
                    "error",
                    "image",
                    f"the study can't read it: {_said(error, image.path, mask.path)}",
                    "export it again, or correct series, segment and the patterns of its phase",
                ),
            ),
            None,
            f"unreadable {image.path}",
        )
    return _with_passed_over(cached(folder, key, lambda: look_at(image, mask, extraction)), image)


def _with_passed_over(known: Seen, image: ImageSource) -> Seen:
    """With a note for files of the image's folder that are not read. They are in no key, so they
    are looked for each time."""
    if not image.path.is_dir() or known.grid is None:
        return known
    said: list[Remark] = []
    image.found(said)
    return replace(
        known,
        findings=(*known.findings, *(Finding(each.level, "image", each.text) for each in said)),
    )


def checks_code() -> str:
    """Digest of all code that a finding on an image or mask depends on; kept findings of other code
    are stale."""
    return digest(
        source_digest(
            *(Path(__file__).with_name(f"{name}.py") for name in ("images", "masks", "finding"))
        ),
        reading_code(),
        extraction_code(),
    )
