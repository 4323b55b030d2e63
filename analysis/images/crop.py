"""The tumour region on one grid: all phases resampled to the reference phase, around the largest axial section."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import SimpleITK as sitk

from analysis.cache import cached, digest, source_digest
from analysis.cohort import Cohort
from analysis.progress import in_parallel
from analysis.study import DeepLearning


def _grid_around(mask: sitk.Image, settings: DeepLearning) -> sitk.Image:
    """Empty image: field_of_view_mm square in plane, `slices` slices of the reference, centred on the tumour."""
    voxels = sitk.GetArrayViewFromImage(mask)
    if not voxels.any():
        raise ValueError("the mask is empty")
    areas = voxels.sum(axis=(1, 2))
    largest = int(areas.argmax())
    rows, columns = np.nonzero(voxels[largest])
    centre = mask.TransformContinuousIndexToPhysicalPoint((float(columns.mean()), float(rows.mean()), float(largest)))
    step = settings.field_of_view_mm / settings.crop_pixels
    spacing = np.array([step, step, mask.GetSpacing()[2]])
    size = np.array([settings.crop_pixels, settings.crop_pixels, settings.slices])
    direction = np.array(mask.GetDirection()).reshape(3, 3)
    grid = sitk.Image([int(each) for each in size], sitk.sitkFloat32)
    grid.SetSpacing(spacing.tolist())
    grid.SetDirection(mask.GetDirection())
    grid.SetOrigin((np.array(centre) - direction @ (spacing * (size - 1) / 2)).tolist())
    return grid


def tumour_crop(images: list[Path], reference_mask: Path, settings: DeepLearning) -> np.ndarray:
    """Slices × phases × rows × columns, float32; each phase has mean 0 and standard deviation 1 within the crop.

    Beyond the image's own border the value is that of its mean. Raises ValueError naming the mask if it is empty.
    """
    try:
        grid = _grid_around(sitk.Cast(sitk.ReadImage(str(reference_mask)) > 0, sitk.sitkUInt8), settings)
    except ValueError as error:
        raise ValueError(f"{reference_mask}: {error}") from None
    channels = []
    for path in images:
        image = sitk.ReadImage(str(path), sitk.sitkFloat32)
        outside = float("nan")
        resampled = sitk.GetArrayFromImage(sitk.Resample(image, grid, sitk.Transform(), sitk.sitkLinear, outside))
        inside = np.isfinite(resampled)
        if not inside.any():
            raise ValueError(f"{path}: the image does not cover the tumour marked in {reference_mask}")
        spread = resampled[inside].std()
        standard = (resampled - resampled[inside].mean()) / (spread if spread > 0 else 1.0)
        channels.append(np.where(inside, standard, 0.0))
    return np.stack(channels, axis=1).astype(np.float32)


def _one(images: list[Path], mask: Path, settings: DeepLearning, code: str, folder: Path) -> np.ndarray:
    geometry = (settings.crop_pixels, settings.field_of_view_mm, settings.slices)
    return cached(folder, digest(*images, mask, geometry, code), lambda: tumour_crop(images, mask, settings), "a tumour region")


def tumour_crops(cohort: Cohort, repeat: str | None = None) -> np.ndarray:
    """Patients × slices × phases × rows × columns, in the cohort's order; cached per patient by content.

    repeat: a repeated delineation, around which the patients who have it are cropped.
    """
    study = cohort.study
    patients = cohort.patients if repeat is None else cohort.repeat_patients(repeat)
    assert study.deep_learning is not None
    code = source_digest(Path(__file__))
    arguments = [([cohort.image(patient, phase) for phase in study.phases], cohort.mask(patient, study.deep_learning.reference_phase, repeat),
                  study.deep_learning, code, study.cache_folder / "crops") for patient in patients]
    return np.stack(in_parallel(_one, arguments, "tumour regions" if repeat is None else f"tumour regions, {repeat}", study.jobs))
