"""Intraclass correlations of all features at once beside a loop over pingouin.intraclass_corr."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.statistics import average_of_raters, icc_1_1, icc_2_1, icc_3_1
from benchmarks.measure import Comparison


def comparison(
    features: int = 3111,
    patients: int = 30,
    readers: int = 2,
    of_other: int = 311,
    least_ratio: float | None = 100,
) -> Comparison:
    """All six forms with intervals on both sides. pingouin gets its long tables ready-made and only
    the first `of_other` features."""
    import pingouin

    random = np.random.default_rng(3)
    ratings = random.standard_normal((features, patients, 1)) + 0.5 * random.standard_normal(
        (features, patients, readers)
    )
    patient, reader = (place.ravel() for place in np.indices((patients, readers)))
    tables = [
        pd.DataFrame({"patient": patient, "reader": reader, "rating": feature.ravel()})
        for feature in ratings[:of_other]
    ]

    def ours():
        single = [form(ratings) for form in (icc_1_1, icc_2_1, icc_3_1)]
        return np.array([form.icc for form in (*single, *map(average_of_raters, single))]).T

    def other():
        # By position, as the names of the rows changed in pingouin 0.6.
        return np.array(
            [
                pingouin.intraclass_corr(table, "patient", "reader", "rating")["ICC"].to_numpy()
                for table in tables
            ]
        )

    name = f"ICC, {features} features × {patients} patients × {readers} readers"
    return Comparison(
        name,
        ours,
        f"pingouin in a loop, {len(tables)} of {features} features, scaled",
        other,
        lambda a, b: (a[: len(b)], b),
        share=len(tables) / features,
        least_ratio=least_ratio,
    )
