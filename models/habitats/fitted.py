"""Habitats as a step of a model's path: fitted on training patients, applied to others."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from models.habitats.clustering import Clustering, cluster
from models.habitats.features import habitat_values
from models.habitats.names import feature_names
from models.habitats.number import goodness
from models.habitats.settings import HabitatSettings
from models.voxels import Voxels

# Fits that a process keeps: several paths and classifiers learn from the same patients.
KEPT = 16


@dataclass(frozen=True)
class FittedHabitats:
    """Habitats that were fitted.

    settings: with which. phases: whose intensities they are of. clustering: of the voxels. fill: of
    each feature the value that stands for a missing one. scores: number of habitats → goodness by
    the criterion, the higher the better; empty where the number was given. learnt: digest → the
    features of a training patient, which are wanted next; no part of what is stored.
    """

    settings: HabitatSettings
    phases: tuple[str, ...]
    clustering: Clustering
    fill: np.ndarray
    scores: Mapping[int, float]
    learnt: Mapping[str, np.ndarray] = field(default_factory=dict, compare=False, repr=False)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "learnt": {}}

    @property
    def number(self) -> int:
        """Number of habitats."""
        return len(self.clustering.centres)

    @property
    def names(self) -> list[str]:
        """Names of the features."""
        return feature_names(self.number, self.phases, self.settings.features)

    def transform(self, voxels: Voxels) -> np.ndarray:
        """Patients × features of `names`, none of them missing.

        First-order features of a habitat that a patient lacks are the median of the training
        patients who have it. Raises ValueError where the voxels are of other phases.
        """
        if voxels.phases != self.phases:
            raise ValueError(
                f"habitats were fitted on the phases {', '.join(self.phases)}; these voxels are of"
                f" {', '.join(voxels.phases)}"
            )
        values = np.stack([self._of_patient(voxels, place) for place in range(len(voxels))])
        return np.where(np.isnan(values), self.fill, values)

    def _of_patient(self, voxels: Voxels, place: int) -> np.ndarray:
        known = self.learnt.get(voxels.digests[place])
        if known is not None:
            return known
        return habitat_values(self.clustering, voxels.patient(place), self.settings.features)

    def description(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "settings": asdict(self.settings),
            "phases": list(self.phases),
            "clustering": self.clustering.description(),
            "fill": self.fill.tolist(),
            "scores": {str(number): score for number, score in self.scores.items()},
        }

    @classmethod
    def from_description(cls, description: Mapping[str, Any]) -> FittedHabitats:
        """The habitats that plain values describe."""
        settings = dict(description["settings"])
        return cls(
            HabitatSettings(**{**settings, "features": tuple(settings["features"])}),
            tuple(description["phases"]),
            Clustering.from_description(description["clustering"]),
            fill=np.array(description["fill"], float),
            scores={int(number): score for number, score in description["scores"].items()},
        )


def drawn_voxels(voxels: Voxels, number: int, seed: int) -> np.ndarray:
    """The same number of voxels of each patient: (patients · number) × phases.

    They are drawn by the seed and the patient's own voxels, so that a patient gives the same in
    every fold; with replacement from a tumour that has fewer.
    """
    parts = []
    for place, digest in enumerate(voxels.digests):
        values = voxels.patient(place)
        key = hashlib.sha256(repr((seed, digest)).encode()).digest()[:8]
        random = np.random.default_rng(int.from_bytes(key, "big"))
        parts.append(values[random.choice(len(values), number, replace=len(values) < number)])
    return np.concatenate(parts)


def _fit(settings: HabitatSettings, voxels: Voxels) -> FittedHabitats:
    drawn = drawn_voxels(voxels, settings.voxels_per_patient, settings.seed)
    reference, seed = voxels.phases.index(settings.reference), settings.seed
    # One thread: sums come out the same on any number of cores.
    with threadpool_limits(1):
        tried = {
            number: cluster(drawn, number, settings.method, reference, seed=seed)
            for number in settings.numbers
        }
        scores = {}
        if len(tried) > 1:
            scores = {
                number: goodness(drawn, found, settings.criterion, seed)
                for number, found in tried.items()
            }
    # The fewest of equally good numbers.
    best = max(scores, key=lambda number: scores[number]) if scores else settings.numbers[0]
    learnt: dict[str, np.ndarray] = {}
    for place, digest in enumerate(voxels.digests):
        if digest not in learnt:
            values = voxels.patient(place)
            learnt[digest] = habitat_values(tried[best], values, settings.features)
    own = np.stack([learnt[digest] for digest in voxels.digests])
    there = ~np.isnan(own)
    fill = np.array(
        [
            np.median(column[known]) if known.any() else 0.0
            for column, known in zip(own.T, there.T, strict=True)
        ]
    )
    return FittedHabitats(
        settings, voxels.phases, tried[best], fill=fill, scores=scores, learnt=learnt
    )


_kept: OrderedDict[tuple[HabitatSettings, bytes], FittedHabitats] = OrderedDict()


def fitted_habitats(settings: HabitatSettings, voxels: Voxels) -> FittedHabitats:
    """Fit habitats on the voxels of training patients.

    Nothing else is seen: no outcome, and no other patient. The same patients in the same order give
    the same habitats.
    """
    key = settings, voxels.content()
    if key not in _kept:
        _kept[key] = _fit(settings, voxels)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return _kept[key]
