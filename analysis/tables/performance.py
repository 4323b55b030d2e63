"""How good every model is: apparent and out-of-fold never share a column."""

from __future__ import annotations

from collections.abc import Sequence

from IPython.display import Markdown

from analysis.manuscript import Results, format_number
from analysis.tables.markdown import pipe_table

HOWS = ("apparent", "out_of_fold", "validation")


def _cell(results: Results, key: str) -> str:
    record = results.records.get(key)
    if record is None or record.value is None:
        return "–"
    number = format_number(record.value, record.unit)
    if record.ci_low is None or record.ci_high is None:
        return number
    return f"{number} ({format_number(record.ci_low, record.unit)} to {format_number(record.ci_high, record.unit)})"


def discrimination_markdown(results: Results, models: Sequence[str]) -> Markdown:
    """AUC with its interval by way of judging, beside what the reproduced paper printed."""
    published = any(key.startswith("published.") for key in results.records)
    header = ["Model", *[results.text(f"label.{how}") for how in HOWS]] + (["Published, training", "Published, validation"] if published else [])
    rows = [[results.text(f"label.{model}"), *[_cell(results, f"auc.{model}.{how}") for how in HOWS],
             *([_cell(results, f"published.{model}.{cohort}.auc") for cohort in ("training", "validation")] if published else [])] for model in models]
    return pipe_table(header, rows)


def classification_markdown(results: Results, models: Sequence[str], how: str) -> Markdown:
    """Accuracy, sensitivity, specificity and predictive values at the cut-off fixed in training."""
    statistics = {"accuracy": "Accuracy", "sensitivity": "Sensitivity", "specificity": "Specificity", "ppv": "PPV", "npv": "NPV"}
    rows = [[results.text(f"label.{model}"), _cell(results, f"cutoff.{model}"), *[_cell(results, f"{name}.{model}.{how}") for name in statistics]] for model in models]
    return pipe_table(["Model", "Cut-off", *statistics.values()], rows)


def calibration_markdown(results: Results, models: Sequence[str]) -> Markdown:
    """Brier score, calibration-in-the-large, slope and net benefit, out of fold and in validation."""
    threshold = format_number(100 * float(results.record("decision.reported_threshold").value))
    statistics = {"brier.{}.{}": "Brier score", "calibration_intercept.{}.{}": "Calibration in the large", "calibration_slope.{}.{}": "Calibration slope",
                  f"net_benefit.{{}}.{{}}.{threshold}": f"Net benefit at {threshold}%"}
    rows = [[f"{results.text(f'label.{model}')}", results.text(f"label.{how}"), *[_cell(results, key.format(model, how)) for key in statistics]]
            for how in HOWS[1:] for model in models]
    return pipe_table(["Model", "Judged on", *statistics.values()], rows)
