"""Sentences of the manuscript that the results decide; a statement appears only where its numbers say it."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.manuscript import Results

# Where a comparator is published, by its citation key in report/references.bib.
SOURCES = {"bclc_2022": "reig2022", "cnlc": "zhou2020", "albi": "johnson2015", "apri": "wai2003", "fib4": "sterling2006"}


def cited(models: Sequence[str]) -> str:
    """The citation of those models that have one, with a space before it; else nothing."""
    keys = [f"@{SOURCES[model]}" for model in models if model in SOURCES]
    return f" [{'; '.join(keys)}]" if keys else ""


def listed(names: Sequence[str]) -> str:
    """a, b and c."""
    return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else "".join(names)


def areas(results: Results, models: Sequence[str], how: str) -> str:
    """The models' AUCs as a part of a sentence."""
    return listed([f"{results.text(f'label.{model}')} {results.text(f'auc.{model}.{how}')}" for model in models])


def compared(results: Results, models: Sequence[str]) -> str:
    """Where the interval of the best model's AUC difference from each of `models` lies: above, across or below zero.

    Reads delong.<best>_vs_<model>.validation; a model without that comparison is named as not compared.
    """
    best = results.text("best.model")
    groups: dict[str, list[str]] = {"lay above zero": [], "included zero": [], "lay below zero": []}
    absent = []
    for model in models:
        record = results.records.get(f"delong.{best}_vs_{model}.validation")
        if record is None or record.ci_low is None or record.ci_high is None:
            absent.append(results.text(f"label.{model}"))
            continue
        where = "lay above zero" if record.ci_low > 0 else "lay below zero" if record.ci_high < 0 else "included zero"
        groups[where].append(results.text(f"label.{model}"))
    parts = [f"{where} against {listed(names)}" for where, names in groups.items() if names]
    level, label = results.text("settings.confidence_level", "level"), results.text("best.model.label")
    sentence = f"In the validation cohort the {level} interval of the difference in AUC ({label} minus the other) {listed(parts)}." if parts else ""
    return " ".join(filter(None, [sentence, f"Not compared: {listed(absent)}." if absent else ""]))


def optimism(results: Results, models: Sequence[str]) -> str:
    """Apparent and out-of-fold AUC of each model, side by side."""
    return listed([f"{results.text(f'label.{model}')} {results.text(f'auc.{model}.apparent')} and {results.text(f'auc.{model}.out_of_fold')}" for model in models])
