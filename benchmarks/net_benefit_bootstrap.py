"""Bootstrap of whole decision curves beside a loop over dcurves.dca, on the same resamples."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.statistics import resample_counts, resampled_net_benefit
from benchmarks.measure import Comparison


def comparison(
    resamples: int = 2000,
    thresholds: int = 100,
    models: int = 10,
    n: int = 165,
    of_other: int = 10,
    most_seconds: float | None = 5,
) -> Comparison:
    """dcurves gets the first `of_other` resamples only: one call takes a good part of a second."""
    random = np.random.default_rng(4)
    label = (np.arange(n) % 5 < 3).astype(float)
    names = [f"model_{place}" for place in range(models)]
    probability = 1 / (1 + np.exp(-(label[:, None] - 0.5 + random.standard_normal((n, models)))))
    at = np.linspace(0, 1, thresholds + 2)[1:-1]
    drawn = random.integers(n, size=(resamples, n))
    patients = pd.DataFrame(probability, columns=names).assign(event=label)

    def ours():
        counts = resample_counts(label, indices=drawn)
        return np.stack(
            [resampled_net_benefit(label, column, at, counts) for column in probability.T], axis=2
        )

    def other():
        from dcurves import dca

        curves = []
        for rows in drawn[:of_other]:
            table = dca(patients.iloc[rows].reset_index(drop=True), "event", names, thresholds=at)
            curves.append(
                table.pivot(index="threshold", columns="model", values="net_benefit")[
                    names
                ].to_numpy()
            )
        return np.array(curves)

    return Comparison(
        f"net benefit, {resamples} resamples × {thresholds} thresholds × {models} models, n = {n}",
        ours,
        f"dcurves in a loop, {of_other} of {resamples} resamples, scaled",
        other,
        lambda ours, theirs: (ours[: len(theirs)], theirs),
        share=of_other / resamples,
        most_seconds=most_seconds,
    )
