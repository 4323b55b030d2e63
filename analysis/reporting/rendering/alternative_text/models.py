"""Alternative text of selection, nomogram and SHAP values, and of the checks of the models."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from analysis.core.word_lists import counted, listed
from analysis.reporting.number_style import format_interval, format_number
from analysis.reporting.rendering.alternative_text.parts import curve_of, label_of
from analysis.reporting.results_by_key import ResultsByKey
from analysis.reporting.selected_coefficients import kept_none, selected_coefficients
from analysis.reporting.variable_labels import variable_labels
from analysis.reporting.wordings.result_ids import DIVISIONS
from analysis.results import keys


def selection(results: ResultsByKey) -> str:
    """Alternative text of the selection of features."""
    deviance, kept = (
        curve_of(results, "selection_deviance"),
        selected_coefficients(curve_of(results, "selection_path")),
    )
    taken = deviance[deviance["chosen"]].iloc[0]
    bars = (
        " and none kept a coefficient"
        if kept_none(kept)
        else f", from {format_number(float(kept.min()), 'AUC difference')} to"
        f" {format_number(float(kept.max()), 'AUC difference')}"
    )
    return (
        f"Left, cross-validated deviance of LASSO at"
        f" {counted(len(deviance), 'penalty', 'penalties')}, with lines at the penalty"
        " of least deviance and at the largest within one standard error of it;"
        f" {taken['penalty']:.3g} was taken. Right, bars of the coefficients of"
        f" {counted(len(kept), 'selected feature')}{bars}."
    )


def nomogram(results: ResultsByKey) -> str:
    """Alternative text of the nomogram."""
    ticks = curve_of(results, "nomogram")
    risk = ticks.loc[ticks["axis"] == "risk", "tick"]
    parts = [
        f"{rows['label'].iloc[0]} (up to {rows['points'].max():.0f} points)"
        for name, rows in ticks.groupby("axis", sort=False)
        if name not in ("points", "total", "risk")
    ]
    return (
        f"Nomogram. Scales for points, {listed(parts)}, total points, and the risk of"
        f" {results.plain(keys.study_event())} from {float(risk.min()):g} to {float(risk.max()):g}."
        f"{_worked(results)}"
    )


def _worked(results: ResultsByKey) -> str:
    """The patient who is read off the nomogram; empty where there is none."""
    if keys.nomogram_example_risk() not in results.records:
        return ""
    points, risk = keys.nomogram_example_points(), keys.nomogram_example_risk()
    return (
        f" Dots mark a made-up patient of {results.plain(points)} points and a risk of"
        f" {results.plain(risk)}."
    )


def permutations(results: ResultsByKey) -> str:
    """Alternative text of the AUC on permuted outcomes."""
    parts = []
    for model, rows in curve_of(results, "permutations").groupby("model", sort=False):
        shuffled, own = (
            rows.loc[rows["permutation"] > 0, "auc"],
            rows.loc[rows["permutation"] == 0, "auc"],
        )
        parts.append(
            f"{label_of(results, str(model))}: mean {format_number(float(shuffled.mean()), 'AUC')}"
            f" over {counted(len(shuffled), 'permutation')},"
            f" {format_number(float(own.iloc[0]), 'AUC')} on the outcome as it is"
        )
    return (
        "Histograms of the AUC on permuted outcomes with a line at the AUC on the outcome as it"
        f" is. {'; '.join(parts)}."
    )


def repeats(results: ResultsByKey) -> str:
    """Alternative text of the AUC of each repeat of the folds."""
    parts = [
        f"{label_of(results, str(model))} median"
        f" {format_number(float(rows['auc'].median()), 'AUC')},"
        f" {format_number(float(rows['auc'].min()), 'AUC')} to"
        f" {format_number(float(rows['auc'].max()), 'AUC')}"
        for model, rows in curve_of(results, "repeats").groupby("model", sort=False)
    ]
    return (
        "Out-of-fold AUC of each repeat of the folds as dots, with a bar at the median."
        f" {'; '.join(parts)}."
    )


def instability(results: ResultsByKey) -> str:
    """Alternative text of the instability of the predictions."""
    parts = []
    for model, rows in curve_of(results, "instability").groupby("model", sort=False):
        difference = float((rows["resampled"] - rows["probability"]).abs().mean())
        parts.append(
            f"{label_of(results, str(model))}: mean absolute difference"
            f" {format_number(difference, 'probability difference')}"
            f" over {counted(rows['patient_id'].nunique(), 'patient')}"
        )
    return (
        "Probability of each patient by models of bootstrap samples against that by the model"
        f" itself, with lines that hold ninety percent. {'; '.join(parts)}."
    )


def _listed_names(names: list[str]) -> str:
    """Names in a row; semicolons part them where one has a comma."""
    return "; ".join(names) if any(", " in name for name in names) else listed(names)


def _predictor(results: ResultsByKey, name: str) -> str:
    """Label of a variable, or a radiomics feature as the tables spell it out."""
    # Imported here: the tables' package imports what prints documents, alternative texts included.
    from analysis.reporting.tables.feature_names import in_one

    (label,) = variable_labels(results, [name])
    if label != name.replace("_", " "):
        return label
    try:
        return in_one(results, name)
    except ValueError:
        return label


def shap(results: ResultsByKey) -> str:
    """Alternative text of the SHAP values of models."""
    points, parts = curve_of(results, "shap"), []
    for model, rows in points.groupby("model", sort=False):
        first = (
            rows.assign(size=rows["shap"].abs())
            .groupby("variable")["size"]
            .mean()
            .sort_values(ascending=False)
            .head(3)
        )
        parts.append(
            f"{label_of(results, str(model))}: the largest mean absolute values are of"
            f" {_listed_names([_predictor(results, str(name)) for name in first.index])}"
        )
    return (
        "SHAP values of out-of-fold predictions, one dot a patient, shaded by the value of the"
        f" variable. {('. ' if any(';' in each for each in parts) else '; ').join(parts)}."
    )


def contributions(results: ResultsByKey) -> str:
    """Alternative text of the SHAP values of the final fused model."""
    points = curve_of(results, "contributions")
    steps = points[points["shown"]].sort_values("shap", key=lambda each: -each.abs())
    parts = [
        f"{label_of(results, str(row.variable))} {format_number(float(row.shap), 'AUC difference')}"
        for row in steps.itertuples()
    ]
    return (
        "SHAP values of the final model in log odds: dots of all validation patients, and for one"
        f" patient the steps from {results.plain(keys.contributions_base())} to"
        f" {results.plain(keys.contributions_probability())}: {listed(parts)}."
    )


def places(division: str) -> Callable[[ResultsByKey], str]:
    """Writer of the alternative text of the forest plot by centre or cohort, as `division` says."""

    def text(results: ResultsByKey) -> str:
        frame, best = curve_of(results, "places"), results.plain(keys.best_model())
        rows = frame[(frame["division"] == division) & (frame["model"] == best)]
        parts = [
            f"{row.place} "
            + (
                "too few patients"
                if pd.isna(row.auc)
                else (
                    f"{format_number(float(row.auc), 'AUC')}"
                    f" ({format_interval(float(row.auc_low), float(row.auc_high), 'AUC')})"
                )
            )
            for row in rows.itertuples()
        ]
        key = keys.pooled("auc", best, division)
        pooled = f"; mean {results.plain(key, 'ci')}" if results.has_value(key) else ""
        return (
            f"Forest plot of {label_of(results, best)} by {DIVISIONS[division]}. AUC:"
            f" {'; '.join(parts)}{pooled}."
        )

    return text
