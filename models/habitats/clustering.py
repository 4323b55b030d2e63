"""Clusters of voxels by their intensities over the phases, numbered by a stated rule."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

# Starts of k-means, and of the mixture, of which the best is kept.
STARTS, MIXTURE_STARTS = 5, 2
# Added to each variance of the mixture, of intensities with variance 1.
LEAST_VARIANCE = 1e-4


@dataclass(frozen=True)
class Clustering:
    """Fitted clustering of voxels.

    mean, deviation: of each phase in the voxels that were learnt from; clusters are of intensities
    standardised by them. centres: clusters × phases, standardised, the cluster of the lowest centre
    in the reference phase first. weights, roots: of a Gaussian mixture, each cluster's share and
    the Cholesky factor of its precision (phases × phases); None for k-means.
    """

    mean: np.ndarray
    deviation: np.ndarray
    centres: np.ndarray
    weights: np.ndarray | None = None
    roots: np.ndarray | None = None

    def assign(self, values: np.ndarray) -> np.ndarray:
        """Number of each voxel's cluster, from 1 on.

        values: voxels × phases. By k-means the cluster of the nearest centre (Euclidean), by a
        mixture that of the highest posterior probability; the first of equals.
        """
        scaled = (values - self.mean) / self.deviation
        nearness = [self.nearness(scaled, place) for place in range(len(self.centres))]
        return np.argmax(np.column_stack(nearness), axis=1) + 1

    def nearness(self, scaled: np.ndarray, place: int) -> np.ndarray:
        """How well voxels fit a cluster: minus squared distance, or log density but a constant."""
        apart = scaled - self.centres[place]
        if self.weights is None or self.roots is None:
            return -np.einsum("vp,vp->v", apart, apart)
        root = self.roots[place]
        rotated = apart @ root
        return (
            np.log(self.weights[place])
            + np.log(np.diag(root)).sum()
            - 0.5 * np.einsum("vp,vp->v", rotated, rotated)
        )

    def description(self) -> dict[str, Any]:
        """Plain values."""
        parts = {
            "mean": self.mean,
            "deviation": self.deviation,
            "centres": self.centres,
            "weights": self.weights,
            "roots": self.roots,
        }
        return {name: part.tolist() for name, part in parts.items() if part is not None}

    @classmethod
    def from_description(cls, description: Mapping[str, Any]) -> Clustering:
        """The clustering that plain values describe."""
        return cls(**{name: np.array(values, float) for name, values in description.items()})


def _fit(
    scaled: np.ndarray, number: int, method: str, seed: int
) -> tuple[np.ndarray, np.ndarray | None, np.ndarray | None]:
    """Centres, and weights and roots of a mixture, in any order."""
    with warnings.catch_warnings():
        # Fewer distinct voxels than clusters, or a mixture that still moves after the last
        # iteration: the criterion and the fractions tell of clusters that nobody has.
        warnings.simplefilter("ignore", ConvergenceWarning)
        if method == "kmeans":
            found = KMeans(number, n_init=STARTS, random_state=seed).fit(scaled)
            return found.cluster_centers_, None, None
        mixture = GaussianMixture(
            number, n_init=MIXTURE_STARTS, reg_covar=LEAST_VARIANCE, random_state=seed
        ).fit(scaled)
    return mixture.means_, mixture.weights_, mixture.precisions_cholesky_


def cluster(values: np.ndarray, number: int, method: str, reference: int, seed: int) -> Clustering:
    """Fit `number` clusters, by scikit-learn.

    values: voxels × phases, each phase with some spread; a phase of one value only counts for
    nothing. reference: place of the phase by whose centres clusters are ordered, the other phases
    deciding between equal ones. seed: of the starts.
    """
    mean, deviation = values.mean(axis=0), values.std(axis=0)
    deviation = np.where(deviation > 0, deviation, 1.0)
    scaled = (values - mean) / deviation
    centres, weights, roots = _fit(scaled, number, method, seed)
    others = [place for place in range(values.shape[1]) if place != reference]
    order = np.lexsort([centres[:, place] for place in (*reversed(others), reference)])
    return Clustering(
        mean,
        deviation,
        centres[order],
        weights=None if weights is None else weights[order],
        roots=None if roots is None else roots[order],
    )
