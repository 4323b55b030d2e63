"""How good every model is: apparent and out-of-fold never share a column."""

from __future__ import annotations

from collections.abc import Sequence

from IPython.display import Markdown

from analysis.reporting.manuscript import Results, format_number
from analysis.reporting.tables.cells import DASH, estimate_cell, size_cell
from analysis.reporting.tables.markdown import pipe_table, table
from analysis.results import keys

COHORTS = ("training", "validation")
CLASSIFICATION = {
    "accuracy": "Accuracy",
    "sensitivity": "Sensitivity",
    "specificity": "Specificity",
    "ppv": "PPV",
    "npv": "NPV",
}


def _value(results: Results, key: str) -> str:
    """The number alone; the interval of a cut-off stands in the supplement."""
    record = results.records.get(key)
    return (
        DASH if record is None else results.linked(format_number(record.value, record.unit), record)
    )


def _published(
    results: Results, models: Sequence[str], statistic: str, cohorts: Sequence[str]
) -> bool:
    return any(
        keys.published(model, cohort, statistic) in results.records
        for model in models
        for cohort in cohorts
    )


@table
def discrimination_markdown(results: Results, models: Sequence[str]) -> Markdown:
    """Table of the AUC with its interval by way of judging.

    The AUC stands beside what the reproduced paper printed where it did for any of them.

    Patients (events) stand in the header where all models have the same, else in a row's cell.
    """
    hows = ["apparent", "out_of_fold", "validation", *results.study.split.external]
    # Models that were made elsewhere may come without training patients.
    if keys.predictions_given() in results.records:
        hows = [
            how for how in hows if any(keys.auc(model, how) in results.records for model in models)
        ]
    published = COHORTS if _published(results, models, "auc", COHORTS) else ()
    shared = {how: _shared_size(results, models, how) for how in hows}
    level = results.plain(keys.settings_confidence_level(), "level")
    header = [
        "Model",
        *[
            f"AUC ({level} CI)‖{results.text(keys.label(how))}"
            + (f", n = {shared[how]}" if shared[how] else "")
            for how in hows
        ],
        *[f"Published AUC‖{cohort.capitalize()}" for cohort in published],
    ]
    rows = [
        [
            results.text(keys.label(model)),
            *[_sized(results, model, how, not shared[how]) for how in hows],
            *[estimate_cell(results, keys.published(model, cohort, "auc")) for cohort in published],
        ]
        for model in models
    ]
    return pipe_table(header, rows)


def _shared_size(results: Results, models: Sequence[str], how: str) -> str:
    """Patients (events) of the first model's AUC; else empty.

    They are given where the AUCs of all models came from as many.
    """
    cells = {
        model: size_cell(results, model, how, " events")
        for model in models
        if keys.auc(model, how) in results.records
    }
    plain = {
        tuple(results.record(f"{name}.{model}.{how}").value for name in ("n_evaluable", "events"))
        for model, cell in cells.items()
        if cell
    }
    return next(iter(cells.values())) if len(plain) == 1 else ""


def _sized(results: Results, model: str, how: str, own: bool) -> str:
    size = size_cell(results, model, how) if own else ""
    return estimate_cell(results, keys.auc(model, how)) + (f"; n = {size}" if size else "")


@table
def reproduced_markdown(results: Results, models: Sequence[str]) -> Markdown:
    """Table of the AUC of the models that the reproduced paper printed.

    It is apparent, optimism-corrected where a bootstrap repeated the whole path, out of fold,
    validation, and the paper's own, which is another cohort's.
    """
    printed = [model for model in models if _published(results, [model], "auc", COHORTS)]
    own = {
        "apparent": "auc.{}.apparent",
        "optimism-corrected": "optimism_corrected.auc.{}",
        "out of fold": "auc.{}.out_of_fold",
        "validation": "auc.{}.validation",
    }
    shared = {
        name: _shared_size(results, printed, how)
        for name, how in {
            "apparent": "apparent",
            "out of fold": "out_of_fold",
            "validation": "validation",
        }.items()
    }
    level = results.plain(keys.settings_confidence_level(), "level")
    header = [
        "Model",
        *[
            f"AUC ({level} CI), this cohort‖{name.capitalize()}"
            + (f", n = {shared[name]}" if shared.get(name) else "")
            for name in own
        ],
        *[f"AUC, reproduced study‖{cohort.capitalize()}" for cohort in COHORTS],
    ]
    rows = [
        [
            results.text(keys.label(model)),
            *[estimate_cell(results, key.format(model)) for key in own.values()],
            *[estimate_cell(results, keys.published(model, cohort, "auc")) for cohort in COHORTS],
        ]
        for model in printed
    ]
    return pipe_table(header, rows)


@table
def classification_markdown(
    results: Results, models: Sequence[str], how: str, beside: str = ""
) -> Markdown:
    """AUC, and accuracy, sensitivity, specificity and predictive values at the fixed cut-off.

    Each proportion stands behind the patients that it counts. A model that the reproduced paper
    printed such values for has a further row with them.

    beside: another way of judging, whose rows stand before those of `how`, each below its heading.
    """
    hows = [
        each
        for each in (beside, how)
        if each and any(keys.accuracy(model, each) in results.records for model in models)
    ]
    level = results.plain(keys.settings_confidence_level(), "level")
    header = [
        "Model",
        "Cut-off",
        f"AUC ({level} CI)",
        *[f"{name} ({level} CI)" for name in CLASSIFICATION.values()],
    ]
    rows = []
    for each in hows:
        if len(hows) > 1:
            words = f"**{results.text(keys.label(each))}**"
            rows.append([words, *[""] * (len(header) - 1)])
        for model in models:
            rows += _classified(results, model, each)
    return pipe_table(header, rows)


def _classified(results: Results, model: str, how: str) -> list[list[str]]:
    """Row of a model, and below it that of the reproduced paper, where it printed any of these."""
    label = results.text(keys.label(model))
    rows = [
        [
            label,
            _value(results, keys.cutoff(model)),
            estimate_cell(results, keys.auc(model, how)),
            *[_counted(results, f"{name}.{model}.{how}") for name in CLASSIFICATION],
        ]
    ]
    cohort = "validation" if how == "validation" else "training"
    if any(_published(results, [model], name, [cohort]) for name in CLASSIFICATION):
        printed = [keys.published(model, cohort, name) for name in ("auc", *CLASSIFICATION)]
        rows.append(
            [f"{label}, published", DASH, *[estimate_cell(results, key) for key in printed]]
        )
    return rows


def _counted(results: Results, key: str) -> str:
    """A proportion with its interval, and before it the patients: `25/33, 0.758 (…)`.

    In this order a narrow cell has two lines, the second of which is the interval.
    """
    record = results.records.get(key)
    text = estimate_cell(results, key)
    if record is None or not record.is_number or record.n is None:
        return text
    counted = round(record.number * record.n)
    return f"{results.stated(f'{counted}/{record.n}', key)},\u00a0{text}"
