"""Voxels of each patient's tumour in all phases, for habitats."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True)
class Voxels:
    """Voxels of patients, one patient after another.

    phases: names of the columns of `values`. values: voxels × phases, float32, of all patients that
    were read. starts, ends: each patient's rows in it. digests: each patient's voxels as a key.

    A subset shares `values`, so that folds copy nothing.
    """

    phases: tuple[str, ...]
    values: np.ndarray
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    digests: tuple[str, ...]

    @classmethod
    def of(cls, phases: Sequence[str], patients: Iterable[np.ndarray]) -> Voxels:
        """patients: voxels × phases of each, with a voxel at least."""
        parts = [np.ascontiguousarray(each, dtype=np.float32) for each in patients]
        ends = np.cumsum([len(each) for each in parts]).tolist()
        return cls(
            tuple(phases),
            np.concatenate(parts),
            (0, *ends[:-1]),
            ends=tuple(ends),
            digests=tuple(hashlib.sha256(each.tobytes()).hexdigest() for each in parts),
        )

    def __len__(self) -> int:
        """Number of patients."""
        return len(self.starts)

    def patient(self, place: int) -> np.ndarray:
        """Voxels × phases of the patient at a place, float64."""
        return self.values[self.starts[place] : self.ends[place]].astype(float)

    def take(self, places: Iterable[int]) -> Voxels:
        """Voxels of the patients at these places, in their order, perhaps several times."""
        chosen = [int(place) for place in places]
        return replace(
            self,
            starts=tuple(self.starts[place] for place in chosen),
            ends=tuple(self.ends[place] for place in chosen),
            digests=tuple(self.digests[place] for place in chosen),
        )

    def joined(self, others: Iterable[Voxels]) -> Voxels:
        """These patients and after them those of the others."""
        every = [self, *others]
        return Voxels.of(
            self.phases,
            (
                part.values[a:b]
                for part in every
                for a, b in zip(part.starts, part.ends, strict=True)
            ),
        )

    def shuffled(self, seed: int) -> Voxels:
        """Each phase's voxels of each patient in another order, drawn by the seed."""
        random = np.random.default_rng(seed)
        return Voxels.of(
            self.phases,
            (
                np.column_stack([random.permutation(column) for column in self.patient(place).T])
                for place in range(len(self))
            ),
        )

    def content(self) -> bytes:
        """Everything that is learnt from, for keys."""
        return repr((self.phases, self.digests)).encode()
