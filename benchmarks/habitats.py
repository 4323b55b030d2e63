"""Habitats of a training set beside k-means on all of its voxels: time and memory."""

from __future__ import annotations

import numpy as np
from sklearn.cluster import KMeans

from benchmarks.regions import cost, cost_row
from models.habitats.features import habitat_values
from models.habitats.fitted import _fit
from models.habitats.settings import HabitatSettings
from models.voxels import Voxels

# Three tissues by their enhancement in three phases, in standard deviations of their noise.
TISSUES = np.array([[0.0, 0.0, 0.0], [6.0, 3.0, 0.0], [12.0, 12.0, 6.0]])
PHASES = ("arterial", "portal", "delayed")


def _tumours(patients: int, voxels: int) -> Voxels:
    random = np.random.default_rng(0)
    shares = random.dirichlet(np.ones(len(TISSUES)), patients)
    return Voxels.of(
        PHASES,
        (
            TISSUES[random.choice(len(TISSUES), voxels, p=share)]
            + random.normal(size=(voxels, len(PHASES)))
            for share in shares
        ),
    )


def _whole(tumours: Voxels) -> np.ndarray:
    """As a script has it: k-means on the voxels of everybody, then the shares of each."""
    values = tumours.values.astype(float)
    scaled = (values - values.mean(axis=0)) / values.std(axis=0)
    found = KMeans(len(TISSUES), n_init=5, random_state=0).fit(scaled)
    order = np.argsort(np.argsort(found.cluster_centers_[:, 0]))
    numbers = order[found.labels_]
    return np.stack(
        [
            np.bincount(numbers[start:end], minlength=len(TISSUES)) / (end - start)
            for start, end in zip(tumours.starts, tumours.ends, strict=True)
        ]
    )


def rows(patients: int = 100, voxels: int = 20_000, turns: int = 1) -> list[list[str]]:
    """Rows as benchmarks.radiomics has them. Raises AssertionError where shares differ."""
    tumours = _tumours(patients, voxels)
    fixed = HabitatSettings("kmeans", PHASES[0], number=len(TISSUES))
    chosen = HabitatSettings("kmeans", PHASES[0])
    clustering = _fit(fixed, tumours).clustering
    shares = np.stack(
        [
            habitat_values(clustering, tumours.patient(place), ["fractions"])
            for place in range(patients)
        ]
    )
    whole = _whole(tumours)
    if not np.allclose(shares, whole[:, :-1], atol=0.01):
        raise AssertionError("shares of habitats differ from those of clusters of all voxels")
    other = cost(lambda: _whole(tumours), turns)
    title = f"habitats and their features, {patients} tumours of {voxels} voxels, 3 phases"
    words = "k-means on all voxels, shares alone"
    return [
        cost_row(title, cost(lambda: _fit(fixed, tumours), turns), other, words),
        cost_row(
            "the same, number chosen from 2 to 5",
            cost(lambda: _fit(chosen, tumours), turns),
            other,
            words,
        ),
    ]
