"""Features of a matrix of counts, grey levels × sizes.

Runs (GLRLM), zones (GLSZM) and dependences (GLDM) have the same sixteen.

Definitions: PyRadiomics's glrlm.py, glszm.py and gldm.py, the values of which these have.
"""

from __future__ import annotations

import numpy as np

from analysis.inputs.radiomics.engine.compiled import compiled
from analysis.inputs.radiomics.engine.discretisation import GreyLevels
from analysis.inputs.radiomics.engine.mask import MaskWork
from analysis.inputs.radiomics.engine.neighbours import Neighbours
from analysis.inputs.radiomics.engine.zones import zone_counts

EPSILON = float(np.spacing(1.0))
# In the order of _features; {s}, {l} and {n} are a class's words for a small and a large size and
# for the size itself.
NAMES = (
    "{s}Emphasis",
    "{l}Emphasis",
    "GrayLevelNonUniformity",
    "GrayLevelNonUniformityNormalized",
    "{n}NonUniformity",
    "{n}NonUniformityNormalized",
    "{p}Percentage",
    "GrayLevelVariance",
    "{p}Variance",
    "{p}Entropy",
    "LowGrayLevel{e}Emphasis",
    "HighGrayLevel{e}Emphasis",
    "{s}LowGrayLevelEmphasis",
    "{s}HighGrayLevelEmphasis",
    "{l}LowGrayLevelEmphasis",
    "{l}HighGrayLevelEmphasis",
)


def _names(**words: str) -> tuple[str, ...]:
    return tuple(name.format(**words) for name in NAMES)


RUNS = _names(s="ShortRun", l="LongRun", n="RunLength", p="Run", e="Run")
ZONES = _names(s="SmallArea", l="LargeArea", n="SizeZone", p="Zone", e="Zone")
DEPENDENCES = _names(s="SmallDependence", l="LargeDependence", n="Dependence", p="Dependence", e="")
# PyRadiomics leaves these two out for GLDM: one is first-order uniformity, the other always 1.
NOT_OF_DEPENDENCES = ("GrayLevelNonUniformityNormalized", "DependencePercentage")


@compiled
def _features(matrix, levels, sizes, epsilon):
    """The sixteen features of NAMES. matrix: counts; sizes: of its columns."""
    rows, columns = matrix.shape
    by_level, by_size = np.zeros(rows), np.zeros(columns)
    f = np.zeros(16)
    total = 0.0
    for i in range(rows):
        for j in range(columns):
            total += matrix[i, j]
            by_level[i] += matrix[i, j]
            by_size[j] += matrix[i, j]
    voxels = 0.0
    mean_size = 0.0
    mean_level = 0.0
    for j in range(columns):
        square = sizes[j] * sizes[j]
        voxels += by_size[j] * sizes[j]
        mean_size += by_size[j] / total * sizes[j]
        f[0] += by_size[j] / square
        f[1] += by_size[j] * square
        f[4] += by_size[j] * by_size[j]
    for i in range(rows):
        square = levels[i] * levels[i]
        mean_level += by_level[i] / total * levels[i]
        f[2] += by_level[i] * by_level[i]
        f[10] += by_level[i] / square
        f[11] += by_level[i] * square
    for j in range(columns):
        f[8] += by_size[j] / total * (sizes[j] - mean_size) ** 2
    for i in range(rows):
        f[7] += by_level[i] / total * (levels[i] - mean_level) ** 2
        level = levels[i] * levels[i]
        small = 0.0
        large = 0.0
        for j in range(columns):
            if matrix[i, j] > 0:
                share = matrix[i, j] / total
                f[9] -= share * np.log2(share + epsilon)
                size = sizes[j] * sizes[j]
                small += matrix[i, j] / size
                large += matrix[i, j] * size
        f[12] += small / level
        f[13] += small * level
        f[14] += large / level
        f[15] += large * level
    f[3] = f[2] / (total * total)
    f[5] = f[4] / (total * total)
    f[6] = total / voxels
    for place in (0, 1, 2, 4, 10, 11, 12, 13, 14, 15):
        f[place] /= total
    return f


@compiled
def _features_of_each(runs, longest, levels, sizes, epsilon):
    """The sixteen features of each direction's runs."""
    features = np.empty((longest.size, 16))
    for direction in range(longest.size):
        length = longest[direction]
        features[direction] = _features(
            runs[direction, :, :length], levels, sizes[:length], epsilon
        )
    return features


def zone_features(
    found: Neighbours, grid: np.ndarray, grey: GreyLevels, mask: MaskWork
) -> dict[str, float]:
    """Grey level size zone matrix (GLSZM): its features by name, as pyradiomics defines them."""
    zones, sizes = zone_counts(grid, mask.places, mask.steps, found.behind, grey.levels.size)
    values = _features(zones, grey.levels.astype(float), sizes.astype(float), EPSILON)
    return dict(sorted(zip(ZONES, values.tolist(), strict=True)))


def dependence_features(found: Neighbours, grey: GreyLevels) -> dict[str, float]:
    """Grey level dependence matrix (GLDM): its features by name, as pyradiomics defines them."""
    values = _features(
        found.dependence,
        grey.levels.astype(float),
        np.arange(1.0, found.dependence.shape[1] + 1),
        EPSILON,
    )
    return {
        name: value
        for name, value in sorted(zip(DEPENDENCES, values.tolist(), strict=True))
        if name not in NOT_OF_DEPENDENCES
    }


def run_features(found: Neighbours, grey: GreyLevels, mask: MaskWork) -> dict[str, float]:
    """Means over the directions that have a line with two masked voxels; NaN without one."""
    levels = grey.levels.astype(float)
    sizes = np.arange(1.0, found.runs.shape[2] + 1)
    values = _features_of_each(
        found.runs[mask.lines], found.longest_runs[mask.lines], levels, sizes, EPSILON
    )
    means = np.mean(values, axis=0).tolist() if len(values) else [np.nan] * len(RUNS)
    return dict(sorted(zip(RUNS, means, strict=True)))
