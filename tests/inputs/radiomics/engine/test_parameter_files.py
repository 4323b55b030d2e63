"""PyRadiomics's parameter files, drawn at random: image_features has the values of PyRadiomics's
own extractor on the file as it is, whichever engine computes them."""

import copy
import math

import numpy as np
from hypothesis import HealthCheck, given, seed, settings

from analysis.inputs.radiomics.agreement import OF_SCALE, RELATIVE, natural_scale
from analysis.inputs.radiomics.engine_choice import image_features, one_thread
from analysis.study import Extraction
from analysis.study.parameter_keys import keys_of
from tests.support.engine_agreement import volume
from tests.support.parameter_files import by_pyradiomics, parameter_files

RANDOM = np.random.default_rng(5)
SHAPE = (12, 14, 15)
PLACES = np.indices(SHAPE) - np.array([6, 7, 7]).reshape(3, 1, 1, 1)
IMAGE, MASK = volume(
    120 + 60 * np.exp(-(PLACES**2).sum(axis=0) / 30) + RANDOM.normal(0, 25, SHAPE),
    (PLACES**2).sum(axis=0) <= 17,
    (1.1, 1.1, 2.0),
)


def scale_of(name, theirs):
    """The feature's natural scale; 1 where what tells it was not computed."""
    try:
        return natural_scale(name, theirs)
    except KeyError:
        return 1e3


def assert_same(content):
    theirs = by_pyradiomics(copy.deepcopy(content), IMAGE, MASK)
    chosen = Extraction(**keys_of(content))
    try:
        ours = image_features(IMAGE, MASK, chosen)
    except Exception as error:
        ours = str(error)
    if isinstance(theirs, str) or isinstance(ours, str):
        assert ours == theirs
        return chosen
    assert set(ours) == set(theirs)
    for name, value in theirs.items():
        same = math.isnan(value) and math.isnan(ours[name])
        limit = RELATIVE * abs(value) + OF_SCALE * scale_of(name, theirs)
        assert same or abs(ours[name] - value) <= limit, (name, ours[name], value)
    return chosen


@seed(22)
@settings(max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(parameter_files())
def test_any_parameter_file(content):
    with one_thread():
        assert_same(content)
