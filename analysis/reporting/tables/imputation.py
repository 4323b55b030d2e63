"""The CR model by multiple imputation, beside a single one."""

from __future__ import annotations

from IPython.display import Markdown

from analysis.reporting.manuscript import Results
from analysis.reporting.tables.cells import estimate_cell, printed_units
from analysis.reporting.tables.markdown import pipe_table, table
from analysis.results import keys
from models.declared import CR

ROWS = {
    "auc": "AUC",
    "brier": "Brier score",
    "observed_expected": "O:E",
    "calibration_slope": "Calibration slope",
}


@table
def imputed_coefficients_markdown(results: Results) -> Markdown:
    """Table of odds ratios by multiple and by single imputation.

    It has the odds ratio of each term by Rubin's rules and with the median or mode in the gaps, and
    the information that the gaps cost.
    """
    lost = keys.regression_missing_information
    terms = [parts["term"] for parts, _ in lost.of(results.records)]
    rows = [
        [
            printed_units(results.text(keys.label_term(term))),
            estimate_cell(results, keys.odds_ratio("multivariable", term)),
            estimate_cell(results, keys.odds_ratio("single_imputation", term)),
            estimate_cell(results, lost(term)),
        ]
        for term in terms
    ]
    return pipe_table(
        ["Variable", "OR (CI), multiple", "OR (CI), single", "Information lost"], rows
    )


@table
def imputed_performance_markdown(results: Results) -> Markdown:
    """Each measure by Rubin's rules, beside that of the score that each patient has."""
    rows = []
    for how in ("out_of_fold", *[name for name in results.study.cohorts if name != "training"]):
        for name, label in ROWS.items():
            if keys.imputed(name, CR.id, how) in results.records:
                rows.append(
                    [
                        results.text(keys.label(how)),
                        label,
                        estimate_cell(results, keys.imputed(name, CR.id, how)),
                        estimate_cell(results, keys.named(name)(CR.id, how)),
                        estimate_cell(results, keys.imputed_missing_information(name, CR.id, how)),
                    ]
                )
    return pipe_table(
        [
            "Judged on",
            "Measure",
            "Rubin's rules",
            "Expected values in the gaps",
            "Information lost",
        ],
        rows,
        left=2,
    )
