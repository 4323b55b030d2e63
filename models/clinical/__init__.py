"""CR: the clinical-radiological model, from a table with gaps to a probability."""

from models.clinical.design import ClinicalDesign, variable_of
from models.clinical.model import ClinicalModel

__all__ = ["ClinicalDesign", "ClinicalModel", "variable_of"]
