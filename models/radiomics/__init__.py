"""Radiomics: harmonisation, selection and classifiers.

There is one idea a file, and one object so that nothing can be fitted outside the fold.
"""

from models.radiomics.anova import AnovaFilter
from models.radiomics.combat import ComBat
from models.radiomics.components import PrincipalComponents
from models.radiomics.correlation import CorrelationFilter
from models.radiomics.lasso import ElasticNetSelection, LassoSelection
from models.radiomics.model import RadiomicsModel, fit_together
from models.radiomics.mrmr import MinimumRedundancy
from models.radiomics.selection import FeatureSelection
from models.radiomics.univariable import UnivariableFilter
from models.radiomics.variance import NearConstantFilter
from models.selection_steps import STEPS

__all__ = [
    "STEPS",
    "AnovaFilter",
    "ComBat",
    "CorrelationFilter",
    "ElasticNetSelection",
    "FeatureSelection",
    "LassoSelection",
    "MinimumRedundancy",
    "NearConstantFilter",
    "PrincipalComponents",
    "RadiomicsModel",
    "UnivariableFilter",
    "fit_together",
]
