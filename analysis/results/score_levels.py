"""Best model's score between the levels of each staging system.

The question is whether the score rises where the disease is worse.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.results.scores import staged
from analysis.statistics import pairwise_levels

# A level of fewer validation patients says nothing and may name somebody.
LEAST_PATIENTS = 5
COLUMNS = ["system", "first", "second", "n_first", "n_second", "superiority", "p_holm"]


def score_levels(
    cohort: Cohort, predictions: pd.DataFrame, systems: Sequence[str], model: str
) -> pd.DataFrame:
    """Score of the locked model, compared between the levels of each staging system.

    Columns: system, first (the better level), second, n_first, n_second, superiority, p_holm. Rows:
    every pair of levels with five patients or more each, of the validation patients whom the locked
    model scores and the system grades. superiority: probability that the patient of the worse level
    has the higher score. p_holm: Mann-Whitney tests, adjusted over the pairs of one system;
    exploratory.
    """
    rows = predictions[(predictions["model"] == model) & (predictions["how"] == "validation")]
    score = rows.dropna(subset=["score"]).set_index("patient_id")["score"]
    frames = []
    for system in systems:
        levels = staged(cohort, system).reindex(score.index).dropna()
        order = [str(level) for level in levels.cat.categories] if len(levels) else []
        levels = levels.astype(str)
        counts = levels.value_counts()
        levels = levels[levels.map(counts) >= LEAST_PATIENTS]
        if levels.nunique() > 1:
            pairs = pairwise_levels(score[levels.index], levels, order)
            frames.append(pairs.assign(system=system)[COLUMNS])
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=COLUMNS)
