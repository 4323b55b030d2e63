"""Scale of phases whose values the training patients share, learnt from their pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class ReferenceScale:
    """Mean and standard deviation of phases in the pictures that a network learnt from.

    channels: positions of the phases; mean, deviation: of each, in the unit of its image. Phases
    that are none of them are left as they are.
    """

    channels: tuple[int, ...] = ()
    mean: tuple[float, ...] = ()
    deviation: tuple[float, ...] = ()

    @classmethod
    def learnt(cls, images: np.ndarray, channels: Sequence[int]) -> ReferenceScale:
        """Scale of the training patients.

        images: patients × slices × phases × rows × columns, of those who are learnt from alone;
        every pixel counts alike, and those beyond an image (NaN) not at all. The deviation is that
        of the pixels (divisor n), 1 where all are equal. Raises ValueError for a phase without any
        value.
        """
        means, deviations = [], []
        for channel in channels:
            values = images[:, :, channel]
            known = values[np.isfinite(values)].astype(float)
            if not len(known):
                raise ValueError(
                    f"phase {channel + 1} has no value in any training patient's picture"
                )
            means.append(float(known.mean()))
            deviations.append(float(known.std()) or 1.0)
        return cls(tuple(channels), tuple(means), tuple(deviations))

    def applied(self, images: np.ndarray) -> np.ndarray:
        """Pictures on the network's scale; 0, the training patients' mean, beyond an image."""
        if not self.channels:
            return images
        scaled = np.array(images, dtype=np.float32)
        for place, channel in enumerate(self.channels):
            values = (images[:, :, channel] - self.mean[place]) / self.deviation[place]
            scaled[:, :, channel] = np.where(np.isfinite(values), values, 0.0)
        return scaled

    def description(self) -> dict[str, list[float]]:
        """Description in plain JSON."""
        return {
            "channels": list(self.channels),
            "mean": list(self.mean),
            "deviation": list(self.deviation),
        }

    @classmethod
    def from_description(cls, description: Mapping[str, Any] | None) -> ReferenceScale:
        """The scale again; none where there is no description."""
        if description is None:
            return cls()
        return cls(**{name: tuple(values) for name, values in description.items()})
