"""First-order features of the masked values.

Definitions: PyRadiomics's firstorder.py, the values of which these have.
"""

from __future__ import annotations

import numpy as np

from analysis.inputs.radiomics.engine.discretisation import GreyLevels

EPSILON = np.spacing(1.0)


def _percentile(ordered: np.ndarray, percent: float) -> float:
    """numpy.percentile of values that are in order, with its bits, without its search."""
    place = (ordered.size - 1) * (percent / 100)
    low = int(place)
    fraction = place - low
    one, other = ordered[low], ordered[min(low + 1, ordered.size - 1)]
    # The end that is nearer is the one that is started from.
    if fraction >= 0.5:
        return other - (other - one) * (1 - fraction)
    return one + (other - one) * fraction


def percentile_decided_by_rounding(ordered: np.ndarray, tolerance: float) -> bool:
    """True if rounding decides which values lie beyond the 10th or 90th percentile.

    It does where a value other than the percentile itself lies within `tolerance` of the 10th or
    90th, which bound the robust deviation.
    """
    for percent in (10, 90):
        place = (ordered.size - 1) * percent / 100
        at = _percentile(ordered, percent)
        close = np.searchsorted(ordered, at + tolerance, "right") - np.searchsorted(
            ordered, at - tolerance, "left"
        )
        if close > (abs(place - round(place)) < 1e-9):
            return True
    return False


def first_order_features(
    values: np.ndarray,
    ordered: np.ndarray,
    grey: GreyLevels,
    voxel_volume: float,
    shift: float = 0.0,
) -> dict[str, float]:
    """First-order features of the masked voxels.

    values: float64, finite, of the masked voxels; ordered: the same, ascending; voxel_volume: mm³;
    shift: what is added to the values of energy and of the root mean square.
    """
    tenth, quarter, middle, three_quarters, ninetieth = (
        _percentile(ordered, percent) for percent in (10, 25, 50, 75, 90)
    )
    mean = values.mean()
    centred = values - mean
    square = centred * centred
    second, third, fourth = square.mean(), (square * centred).mean(), (square * square).mean()
    shifted = values + shift if shift else values
    energy = float(shifted @ shifted)
    within = ordered[
        np.searchsorted(ordered, tenth, "left") : np.searchsorted(ordered, ninetieth, "right")
    ]
    share = grey.counts / grey.counts.sum()
    return {
        "10Percentile": tenth,
        "90Percentile": ninetieth,
        "Energy": energy,
        "Entropy": -(share * np.log2(share + EPSILON)).sum(),
        "InterquartileRange": three_quarters - quarter,
        "Kurtosis": fourth / second**2 if second != 0 else 0.0,
        "Maximum": ordered[-1],
        "MeanAbsoluteDeviation": np.abs(centred).mean(),
        "Mean": mean,
        "Median": middle,
        "Minimum": ordered[0],
        "Range": ordered[-1] - ordered[0],
        "RobustMeanAbsoluteDeviation": (
            np.abs(within - within.mean()).mean() if within.size else np.nan
        ),
        "RootMeanSquared": np.sqrt(energy / values.size),
        "Skewness": third / second**1.5 if second != 0 else 0.0,
        "TotalEnergy": energy * voxel_volume,
        "Uniformity": (share * share).sum(),
        "Variance": second,
    }
