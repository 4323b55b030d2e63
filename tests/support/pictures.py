"""Small images in which the event is a bright square in the first phase."""

import numpy as np
import pandas as pd

from models.inputs import Inputs

SQUARE = slice(8, 16)


def pictures(n=24, seed=0, slices=2, size=24, phases=3, contrast=2.0):
    random = np.random.default_rng(seed)
    label = pd.Series(np.tile([0.0, 1.0], n // 2), index=[f"P{i}" for i in range(n)])
    images = random.standard_normal((n, slices, phases, size, size)).astype(np.float32)
    images[label.to_numpy() == 1, :, 0, SQUARE, SQUARE] += contrast
    return Inputs(label.index, images=images), label
