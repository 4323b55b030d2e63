"""First-order features of the masked values.

Definitions: PyRadiomics's firstorder.py, the values of which these have.
"""

from __future__ import annotations

import numpy as np

from analysis.radiomics.engine.discretisation import GreyLevels

EPSILON = np.spacing(1.0)


def first_order_features(values: np.ndarray, grey: GreyLevels, voxel_volume: float) -> dict[str, float]:
    """values: float64, finite, of the masked voxels; voxel_volume: mm³."""
    ordered = np.sort(values)
    tenth, quarter, middle, three_quarters, ninetieth = np.percentile(ordered, [10, 25, 50, 75, 90])
    mean = values.mean()
    centred = values - mean
    square = centred * centred
    second, third, fourth = square.mean(), (square * centred).mean(), (square * square).mean()
    energy = float(values @ values)
    within = ordered[np.searchsorted(ordered, tenth, "left"):np.searchsorted(ordered, ninetieth, "right")]
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
        "RobustMeanAbsoluteDeviation": np.abs(within - within.mean()).mean() if within.size else np.nan,
        "RootMeanSquared": np.sqrt(energy / values.size),
        "Skewness": third / second**1.5 if second != 0 else 0.0,
        "TotalEnergy": energy * voxel_volume,
        "Uniformity": (share * share).sum(),
        "Variance": second,
    }
