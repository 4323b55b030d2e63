"""Risk set at each time, by cumulative sums over sorted times: O(n log n), never patients × times.

By hand because lifelines and statsmodels keep their risk sets within their estimators.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class RiskSets:
    """times: the distinct ones in order; place: of each patient's time among them."""

    times: NDArray[np.float64]
    place: NDArray[np.intp]

    @classmethod
    def of(cls, time: NDArray[np.float64]) -> RiskSets:
        """Risk sets from one time a patient (a float array without missing values)."""
        times, place = np.unique(time, return_inverse=True)
        return cls(times, place)

    def at(self, values: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """Sum over the patients whose time is each of the times.

        values: n or n × columns, 1 for each patient unless given.
        """
        if values is None or values.ndim == 1:
            return np.bincount(self.place, values, len(self.times)).astype(float)
        columns = [np.bincount(self.place, column, len(self.times)) for column in values.T]
        return np.column_stack(columns).astype(float)

    def from_on(self, values: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """Sum over those still at risk: patients whose time is each of the times or later."""
        return np.cumsum(self.at(values)[::-1], axis=0)[::-1]

    def after(self, values: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """Sum over the patients whose time is later than each of the times."""
        return self.from_on(values) - self.at(values)


def through(steps: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum of the steps at each time and at all before it.

    >>> through(np.array([1.0, 2.0])).tolist()
    [1.0, 3.0]
    """
    return np.cumsum(steps, axis=0)


def before(steps: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum of the steps at the times before each.

    >>> before(np.array([1.0, 2.0])).tolist()
    [0.0, 1.0]
    """
    return np.concatenate([np.zeros_like(steps[:1]), np.cumsum(steps, axis=0)[:-1]])
