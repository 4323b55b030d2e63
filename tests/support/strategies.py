"""What hypothesis draws: small cohorts with both classes and many ties."""

import numpy as np
from hypothesis import strategies as some


def vector(draw, n, values):
    return np.array(draw(some.lists(values, min_size=n, max_size=n)), dtype=float)


@some.composite
def labelled_scores(draw):
    """Labels of both classes (at least two each) and two scores."""
    n = draw(some.integers(6, 40))
    label = vector(draw, n, some.integers(0, 1))
    label[:2], label[2:4] = 0, 1
    return label, vector(draw, n, some.integers(0, 9)), vector(draw, n, some.integers(0, 9))


@some.composite
def labelled_probabilities(draw):
    """Labels of both classes and two probabilities, 0 and 1 among them."""
    label, first, second = draw(labelled_scores())
    return label, first / 9, second / 9


@some.composite
def follow_up(draw, event_types=(0, 1)):
    """Times in whole units, so that many are tied, and events."""
    n = draw(some.integers(5, 40))
    return vector(draw, n, some.integers(1, 12)), vector(draw, n, some.sampled_from(event_types))


thresholds = some.floats(0.02, 0.98)
