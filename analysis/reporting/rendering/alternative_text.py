"""Alternative text: what a figure shows, in words, for those who can't see it.

It is written from the numbers that the figure was drawn from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from analysis.core.word_lists import counted, listed
from analysis.reporting.drawn_scores import drawn_scores
from analysis.reporting.intervals import identical, interval_of
from analysis.reporting.number_style import format_interval, format_number
from analysis.reporting.rendering.alternative_text_images import IMAGE_TEXTS, contact_sheet
from analysis.reporting.results_by_key import ResultsByKey
from analysis.reporting.selected_coefficients import selected_coefficients
from analysis.reporting.survival_name import survival_name
from analysis.reporting.variable_labels import variable_labels
from analysis.reporting.wordings.exclusion_reasons import excluded_reasons, screened_reasons
from analysis.reporting.wordings.result_ids import DIVISIONS
from analysis.results import keys
from analysis.results.record import Record
from models.declared import CR, DL, RADIOMICS


def _label(results: ResultsByKey, name: str) -> str:
    return (
        results.plain(keys.label(name))
        if keys.label(name) in results.records
        else name.replace("_", " ")
    )


def _curve(results: ResultsByKey, name: str) -> pd.DataFrame:
    return results.frame(f"curves/{name}")


def _hows(results: ResultsByKey, apparent: bool = False) -> list[str]:
    return [
        *(["apparent"] if apparent else []),
        "out_of_fold",
        "validation",
        *results.study.split.external,
    ]


def _flow_chart(results: ResultsByKey) -> str:
    plain, event = results.plain, results.plain(keys.study_event())
    cohorts = [
        f"{label}: {counted(plain(keys.n_of_cohort(name)), 'patient')} analysed,"
        f" {plain(keys.events_of_cohort(name))} with and"
        f" {plain(keys.non_events_of_cohort(name))} without {event}"
        + (f", {results.records[key].value} of unknown outcome set aside" if unknown else "")
        for name, label in results.study.cohorts.items()
        for key in [keys.unknown_of_cohort(name)]
        for unknown in [key in results.records and results.records[key].value]
    ]
    before = ""
    if keys.screened_n() in results.records:
        before += (
            f"{counted(plain(keys.screened_n()), 'patient')} screened;"
            f" {plain(keys.screened_excluded_n())} excluded"
            f"{_reasons(screened_reasons(results.records))}. "
        )
    if keys.excluded_n() in results.records:
        before += (
            f"{counted(plain(keys.excluded_listed()), 'patient')} in the table;"
            f" {plain(keys.excluded_n())} could not be analysed"
            f"{_reasons(excluded_reasons(results.records))}. "
        )
    return (
        f"Flow chart. {before}{counted(plain(keys.cohort_n()), 'patient')} in the cohort."
        f" {'. '.join(cohorts)}."
    )


def _reasons(found: list[tuple[str, Record]]) -> str:
    """Reasons and numbers in brackets; empty where there are none."""
    words = [f"{reason}: {record.value}" for reason, record in found]
    return f" ({', '.join(words)})" if words else ""


def _phases(results: ResultsByKey) -> str:
    return (
        f"Cross-sections of the tumour in {counted(results.plain(keys.study_phases_n()), 'phase')}"
        f" ({results.plain(keys.study_phases())}), one patient a row; the outline of the tumour"
        " mask is drawn in yellow, and a bar shows the scale."
    )


def _selection(results: ResultsByKey) -> str:
    deviance, kept = (
        _curve(results, "selection_deviance"),
        selected_coefficients(_curve(results, "selection_path")),
    )
    taken = deviance[deviance["chosen"]].iloc[0]
    return (
        f"Left, cross-validated deviance of LASSO at"
        f" {counted(len(deviance), 'penalty', 'penalties')}, with lines at the penalty"
        " of least deviance and at the largest within one standard error of it;"
        f" {taken['penalty']:.3g} was taken. Right, bars of the coefficients of"
        f" {counted(len(kept), 'selected feature')}, from"
        f" {format_number(float(kept.min()), 'AUC difference')} to"
        f" {format_number(float(kept.max()), 'AUC difference')}."
    )


def _roc(results: ResultsByKey) -> str:
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
        for how in _hows(results, apparent=not groups)
        for title, models in (groups | {"models": final}).items()
        if (words := _areas(results, models, how, f"{title}, " if groups else ""))
    ]
    return _roc_text(panels)


def _roc_staging(results: ResultsByKey) -> str:
    compared = _compared(results)
    return _roc_text([words for how in _hows(results) if (words := _areas(results, compared, how))])


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
        f"{_label(results, model)} {results.plain(keys.auc(model, how))}"
        for model in models
        if keys.auc(model, how) in results.records
    ]
    return f"{before}{_label(results, how)}: {listed(areas)}" if areas else ""


def _roc_text(panels: list[str]) -> str:
    return (
        f"ROC curves, sensitivity against one minus specificity, in"
        f" {counted(len(panels), 'panel')}. Areas under the curves, {'; '.join(panels)}."
    )


def _calibration(results: ResultsByKey) -> str:
    return (
        f"Observed proportion against predicted probability of {_best_label(results)}, with the"
        " diagonal of perfect calibration, and histograms of the probabilities below."
        f" {_calibration_curves(results)}."
    )


def _calibration_models(results: ResultsByKey) -> str:
    return (
        "Observed proportion against predicted probability of each model, with the diagonal of"
        f" perfect calibration. {_calibration_curves(results)}."
    )


def _best_label(results: ResultsByKey) -> str:
    return _label(results, results.plain(keys.best_model()))


def _calibration_curves(results: ResultsByKey) -> str:
    points, best = _curve(results, "calibration"), results.plain(keys.best_model())
    parts = []
    for how in _hows(results):
        curve = points[(points["model"] == best) & (points["how"] == how)]
        if len(curve):
            gap = curve.loc[(curve["observed"] - curve["predicted"]).abs().idxmax()]
            parts.append(
                f"{_label(results, how)}, {_label(results, best)}: predicted"
                f" {format_number(float(curve['predicted'].min()), 'ratio')} to"
                f" {format_number(float(curve['predicted'].max()), 'ratio')}, farthest from the"
                f" diagonal at {format_number(float(gap['predicted']), 'ratio')} with an observed"
                f" proportion of {format_number(float(gap['observed']), 'ratio')}"
            )
    return (
        "; ".join(parts)
        or f"{_label(results, best)} has too few distinct probabilities for a curve"
    )


def _decision_curve(results: ResultsByKey) -> str:
    compared = [_label(results, name) for name in _compared(results)]
    return _decision_text(results, listed(compared) or "each model")


def _decision_curve_models(results: ResultsByKey) -> str:
    return _decision_text(results, "each model")


def _decision_text(results: ResultsByKey, curves: str) -> str:
    points, best = _curve(results, "decision_curve"), results.plain(keys.best_model())
    reported = results.record(keys.decision_reported_threshold()).number
    parts = []
    for how in _hows(results):
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
                f"{_label(results, how)}: {_label(results, best)}"
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
                f"{_label(results, name)} {format_number(record.value, record.unit)}"
                f" ({interval_of(record) or identical(record)})"
                for name, record in rows
                if record.value is not None
                and record.ci_low is not None
                and record.ci_high is not None
            ]
        )
        or "none could be estimated"
    )


def _forest(results: ResultsByKey) -> str:
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
            f"AUC of {_label(results, best)} minus that of each other model:"
            f" {_differences(results, by_model)}"
        )
    if scores:
        model = _label(results, results.plain(keys.contrasts_model()))
        gains = _differences(results, {name: keys.added_value(name) for name in scores})
        parts.append(f"gain in AUC when {model} is added to each score: {gains}")
    return (
        "Forest plot of differences in AUC in the validation cohort, with confidence intervals."
        f" {'; '.join(parts)}."
    )


def _nomogram(results: ResultsByKey) -> str:
    ticks = _curve(results, "nomogram")
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


def _kaplan_meier(results: ResultsByKey) -> str:
    points, parts = _curve(results, "kaplan_meier"), []
    horizon = results.record(keys.endpoint_horizon_months()).value
    for group, rows in points.groupby("group", sort=False):
        before = rows[rows["time_months"] <= horizon]
        cohort, _, risk = str(group).partition(": ")
        at = float(before["survival"].iloc[-1]) if len(before) else 1.0
        parts.append(
            f"{cohort}, {risk}: {counted(int(rows['at_risk'].iloc[0]), 'patient')},"
            f" {format_number(at, 'ratio')} free of events at {counted(f'{horizon:g}', 'month')}"
        )
    survival = survival_name(results.plain("study.event"))
    return f"Kaplan-Meier curves of {survival} with numbers at risk. {'; '.join(parts)}."


def _cumulative_incidence(results: ResultsByKey) -> str:
    points, parts = _curve(results, "cumulative_incidence"), []
    for (group, event), rows in points.groupby(["group", "event"], sort=False):
        parts.append(
            f"{group}, {event} {format_number(float(rows['incidence'].iloc[-1]), 'ratio')}"
        )
    return (
        f"Cumulative incidence of {results.plain(keys.study_event())} and of death before it, by"
        f" cohort and risk group; at the end of follow-up: {'; '.join(parts)}."
    )


def _stages(results: ResultsByKey) -> str:
    points = _curve(results, "stages")
    systems = points["group"].str.partition(": ")
    parts = [
        f"{_label(results, name)} ({', '.join(dict.fromkeys(rows[2]))})"
        for name, rows in systems.groupby(0, sort=False)
    ]
    survival = survival_name(results.plain("study.event"))
    return f"Kaplan-Meier curves of {survival} by level of {listed(parts)}."


def _permutations(results: ResultsByKey) -> str:
    parts = []
    for model, rows in _curve(results, "permutations").groupby("model", sort=False):
        shuffled, own = (
            rows.loc[rows["permutation"] > 0, "auc"],
            rows.loc[rows["permutation"] == 0, "auc"],
        )
        parts.append(
            f"{_label(results, str(model))}: mean {format_number(float(shuffled.mean()), 'AUC')}"
            f" over {counted(len(shuffled), 'permutation')},"
            f" {format_number(float(own.iloc[0]), 'AUC')} on the outcome as it is"
        )
    return (
        "Histograms of the AUC on permuted outcomes with a line at the AUC on the outcome as it"
        f" is. {'; '.join(parts)}."
    )


def _repeats(results: ResultsByKey) -> str:
    parts = [
        f"{_label(results, str(model))} median {format_number(float(rows['auc'].median()), 'AUC')},"
        f" {format_number(float(rows['auc'].min()), 'AUC')} to"
        f" {format_number(float(rows['auc'].max()), 'AUC')}"
        for model, rows in _curve(results, "repeats").groupby("model", sort=False)
    ]
    return (
        "Out-of-fold AUC of each repeat of the folds as dots, with a bar at the median."
        f" {'; '.join(parts)}."
    )


def _instability(results: ResultsByKey) -> str:
    parts = []
    for model, rows in _curve(results, "instability").groupby("model", sort=False):
        difference = float((rows["resampled"] - rows["probability"]).abs().mean())
        parts.append(
            f"{_label(results, str(model))}: mean absolute difference"
            f" {format_number(difference, 'probability difference')}"
            f" over {counted(rows['patient_id'].nunique(), 'patient')}"
        )
    return (
        "Probability of each patient by models of bootstrap samples against that by the model"
        f" itself, with lines that hold ninety percent. {'; '.join(parts)}."
    )


def _shap(results: ResultsByKey) -> str:
    points, parts = _curve(results, "shap"), []
    for model, rows in points.groupby("model", sort=False):
        first = (
            rows.assign(size=rows["shap"].abs())
            .groupby("variable")["size"]
            .mean()
            .sort_values(ascending=False)
            .head(3)
        )
        parts.append(
            f"{_label(results, str(model))}: the largest mean absolute values are of"
            f" {listed(variable_labels(results, map(str, first.index)))}"
        )
    return (
        "SHAP values of out-of-fold predictions, one dot a patient, shaded by the value of the"
        f" variable. {'; '.join(parts)}."
    )


def _contributions(results: ResultsByKey) -> str:
    points = _curve(results, "contributions")
    steps = points[points["shown"]].sort_values("shap", key=lambda each: -each.abs())
    parts = [
        f"{_label(results, str(row.variable))} {format_number(float(row.shap), 'AUC difference')}"
        for row in steps.itertuples()
    ]
    return (
        "SHAP values of the final model in log odds: dots of all validation patients, and for one"
        f" patient the steps from {results.plain(keys.contributions_base())} to"
        f" {results.plain(keys.contributions_probability())}: {listed(parts)}."
    )


def _places(division: str) -> Callable[[ResultsByKey], str]:
    def text(results: ResultsByKey) -> str:
        frame, best = _curve(results, "places"), results.plain(keys.best_model())
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
            f"Forest plot of {_label(results, best)} by {DIVISIONS[division]}. AUC:"
            f" {'; '.join(parts)}{pooled}."
        )

    return text


TEXTS: dict[str, Callable[[ResultsByKey], str]] = {
    "flow_chart": _flow_chart,
    "phases": _phases,
    "selection": _selection,
    "roc": _roc,
    "roc_staging": _roc_staging,
    "calibration": _calibration,
    "calibration_models": _calibration_models,
    "decision_curve": _decision_curve,
    "decision_curve_models": _decision_curve_models,
    "forest": _forest,
    "nomogram": _nomogram,
    "kaplan_meier": _kaplan_meier,
    "cumulative_incidence": _cumulative_incidence,
    "stages": _stages,
    "permutations": _permutations,
    "repeats": _repeats,
    "instability": _instability,
    "shap": _shap,
    "contributions": _contributions,
    **{f"places_{division}": _places(division) for division in DIVISIONS},
    **IMAGE_TEXTS,
}


def alternative_text(results: ResultsByKey, name: str) -> str:
    """Raises KeyError for a figure that has none: every figure of the report needs one."""
    if name.startswith("contact_sheet_"):
        return contact_sheet(name.removeprefix("contact_sheet_"))(results)
    if name not in TEXTS:
        raise KeyError(
            f"figure '{name}' has no alternative text; give it one in"
            " analysis/reporting/rendering/alternative_text.py"
        )
    return TEXTS[name](results)
