"""Paired DeLong test beside MLstatkit's."""

from __future__ import annotations

import numpy as np

from analysis.statistics import delong_test
from benchmarks.measure import Comparison


def comparison(
    n: int, least_ratio: float | None = None, most_seconds: float | None = None
) -> Comparison:
    """Two correlated scores of n patients, half of them events; without ties, which MLstatkit would
    handle alike."""
    random = np.random.default_rng(1)
    label = (np.arange(n) % 2).astype(float)
    first = label + random.standard_normal(n)
    second = 0.5 * first + 0.4 * label + random.standard_normal(n)

    def other():
        from MLstatkit.delong import Delong_test

        return Delong_test(label, first, second)

    def answers(ours, theirs):
        # Its z is that of b - a.
        return [ours.z, ours.auc_a, ours.auc_b], [-theirs[0], theirs[4], theirs[5]]

    return Comparison(
        f"paired DeLong, n = {n:,}",
        lambda: delong_test(label, first, second),
        "MLstatkit",
        other,
        answers,
        1e-8,
        least_ratio=least_ratio,
        most_seconds=most_seconds,
    )
