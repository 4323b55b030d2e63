"""GLCM features.

They are those of the symmetric matrix of each direction, then averaged over the directions that
have a pair.

Definitions: PyRadiomics's glcm.py, the values of which these have.
"""

from __future__ import annotations

import numpy as np

from analysis.inputs.radiomics.engine.compiled import compiled
from analysis.inputs.radiomics.engine.correlation import maximal_correlation
from analysis.inputs.radiomics.engine.discretisation import GreyLevels

EPSILON = float(np.spacing(1.0))
NAMES = (
    "Autocorrelation",
    "JointAverage",
    "ClusterProminence",
    "ClusterShade",
    "ClusterTendency",
    "Contrast",
    "Correlation",
    "DifferenceAverage",
    "DifferenceEntropy",
    "DifferenceVariance",
    "JointEnergy",
    "JointEntropy",
    "Imc1",
    "Imc2",
    "Idm",
    "Idmn",
    "Id",
    "Idn",
    "InverseVariance",
    "MaximumProbability",
    "SumAverage",
    "SumEntropy",
    "SumSquares",
)
# Below this difference of the entropies, the square root in Imc2 turns rounding into more than
# 1e-8.
CLOSE = 1e-5


@compiled
def _symmetric(pairs, p, px):
    """Symmetric co-occurrence matrix of one direction, and its marginals.

    Counted pairs of one direction are turned into the symmetric matrix of probabilities, `p`, and
    its marginals, `px`; both come filled with zeros.
    """
    count = len(px)
    total = 0
    for i in range(count):
        for j in range(count):
            total += pairs[i, j]
    for i in range(count):
        for j in range(i + 1):
            p[i, j] = p[j, i] = (pairs[i, j] + pairs[j, i]) / (2.0 * total)
            px[i] += p[i, j]
            if j < i:
                px[j] += p[i, j]


@compiled
def _mean_and_variance(px, levels):
    mean, variance = 0.0, 0.0
    for i in range(len(px)):
        mean += levels[i] * px[i]
    for i in range(len(px)):
        variance += px[i] * (levels[i] - mean) ** 2
    return mean, variance


@compiled
def _features_of_pairs(  # noqa: PLR0913 - numba compiles arrays, not a dataclass of them
    p, px, levels, mean, epsilon, f, add, subtract
):
    """Sums over pairs of grey levels for the co-occurrence features.

    Into `f` goes what is summed over pairs of levels, into `add` and `subtract` the probabilities
    of sums and of differences; returns the entropies HXY, HXY1, HXY2 and HX, and the covariance.
    """
    entropy, entropy1, entropy2, entropy_x, covariance = 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(len(px)):
        if px[i] == 0.0:
            continue
        entropy_x -= px[i] * np.log2(px[i] + epsilon)
        for j in range(i + 1):
            product = px[i] * px[j]
            if product == 0.0:
                continue
            twice = 1.0 if i == j else 2.0
            logarithm = np.log2(product + epsilon)
            entropy2 -= twice * product * logarithm
            if p[i, j] == 0.0:
                continue
            both = twice * p[i, j]
            sum_, centred = levels[i] + levels[j], levels[i] + levels[j] - 2.0 * mean
            entropy1 -= both * logarithm
            entropy -= both * np.log2(p[i, j] + epsilon)
            f[0] += both * levels[i] * levels[j]
            f[4] += both * centred * centred
            f[3] += both * centred * centred * centred
            f[2] += both * centred * centred * centred * centred
            covariance += both * (levels[i] - mean) * (levels[j] - mean)
            f[10] += both * p[i, j]
            f[19] = max(f[19], p[i, j])
            add[int(sum_)] += both
            subtract[int(levels[i] - levels[j])] += both
    return entropy, entropy1, entropy2, entropy_x, covariance


@compiled
def _features_of_differences(subtract, highest, epsilon, f):
    for k in range(highest):
        if subtract[k] > 0.0:
            f[5] += k * k * subtract[k]
            f[7] += k * subtract[k]
            f[8] -= subtract[k] * np.log2(subtract[k] + epsilon)
            f[14] += subtract[k] / (1.0 + k * k)
            f[15] += subtract[k] / (1.0 + k * k / highest**2)
            f[16] += subtract[k] / (1.0 + k)
            f[17] += subtract[k] / (1.0 + k / highest)
            if k > 0:
                f[18] += subtract[k] / (k * k)
    for k in range(highest):
        if subtract[k] > 0.0:
            f[9] += subtract[k] * (k - f[7]) ** 2


@compiled
def _features_of_sums(add, epsilon, f):
    for k in range(add.size):
        if add[k] > 0.0:
            f[20] += k * add[k]
            f[21] -= add[k] * np.log2(add[k] + epsilon)


@compiled
def _features(pairs, levels, highest, epsilon):
    """Features of the co-occurrence matrix, and what they are made from, of each direction.

    Returns directions × NAMES; marginal probabilities and matrices, directions × levels (× levels);
    and HXY2 − HXY of each direction.
    """
    directions, count, _ = pairs.shape
    result = np.zeros((directions, 23))
    p = np.zeros((directions, count, count))
    px = np.zeros((directions, count))
    differences = np.zeros(directions)
    for d in range(directions):
        f = result[d]
        add, subtract = np.zeros(2 * highest + 1), np.zeros(highest)
        _symmetric(pairs[d], p[d], px[d])
        mean, variance = _mean_and_variance(px[d], levels)
        entropy, entropy1, entropy2, entropy_x, covariance = _features_of_pairs(
            p[d], px[d], levels, mean, epsilon, f, add, subtract
        )
        f[1] = mean
        f[6] = covariance / (variance + epsilon) if variance > 0.0 else 1.0
        f[11] = entropy
        f[12] = (entropy - entropy1) / entropy_x if entropy_x != 0.0 else 0.0
        differences[d] = entropy2 - entropy
        f[13] = np.sqrt(1.0 - np.exp(-2.0 * differences[d])) if differences[d] > 0.0 else 0.0
        f[22] = variance
        _features_of_differences(subtract, highest, epsilon, f)
        _features_of_sums(add, epsilon, f)
    return result, p, px, differences


def _imc2_as_stock(p: np.ndarray, px: np.ndarray) -> np.ndarray:
    """Second informational measure of correlation (Imc2), as PyRadiomics computes it.

    It follows the very operations of PyRadiomics on an array of its layout, for directions in which
    rounding decides.
    """
    p = np.ascontiguousarray(p.transpose(1, 2, 0))
    x, y = p.sum(1, keepdims=True), p.sum(0, keepdims=True)
    joint = -1 * np.sum(p * np.log2(p + EPSILON), (0, 1))
    independent = -1 * np.sum(x * y * np.log2(x * y + EPSILON), (0, 1))
    with np.errstate(invalid="ignore"):
        values = (1 - np.e ** (-2 * (independent - joint))) ** 0.5
    values[independent == joint] = 0
    return values


def cooccurrence_features(pairs: np.ndarray, grey: GreyLevels) -> dict[str, float]:
    """pairs: directions × levels × levels, each pair of neighbours counted once."""
    met = pairs[pairs.any(axis=(1, 2))]
    if not len(met):
        return dict(
            sorted(
                {
                    **dict.fromkeys(NAMES, np.nan),
                    "MCC": 1.0 if grey.levels.size == 1 else np.nan,
                }.items()
            )
        )
    values, p, px, differences = _features(
        met, grey.levels.astype(float), int(grey.levels[-1]), EPSILON
    )
    if (differences < CLOSE).any():
        values[:, NAMES.index("Imc2")] = _imc2_as_stock(p, px)
    with np.errstate(invalid="ignore"):
        means = np.nanmean(values, axis=0) if np.isnan(values).any() else values.mean(axis=0)
    return dict(
        sorted(
            {
                **dict(zip(NAMES, means.tolist(), strict=True)),
                "MCC": maximal_correlation(p, px),
            }.items()
        )
    )
