"""The rule of agreement finds what it should find."""

import numpy as np
import pytest

from analysis.inputs.radiomics.agreement import differences, largest_relative_difference

FEATURES = {
    "original_shape_Maximum3DDiameter": 50.0,
    "original_firstorder_Maximum": 90.0,
    "original_firstorder_Minimum": -10.0,
    "original_firstorder_Mean": 1e-9,
    "original_glcm_ClusterShade": 0.0,
    "original_glcm_ClusterProminence": 1e4,
    "original_glcm_Imc1": -0.2,
    "original_glcm_Idm": np.nan,
}


@pytest.mark.parametrize(
    ("name", "value", "passes"),
    [
        ("original_shape_Maximum3DDiameter", 50.0 * (1 + 0.9e-8), True),
        ("original_shape_Maximum3DDiameter", 50.0 * (1 + 2e-8), False),
        ("original_firstorder_Mean", 1e-9 + 0.9e-10, True),
        ("original_firstorder_Mean", 1e-9 + 2e-10, False),
        ("original_glcm_ClusterShade", 0.9e-9, True),
        ("original_glcm_ClusterShade", 2e-9, False),
        ("original_glcm_Imc1", -0.2 - 3e-9, False),
        ("original_glcm_Idm", 0.5, False),
    ],
)
def test_limits(name, value, passes):
    found = differences(FEATURES | {name: value}, FEATURES)
    assert (found <= 1).all() == passes
    assert (np.delete(found, list(FEATURES).index(name)) == 0).all()


def test_other_names_are_an_error_and_equal_ones_no_difference():
    assert (differences(FEATURES, FEATURES) == 0).all()
    assert largest_relative_difference(FEATURES, FEATURES) == 0.0
    assert largest_relative_difference(
        FEATURES | {"original_glcm_Imc1": -0.25}, FEATURES
    ) == pytest.approx(0.2)
    with pytest.raises(ValueError, match="different features"):
        differences(dict(reversed(FEATURES.items())), FEATURES)
