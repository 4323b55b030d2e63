"""Cross-fitting: every model × every patient → one table of predictions."""

from analysis.training.contexts import Context, contexts_of
from analysis.training.delineations import delineated_crops
from analysis.training.predictions import train_all
from analysis.training.supplied_training import given_training
from analysis.training.train_cohort import trained
from analysis.training.trained import FitProvenance, FittedModels, Predictions, TrainedStudy

__all__ = [
    "Context",
    "FitProvenance",
    "FittedModels",
    "Predictions",
    "TrainedStudy",
    "contexts_of",
    "delineated_crops",
    "given_training",
    "train_all",
    "trained",
]
