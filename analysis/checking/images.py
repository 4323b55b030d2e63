"""What can be wrong with an image and its mask; each pair is read once and remembered by its content."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import SimpleITK as sitk

from analysis.cache import cached, digest, source_digest
from analysis.checking.problem import Level
from analysis.reading import ImageSource, MaskSource, read_image, read_mask, reading_code
from analysis.reading.headers import ReadingError, is_dicom
from analysis.reading.nifti import check_whole, is_nifti, loaded
from analysis.reading.series import find_series

# Headers written by different tools differ in the last digits; larger differences are faults (extraction says the same).
GRID_TOLERANCE_MM = 1e-2
DIRECTION_TOLERANCE = 1e-3
FEW_VOXELS = 64
# More values than this are no labels.
MOST_LABELS = 20
SPACING_MM = (0.05, 20.0)
# A mask of a tumour hardly ever fills more of its image than this.
LARGEST_SHARE = 0.8
# Voxels below this share of the image's range are air; a tumour that reaches no further was not imaged.
BACKGROUND_SHARE = 0.05


@dataclass(frozen=True)
class Grid:
    size: tuple[int, ...]
    spacing: tuple[float, ...]
    origin: tuple[float, ...]
    direction: tuple[float, ...]

    @property
    def axes(self) -> tuple[str, ...]:
        """For each axis of the array, the patient's axis that it follows most, with its sign: ('+L', '+P', '+S')."""
        matrix = np.array(self.direction).reshape(3, 3)
        names = (("+L", "-L"), ("+P", "-P"), ("+S", "-S"))
        return tuple(names[int(np.abs(column).argmax())][int(column[np.abs(column).argmax()] < 0)] for column in matrix.T)


@dataclass(frozen=True)
class Finding:
    """of: image or mask."""

    level: Level
    of: str
    what: str
    mend: str = ""


@dataclass(frozen=True)
class Seen:
    """findings of a pair; grid of the image, None where it can't be read; content, mask_content: digests of their files (the mask's is
    empty where it can't be read); brightness: medians of what is no background, and of the tumour, None where either is not known."""

    findings: tuple[Finding, ...]
    grid: Grid | None
    content: str
    mask_content: str = ""
    brightness: tuple[float, float] | None = None


def _grid(image: sitk.Image) -> Grid:
    return Grid(image.GetSize(), tuple(round(each, 6) for each in image.GetSpacing()), tuple(round(each, 4) for each in image.GetOrigin()), tuple(round(each, 6) for each in image.GetDirection()))


def _volume(path: Path, of: str, found: list[Finding]) -> sitk.Image | None:
    """The image, or None where it is no volume with one value a voxel."""
    try:
        if is_nifti(path):
            check_whole(path)
    except ReadingError as error:
        found.append(Finding("error", of, f"the file can't be read ({str(error).removeprefix(f'{path}: ').partition(';')[0]})", "export or copy it again"))
        return None
    try:
        image = sitk.ReadImage(str(path))
    except RuntimeError as error:
        reason = next((line.strip() for line in reversed(str(error).splitlines()) if line.strip()), "unknown reason")
        found.append(Finding("error", of, f"the file can't be read ({reason[:160]})", "export or copy it again"))
        return None
    dimension, components = image.GetDimension(), image.GetNumberOfComponentsPerPixel()
    if components > 1:
        found.append(Finding("error", of, f"it has {components} values a voxel (colour or vectors)", "give the original grey values, not a screenshot"))
        return None
    if dimension == 4 and image.GetSize()[3] == 1:
        found.append(Finding("error", of, "it has a fourth axis of length 1", "save it with three axes"))
        return None
    if dimension != 3:
        found.append(Finding("error", of, f"it has {dimension} axes, and a volume has 3", "give one file a phase" if dimension > 3 else "give the whole volume, not one slice"))
        return None
    return image


def _same_grid(image: sitk.Image, mask: sitk.Image, found: list[Finding]) -> bool:
    if image.GetSize() != mask.GetSize():
        found.append(Finding("error", "mask", f"its grid is {_times(mask.GetSize())}, its image's {_times(image.GetSize())}", "resample the mask to the grid of its image (nearest neighbour), or name the image that it was drawn on"))
        return False
    sound = True
    for what, ours, theirs, tolerance in (("spacing", mask.GetSpacing(), image.GetSpacing(), GRID_TOLERANCE_MM), ("origin", mask.GetOrigin(), image.GetOrigin(), GRID_TOLERANCE_MM),
                                          ("direction", mask.GetDirection(), image.GetDirection(), DIRECTION_TOLERANCE)):
        if not np.allclose(ours, theirs, atol=tolerance):
            shown = [_three(each) for each in (ours, theirs)]
            found.append(Finding("error", "mask", f"its {what} is {shown[0]}, its image's {shown[1]}" + ("; one of them is flipped or rotated" if what == "direction" else ""),
                                 "export image and mask from the same series; if only the header is wrong, copy the image's"))
            sound = False
    return sound


def _times(size: tuple[int, ...]) -> str:
    return " × ".join(map(str, size))


def _three(values: tuple[float, ...]) -> str:
    return "(" + ", ".join(f"{each:.4g}" for each in values) + ")"


def _not_finite(path: Path, values: np.ndarray) -> int:
    """Voxels that are NaN or infinite. SimpleITK reads those of NIfTI files as 0 and says nothing, so nibabel is asked."""
    if not np.issubdtype(values.dtype, np.floating):
        return 0
    if path.is_file() and path.name.endswith((".nii", ".nii.gz")):
        values = np.asanyarray(loaded(path).dataobj)
    return int((~np.isfinite(values)).sum())


def _image_values(image: sitk.Image, path: Path, found: list[Finding]) -> np.ndarray:
    values = sitk.GetArrayViewFromImage(image)
    wrong = _not_finite(path, values)
    if wrong:
        found.append(Finding("error", "image", f"{wrong} of {values.size} voxels are not finite (NaN or infinite)", "fill them with the background's value and export again"))
        return np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    if values.size and values.min() == values.max():
        found.append(Finding("error", "image", f"all voxels have the value {values.flat[0]:g}", "export it again; nothing was imaged"))
    wide = [f"{each:.3g} mm" for each in image.GetSpacing() if not SPACING_MM[0] <= each <= SPACING_MM[1]]
    if wide:
        found.append(Finding("warning", "image", f"its voxels measure {' and '.join(wide)} along an axis", "look at the spacing in the header: is it in mm?"))
    return values


def _mask_values(mask: sitk.Image, source: MaskSource, found: list[Finding]) -> np.ndarray | None:
    values = sitk.GetArrayViewFromImage(mask)
    labels = np.unique(values)
    if not np.isfinite(labels).all():
        found.append(Finding("error", "mask", "it has voxels that are not finite (NaN or infinite)", "set them to 0"))
        return None
    others = labels[labels != 0]
    if len(labels) > MOST_LABELS or (others != np.round(others)).any() or (others < 0).any():
        found.append(Finding("error", "mask", f"it is no mask: {len(labels)} different values from {labels[0]:g} to {labels[-1]:g}", "give 0 for background and 1 for tumour; a map of probabilities has to be cut first"))
        return None
    if not len(others):
        found.append(Finding("error", "mask", "it is empty", "draw the tumour, or take the patient out of the table"))
        return None
    if len(others) > 1 and source.lesions.rule == "all" and not source.segment:
        found.append(Finding("warning", "mask", f"it has the labels {', '.join(f'{each:g}' for each in others)}; all of them count as tumour", "keep the tumour's label alone if others mean something else"))
    elif len(others) == 1 and others[0] != 1:
        found.append(Finding("note", "mask", f"its tumour has the value {others[0]:g} instead of 1"))
    inside = values != 0
    if inside.all():
        found.append(Finding("error", "mask", "it covers the whole image", "draw the tumour; a background is needed, if only one voxel wide"))
        return None
    if inside.mean() > LARGEST_SHARE:
        found.append(Finding("warning", "mask", f"it covers {inside.mean():.0%} of its image", "is background the tumour's value?"))
    return inside


def _extent(inside: np.ndarray, texture: bool, found: list[Finding]) -> None:
    voxels = int(inside.sum())
    places = [np.flatnonzero(inside.any(axis=tuple(other for other in range(3) if other != axis))) for axis in range(3)]
    flat = sum(each[-1] > each[0] for each in places) < 2
    if voxels == 1 or (flat and texture):
        found.append(Finding("error" if texture else "warning", "mask", "it has one voxel" if voxels == 1 else f"its {voxels} voxels lie on one line", "draw the tumour; a texture needs an area"))
    elif voxels < FEW_VOXELS:
        found.append(Finding("warning", "mask", f"it has {voxels} voxels", "a texture of so few says little; make sure that the tumour was drawn on this image"))
    names = ("slice", "row", "column")
    edges = [names[axis] for axis, each in enumerate(places) if inside.shape[axis] > 1 and (each[0] == 0 or each[-1] == inside.shape[axis] - 1)]
    if edges and inside.mean() <= LARGEST_SHARE:
        found.append(Finding("warning", "mask", f"it touches the border of its image (first or last {', '.join(edges)})", "make sure that the tumour is not cut off"))


def _is_volume_file(path: Path) -> bool:
    return path.is_file() and not is_dicom(path)


def _instance_numbers(source: ImageSource, found: list[Finding]) -> None:
    """Slices of a DICOM series that have one number; they are put in order by their places, so that nothing rests on it."""
    if not source.path.is_dir():
        return
    numbers = Counter(instance.text("InstanceNumber") for instance in find_series(source.path, source.series).instances)
    for number, count in numbers.items():
        if number and count > 1 and not (source.series and source.series.where):
            found.append(Finding("warning", "image", f"{count} slices have the instance number {number}; they were put in order by their positions", "export the series again, or make sure that it holds one volume"))


def _image(source: ImageSource, found: list[Finding]) -> sitk.Image | None:
    """A volume's own file with all that is wrong with it; a DICOM series, or an image on another's grid, as the study reads it."""
    if _is_volume_file(source.path) and _volume(source.path, "image", found) is None:
        return None
    try:
        _instance_numbers(source, found)
        return read_image(source)
    except (ValueError, RuntimeError) as error:
        found.append(Finding("error", "image", f"the study can't read it: {error}", "export it again, or correct series and resample_to of its phase"))
        return None


def _mask(source: MaskSource, image: sitk.Image | None, found: list[Finding]) -> tuple[sitk.Image | None, np.ndarray | None]:
    """The mask, and where the tumour is."""
    if _is_volume_file(source.path):
        mask = _volume(source.path, "mask", found)
        inside = None if mask is None else _mask_values(mask, source, found)
        if mask is None or inside is None or not source.segment:
            return mask, inside
    if image is None:
        return None, None
    try:
        mask = read_mask(source, image)
    except (ValueError, RuntimeError) as error:
        found.append(Finding("error", "mask", f"the study can't read it: {error}", "export it again, or correct segment and mask of its phase"))
        return None, None
    return mask, sitk.GetArrayViewFromImage(mask) != 0


def look_at(image_source: ImageSource, mask_source: MaskSource, texture: bool) -> Seen:
    """Everything that can be said of one image and its mask. texture: whether features are extracted from it."""
    found: list[Finding] = []
    image = _image(image_source, found)
    mask, inside = _mask(mask_source, image, found)
    values = None if image is None else _image_values(image, image_source.path, found)
    if inside is not None:
        _extent(inside, texture, found)
    brightness = None
    if image is not None and mask is not None and _same_grid(image, mask, found) and values is not None and inside is not None and values.min() < values.max():
        tumour = values[inside]
        low, high = (float(each) for each in np.percentile(values, (0, 99.5)))
        background = low + BACKGROUND_SHARE * (high - low)
        if high > low and np.percentile(tumour, 90) < background and tumour.min() < tumour.max():
            found.append(Finding("warning", "mask", "it lies in the background of its image, where nothing was imaged", "look at both: was the mask drawn on another image, or on another patient?"))
        elif (values > background).any():
            brightness = (float(np.median(values[values > background])), float(np.median(tumour)))
        if len(tumour) > 1 and tumour.min() == tumour.max():
            found.append(Finding("warning", "image", f"all voxels of the tumour have the value {tumour[0]:g}", "look at it: is the mask beside the tumour, or the image cut off at a value?"))
    return Seen(tuple(found), None if image is None else _grid(image), digest(image_source), "" if mask is None else digest(mask_source.file()), brightness)


def seen(image: ImageSource, mask: MaskSource, texture: bool, code: str, folder: Path) -> Seen:
    """look_at, remembered by content: an unchanged pair is not read again."""
    try:
        key = digest("seen", image, mask, image.path.suffixes, mask.path.suffixes, texture, code)
    except (ValueError, RuntimeError, OSError) as error:
        return Seen((Finding("error", "image", f"the study can't read it: {error}", "export it again, or correct series, segment and the patterns of its phase"),), None, f"unreadable {image.path}")
    return cached(folder, key, lambda: look_at(image, mask, texture))


def checks_code() -> str:
    return digest(source_digest(Path(__file__)), reading_code())
