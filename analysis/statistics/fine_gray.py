"""Regression of the subdistribution hazard (Fine & Gray).

It tells how covariates move the cumulative incidence of one event.

By hand, as neither lifelines nor statsmodels has it. A cause-specific hazard (cox_regression with
the competing events as censored) tells how fast the event comes to those still free of any; the
subdistribution hazard keeps whoever had the competing event at risk, so that its ratio has the
direction of the difference in incidence. Report both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.core.word_lists import counted
from analysis.statistics.checks import as_event_type
from analysis.statistics.hazard_ratios import hazard_ratio_table
from analysis.statistics.regression import design_matrix
from analysis.statistics.survival import kaplan_meier

MOST_STEPS = 60


@dataclass(frozen=True)
class FineGrayFit:
    """Fitted Fine-Gray regression of the subdistribution hazard.

    terms: coefficient, standard_error (robust), z, p, hazard_ratio, ci_low, ci_high (of the
    subdistribution hazard ratio), a column of the design a row. events: of interest; competing:
    that came first; n: patients.
    """

    terms: pd.DataFrame
    log_likelihood: float
    null_log_likelihood: float
    n: int
    events: int
    competing: int


@dataclass(frozen=True)
class _Weighted:
    """Patients sorted by time, for the weighted risk sets.

    moments: distinct times of the event of interest; before, at: the censoring curve just before
    each patient's time and each moment; first: place of the first patient still at risk at a
    moment.
    """

    x: NDArray[np.float64]
    time: NDArray[np.float64]
    event: NDArray[np.float64]
    moments: NDArray[np.float64]
    deaths: NDArray[np.float64]
    before: NDArray[np.float64]
    at: NDArray[np.float64]
    first: NDArray[np.intp]

    def sums(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Σ of values (a row a patient) over the weighted risk set of each moment.

        In the set are whoever is seen that long, and whoever had the competing event before, with
        the share of them that would not have been censored since.
        """
        shape = (1, *values.shape[1:])
        from_end = np.concatenate([np.cumsum(values[::-1], axis=0)[::-1], np.zeros(shape)])
        competing = values * ((self.event == 2) / self.before).reshape(-1, *[1] * (values.ndim - 1))
        gone = np.concatenate([np.zeros(shape), np.cumsum(competing, axis=0)])
        weight = self.at.reshape(-1, *[1] * (values.ndim - 1))
        total: NDArray[np.float64] = from_end[self.first] + weight * gone[self.first]
        return total


def _weighted(
    x: NDArray[np.float64], time: NDArray[np.float64], event: NDArray[np.float64]
) -> _Weighted:
    order = np.argsort(time, kind="stable")
    x, time, event = x[order], time[order], event[order]
    curve = kaplan_meier(time, (event == 0).astype(int))

    def just_before(moments: NDArray[np.float64]) -> NDArray[np.float64]:
        return curve.survival[np.maximum(np.searchsorted(curve.time, moments, side="left") - 1, 0)]

    moments, deaths = np.unique(time[event == 1], return_counts=True)
    return _Weighted(
        x,
        time,
        event=event,
        moments=moments,
        deaths=deaths.astype(float),
        before=just_before(time),
        at=just_before(moments),
        first=np.searchsorted(time, moments, side="left"),
    )


def _likelihood(
    data: _Weighted, coefficient: NDArray[np.float64]
) -> tuple[
    float, NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]
]:
    """Log partial likelihood with Breslow's ties, its gradient and information.

    Sum of risk and mean of covariates by moment are returned as well.
    """
    linear = data.x @ coefficient
    risk = np.exp(linear)
    total = data.sums(risk)
    mean = data.sums(risk[:, None] * data.x) / total[:, None]
    square = (
        data.sums(risk[:, None, None] * data.x[:, :, None] * data.x[:, None, :])
        / total[:, None, None]
    )
    wanted = data.event == 1
    value = float(linear[wanted].sum() - data.deaths @ np.log(total))
    gradient = data.x[wanted].sum(axis=0) - data.deaths @ mean
    information = np.einsum("m,mij->ij", data.deaths, square - mean[:, :, None] * mean[:, None, :])
    return value, gradient, information, total, mean


def _influence(
    data: _Weighted,
    coefficient: NDArray[np.float64],
    total: NDArray[np.float64],
    mean: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Score residuals of a Fine-Gray regression.

    Each patient's share in the score, that of the estimated censoring curve included (Fine & Gray
    1999, their eta and psi).
    """
    risk = np.exp(data.x @ coefficient)
    hazard = data.deaths / total

    def through(
        values: NDArray[np.float64],
    ) -> NDArray[np.float64]:  # cumulative sum with a 0 in front
        return np.concatenate([np.zeros((1, *values.shape[1:])), np.cumsum(values, axis=0)])

    seen = np.searchsorted(data.moments, data.time, side="right")
    plain, plain_mean = through(hazard), through(hazard[:, None] * mean)
    own = -risk[:, None] * (data.x * plain[seen][:, None] - plain_mean[seen])
    # Moments after a competing event count with the weight of that patient.
    late, late_mean = through(hazard * data.at), through((hazard * data.at)[:, None] * mean)
    weight = np.where(data.event == 2, risk / data.before, 0.0)[:, None]
    own -= weight * (data.x * (late[-1] - late[seen])[:, None] - (late_mean[-1] - late_mean[seen]))
    wanted = np.flatnonzero(data.event == 1)
    own[wanted] += data.x[wanted] - mean[np.searchsorted(data.moments, data.time[wanted])]
    # What one more censoring at u does to the weights of the competing events before it.
    losses, lost = np.unique(data.time[data.event == 0], return_counts=True)
    if len(losses):
        # s >= u > the competing time, as they have it.
        from_u = np.searchsorted(data.moments, losses, side="left")
        earlier = np.searchsorted(data.time, losses, side="left")
        of_weight, of_x = through(weight[:, 0]), through(weight * data.x)
        q = of_x[earlier] * (late[-1] - late[from_u])[:, None] - of_weight[earlier][:, None] * (
            late_mean[-1] - late_mean[from_u]
        )
        at_risk = (len(data.time) - earlier).astype(float)
        steps = through(q * (lost / at_risk**2)[:, None])
        own -= steps[np.searchsorted(losses, data.time, side="right")]
        censored = np.flatnonzero(data.event == 0)
        place = np.searchsorted(losses, data.time[censored])
        own[censored] += q[place] / at_risk[place][:, None]
    return own


def fine_gray(table: pd.DataFrame, time: Any, event: Any, level: float = 0.95) -> FineGrayFit:
    """Proportional subdistribution hazards of event 1, with the robust error of the weighted score.

    Validated against cmprsk::crr.

    table: patients × variables without missing values; text and categorical columns are factors.
    event: 0 censored, 1 of interest, 2 competing. Censoring must not depend on the covariates; its
    Kaplan-Meier curve gives the weights. Ties by Breslow. Raises ValueError without an event of
    interest, for constant or dependent columns, and where a coefficient diverges. Source: Fine &
    Gray 1999; report it beside the cause-specific hazards (Latouche et al. 2013).

    >>> fit = fine_gray(pd.DataFrame({"x": [0, 1, 0, 1, 1.0]}), [5, 3, 4, 6, 1], [1, 1, 2, 1, 1])
    >>> bool(fit.terms.loc["x", "hazard_ratio"] > 1)
    True
    """
    time, event = as_event_type(time, event)
    design, _ = design_matrix(table)
    if len(design) != len(time):
        raise ValueError(
            f"table: {counted(len(design), 'patient')} for {counted(len(time), 'time')}"
        )
    if not (event == 1).any():
        raise ValueError(
            "event: nobody has the event of interest (1), so there is no hazard to model"
        )
    centred = (design - design.mean()).to_numpy(dtype=float)
    scale = np.abs(centred).max(axis=0)
    if np.linalg.matrix_rank(centred / np.where(scale > 0, scale, 1)) < centred.shape[1]:
        raise ValueError(
            f"table: the columns {', '.join(map(str, design.columns))} are constant or "
            "linearly dependent"
        )
    data = _weighted(centred / scale, time, event)
    coefficient = np.zeros(centred.shape[1])
    value, gradient, information, total, mean = _likelihood(data, coefficient)
    null = value
    diverges = ValueError(
        "table: a coefficient diverges, as its column orders the events completely; "
        "leave it out or penalise it"
    )
    for _ in range(MOST_STEPS):
        if np.linalg.eigvalsh(information).min() <= 1e-10 * len(time):
            raise diverges
        step = np.linalg.solve(information, gradient)
        trial = _likelihood(data, coefficient + step)
        while not trial[0] >= value - 1e-9 * abs(value) and np.abs(step).max() > 1e-12:
            step = step / 2
            trial = _likelihood(data, coefficient + step)
        coefficient, (value, gradient, information, total, mean) = coefficient + step, trial
        if np.abs(step).max() < 1e-10 * max(1.0, float(np.abs(coefficient).max())):
            break
    else:
        raise diverges
    share = _influence(data, coefficient, total, mean) @ np.linalg.inv(information)
    coefficient, error = coefficient / scale, np.sqrt((share**2).sum(axis=0)) / scale
    terms = hazard_ratio_table(coefficient, error, level, design.columns)
    return FineGrayFit(
        terms,
        value,
        null_log_likelihood=null,
        n=len(time),
        events=int((event == 1).sum()),
        competing=int((event == 2).sum()),
    )
