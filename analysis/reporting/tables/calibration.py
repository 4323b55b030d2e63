"""Calibration: the statement of the article, and its details for the supplement."""

from __future__ import annotations

from collections.abc import Sequence

from IPython.display import Markdown

from analysis.reporting.manuscript import Results
from analysis.reporting.number_style import p_heading
from analysis.reporting.tables.cells import estimate_cell
from analysis.reporting.tables.grid import grid
from analysis.reporting.tables.markdown import pipe_table, table
from analysis.results import keys

STATEMENT = {
    "Brier score": keys.brier,
    "O:E": keys.observed_expected,
    "Calibration in the large": keys.calibration_intercept,
    "Calibration slope": keys.calibration_slope,
}


@table
def calibration_markdown(
    results: Results, models: Sequence[str], hows: Sequence[str] | None = None
) -> Markdown:
    """Table of calibration; by default out of fold and in validation.

    It has the Brier score, observed to expected events, calibration in the large and slope.
    """
    hows = hows or ["out_of_fold", "validation", *results.study.split.external]
    known = [
        how for how in hows if any(keys.brier(model, how) in results.records for model in models)
    ]
    return grid(results, models, known or hows, STATEMENT)


@table
def calibration_tests_markdown(results: Results, models: Sequence[str]) -> Markdown:
    """Scaled Brier score and two tests of calibration, in validation."""
    of_z, of_chi_square = p_heading("Spiegelhalter"), p_heading("Hosmer-Lemeshow")
    columns = {
        "Scaled Brier": keys.scaled_brier,
        "Spiegelhalter z": keys.spiegelhalter,
        of_z: keys.spiegelhalter,
        "Hosmer-Lemeshow χ²": keys.hosmer_lemeshow,
        of_chi_square: keys.hosmer_lemeshow,
    }
    return grid(
        results, models, hows=["validation"], columns=columns, p_values=(of_z, of_chi_square)
    )


def has_calibration_errors(results: Results, models: Sequence[str]) -> bool:
    """Whether any model has the errors of a flexible calibration curve.

    It has them where there were patients enough for the errors of a flexible curve, of one of the
    models at least.
    """
    return any(keys.ici("loess", model, "validation") in results.records for model in models)


@table
def calibration_errors_markdown(results: Results, models: Sequence[str]) -> Markdown:
    """Table of the ICI, E50, E90 and Emax of flexible calibration curves.

    These are the mean, median, ninetieth percentile and largest distance of the flexible curve from
    the diagonal, by two smoothers; in brackets what it would be if the model were perfectly
    calibrated.
    """

    def cell(name: str, smoother: str, model: str) -> str:
        found, expected = (
            estimate_cell(
                results, keys.named(quantity)(smoother, model, "validation"), together=True
            )
            for quantity in (name, f"{name}_calibrated")
        )
        return f"{found} ({expected})"

    rows = [
        [
            results.text(keys.label(model)),
            smoother,
            *[cell(name, smoother, model) for name in ("ici", "e50", "e90", "emax")],
        ]
        for model in models
        for smoother in ("loess", "spline")
        if keys.ici(smoother, model, "validation") in results.records
    ]
    return pipe_table(["Model", "Smoother", "ICI", "E50", "E90", "Emax"], rows, left=2)
