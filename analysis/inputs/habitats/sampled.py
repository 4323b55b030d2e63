"""Voxels of a patient's tumour with their intensities in all phases, on the reference's grid."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import SimpleITK as sitk

from analysis.imaging.reading import (
    ImageSource,
    MaskSource,
    PhaseFiles,
    read_image,
    read_lesions,
    read_mask,
)
from analysis.imaging.reading.masks import union
from analysis.imaging.reading.read import not_imaged
from analysis.imaging.regions import regions_of, stored_volume
from analysis.study.habitats import Normalisation
from analysis.study.regions import Block


@dataclass(frozen=True)
class HabitatVoxels:
    """Voxels of a tumour or region.

    values: voxels × phases, float32. places: voxels × (z, y, x), indices in the reference phase's
    image. left_out: voxels of the mask that lie beyond the image of another phase.
    """

    values: np.ndarray
    places: np.ndarray
    left_out: int


@dataclass(frozen=True)
class HabitatSources:
    """What a patient's voxels are made from.

    images: of every phase, each on the grid of the reference phase. mask: of the reference phase,
    with its region. normalisation: of each phase's intensities.
    """

    images: tuple[ImageSource, ...]
    mask: MaskSource
    normalisation: Normalisation

    def content(self) -> list:
        """Content that the voxels depend on, for a cache's key."""
        return [
            *(image.content() for image in self.images),
            *(self.mask.content(), self.mask.image.content() if self.mask.image else None),
            self.normalisation,
        ]


def habitat_sources(
    files: PhaseFiles,
    patient: str,
    block: Block,
    normalisation: Normalisation,
    repeat: str | None = None,
) -> HabitatSources:
    """Sources of a patient's voxels.

    block: the reference phase, and the region in which habitats are looked for. repeat: the name of
    a repeated delineation.
    """
    target = files.image_source(patient, block.phase)

    def on_reference(phase: str) -> ImageSource:
        source = files.prepared_source(patient, phase)
        there = phase == block.phase or files.phases[phase].resample_to == block.phase
        return source if there else replace(source, resample_to=target)

    drawn = files.mask_source(patient, block.phase, repeat)
    return HabitatSources(
        tuple(on_reference(phase) for phase in files.phases),
        files.region_source(drawn, patient, block),
        normalisation,
    )


def _mask(source: MaskSource, reference: ImageSource, image: sitk.Image) -> np.ndarray:
    """The tumour, of several lesions those that the study's rule takes together, or its region.

    image: as it was read from the reference phase.
    """
    together = source.lesions.rule in ("mean", "max")
    masks = read_lesions(source, image) if together else [read_mask(source, image)]
    if source.region is not None:
        stored = stored_volume(reference, image)
        masks = [each.mask for each in regions_of(source, stored, masks)]
    return sitk.GetArrayFromImage(union(masks)) > 0


def _phase(
    source: ImageSource, normalisation: Normalisation
) -> tuple[np.ndarray, np.ndarray | None]:
    """A phase on the reference's grid, and where it was imaged; None for everywhere.

    By normalisation: image, mean and standard deviation are those of the phase's whole image on its
    own grid.
    """
    image = read_image(source, sitk.sitkFloat64)
    values = sitk.GetArrayFromImage(image)
    own = image
    if source.resample_to is not None:
        own = read_image(source.as_acquired(), sitk.sitkFloat64)
    if normalisation == "image":
        whole = sitk.GetArrayViewFromImage(own)
        values = (values - whole.mean()) / (whole.std() or 1.0)
    beyond = not_imaged(source, image)
    return values, None if beyond is None else ~beyond


def habitat_voxels(sources: HabitatSources, reference: int) -> HabitatVoxels:
    """Voxels of a patient's tumour or region, with their intensities in all phases.

    reference: place of the reference phase among the images. Phases of another grid are resampled
    by cubic B-splines; a voxel beyond the image of a phase is left out. Raises ValueError naming
    the mask where none is left.
    """
    target = read_image(sources.images[reference], sitk.sitkFloat64)
    inside = _mask(sources.mask, sources.images[reference], target)
    drawn, columns = int(inside.sum()), []
    for source in sources.images:
        values, imaged = _phase(source, sources.normalisation)
        columns.append(values)
        inside &= True if imaged is None else imaged
    if not inside.any():
        raise ValueError(
            f"{sources.mask.path}: no voxel of the mask lies within the images of all phases, which"
            " habitats need (radiomics.habitats); look at the images, or leave the patient out"
        )
    found = np.column_stack([values[inside] for values in columns])
    if sources.normalisation == "region":
        found = _standardised(found)
    return HabitatVoxels(
        found.astype(np.float32),
        np.argwhere(inside).astype(np.int16),
        left_out=drawn - len(found),
    )


def _standardised(values: np.ndarray) -> np.ndarray:
    """Each phase with mean 0 and standard deviation 1; a constant one becomes 0."""
    deviation = values.std(axis=0)
    return (values - values.mean(axis=0)) / np.where(deviation > 0, deviation, 1.0)


def map_of(voxels: HabitatVoxels, numbers: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Habitat of each voxel of the reference image (z, y, x); 0 where there is none."""
    found = np.zeros(shape, np.uint8)
    found[tuple(voxels.places.T)] = numbers
    return found
