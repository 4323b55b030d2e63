"""Networks: the same seed gives the same score, and a visible difference is learnt."""

import numpy as np
import pandas as pd
import pytest

from models.deep import DeepModel
from models.inputs import Inputs


def _images(n=24, seed=0):
    random = np.random.default_rng(seed)
    label = pd.Series(np.tile([0.0, 1.0], n // 2), index=[f"P{i}" for i in range(n)])
    images = random.standard_normal((n, 2, 3, 24, 24)).astype(np.float32)
    images[label.to_numpy() == 1, :, 0, 8:16, 8:16] += 2
    return Inputs(label.index, images=images), label


@pytest.mark.parametrize("network", ["resnet18", "resnet34", "resnet50"])
def test_same_seed_same_score(network):
    inputs, label = _images()
    first, second = (DeepModel(network, epochs=2, batch_size=8, width=0.1, seed=4).fit(inputs, label).predict(inputs) for _ in range(2))
    pd.testing.assert_series_equal(first, second, check_exact=True)
    assert first.between(0, 1).all()


def test_a_visible_difference_is_learnt():
    (train, label), (new, truth) = _images(), _images(seed=1)
    score = DeepModel("resnet18", epochs=15, batch_size=8, width=0.25, learning_rate=3e-3, seed=0).fit(train, label).predict(new)
    assert score[truth == 1].mean() > score[truth == 0].mean() + 0.3


def test_unknown_network_is_named():
    with pytest.raises(ValueError, match="unknown network 'resnet9'; known are resnet18"):
        DeepModel("resnet9", epochs=1)
