"""Cox's partial likelihood with Efron's or Breslow's ties.

It gives value, score, information and baseline steps in O(n log n).

By hand for speed: statsmodels and lifelines loop over event times in Python (100,000 patients:
minutes), and lifelines' baseline and test of proportional hazards are not R's where events are
tied.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import coo_array

from analysis.statistics.risk_set import RiskSets, through


@dataclass(frozen=True)
class PartialLikelihood:
    """Partial likelihood at coefficients `beta` of the columns x (n × columns).

    time, event: of each patient. A step is an event; events at one time are steps one after the
    other, of which Efron's ties take a growing share of those who fall out of the sums at risk.
    """

    x: NDArray[np.float64]
    time: NDArray[np.float64]
    event: NDArray[np.float64]
    beta: NDArray[np.float64]
    ties: str = "efron"

    @cached_property
    def _sets(self) -> RiskSets:
        return RiskSets.of(self.time)

    @cached_property
    def place(self) -> NDArray[np.intp]:
        """Index, of each step, of its time among the distinct times."""
        deaths = self._sets.at(self.event).astype(int)
        return np.repeat(np.arange(len(deaths)), deaths)

    @property
    def moment(self) -> NDArray[np.float64]:
        """Time of each step."""
        return self._sets.times[self.place]

    @cached_property
    def _share(self) -> NDArray[np.float64]:
        """Share, of each step, of its time's events that has fallen out."""
        if self.ties != "efron":
            return np.zeros(len(self.place))
        first = np.searchsorted(self.place, self.place)
        before = np.arange(len(self.place)) - first
        share: NDArray[np.float64] = before / self._sets.at(self.event)[self.place]
        return share

    @cached_property
    def _linear(self) -> NDArray[np.float64]:
        """The linear predictor, below 0, so that no risk overflows."""
        linear: NDArray[np.float64] = self.x @ self.beta
        return linear - float(linear.max(initial=-np.inf))

    @cached_property
    def _risk(self) -> NDArray[np.float64]:
        return np.exp(self._linear)

    def _of_steps(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum over those at risk at each step of values × risk, less the share that has fallen."""
        weighted = values * (self._risk if values.ndim == 1 else self._risk[:, None])
        dying = weighted * (self.event if values.ndim == 1 else self.event[:, None])
        share = self._share if values.ndim == 1 else self._share[:, None]
        return self._sets.from_on(weighted)[self.place] - share * self._sets.at(dying)[self.place]

    @cached_property
    def _total(self) -> NDArray[np.float64]:
        return self._of_steps(np.ones(len(self.x)))

    @property
    def hazard(self) -> NDArray[np.float64]:
        """Baseline hazard of each step, of a patient whose columns are all 0."""
        smallest = float(np.exp(-(self.x @ self.beta).max()))
        return smallest / self._total

    @cached_property
    def mean(self) -> NDArray[np.float64]:
        """Mean columns of those at risk at each step, weighted by risk."""
        return self._of_steps(self.x) / self._total[:, None]

    @cached_property
    def observed(self) -> NDArray[np.float64]:
        """Mean columns of the patients who have the event at each step's time."""
        sums, deaths = self._sets.at(self.x * self.event[:, None]), self._sets.at(self.event)
        return (sums[self.place].T / deaths[self.place]).T

    @property
    def value(self) -> float:
        """Log partial likelihood."""
        return float(self._linear[self.event == 1].sum() - np.log(self._total).sum())

    @property
    def score(self) -> NDArray[np.float64]:
        """Score vector: the gradient of the log partial likelihood, a value a coefficient."""
        gradient: NDArray[np.float64] = (self.observed - self.mean).sum(axis=0)
        return gradient

    def information(self, weight: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """Σ of the steps' covariances of the columns at risk, each × weight (1 unless given).

        The first moment squared is summed by step; the second moment by patient, who carries the
        hazard until leaving.
        """
        each = np.ones(len(self.place)) if weight is None else weight
        size = len(self._sets.times)
        hazard = np.bincount(self.place, each / self._total, size).astype(float)
        carried = through(hazard)[self._sets.place]
        fallen = (
            np.bincount(self.place, each * self._share / self._total, size)[self._sets.place]
            * self.event
        )
        second = (self.x.T * (self._risk * (carried - fallen))) @ self.x
        return second - (self.mean.T * each) @ self.mean

    def at(self, beta: NDArray[np.float64]) -> PartialLikelihood:
        """Partial likelihood of the same patients at other coefficients."""
        moved = PartialLikelihood(self.x, self.time, event=self.event, beta=beta, ties=self.ties)
        # These do not depend on the coefficients.
        for name in ("_sets", "place", "_share", "observed"):
            moved.__dict__[name] = getattr(self, name)
        return moved

    def maximum(self, most_steps: int = 60) -> tuple[PartialLikelihood, int]:
        """Maximum of the partial likelihood by Newton's method.

        Newton's steps, halved until they gain, to where the next would move no coefficient by 1e-10
        of its error; how many.

        Raises LinAlgError where the information vanishes on the way.
        """
        here = self
        for number in range(most_steps):
            score, information = here.score, here.information()
            step = np.linalg.solve(information, score)
            if step @ score < 1e-20:
                return here, number
            for _ in range(30):
                there = here.at(here.beta + step)
                if there.value >= here.value - 1e-12 * abs(here.value):
                    break
                step = step / 2
            here = there
        return here, most_steps

    def has_no_maximum(self) -> bool:
        """True if the partial likelihood is monotone, without a finite maximum.

        Whether some combination of the columns is, at every event, largest in the patient who has
        it, so that its coefficient grows without end (Bryson & Johnson 1981). Single columns are
        tried first, as they are tried in no time; then by linear programming, and the combination
        found is tried on the data.
        """
        columns = self.x.shape[1]
        if any(
            self._orders_the_events(sign * direction)
            for direction in np.eye(columns)
            for sign in (1, -1)
        ):
            return True
        combination = self._ordering_combination()
        return combination is None or self._orders_the_events(combination, slack=1e-5)

    def _orders_the_events(self, direction: NDArray[np.float64], slack: float = 1e-12) -> bool:
        """True if a combination of the columns orders the events.

        slack: what a patient at risk may lie above the one who has the event, as a share of the
        largest distance below.
        """
        along, having = self.x @ direction, np.flatnonzero(self.event == 1)
        largest, smallest = (
            np.maximum.accumulate(_extreme(self._sets, sign * along)[::-1])[::-1][
                self._sets.place[having]
            ]
            for sign in (1, -1)
        )
        gain = (along[having] + smallest).max()
        return bool(gain > 1e-6 and (largest - along[having]).max() <= slack * gain)

    def _ordering_combination(self) -> NDArray[np.float64] | None:
        """Combination of the columns that orders the events.

        The combination within ±1 of the largest score that is at every event largest in the patient
        who has it; None: no end found.
        """
        x, sets, event = self.x, self._sets, self.event == 1
        columns, deaths = x.shape[1], sets.at(event.astype(float)) > 0
        moments = np.cumsum(deaths) - 1  # of each distinct time: the last event time by then
        count = int(deaths.sum())
        exposed = np.flatnonzero(moments[sets.place] >= 0)
        having, last = np.flatnonzero(event), moments[sets.place]

        def rows(
            patients: NDArray[np.intp], sign: float
        ) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
            """Rows of the linear programme's constraints.

            sign × (combination of the patient - the largest of those at risk), one row a patient.
            """
            row = np.arange(len(patients))
            return (
                np.r_[np.repeat(row, columns), row],
                np.r_[np.tile(np.arange(columns), len(row)), columns + last[patients]],
                np.r_[sign * x[patients].ravel(), np.full(len(row), -sign)],
            )

        chain = np.arange(count - 1)
        blocks = [
            rows(exposed, 1.0),
            rows(having, -1.0),
            (
                np.r_[chain, chain],
                np.r_[columns + chain + 1, columns + chain],
                np.r_[np.ones(count - 1), -np.ones(count - 1)],
            ),
        ]
        heights = np.cumsum([0, len(exposed), len(having), count - 1])
        row = np.concatenate(
            [each[0] + height for each, height in zip(blocks, heights[:-1], strict=True)]
        )
        column, value = (np.concatenate([each[part] for each in blocks]) for part in (1, 2))
        bound = coo_array((value, (row, column)), shape=(int(heights[-1]), columns + count)).tocsr()
        gain = self.at(np.zeros(columns)).score
        found = linprog(
            np.r_[-gain / np.abs(gain).max(initial=1e-300), np.zeros(count)],
            A_ub=bound,
            b_ub=np.zeros(bound.shape[0]),
            bounds=[(-1, 1)] * columns + [(None, None)] * count,
            method="highs",
        )
        return found.x[:columns] if found.status == 0 else None


def _extreme(sets: RiskSets, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Largest value of the patients at each of the times."""
    found = np.full(len(sets.times), -np.inf)
    np.maximum.at(found, sets.place, values)
    return found
