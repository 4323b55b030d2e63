"""The tumour region on one grid: all phases resampled to the reference phase, around the tumour."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import SimpleITK as sitk

from analysis.cache import cached, digest, source_digest
from analysis.cohort import Cohort
from analysis.images.grid import grid_around
from analysis.progress import in_parallel
from analysis.study import DeepLearning

GEOMETRY = ("dimensions", "crop_pixels", "field_of_view_mm", "margin_mm", "slices", "slice_spacing_mm", "normalisation", "clip_percentiles")


def _mask_and_grid(path: Path, settings: DeepLearning) -> tuple[sitk.Image, sitk.Image]:
    mask = sitk.Cast(sitk.ReadImage(str(path)) > 0, sitk.sitkUInt8)
    try:
        return mask, grid_around(mask, settings)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None


def _normalised(resampled: np.ndarray, inside: np.ndarray, volume: np.ndarray, settings: DeepLearning) -> np.ndarray:
    """One phase with mean 0 and standard deviation 1; signal of MR has no unit that patients share."""
    values = resampled[inside] if settings.normalisation == "crop" else volume[volume != 0]
    values = values if len(values) else resampled[inside]
    if settings.clip_percentiles is not None:
        low, high = np.percentile(values, settings.clip_percentiles)
        values, resampled = np.clip(values, low, high), np.clip(resampled, low, high)
    spread = values.std()
    return (resampled - values.mean()) / (spread if spread > 0 else 1.0)


def tumour_crop(images: list[Path], reference_mask: Path, settings: DeepLearning) -> np.ndarray:
    """Slices × phases × rows × columns, float32; each phase has mean 0 and standard deviation 1 (settings.normalisation: where).

    Beyond the image's own border the value is 0. Raises ValueError naming the mask if it is empty.
    """
    _, grid = _mask_and_grid(reference_mask, settings)
    channels = []
    for path in images:
        image = sitk.ReadImage(str(path), sitk.sitkFloat32)
        outside = float("nan")
        resampled = sitk.GetArrayFromImage(sitk.Resample(image, grid, sitk.Transform(), sitk.sitkLinear, outside))
        inside = np.isfinite(resampled)
        if not inside.any():
            raise ValueError(f"{path}: the image does not cover the tumour marked in {reference_mask}")
        channels.append(np.where(inside, _normalised(resampled, inside, sitk.GetArrayViewFromImage(image), settings), 0.0))
    return np.stack(channels, axis=1).astype(np.float32)


def mask_crop(reference_mask: Path, settings: DeepLearning) -> np.ndarray:
    """Slices × rows × columns: where the tumour is on the grid of its crop."""
    mask, grid = _mask_and_grid(reference_mask, settings)
    return sitk.GetArrayFromImage(sitk.Resample(mask, grid, sitk.Transform(), sitk.sitkNearestNeighbor, 0)).astype(bool)


def _one(images: list[Path], mask: Path, settings: DeepLearning, code: str, folder: Path) -> np.ndarray:
    geometry = [getattr(settings, name) for name in GEOMETRY]
    return cached(folder, digest(*images, mask, geometry, code), lambda: tumour_crop(images, mask, settings))


def crop_settings(cohort: Cohort) -> DeepLearning:
    """Those of the networks; in a study without networks, whose tumours are shown all the same, the defaults on its first phase."""
    return cohort.study.deep_learning or DeepLearning(reference_phase=next(iter(cohort.study.phases)))


def tumour_crops(cohort: Cohort, repeat: str | None = None, patients: list[str] | None = None) -> np.ndarray:
    """Patients × slices × phases × rows × columns, in the cohort's order; cached per patient by content.

    repeat: a repeated delineation, around which the patients who have it are cropped. patients: these alone.
    """
    study, settings = cohort.study, crop_settings(cohort)
    wanted = patients if patients is not None else cohort.patients if repeat is None else cohort.repeat_patients(repeat)
    code = source_digest(Path(__file__), Path(__file__).with_name("grid.py"))
    arguments = [([cohort.image(patient, phase) for phase in study.phases], cohort.mask(patient, settings.reference_phase, repeat),
                  settings, code, study.cache_folder / "crops") for patient in wanted]
    return np.stack(in_parallel(_one, arguments, "tumour regions" if repeat is None else f"tumour regions, {repeat}", study.jobs))
