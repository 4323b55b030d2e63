"""The tumour region on one grid: all phases resampled to the reference phase, around the tumour."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import SimpleITK as sitk

from analysis.cohort.cohort import Cohort
from analysis.core.cache import cached, digest, source_digest
from analysis.core.progress import in_parallel
from analysis.imaging.reading import (
    ImageSource,
    MaskSource,
    PhaseFiles,
    read_image,
    read_mask,
    reading_code,
)
from analysis.inputs.crops.grid import grid_around
from analysis.study import DeepLearning

GEOMETRY = (
    "dimensions",
    "crop_pixels",
    "field_of_view_mm",
    "margin_mm",
    "slices",
    "slice_spacing_mm",
    "normalisation",
    "clip_percentiles",
)


def _grid(mask: MaskSource, settings: DeepLearning) -> tuple[sitk.Image, sitk.Image]:
    """The mask, and the grid around the tumour; its image is read for the mask's grid."""
    assert mask.image is not None
    volume = read_mask(mask, read_image(mask.image))
    return volume, grid_around(volume, settings)


def _normalised(
    resampled: np.ndarray, inside: np.ndarray, volume: np.ndarray, settings: DeepLearning
) -> np.ndarray:
    """Phase with mean 0 and standard deviation 1; MR signal has no unit that patients share."""
    values = resampled[inside] if settings.normalisation == "crop" else volume[volume != 0]
    values = values if len(values) else resampled[inside]
    if settings.clip_percentiles is not None:
        low, high = np.percentile(values, settings.clip_percentiles)
        values, resampled = np.clip(values, low, high), np.clip(resampled, low, high)
    spread = values.std()
    return (resampled - values.mean()) / (spread if spread > 0 else 1.0)


def tumour_crop(images: list[ImageSource], mask: MaskSource, settings: DeepLearning) -> np.ndarray:
    """Crop of the tumour as slices × phases × rows × columns, float32.

    Each phase has mean 0 and standard deviation 1 (settings.normalisation: where).

    mask: of the reference phase, with the image that it belongs to. Beyond an image's own border
    the value is 0. Raises ValueError naming the mask if it is empty, or an image that does not
    cover it.
    """
    _, grid = _grid(mask, settings)
    channels = []
    for source in images:
        image = read_image(source, sitk.sitkFloat32)
        outside = float("nan")
        resampled = sitk.GetArrayFromImage(
            sitk.Resample(image, grid, sitk.Transform(), sitk.sitkLinear, outside)
        )
        inside = np.isfinite(resampled)
        if not inside.any():
            raise ValueError(
                f"{source.path}: the image does not cover the tumour marked in {mask.path}"
            )
        channels.append(
            np.where(
                inside,
                _normalised(resampled, inside, sitk.GetArrayViewFromImage(image), settings),
                0.0,
            )
        )
    return np.stack(channels, axis=1).astype(np.float32)


def mask_crop(mask: MaskSource, settings: DeepLearning) -> np.ndarray:
    """Slices × rows × columns: where the tumour is on the grid of its crop."""
    volume, grid = _grid(mask, settings)
    return sitk.GetArrayFromImage(
        sitk.Resample(volume, grid, sitk.Transform(), sitk.sitkNearestNeighbor, 0)
    ).astype(bool)


def _one(
    images: list[ImageSource], mask: MaskSource, settings: DeepLearning, code: str, folder: Path
) -> np.ndarray:
    geometry = [getattr(settings, name) for name in GEOMETRY]
    return cached(
        folder,
        digest(*images, mask, mask.image, geometry, code),
        lambda: tumour_crop(images, mask, settings),
        "a tumour region",
    )


def crop_sources(
    files: PhaseFiles, patient: str, settings: DeepLearning, repeat: str | None = None
) -> tuple[list[ImageSource], MaskSource]:
    """A patient's images of all phases, and the mask of the reference phase.

    Every phase is resampled to the crop's grid, so not to another phase's before.
    """
    return [
        replace(files.image_source(patient, phase), resample_to=None) for phase in files.phases
    ], files.mask_source(patient, settings.reference_phase, repeat)


def crop_settings(cohort: Cohort) -> DeepLearning:
    """Settings of the crops.

    They are those of the networks; in a study without networks, whose tumours are shown all the
    same, they are the defaults on its first phase.
    """
    return cohort.study.deep_learning or DeepLearning.model_validate(
        {"reference_phase": next(iter(cohort.study.phases))}
    )


def tumour_crops(
    cohort: Cohort, repeat: str | None = None, patients: list[str] | None = None
) -> np.ndarray:
    """Crops as patients × slices × phases × rows × columns, in the cohort's order.

    They are cached per patient by content.

    repeat: a repeated delineation, around which the patients who have it are cropped. patients:
    these alone.
    """
    study, settings = cohort.study, crop_settings(cohort)
    if patients is None:
        patients = list(cohort.patients) if repeat is None else cohort.repeat_patients(repeat)
    code = digest(
        source_digest(Path(__file__), Path(__file__).with_name("grid.py")), reading_code()
    )
    arguments = [
        (
            *crop_sources(cohort.files, patient, settings, repeat),
            settings,
            code,
            study.cache_folder / "crops",
        )
        for patient in patients
    ]
    return np.stack(
        in_parallel(
            _one,
            arguments,
            "tumour regions" if repeat is None else f"tumour regions, {repeat}",
            study.jobs,
            names=[f"patient {patient}" for patient in patients],
        )
    )
