"""Calibration: the statement of the article, and its details for the supplement."""

from __future__ import annotations

from collections.abc import Sequence

from IPython.display import Markdown

from analysis.manuscript import Results
from analysis.tables.grid import grid

STATEMENT = {"Brier score": "brier.{model}.{how}", "O:E": "observed_expected.{model}.{how}", "Calibration in the large": "calibration_intercept.{model}.{how}",
             "Calibration slope": "calibration_slope.{model}.{how}"}
TESTS = {"Scaled Brier": "scaled_brier.{model}.{how}", "Spiegelhalter z": "spiegelhalter.{model}.{how}", "p (z)": "spiegelhalter.{model}.{how} p",
         "Hosmer-Lemeshow": "hosmer_lemeshow.{model}.{how}", "p (H-L)": "hosmer_lemeshow.{model}.{how} p"}


def calibration_markdown(results: Results, models: Sequence[str], hows: Sequence[str] | None = None) -> Markdown:
    """Brier score, observed to expected events, calibration in the large and slope; by default out of fold and in validation."""
    hows = hows or ["out_of_fold", "validation", *results.study.split.external]
    known = [how for how in hows if any(f"brier.{model}.{how}" in results.records for model in models)]
    return grid(results, models, known or hows, STATEMENT)


def calibration_tests_markdown(results: Results, models: Sequence[str]) -> Markdown:
    """Scaled Brier score and two tests of calibration, in validation."""
    return grid(results, models, ["validation"], TESTS)


def calibration_errors_markdown(results: Results, models: Sequence[str]) -> Markdown:
    """Mean, median, ninetieth percentile and largest distance of the flexible curve from the diagonal, by two smoothers."""
    columns = {f"{name} ({words})": f"{name.lower()}_{smoother}.{{model}}.{{how}}" for smoother, words in (("loess", "loess"), ("spline", "spline")) for name in ("ICI", "E50", "E90", "Emax")}
    return grid(results, models, ["validation"], columns)
