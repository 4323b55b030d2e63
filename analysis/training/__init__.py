"""Cross-fitting: every model × every patient → one table of predictions."""

from analysis.training.contexts import Context, contexts_of
from analysis.training.delineations import delineated_crops
from analysis.training.given import given_training
from analysis.training.predictions import train_all
from analysis.training.trained import FitProvenance, FittedModels, Predictions, Training
from analysis.training.whole import trained

__all__ = [
    "Context",
    "FitProvenance",
    "FittedModels",
    "Predictions",
    "Training",
    "contexts_of",
    "delineated_crops",
    "given_training",
    "train_all",
    "trained",
]
