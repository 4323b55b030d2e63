"""The tumour region on one grid: all phases resampled to the reference phase, around the tumour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import SimpleITK as sitk

from analysis.imaging.reading import ImageSource, MaskSource, PhaseFiles, read_image, read_mask
from analysis.inputs.crops.grid import grid_around
from analysis.inputs.crops.sampling import sampled
from analysis.inputs.crops.scale import on_scale
from analysis.study import DeepLearning, NetworkInput


def _grid(mask: MaskSource, settings: DeepLearning) -> tuple[sitk.Image, sitk.Image]:
    """The mask, and the grid around the tumour; its image is read for the mask's grid."""
    assert mask.image is not None
    volume = read_mask(mask, read_image(mask.image))
    return volume, grid_around(volume, settings)


@dataclass(frozen=True)
class Crop:
    """Crop of a tumour.

    values: slices × phases × rows × columns, float32. beyond: share of each phase's pixels that
    lies beyond the border of its image, whatever the padding shows there.
    """

    values: np.ndarray
    beyond: tuple[float, ...]


def padded_crop(
    images: Sequence[ImageSource],
    mask: MaskSource,
    settings: DeepLearning,
    inputs: Sequence[NetworkInput] | None = None,
) -> Crop:
    """Crop of the tumour with the share that lies beyond each image: see `tumour_crop`."""
    _, grid = _grid(mask, settings)
    channels, beyond = [], []
    for source, seen in zip(images, inputs or [settings.every_input] * len(images), strict=True):
        image = read_image(source, sitk.sitkFloat32)
        values, inside = sampled(image, grid, settings.padding)
        if not inside.any():
            raise ValueError(
                f"{source.path}: the image does not cover the tumour marked in {mask.path}"
            )
        volume = sitk.GetArrayViewFromImage(image)
        channels.append(on_scale(values, inside, volume, settings=settings, seen=seen))
        beyond.append(float((~inside).mean()))
    return Crop(np.stack(channels, axis=1).astype(np.float32), tuple(beyond))


def tumour_crop(
    images: Sequence[ImageSource],
    mask: MaskSource,
    settings: DeepLearning,
    inputs: Sequence[NetworkInput] | None = None,
) -> np.ndarray:
    """Crop of the tumour as slices × phases × rows × columns, float32.

    mask: of the reference phase, with the image that it belongs to. inputs: the scale of each
    phase's values, that of the settings if left out. Beyond an image's own border the value is that
    of settings.padding; NaN for a constant one on the scale of the training patients, as only the
    model knows it. Raises ValueError naming the mask if it is empty, or an image that does not
    cover it.
    """
    return padded_crop(images, mask, settings, inputs).values


def mask_crop(mask: MaskSource, settings: DeepLearning) -> np.ndarray:
    """Slices × rows × columns: where the tumour is on the grid of its crop."""
    volume, grid = _grid(mask, settings)
    return sitk.GetArrayFromImage(
        sitk.Resample(volume, grid, sitk.Transform(), sitk.sitkNearestNeighbor, 0)
    ).astype(bool)


def crop_sources(
    files: PhaseFiles, patient: str, settings: DeepLearning, repeat: str | None = None
) -> tuple[list[ImageSource], MaskSource]:
    """A patient's images of all phases, and the mask of the reference phase.

    Every phase is resampled to the crop's grid, so not to another phase's before, unless it is
    registered to that.
    """
    images = files.unmatched
    sources = [images.prepared_source(patient, phase) for phase in files.phases]
    return [
        each if each.registration is not None else replace(each, resample_to=None)
        for each in sources
    ], files.mask_source(patient, settings.reference_phase, repeat)


def phase_inputs(files: PhaseFiles, settings: DeepLearning) -> tuple[NetworkInput, ...]:
    """Scale on which networks see each phase, in the order of the phases."""
    return tuple(phase.networks or settings.every_input for phase in files.phases.values())
