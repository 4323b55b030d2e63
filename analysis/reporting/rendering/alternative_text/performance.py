"""Alternative text of ROC, calibration and decision curves, and of differences in AUC."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.core.word_lists import counted, listed
from analysis.reporting.drawn_scores import drawn_scores
from analysis.reporting.intervals import identical, interval_of
from analysis.reporting.number_style import format_number
from analysis.reporting.rendering.alternative_text.parts import curve_of, label_of, ways_of_judging
from analysis.reporting.results_by_key import ResultsByKey
from analysis.results import keys
from models.declared import CR, DL, RADIOMICS


def roc(results: ResultsByKey) -> str:
    """Alternative text of the ROC curves of the models."""
    groups = {
        title: models
        for title, models in (
            ("radiomics classifiers", results.siblings(RADIOMICS.id)),
            ("networks", results.siblings(DL.id)),
        )
        if len(models) > 1
    }
    final = results.names(keys.models_headline())
    panels = [
        words
        for how in ways_of_judging(results, apparent=not groups)
        for title, models in (groups | {"models": final}).items()
        if (words := _areas(results, models, how, f"{title}, " if groups else ""))
    ]
    return _roc_text(panels)


def roc_staging(results: ResultsByKey) -> str:
    """Alternative text of the ROC curves of the best model and of scores."""
    compared = _compared(results)
    return _roc_text(
        [words for how in ways_of_judging(results) if (words := _areas(results, compared, how))]
    )


def _compared(results: ResultsByKey) -> list[str]:
    """The best model, CR and the scores that figures compare with it; none without scores."""
    scores = drawn_scores(results.records)
    if not scores:
        return []
    own = [name for name in results.names(keys.models_headline()) if name == CR.id]
    return [*dict.fromkeys([results.plain(keys.best_model()), *own]), *scores]


def _areas(results: ResultsByKey, models: list[str], how: str, before: str = "") -> str:
    """One panel of a ROC figure in words; empty where no model has an AUC."""
    areas = [
        f"{label_of(results, model)} {results.plain(keys.auc(model, how))}"
        for model in models
        if keys.auc(model, how) in results.records
    ]
    return f"{before}{label_of(results, how)}: {listed(areas)}" if areas else ""


def _roc_text(panels: list[str]) -> str:
    return (
        f"ROC curves, sensitivity against one minus specificity, in"
        f" {counted(len(panels), 'panel')}. Areas under the curves, {'; '.join(panels)}."
    )


def calibration(results: ResultsByKey) -> str:
    """Alternative text of the calibration curve of the best model."""
    return (
        f"Observed proportion against predicted probability of {_best_label(results)}, with the"
        " diagonal of perfect calibration, and histograms of the probabilities below."
        f" {_calibration_curves(results)}."
    )


def calibration_models(results: ResultsByKey) -> str:
    """Alternative text of the calibration curves of all models."""
    return (
        "Observed proportion against predicted probability of each model, with the diagonal of"
        f" perfect calibration. {_calibration_curves(results)}."
    )


def _best_label(results: ResultsByKey) -> str:
    return label_of(results, results.plain(keys.best_model()))


def _calibration_curves(results: ResultsByKey) -> str:
    points, best = curve_of(results, "calibration"), results.plain(keys.best_model())
    parts = []
    for how in ways_of_judging(results):
        curve = points[(points["model"] == best) & (points["how"] == how)]
        if len(curve):
            gap = curve.loc[(curve["observed"] - curve["predicted"]).abs().idxmax()]
            parts.append(
                f"{label_of(results, how)}, {label_of(results, best)}: predicted"
                f" {format_number(float(curve['predicted'].min()), 'ratio')} to"
                f" {format_number(float(curve['predicted'].max()), 'ratio')}, farthest from the"
                f" diagonal at {format_number(float(gap['predicted']), 'ratio')} with an observed"
                f" proportion of {format_number(float(gap['observed']), 'ratio')}"
            )
    return (
        "; ".join(parts)
        or f"{label_of(results, best)} has too few distinct probabilities for a curve"
    )


def decision_curve(results: ResultsByKey) -> str:
    """Alternative text of the decision curves of the best model and of scores."""
    compared = [label_of(results, name) for name in _compared(results)]
    return _decision_text(results, listed(compared) or "each model")


def decision_curve_models(results: ResultsByKey) -> str:
    """Alternative text of the decision curves of all models."""
    return _decision_text(results, "each model")


def _decision_text(results: ResultsByKey, curves: str) -> str:
    points, best = curve_of(results, "decision_curve"), results.plain(keys.best_model())
    reported = results.record(keys.decision_reported_threshold()).number
    parts = []
    for how in ways_of_judging(results):
        part = points[points["how"] == how]
        at = {
            name: part.loc[
                (part.loc[part["model"] == name, "threshold"] - reported).abs().idxmin(),
                "net_benefit",
            ]
            for name in (best, "treat_all")
            if (part["model"] == name).any()
        }
        if len(at) == 2:
            parts.append(
                f"{label_of(results, how)}: {label_of(results, best)}"
                f" {format_number(float(at[best]), 'net benefit')}, treating all"
                f" {format_number(float(at['treat_all']), 'net benefit')}"
            )
    return (
        "Net benefit against threshold probability from"
        f" {results.plain(keys.decision_threshold_low(), 'level')} to"
        f" {results.plain(keys.decision_threshold_high(), 'level')} for {curves}, treating all"
        f" and treating none. At {results.plain(keys.decision_reported_threshold(), 'level')},"
        f" {'; '.join(parts)}."
    )


def _differences(results: ResultsByKey, by_name: Mapping[str, str]) -> str:
    rows = [(name, results.records[key]) for name, key in by_name.items() if key in results.records]
    return (
        listed(
            [
                f"{label_of(results, name)} {format_number(record.value, record.unit)}"
                f" ({interval_of(record) or identical(record)})"
                for name, record in rows
                if record.value is not None
                and record.ci_low is not None
                and record.ci_high is not None
            ]
        )
        or "none could be estimated"
    )


def forest(results: ResultsByKey) -> str:
    """Alternative text of the forest plot of differences in AUC."""
    best = results.plain(keys.best_model())
    by_model = {
        model: keys.delong(best, model, "validation")
        for model in results.names(keys.models_headline())
        if model != best
    }
    scores = (
        results.names(keys.added_value_scores())
        if keys.added_value_scores() in results.records
        else []
    )
    parts = []
    if by_model:
        parts.append(
            f"AUC of {label_of(results, best)} minus that of each other model:"
            f" {_differences(results, by_model)}"
        )
    if scores:
        model = label_of(results, results.plain(keys.contrasts_model()))
        gains = _differences(results, {name: keys.added_value(name) for name in scores})
        parts.append(f"gain in AUC when {model} is added to each score: {gains}")
    return (
        "Forest plot of differences in AUC in the validation cohort, with confidence intervals."
        f" {'; '.join(parts)}."
    )
