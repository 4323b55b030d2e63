"""Making a cohort's inputs and training all its models; what was made before is from the cache."""

from __future__ import annotations

from analysis.cohort.cohort import Cohort
from analysis.inputs.crops import tumour_crops
from analysis.inputs.radiomics import RadiomicsTable, radiomics_table
from analysis.training.delineations import delineated_crops
from analysis.training.predictions import train_all
from analysis.training.supplied_training import given_training
from analysis.training.trained import TrainedStudy


def trained(cohort: Cohort) -> tuple[RadiomicsTable | None, TrainedStudy]:
    """Radiomics table, where the study has one, and every model of the study.

    Models that were made elsewhere are given by their predictions.
    """
    study = cohort.study
    if study.predictions is not None:
        return None, given_training(cohort)
    table = radiomics_table(cohort) if study.radiomics is not None else None
    networks = study.deep_learning is not None
    return table, train_all(
        cohort,
        table,
        tumour_crops(cohort) if networks else None,
        delineated_crops(cohort) if networks else None,
    )
