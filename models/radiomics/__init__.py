"""Radiomics: harmonisation, selection and five classifiers.

There is one idea a file, and one object so that nothing can be fitted outside the fold.
"""

from models.radiomics.combat import ComBat
from models.radiomics.correlation import CorrelationFilter
from models.radiomics.lasso import LassoSelection
from models.radiomics.model import RadiomicsModel, fit_together
from models.radiomics.mrmr import MinimumRedundancy
from models.radiomics.selection import STEPS, FeatureSelection
from models.radiomics.univariable import UnivariableFilter
from models.radiomics.variance import NearConstantFilter

__all__ = [
    "STEPS",
    "ComBat",
    "CorrelationFilter",
    "FeatureSelection",
    "LassoSelection",
    "MinimumRedundancy",
    "NearConstantFilter",
    "RadiomicsModel",
    "UnivariableFilter",
    "fit_together",
]
