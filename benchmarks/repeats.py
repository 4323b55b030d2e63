"""What averaging scores over repeated folds does to the out-of-fold AUC: `python -m
benchmarks.repeats`.

A model that changes with the patients it learns from (features chosen in the fold, nearest
neighbours), as radiomics models do. Each data set gives: the AUC of the model that would be locked,
on new patients; the mean over repeats of the out-of-fold AUC, as reported; the AUC of scores
averaged over repeats, which is that of a bag of models; and the standard deviation of the scores,
as a cut-off or a fusion that learns from averaged scores meets other ones once the model is locked.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.feature_selection import SelectKBest, f_classif
from sklearn.model_selection import StratifiedKFold
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from analysis.statistics import auc
from benchmarks.arguments import counts

PATIENTS, FEATURES, INFORMATIVE, SHIFT, EVENTS = 132, 150, 12, 0.35, 0.58


@dataclass(frozen=True)
class Repeated:
    """One value a data set; deviations: of the locked model's scores on new patients, of
    out-of-fold scores, and of averaged ones."""

    locked: np.ndarray
    mean_of_repeats: np.ndarray
    averaged: np.ndarray
    deviations: np.ndarray


def _patients(random: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    label = (random.random(n) < EVENTS).astype(int)
    features = random.standard_normal((n, FEATURES))
    features[:, :INFORMATIVE] += SHIFT * label[:, None]
    return features, label


def simulate(data_sets: int = 16, repeats: int = 5, seed: int = 1, new: int = 4000) -> Repeated:
    """data_sets cohorts of 132 patients, five folds each repeat; the locked model is judged on
    `new` patients."""
    random = np.random.default_rng(seed)
    model = make_pipeline(StandardScaler(), SelectKBest(f_classif, k=8), KNeighborsClassifier(9))
    rows = []
    for number in range(data_sets):
        (features, label), (others, truth) = _patients(random, PATIENTS), _patients(random, new)
        locked = model.fit(features, label).predict_proba(others)[:, 1]
        scores = np.empty((repeats, PATIENTS))
        for repeat in range(repeats):
            for learn, score in StratifiedKFold(
                5, shuffle=True, random_state=1000 * number + repeat
            ).split(features, label):
                scores[repeat, score] = model.fit(features[learn], label[learn]).predict_proba(
                    features[score]
                )[:, 1]
        rows.append(
            [
                auc(truth, locked),
                np.mean([auc(label, each) for each in scores]),
                auc(label, scores.mean(axis=0)),
                locked.std(),
                scores.std(axis=1).mean(),
                scores.mean(axis=0).std(),
            ]
        )
    columns = np.array(rows).T
    return Repeated(columns[0], columns[1], columns[2], columns[3:].T)


def _mean(values: np.ndarray) -> str:
    return (
        f"{values.mean():.3f} (Monte-Carlo error {values.std(ddof=1) / np.sqrt(len(values)):.3f})"
    )


def report(found: Repeated) -> str:
    gain = found.averaged - found.mean_of_repeats
    locked, fold, averaged = found.deviations.mean(axis=0)
    return "\n".join(
        [
            (
                f"{len(found.locked)} data sets of {PATIENTS} patients, {FEATURES} features,"
                f" {INFORMATIVE} of them informative"
            ),
            f"AUC of the locked model on new patients     {_mean(found.locked)}",
            f"mean over repeats of the out-of-fold AUC    {_mean(found.mean_of_repeats)}",
            f"AUC of scores averaged over repeats         {_mean(found.averaged)}",
            f"averaged minus mean of the repeats          {_mean(gain)}",
            (
                f"standard deviation of scores: locked {locked:.3f}, out of fold {fold:.3f},"
                f" averaged {averaged:.3f}"
            ),
        ]
    )


if __name__ == "__main__":
    print(report(simulate(*counts(__doc__, data_sets=16))))
