"""Names of the features of habitats; nothing is computed here, so that reports load fast."""

from __future__ import annotations

import re
from collections.abc import Sequence

PREFIX = "habitats_"
FRACTION = "fraction"
# First-order features of a habitat in a phase.
MEASURES = ("mean", "deviation", "p10", "p90")
# Fewer voxels have no first-order features: their percentiles would be those of single voxels.
LEAST_VOXELS = 10
WORDS = {
    FRACTION: "fraction of the volume",
    "mean": "mean",
    "deviation": "standard deviation",
    "p10": "10th percentile",
    "p90": "90th percentile",
}
DEFINED = {
    "mean": "Mean of the normalised intensities",
    "deviation": "Standard deviation of the normalised intensities",
    "p10": "10th percentile of the normalised intensities",
    "p90": "90th percentile of the normalised intensities",
}
NAME = re.compile(rf"{PREFIX}(\d+)of(\d+)_(?:({FRACTION})|(.+)_({'|'.join(MEASURES)}))")


def is_habitat_feature(name: str) -> bool:
    """True of a feature of a habitat."""
    return NAME.fullmatch(name) is not None


def habitat_of_name(name: str) -> tuple[int, int, str | None, str]:
    """Habitat, number of habitats, phase (None for a fraction) and measure of a feature's name.

    `habitats_1of3_late_mean` is (1, 3, "late", "mean"). Raises ValueError for another name.
    """
    found = NAME.fullmatch(name)
    if found is None:
        raise ValueError(f"{name} is no feature of a habitat")
    habitat, number, fraction, phase, measure = found.groups()
    return int(habitat), int(number), phase, fraction or measure


def feature_names(number: int, phases: Sequence[str], features: Sequence[str]) -> list[str]:
    """Names of the features of `number` habitats, in the order of `habitat_values`.

    Fractions add up to 1, so that of the last habitat is left out: the others say it.
    """
    names = []
    for habitat in range(1, number + 1):
        start = f"{PREFIX}{habitat}of{number}"
        if "fractions" in features and habitat < number:
            names.append(f"{start}_{FRACTION}")
        if "first_order" in features:
            names += [f"{start}_{phase}_{measure}" for phase in phases for measure in MEASURES]
    return names


def habitat_words(name: str) -> str:
    """Habitat and measure of a feature's name, in words: `habitat 1 of 3, mean`."""
    habitat, number, _, measure = habitat_of_name(name)
    return f"habitat {habitat} of {number}, {WORDS[measure]}"


def habitat_definition(name: str) -> str:
    """What a feature of a habitat measures."""
    _, _, phase, measure = habitat_of_name(name)
    if phase is None:
        return "Share of the clustered voxels that lie in the habitat."
    return f"{DEFINED[measure]} of the habitat's voxels in the phase."
