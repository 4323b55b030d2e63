"""Tables: they lay out results as Markdown and compute none; one table a file."""

from analysis.tables.assumptions import assumptions_list
from analysis.tables.baseline import baseline_markdown
from analysis.tables.comparators import comparators_markdown
from analysis.tables.features import features_markdown
from analysis.tables.performance import calibration_markdown, classification_markdown, discrimination_markdown
from analysis.tables.regression import regression_markdown

__all__ = ["assumptions_list", "baseline_markdown", "calibration_markdown", "classification_markdown", "comparators_markdown", "discrimination_markdown",
           "features_markdown", "regression_markdown"]
