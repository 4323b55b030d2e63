"""The locked model for use outside the study: written with what it was trained on, applied to new patients."""

from analysis.exporting.export import export_model
from analysis.exporting.predict import Prediction, predict_patients

__all__ = ["Prediction", "export_model", "predict_patients"]
