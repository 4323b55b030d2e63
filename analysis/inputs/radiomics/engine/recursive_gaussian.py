"""Coefficients of the recursive filter that ITK smooths and differentiates lines with.

A sum of two damped cosines stands for the Gaussian or its second derivative: Deriche's filter with
the constants of Farnebäck and Westin, Improving Deriche-style recursive Gaussian filters (J Math
Imaging Vis 2006;26:293-299), table 3. Operations are in the order of ITK's
RecursiveGaussianImageFilter, so that the coefficients have its bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, exp, sin

import numpy as np

# Frequency and damping of both cosines.
W1, L1, W2, L2 = 0.6681, -1.3932, 2.0787, -1.3732
# Weights of cosine and sine, of the first and of the second.
SMOOTHING = (1.3530, 1.8151, -0.3531, 0.0902)
SECOND_DERIVATIVE = (-1.3563, 5.2318, 0.3446, -2.2355)


def _numerator(sigma: float, weights: Sequence[float]) -> tuple[float, float, float, float]:
    a1, b1, a2, b2 = weights
    sin1, sin2, cos1, cos2 = sin(W1 / sigma), sin(W2 / sigma), cos(W1 / sigma), cos(W2 / sigma)
    exp1, exp2 = exp(L1 / sigma), exp(L2 / sigma)
    n1 = exp2 * (b2 * sin2 - (a2 + 2 * a1) * cos2)
    n1 += exp1 * (b1 * sin1 - (a1 + 2 * a2) * cos1)
    n2 = (a1 + a2) * cos2 * cos1
    n2 -= b1 * cos2 * sin1 + b2 * cos1 * sin2
    n2 *= 2 * exp1 * exp2
    n2 += a2 * exp1 * exp1 + a1 * exp2 * exp2
    n3 = exp2 * exp1 * exp1 * (b2 * sin2 - a2 * cos2)
    n3 += exp1 * exp2 * exp2 * (b1 * sin1 - a1 * cos1)
    return a1 + a2, n1, n2, n3


def _denominator(sigma: float) -> tuple[float, float, float, float]:
    cos1, cos2 = cos(W1 / sigma), cos(W2 / sigma)
    exp1, exp2 = exp(L1 / sigma), exp(L2 / sigma)
    d3 = -2 * cos1 * exp1 * exp2 * exp2
    d3 += -2 * cos2 * exp2 * exp1 * exp1
    d2 = 4 * cos2 * cos1 * exp1 * exp2
    d2 += exp1 * exp1 + exp2 * exp2
    return -2 * (exp2 * cos2 + exp1 * cos1), d2, d3, exp1 * exp1 * exp2 * exp2


def _moments(n: Sequence[float]) -> tuple[float, float, float]:
    """Sums of a numerator's terms, of their first and of their second moments."""
    n0, n1, n2, n3 = n
    return n0 + n1 + n2 + n3, n1 + 2 * n2 + 3 * n3, n1 + 4 * n2 + 9 * n3


def _all(n: Sequence[float], d: Sequence[float]) -> np.ndarray:
    """Five rows: forward, backward, recursion, and recursion beyond either end of a line."""
    n0, n1, n2, n3 = n
    d1, d2, d3, d4 = d
    back = (n1 - d1 * n0, n2 - d2 * n0, n3 - d3 * n0, -d4 * n0)
    sums = [each[0] + each[1] + each[2] + each[3] for each in (n, back)]
    recursion = 1.0 + d1 + d2 + d3 + d4
    ends = [[each * total / recursion for each in d] for total in sums]
    return np.array([n, back, d, *ends])


def smoothing(sigma: float) -> np.ndarray:
    """Coefficients (5 × 4) of the Gaussian; sigma in voxels."""
    n, d = _numerator(sigma, SMOOTHING), _denominator(sigma)
    recursion = 1.0 + d[0] + d[1] + d[2] + d[3]
    scale = 1.0 / (2 * _moments(n)[0] / recursion - n[0])
    return _all([each * scale for each in n], d)


def second_derivative(sigma_mm: float, spacing: float) -> np.ndarray:
    """Coefficients (5 × 4) of the second derivative, times sigma² (mm²); spacing in mm."""
    sigma = sigma_mm / spacing
    smooth, sharp = _numerator(sigma, SMOOTHING), _numerator(sigma, SECOND_DERIVATIVE)
    d1, d2, d3, d4 = d = _denominator(sigma)
    sd, dd, ed = (
        1.0 + d1 + d2 + d3 + d4,
        d1 + 2 * d2 + 3 * d3 + 4 * d4,
        d1 + 4 * d2 + 9 * d3 + 16 * d4,
    )
    of_smooth, of_sharp = _moments(smooth), _moments(sharp)
    # The part of the Gaussian without which a constant has no derivative.
    beta = -(2 * of_sharp[0] - sd * sharp[0]) / (2 * of_smooth[0] - sd * smooth[0])
    n = [b + beta * a for a, b in zip(smooth, sharp, strict=True)]
    sn, dn, en = (b + beta * a for a, b in zip(of_smooth, of_sharp, strict=True))
    alpha = en * sd * sd - ed * sn * sd - 2 * dn * dd * sd + 2 * dd * dd * sn
    alpha /= sd * sd * sd
    scale = sigma_mm * sigma_mm / alpha
    return _all([each * scale for each in n], d)
