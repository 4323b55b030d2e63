"""The one way in: an image, its mask, its lesions, from whatever files they lie in."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import SimpleITK as sitk

from analysis.core.cache import cached, digest, is_planning
from analysis.imaging.preparation import (
    BiasField,
    PreparationError,
    bias_field,
    landmarks,
    matched,
    on_scale,
)
from analysis.imaging.reading.dicom import read_series
from analysis.imaging.reading.headers import ReadingError, Remark, is_dicom, read_header
from analysis.imaging.reading.masks import lesions_of, pieces_of, union
from analysis.imaging.reading.registered import registration_of
from analysis.imaging.reading.resampling import covered, onto_grid, same_grid
from analysis.imaging.reading.series import Series
from analysis.imaging.reading.series_choice import choose_series
from analysis.imaging.reading.sources import ImageSource, MaskSource, Preparation, reading_code
from analysis.imaging.reading.volumes import read_volume
from analysis.study.preprocessing import Preprocessing


def _untouched(source: ImageSource, said: list[Remark] | None) -> sitk.Image:
    if source.path.is_dir():
        return read_series(source.found(said), source.series)
    if not source.path.is_file():
        raise ReadingError(f"{source.path}: no such file or folder")
    if is_dicom(source.path):
        instance = read_header(source.path)
        if instance is None or not instance.is_image:
            raise ReadingError(
                f"{source.path}: a DICOM file that is no image"
                f" ({instance.modality if instance else 'no series'})"
            )
        return read_series(
            choose_series([Series(instance.series, (instance,))], source.series, source.path),
            source.series,
        )
    return read_volume(source.path, said=said)


def _stored(source: ImageSource) -> ImageSource:
    return replace(source, preparation=None)


def _prepared(source: ImageSource, image: sitk.Image) -> sitk.Image:
    """Image after the preparation that its source names; the stored one where it names none."""
    preparation = source.preparation
    if preparation is None:
        return image
    settings, stored = preparation.settings, _stored(source).as_acquired()
    image = sitk.Cast(image, sitk.sitkFloat64)
    try:
        if settings.bias_correction is not None:
            image = _field(stored, image, preparation).removed_from(image)
        if settings.intensity is not None:
            reference = preparation.reference
            mask = None if reference is None else read_mask(reference, image)
            if settings.is_matched:
                image = matched(image, _standard(source, preparation), mask)
            else:
                image = on_scale(image, settings.intensity, mask)
    except PreparationError as error:
        raise ReadingError(f"{source.path}: {error}") from error
    return image


def _standard(source: ImageSource, preparation: Preparation) -> tuple[float, ...]:
    """Standard scale of histogram matching; raises RuntimeError where no fit has learnt it."""
    if preparation.standard is None:
        raise RuntimeError(
            f"{source.path}: its histogram is to be matched, and no standard scale was learnt yet"
        )
    return preparation.standard


def image_landmarks(source: ImageSource) -> np.ndarray:
    """Landmarks by which an image's histogram is matched, of the image after bias correction.

    source: with the preparation of histogram matching. Raises ReadingError naming the file where
    there are none.
    """
    preparation = source.preparation
    assert preparation is not None
    settings = preparation.settings.of_one_image
    alone = replace(preparation, settings=settings, reference=None, standard=None)
    image = read_image(
        replace(source, preparation=alone if settings.does_something else None).as_acquired(),
        sitk.sitkFloat64,
    )
    reference = preparation.reference
    try:
        return landmarks(image, None if reference is None else read_mask(reference, image))
    except PreparationError as error:
        raise ReadingError(f"{source.path}: {error}") from error


# Of the last images of a process: features of several regions, and crops, read one image in turn.
@lru_cache(maxsize=16)
def _fields(key: str) -> list[BiasField]:
    """Place for the field of this key: empty until it is known."""
    return []


def _field(stored: ImageSource, image: sitk.Image, preparation: Preparation) -> BiasField:
    """Bias field of an image, which takes seconds to fit, from the cache where there is one."""
    settings = preparation.settings.bias_correction
    assert settings is not None
    alone = replace(preparation, settings=Preprocessing(bias_correction=settings), reference=None)
    key = digest("bias field", replace(stored, preparation=alone), reading_code())
    known = _fields(key)
    if not known:
        if preparation.cache is None or is_planning():
            known.append(bias_field(image, settings))
        else:
            room = preparation.cache / "bias_fields"
            known.append(cached(room, key, lambda: bias_field(image, settings), "a bias field"))
    return known[0]


def read_image(
    source: Path | ImageSource, pixel_type: int | None = None, said: list[Remark] | None = None
) -> sitk.Image:
    """Volume with the file's spacing, origin and direction.

    pixel_type: SimpleITK's, as stored if left out. said: gets what was passed over in the image's
    folder, and what a header contradicts itself in.

    Raises ReadingError, naming the file, for colour, 2-D or 4-D images, and for DICOM series that
    are no grid.
    """
    source = source if isinstance(source, ImageSource) else ImageSource(source)
    stored = _untouched(source, said)
    image = _prepared(source, stored)
    if source.resample_to is not None:
        target = read_image(source.resample_to)
        transform = None
        if source.registration is not None:
            # Of the stored images, so that it is the same with and without preprocessing.
            transform = registration_of(_stored(source), target, stored).transform()
        image = onto_grid(image, target, source.path, transform)
    return image if pixel_type is None else sitk.Cast(image, pixel_type)


def not_imaged(source: ImageSource, image: sitk.Image) -> np.ndarray | None:
    """Voxels of an image put on another's grid that lie beyond what was acquired.

    image: as `read_image` gives it. None where it is on its own grid, and not moved.
    """
    if source.resample_to is None:
        return None
    stored = _stored(source)
    own = read_image(stored.as_acquired())
    if source.registration is not None:
        found = registration_of(stored, read_image(source.resample_to), own)
        return np.asarray(sitk.GetArrayFromImage(covered(own, image, found.transform())) == 0)
    if same_grid(own, image):
        return None
    return np.asarray(sitk.GetArrayFromImage(covered(own, image)) == 0)


def read_lesions(
    source: Path | MaskSource, image: sitk.Image, said: list[Remark] | None = None
) -> list[sitk.Image]:
    """Masks of the lesions (0 and 1, on the image's grid), one each, the largest first.

    Those below `least_voxels` are left out, unless all are.

    said: gets what was not taken as the file has it. Raises ReadingError, naming the file, for an
    empty mask, another grid, or a segment that is not there.
    """
    source = source if isinstance(source, MaskSource) else MaskSource(source)
    found = lesions_of(source, image, said)
    if source.lesions.separated_by == "pieces":
        found = pieces_of(union(found))

    def voxels(mask: sitk.Image) -> int:
        return int(sitk.GetArrayViewFromImage(mask).sum())

    found = sorted((mask for mask in found if voxels(mask)), key=voxels, reverse=True)
    if not found:
        raise ReadingError(f"mask {source.path} is empty")
    return [mask for mask in found if voxels(mask) >= source.lesions.least_voxels] or found[:1]


def read_mask(
    source: Path | MaskSource, image: sitk.Image, said: list[Remark] | None = None
) -> sitk.Image:
    """Mask (0 and 1) on the image's grid.

    It has all lesions as one, or the largest alone where the study's rule takes lesions apart.
    said: gets what was not taken as the file has it.
    """
    source = source if isinstance(source, MaskSource) else MaskSource(source)
    if source.lesions.rule == "all":
        mask = union(lesions_of(source, image, said))
        if not sitk.GetArrayViewFromImage(mask).any():
            raise ReadingError(f"mask {source.path} is empty")
        return mask
    return read_lesions(source, image, said)[0]
