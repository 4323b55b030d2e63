"""Habitats of a patient as the article shows them: in the slice of the example's pictures."""

from __future__ import annotations

import numpy as np
import SimpleITK as sitk

from analysis.cohort.cohort import Cohort
from analysis.imaging.reading import read_image
from analysis.inputs.crops.example import example_grid, on_grid
from analysis.inputs.habitats.cohort_voxels import patient_voxels
from analysis.inputs.habitats.sampled import map_of
from models.habitats.clustering import Clustering


def shown_habitats(cohort: Cohort, patient: str, clustering: Clustering) -> np.ndarray:
    """Rows × columns: number of the habitat at each pixel of a patient's example, 0 outside."""
    (voxels,) = patient_voxels(cohort, [patient])
    reference = read_image(cohort.image_source(patient, cohort.study.habitat_phase))
    shape = tuple(reference.GetSize()[::-1])
    numbers = clustering.assign(voxels.values.astype(float))
    image = sitk.GetImageFromArray(map_of(voxels, numbers, shape))
    image.CopyInformation(reference)
    return on_grid(example_grid(cohort, patient), image)
