"""Names of the steps from features to a classifier, as study.yml writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

Step = Literal[
    "variance", "univariable", "correlation", "mrmr", "lasso", "anova", "elastic_net", "pca"
]
# The default selection, and all steps that choose features.
STEPS: tuple[Step, ...] = ("variance", "univariable", "correlation", "mrmr", "lasso")
SELECTORS: tuple[Step, ...] = (*STEPS, "anova", "elastic_net")
# What may follow them as the last step of a path: it chooses none, and replaces all that are left.
COMPONENTS: Step = "pca"
# Settings of the steps that are not in the default selection.
OF_LATER_STEPS: dict[str, Step] = {
    "anova_features": "anova",
    "elastic_net_mixing": "elastic_net",
    "pca_variance": "pca",
}


def steps_of(selection: Sequence[str], paths: Mapping[str, Sequence[str]] | None) -> set[str]:
    """Steps of the paths, or of the selection where there are no paths."""
    return set(selection) if not paths else {step for path in paths.values() for step in path}


def is_used(setting: str, steps: set[str]) -> bool:
    """False for a setting of a later step that is not among `steps`."""
    return setting not in OF_LATER_STEPS or OF_LATER_STEPS[setting] in steps
