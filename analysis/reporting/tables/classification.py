"""Cut-offs, and every index of the two that are reported, for the supplement."""

from __future__ import annotations

from collections.abc import Sequence

from IPython.display import Markdown

from analysis.reporting.manuscript import Results
from analysis.reporting.tables.grid import grid
from analysis.reporting.tables.markdown import table
from analysis.results import keys

PROPORTIONS = {
    "Accuracy": "accuracy",
    "Sensitivity": "sensitivity",
    "Specificity": "specificity",
    "PPV": "ppv",
    "NPV": "npv",
}
INDEXES = {
    "Balanced accuracy": "balanced_accuracy",
    "F1": "f1",
    "MCC": "mcc",
    "Kappa": "kappa",
    "LR+": "positive_likelihood_ratio",
    "LR−": "negative_likelihood_ratio",
    "DOR": "diagnostic_odds_ratio",
    "Youden": "youden_index",
}


@table
def cutoffs_markdown(results: Results, models: Sequence[str]) -> Markdown:
    """Table of the cut-offs of the models.

    It has Youden's cut-off with its bootstrap interval and the number of cut-offs as good, and the
    one of the prespecified sensitivity.
    """
    return grid(
        results,
        models,
        ["out_of_fold"],
        {
            "Youden's cut-off": lambda model, _: keys.cutoff(model),
            "Cut-offs as good": lambda model, _: keys.cutoff_ties(model),
            "Cut-off of the prespecified sensitivity": lambda model, _: keys.cutoff_prespecified(
                model
            ),
        },
    )


@table
def indexes_markdown(
    results: Results, models: Sequence[str], how: str, prespecified: bool = False
) -> Markdown:
    """Table of classification indexes at one of the cut-offs.

    The indexes are balanced accuracy, F1, Matthews correlation, kappa, likelihood ratios,
    diagnostic odds ratio and Youden index.
    """
    ending = "_prespecified" if prespecified else ""
    return grid(
        results,
        models,
        [how],
        {header: keys.named(f"{name}{ending}") for header, name in INDEXES.items()},
    )


@table
def proportions_markdown(
    results: Results, models: Sequence[str], how: str, prespecified: bool = False
) -> Markdown:
    """Accuracy, sensitivity, specificity and predictive values at one of the cut-offs."""
    ending = "_prespecified" if prespecified else ""
    return grid(
        results,
        models,
        [how],
        {header: keys.named(f"{name}{ending}") for header, name in PROPORTIONS.items()},
    )
