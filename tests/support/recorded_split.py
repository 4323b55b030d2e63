"""A study whose split is recorded, and patients who are added to it."""

import numpy as np
import pandas as pd

from analysis.study import load_study
from tests.conftest import small_study


def split_study(folder, split, synthetic=False):
    return load_study(
        small_study(
            folder,
            split=split,
            cohort={"folder": "data", "dictionary": "dictionary.yml", "centre": "centre"},
            study={
                "name": "split",
                "title": "t",
                "disease": "d",
                "event": "e",
                "modality": "m",
                "synthetic": synthetic,
            },
        )
    )


def split_table(names):
    random = np.random.default_rng(len(names))
    table = pd.DataFrame(
        {
            "centre": random.choice(["north", "south"], len(names)),
            "operated": "2019-05-01",
            "cohort": (
                ["training", "validation"] * (len(names) // 2) + ["training"] * (len(names) % 2)
            ),
        },
        index=names,
    )
    return table, pd.Series(np.arange(len(names)) // 2 % 2, index=names, dtype=float)


NAMES = [f"MRN-{number}" for number in range(100, 140)]


ADDED = [f"MRN-{number}" for number in range(60, 70)]
