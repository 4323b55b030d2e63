"""Tumour as the article shows it.

It is one slice of every phase with the outline of the mask, of a few patients.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import SimpleITK as sitk

from analysis.cohort.cohort import Cohort
from analysis.core.cache import write_atomically
from analysis.imaging.reading import read_image, read_mask
from analysis.inputs.radiomics.region_quality import lesion_regions
from analysis.study.regions import Block

PIXELS = 160
# What is shown around the tumour on either side, as a share of its extent: the organ around it.
MARGIN = 1.5
# Where the image ends, the page is white.
BEYOND = 1.0


@dataclass(frozen=True)
class Example:
    """Example images of one patient.

    slices: phases × rows × columns, each phase scaled to 0..1 between the 1st and 99th percentile
    of what lies in its image, and white beyond it;
    mask: rows × columns; spacing_mm: of a pixel. group: the patient's outcome in words. regions:
    those beside the tumour, in words → rows × columns. habitats: rows × columns, the number of the
    habitat, 0 outside; None without. The patient's name is no part of it.
    """

    slices: np.ndarray
    mask: np.ndarray
    spacing_mm: float
    group: str
    regions: Mapping[str, np.ndarray] = field(default_factory=dict)
    habitats: np.ndarray | None = None


def example_patients(cohort: Cohort) -> list[str]:
    """Patients whose images are shown as examples.

    Those that the study file names, else of the training cohort one with and one without the event:
    of each the first whose images can be read.
    """
    named = cohort.study.manuscript.example_patients
    if named is not None:
        unknown = [name for name in named if name not in cohort.patients]
        if unknown:
            raise ValueError(
                f"manuscript.example_patients: {', '.join(unknown)}: no such patient in the cohort"
            )
        return list(named)
    training = cohort.labelled("training")
    return [
        str(training[cohort.label[training] == label][0])
        for label in (1, 0)
        if (cohort.label[training] == label).any()
    ]


def _grid(mask: sitk.Image) -> sitk.Image:
    """Square of one slice around the mask's largest axial section, on the mask's own axes."""
    voxels = sitk.GetArrayViewFromImage(mask)
    largest = int(voxels.sum(axis=(1, 2)).argmax())
    rows, columns = np.nonzero(voxels[largest])
    extent = max(np.ptp(columns) * mask.GetSpacing()[0], np.ptp(rows) * mask.GetSpacing()[1], 1.0)
    spacing = np.array([extent * (1 + 2 * MARGIN) / PIXELS] * 2 + [mask.GetSpacing()[2]])
    centre = mask.TransformContinuousIndexToPhysicalPoint(
        (
            float(columns.min() + columns.max()) / 2,
            float(rows.min() + rows.max()) / 2,
            float(largest),
        )
    )
    grid = sitk.Image([PIXELS, PIXELS, 1], sitk.sitkFloat32)
    grid.SetSpacing(spacing.tolist())
    grid.SetDirection(mask.GetDirection())
    direction = np.array(mask.GetDirection()).reshape(3, 3)
    grid.SetOrigin(
        (
            np.array(centre) - direction @ (spacing * (np.array([PIXELS, PIXELS, 1]) - 1) / 2)
        ).tolist()
    )
    return grid


def windowed(values: np.ndarray) -> np.ndarray:
    """Values scaled to 0..1 between the 1st and 99th percentile of those that are there.

    values: NaN beyond the image, where the result is BEYOND.
    """
    inside = np.isfinite(values)
    if not inside.any():
        return np.full(values.shape, BEYOND)
    low, high = np.percentile(values[inside], [1, 99])
    scaled = np.clip((values - low) / (high - low or 1.0), 0, 1)
    return np.where(inside, scaled, BEYOND)


def _outcome_in_words(label: float, event: str) -> str:
    if label == 1:
        return f"With {event}"
    return f"Without {event}" if label == 0 else "Outcome unknown"


def _reference_mask(cohort: Cohort, patient: str) -> sitk.Image:
    reference = cohort.study.reference_phase
    return read_mask(
        cohort.mask_source(patient, reference), read_image(cohort.image_source(patient, reference))
    )


def example_grid(cohort: Cohort, patient: str) -> sitk.Image:
    """Grid of the slice that a patient's example shows."""
    return _grid(_reference_mask(cohort, patient))


def example(cohort: Cohort, patient: str) -> Example:
    """Example of a patient's tumour.

    Images and mask are read by the study's own reader, whatever their format. Raises ReadingError
    naming the mask where it is empty.
    """
    phases = list(cohort.study.phases)
    reference = cohort.study.reference_phase
    mask = _reference_mask(cohort, patient)
    grid = _grid(mask)
    slices = []
    for phase in phases:
        values = sitk.GetArrayFromImage(
            sitk.Resample(
                read_image(cohort.image_source(patient, phase), sitk.sitkFloat32),
                grid,
                sitk.Transform(),
                sitk.sitkLinear,
                float("nan"),
            )
        )[0]
        slices.append(windowed(values))
    return Example(
        np.stack(slices).astype(np.float32),
        on_grid(grid, mask),
        float(grid.GetSpacing()[0]),
        _outcome_in_words(cohort.label[patient], cohort.study.study.event),
        regions=_regions(cohort, patient, reference, grid),
    )


def on_grid(grid: sitk.Image, mask: sitk.Image) -> np.ndarray:
    """Rows × columns of a mask or map in the slice that is shown."""
    return sitk.GetArrayFromImage(
        sitk.Resample(mask, grid, sitk.Transform(), sitk.sitkNearestNeighbor, 0)
    )[0]


def _regions(cohort: Cohort, patient: str, phase: str, grid: sitk.Image) -> dict[str, np.ndarray]:
    """Regions of the largest lesion beside the tumour, made in one phase: words → what is shown."""
    image = cohort.image_source(patient, phase)
    return {
        region.words: on_grid(
            grid, lesion_regions(image, cohort.block_mask(patient, Block(phase, name)))[0].mask
        )
        for name, region in cohort.study.regions.items()
    }


def write_examples(path: Path, examples: Sequence[Example]) -> Path:
    """One compressed file of plain arrays; nothing in it names a patient."""
    content = io.BytesIO()
    np.savez_compressed(
        content,
        slices=np.stack([each.slices for each in examples]),
        mask=np.stack([each.mask for each in examples]),
        spacing_mm=np.array([each.spacing_mm for each in examples]),
        group=np.array([each.group for each in examples]),
        **_stored_regions(examples),
        **_stored_habitats(examples),
    )
    return write_atomically(path, content.getvalue())


def _stored_regions(examples: Sequence[Example]) -> dict[str, Any]:
    """Words and pictures (patients × regions × rows × columns); nothing without regions."""
    words = list(examples[0].regions) if examples else []
    if not words:
        return {}
    pictures = [np.stack([each.regions[name] for name in words]) for each in examples]
    return {"region_words": np.array(words), "regions": np.stack(pictures)}


def _stored_habitats(examples: Sequence[Example]) -> dict[str, Any]:
    """Habitats of all (patients × rows × columns); nothing without."""
    maps = [each.habitats for each in examples if each.habitats is not None]
    return {"habitats": np.stack(maps)} if maps and len(maps) == len(examples) else {}


def read_examples(path: Path) -> list[Example]:
    """Example patients from an .npz file."""
    with np.load(path, allow_pickle=False) as stored:
        words = [str(each) for each in stored["region_words"]] if "regions" in stored else []
        pictures = stored["regions"] if words else [()] * len(stored["mask"])
        regions = [dict(zip(words, shown, strict=True)) for shown in pictures]
        habitats = stored["habitats"] if "habitats" in stored else [None] * len(stored["mask"])
        return [
            Example(
                slices,
                mask,
                float(spacing),
                str(group),
                regions=regions[place],
                habitats=habitats[place],
            )
            for place, (slices, mask, spacing, group) in enumerate(
                zip(
                    stored["slices"],
                    stored["mask"],
                    stored["spacing_mm"],
                    stored["group"],
                    strict=True,
                )
            )
        ]
