"""Coordinate descent of the elastic net of logistic regression along penalties, compiled.

By hand: scikit-learn's saga takes some hundred times as long to the same digits, and its compiled
descent of weighted least squares is not public. The steps are those of Friedman, Hastie &
Tibshirani 2010; between passes the columns that have a coefficient go to their common minimum by
the normal equations (as the homotopy of Osborne, Presnell & Turlach 2000 does), where passes alone
would take fifty more.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

# Least share of a column's square that the columns before it leave; below it they are one.
SINGULAR = 1e-10

Function = TypeVar("Function", bound=Callable[..., Any])


def _compiled(function: Function) -> Function:
    try:
        compiled: Any = njit(cache=True, nogil=True)(function)
    except RuntimeError:  # no folder in which what was compiled could be kept
        compiled = njit(nogil=True)(function)
    # It is called as the function is.
    return cast(Function, compiled)


@_compiled
def _weigh(
    label: NDArray[np.float64],
    linear: NDArray[np.float64],
    weight: NDArray[np.float64],
    rest: NDArray[np.float64],
) -> None:
    """Weights of iteratively reweighted least squares, and weight × working residual."""
    for i in range(len(label)):
        probability = min(max(1 / (1 + math.exp(-linear[i])), 1e-9), 1 - 1e-9)
        weight[i] = probability * (1 - probability)
        rest[i] = label[i] - probability


@_compiled
def _soft_threshold(pull: float, penalty: float, square: float) -> float:
    if abs(pull) > penalty:
        return (pull - penalty if pull > 0 else pull + penalty) / square
    return 0.0


@_compiled
def _normal_equations(
    scaled: NDArray[np.float64],
    weight: NDArray[np.float64],
    active: NDArray[np.int64],
    ridge: float,
) -> NDArray[np.float64]:
    """Lower triangle of the normal equations of the active columns, the intercept last."""
    k = len(active)
    system = np.zeros((k + 1, k + 1))
    weighted = np.empty(len(weight))
    for a in range(k):
        for i in range(len(weight)):
            weighted[i] = weight[i] * scaled[i, active[a]]
            system[k, a] += weighted[i]
        for b in range(a + 1):
            for i in range(len(weight)):
                system[a, b] += weighted[i] * scaled[i, active[b]]
        system[a, a] += ridge
    system[k, k] = weight.sum()
    return system


@_compiled
def _solve(system: NDArray[np.float64], right: NDArray[np.float64]) -> bool:
    """Solution in the place of `right`, by Cholesky in place; False where it is near-singular.

    By hand: LAPACK's tells only of a matrix that is not positive definite.
    """
    m = len(right)
    for a in range(m):
        diagonal = system[a, a]
        for b in range(a + 1):
            left = system[a, b]
            for c in range(b):
                left -= system[a, c] * system[b, c]
            if a != b:
                system[a, b] = left / system[b, b]
            elif left <= SINGULAR * diagonal:
                return False
            else:
                system[a, a] = math.sqrt(left)
    for a in range(m):
        for c in range(a):
            right[a] -= system[a, c] * right[c]
        right[a] /= system[a, a]
    for a in range(m - 1, -1, -1):
        for c in range(a + 1, m):
            right[a] -= system[c, a] * right[c]
        right[a] /= system[a, a]
    return True


@_compiled
def _to_the_minimum(
    scaled: NDArray[np.float64],
    weight: NDArray[np.float64],
    rest: NDArray[np.float64],
    start: tuple[float, NDArray[np.float64]],
    penalties: tuple[float, float],
) -> float:
    """Minimum over the columns that have a coefficient, while none of these changes its sign.

    Returns the intercept; coefficients and `rest` change in place. One that would change its sign
    stops at 0, and the others go on without it. It ends where it is where the columns do not
    determine their coefficients.
    """
    intercept, beta = start
    penalty, ridge = penalties
    active = np.flatnonzero(beta)
    while len(active) < len(rest):
        k = len(active)
        system, step = _normal_equations(scaled, weight, active, ridge), np.empty(k + 1)
        for a in range(k):
            now = beta[active[a]]
            step[a] = -penalty * np.sign(now) - ridge * now
            for i in range(len(rest)):
                step[a] += scaled[i, active[a]] * rest[i]
        step[k] = rest.sum()
        if not _solve(system, step):
            break
        share, stopped = 1.0, -1
        for a in range(k):
            now = beta[active[a]]
            if (now + step[a]) * now <= 0 and (stopped < 0 or -now / step[a] < share):
                share, stopped = -now / step[a], a
        for i in range(len(rest)):
            moved = step[k]
            for a in range(k):
                moved += scaled[i, active[a]] * step[a]
            rest[i] -= weight[i] * moved * share
        intercept += share * step[k]
        for a in range(k):
            beta[active[a]] += share * step[a]
        if stopped < 0:
            break
        beta[active[stopped]] = 0.0
        active = np.flatnonzero(beta)
    return intercept


@_compiled
def _weighted_lasso(
    scaled: NDArray[np.float64],
    weight: NDArray[np.float64],
    rest: NDArray[np.float64],
    start: tuple[float, NDArray[np.float64]],
    penalties: tuple[float, float],
    still: float,
) -> tuple[float, float]:
    """Elastic net of weighted least squares, from the intercept and coefficients of `start`.

    Returns the intercept, and the largest step of all; the coefficients change in place.

    penalties: of absolute and of squared coefficients. still: steps below it are none. A pass over
    all columns, then those that have a coefficient go to their minimum, until a pass over all
    columns finds nothing to change.
    """
    intercept, beta = start
    penalty, ridge = penalties
    square = np.empty(len(beta))
    for j in range(len(beta)):
        square[j] = 0.0
        for i in range(len(rest)):
            square[j] += weight[i] * scaled[i, j] ** 2
    total = weight.sum()
    outer = 0.0
    for _ in range(100_000):
        largest = 0.0
        step = rest.sum() / total
        intercept += step
        rest -= weight * step
        largest = max(largest, total * step**2)
        for j in range(len(beta)):
            pull = scaled[:, j] @ rest + square[j] * beta[j]
            fresh = _soft_threshold(pull, penalty, square[j] + ridge)
            step = fresh - beta[j]
            if step != 0:
                beta[j] = fresh
                for i in range(len(rest)):
                    rest[i] -= weight[i] * scaled[i, j] * step
                largest = max(largest, square[j] * step**2)
        outer = max(outer, largest)
        if largest < still:
            break
        intercept = _to_the_minimum(scaled, weight, rest, (intercept, beta), penalties=penalties)
    return intercept, outer


@_compiled
def _deviance(label: NDArray[np.float64], linear: NDArray[np.float64]) -> float:
    deviance = 0.0
    for i in range(len(label)):
        signed = -linear[i] if label[i] == 1 else linear[i]
        if signed > 0:
            deviance += 2 * (signed + math.log1p(math.exp(-signed)))
        else:
            deviance += 2 * math.log1p(math.exp(signed))
    return deviance


@_compiled
def descend(
    columns: NDArray[np.float64],
    label: NDArray[np.float64],
    penalties: NDArray[np.float64],
    mixing: float,
    least_gain: float,
    tolerance: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64], int]:
    """Elastic-net path of a logistic regression.

    Intercept and coefficients of standardised columns by penalty, and how many penalties were done.
    columns: a row each, contiguous; a single column of a table would not count as such.
    mixing: glmnet's alpha; the penalty is λ(alpha |b| + (1 - alpha) b² / 2), that of LASSO at 1.
    least_gain ends the path once a penalty explains less than that more of the deviance (five at
    least), or over .999 of it; below 0 it never ends.
    """
    scaled = columns.T
    n, p = scaled.shape
    intercepts, coefficients = np.zeros(len(penalties)), np.zeros((len(penalties), p))
    prevalence = label.mean()
    null = (
        -2 * n * (prevalence * math.log(prevalence) + (1 - prevalence) * math.log(1 - prevalence))
    )
    intercept, beta = math.log(prevalence / (1 - prevalence)), np.zeros(p)
    linear, weight, rest = np.full(n, intercept), np.empty(n), np.empty(n)
    explained = 0.0
    for place in range(len(penalties)):
        for _ in range(200):
            _weigh(label, linear, weight, rest)
            intercept, outer = _weighted_lasso(
                scaled,
                weight,
                rest=rest,
                start=(intercept, beta),
                penalties=(penalties[place] * n * mixing, penalties[place] * n * (1 - mixing)),
                still=tolerance * null,
            )
            linear = intercept + scaled @ beta
            if outer < tolerance * null:
                break
        intercepts[place], coefficients[place] = intercept, beta
        before, explained = explained, 1 - _deviance(label, linear) / null
        enough = explained - before < least_gain or explained > 0.999
        if place >= 4 and least_gain >= 0 and enough:
            return intercepts, coefficients, place + 1
    return intercepts, coefficients, len(penalties)
