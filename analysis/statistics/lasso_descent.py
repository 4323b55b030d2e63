"""Coordinate descent of the lasso of logistic regression along a path of penalties, compiled.

By hand: scikit-learn's saga takes some hundred times as long to the same digits, and its compiled
descent of weighted least squares is not public. The steps are those of Friedman, Hastie &
Tibshirani 2010.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit


def _descend(
    scaled: np.ndarray,
    label: np.ndarray,
    penalties: np.ndarray,
    least_gain: float,
    tolerance: float,
) -> tuple[np.ndarray, np.ndarray, int]:
    """Intercept and coefficients of standardised columns by penalty, and how many penalties were
    done: least_gain ends the path once a penalty explains less than that more of the deviance (five
    at least), or over .999 of it; below 0 it never ends."""
    n, p = scaled.shape
    intercepts, coefficients = np.zeros(len(penalties)), np.zeros((len(penalties), p))
    prevalence = label.mean()
    null = (
        -2 * n * (prevalence * math.log(prevalence) + (1 - prevalence) * math.log(1 - prevalence))
    )
    intercept, beta = math.log(prevalence / (1 - prevalence)), np.zeros(p)
    linear, weight, rest = np.full(n, intercept), np.empty(n), np.empty(n)
    square = np.empty(p)
    explained = 0.0
    for place in range(len(penalties)):
        penalty = penalties[place] * n
        for _ in range(200):
            for i in range(n):
                probability = min(max(1 / (1 + math.exp(-linear[i])), 1e-9), 1 - 1e-9)
                weight[i] = probability * (1 - probability)
                rest[i] = label[i] - probability  # weight × working residual
            for j in range(p):
                square[j] = (weight * scaled[:, j] ** 2).sum()
            total = weight.sum()
            outer = 0.0
            # All columns, then those that have a coefficient until these stand still, and all once
            # more.
            everything = True
            for _ in range(100_000):
                largest = 0.0
                step = rest.sum() / total
                intercept += step
                rest -= weight * step
                largest = max(largest, total * step**2)
                for j in range(p):
                    if not everything and beta[j] == 0:
                        continue
                    pull = scaled[:, j] @ rest + square[j] * beta[j]
                    fresh = 0.0
                    if abs(pull) > penalty:
                        fresh = (pull - penalty if pull > 0 else pull + penalty) / square[j]
                    step = fresh - beta[j]
                    if step != 0:
                        beta[j] = fresh
                        rest -= weight * scaled[:, j] * step
                        largest = max(largest, square[j] * step**2)
                outer = max(outer, largest)
                if largest < tolerance * null:
                    if everything:
                        break
                    everything = True
                else:
                    everything = False
            linear = intercept + scaled @ beta
            if outer < tolerance * null:
                break
        intercepts[place], coefficients[place] = intercept, beta
        deviance = 0.0
        for i in range(n):
            signed = -linear[i] if label[i] == 1 else linear[i]
            deviance += 2 * (
                signed + math.log1p(math.exp(-signed))
                if signed > 0
                else math.log1p(math.exp(signed))
            )
        before, explained = explained, 1 - deviance / null
        if (
            place >= 4
            and least_gain >= 0
            and (explained - before < least_gain or explained > 0.999)
        ):
            return intercepts, coefficients, place + 1
    return intercepts, coefficients, len(penalties)


try:
    descend = njit(cache=True, nogil=True)(_descend)
except RuntimeError:  # no folder in which what was compiled could be kept
    descend = njit(nogil=True)(_descend)
