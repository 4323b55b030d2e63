"""Every step of the selection and ComBat are scikit-learn estimators, and choose what their definition says."""

import numpy as np
import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from models.radiomics import ComBat, CorrelationFilter, FeatureSelection, LassoSelection, MinimumRedundancy, NearConstantFilter, UnivariableFilter

STEPS = [NearConstantFilter(), UnivariableFilter(), CorrelationFilter(), MinimumRedundancy(), LassoSelection(), FeatureSelection(), ComBat()]


@parametrize_with_checks(STEPS)
def test_scikit_learn_estimator(estimator, check):
    check(estimator)
