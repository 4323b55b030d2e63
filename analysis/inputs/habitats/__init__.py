"""Voxels of tumours in all phases, of which habitats are clustered."""

from analysis.inputs.habitats.cohort_voxels import CohortVoxels, cohort_voxels, patient_voxels
from analysis.inputs.habitats.sampled import (
    HabitatSources,
    HabitatVoxels,
    habitat_sources,
    habitat_voxels,
)

__all__ = [
    "CohortVoxels",
    "HabitatSources",
    "HabitatVoxels",
    "cohort_voxels",
    "habitat_sources",
    "habitat_voxels",
    "patient_voxels",
]
