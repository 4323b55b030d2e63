"""Figures of performance.

They are ROC, calibration and decision curves, differences in AUC, and results by centre or cohort.
"""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.figure import Figure

from analysis.reporting.figures.calibration import Detail, Histogram, draw_calibration
from analysis.reporting.figures.decision_curve import draw_decision_curve
from analysis.reporting.figures.findings import Findings
from analysis.reporting.figures.forest import draw_forest
from analysis.reporting.figures.places import PANELS, draw_places
from analysis.reporting.figures.roc import Area, OperatingPoint, draw_roc
from analysis.reporting.number_style import format_number
from analysis.results import keys
from analysis.results.model_table import NAME as MODELS
from analysis.results.model_table import described_models, siblings_of
from analysis.results.record import Record
from models.declared import DL, RADIOMICS

# Curves of all models among which one is chosen, by the chosen one.
ROC_OF_SIBLINGS = {RADIOMICS.id: "roc_radiomics", DL.id: "roc_resnet"}


def of_discrimination(findings: Findings) -> dict[str, Figure]:
    """ROC curves: of the main models, and of the parts of radiomics and of the networks."""
    points, labels = findings.curves["roc"], findings.labels
    areas = {
        (parts["model"], parts["evaluation"]): Area(
            record.value, record.ci_low, record.ci_high, findings.level
        )
        for parts, record in keys.auc.of(findings.records)
    }
    figures = {
        "roc": draw_roc(
            points,
            findings.headline,
            findings.judged,
            labels,
            areas=areas,
            operating_points=_operating_points(findings),
        )
    }
    models = described_models(
        findings.names(keys.models_included()),
        findings.curves.get(MODELS),
        comparators=findings.names(keys.models_comparators()),
    )
    for chosen, figure in ROC_OF_SIBLINGS.items():
        parts = siblings_of(models, chosen)
        if parts:
            short = labels | {model: models[model].short for model in parts}
            figures[figure] = draw_roc(points, parts, findings.unseen, short, areas=areas)
    return figures


# What places a model's cut-off on its curve.
MEASURED = (keys.sensitivity, keys.specificity)


def _operating_points(findings: Findings) -> list[OperatingPoint]:
    """The best model at its cut-off, for each way of judging that has its sensitivity."""
    best, found = findings.best, []
    for how in findings.judged:
        both = [findings.records.get(measure(best, how)) for measure in MEASURED]
        values = [record.value for record in both if record is not None]
        if len(values) == len(MEASURED) and None not in values:
            found.append(OperatingPoint(best, how, *values))
    return found


def of_probabilities(findings: Findings) -> dict[str, Figure]:
    """Calibration and decision curves, of models that give probabilities."""
    curves, labels, best = findings.curves, findings.labels, findings.best
    probable = [how for how in findings.unseen if findings.has_points_of("decision_curve", how)]
    figures = {}
    if findings.has_points("calibration") or probable:
        figures["calibration"] = draw_calibration(
            curves["calibration"],
            findings.headline,
            findings.unseen,
            labels,
            band_of=best,
            detail=_calibration_detail(findings),
        )
    if probable:
        figures["decision_curve"] = draw_decision_curve(
            curves["decision_curve"], findings.headline, probable, labels, band_of=best
        )
    return figures


# Measures of calibration in the panel, and what they are called there.
MEASURES = {
    "O:E": keys.observed_expected,
    "Slope": keys.calibration_slope,
    "Calibration in the large": keys.calibration_intercept,
    "Brier score": keys.brier,
}


def _calibration_detail(findings: Findings) -> Detail:
    """What the results have of the best model: groups, measures and its patients."""
    counts = findings.curves.get("calibration_counts")
    measures = {}
    for how in findings.unseen:
        named = {
            name: findings.records.get(measure(findings.best, how))
            for name, measure in MEASURES.items()
        }
        measures[how] = [
            f"{name} {format_number(record.value, record.unit)}"
            for name, record in named.items()
            if record is not None and record.value is not None
        ]
    return Detail(
        groups=findings.curves.get("calibration_groups"),
        measures=measures,
        histogram=None if counts is None else Histogram(findings.best, counts, findings.event),
    )


def _forest_rows(records: Mapping[str, Record], by_model: Mapping[str, str]) -> list[dict]:
    """by_model: model → key of the difference; one that is not there, or undefined, has no row."""
    rows = []
    for model, key in by_model.items():
        record = records.get(key)
        if record is not None and record.value is not None and record.ci_low is not None:
            rows.append(
                {
                    "label": records[keys.label(model)].value,
                    "difference": record.value,
                    "ci_low": record.ci_low,
                    "ci_high": record.ci_high,
                }
            )
    return rows


def of_comparisons(findings: Findings) -> dict[str, Figure]:
    """Figures of differences in AUC.

    They are those of the best model from the others, and what a model adds to each comparator.
    """
    records, labels, best = findings.records, findings.labels, findings.best
    figures = {}
    others = [model for model in findings.headline if model != best]
    rows = _forest_rows(
        records, {model: keys.delong(best, model, "validation") for model in others}
    )
    if rows:
        axis = (
            f"AUC of {labels[best]} minus AUC of the other, validation\n← other higher    "
            f" {labels[best]} higher →"
        )
        figures["forest"] = draw_forest(rows, best, axis, findings.level)
    rows = _forest_rows(
        records,
        {name: keys.added_value(name) for name in findings.names(keys.added_value_scores())},
    )
    if rows:
        model = findings.text(keys.contrasts_model())
        axis = (
            f"AUC with {labels[model]} minus AUC of the comparator alone, validation\n← comparator"
            f" alone higher     with {labels[model]} higher →"
        )
        figures["added_value"] = draw_forest(rows, model, axis, findings.level)
    return figures


def of_places(findings: Findings) -> dict[str, Figure]:
    """Figures of the best model by centre or cohort.

    There is a figure for each division of the patients that has places with enough of them.
    """
    figures: dict[str, Figure] = {}
    if not findings.has_points("places"):
        return figures
    rows = findings.curves["places"]
    of_best = rows[rows["model"] == findings.best]
    for division, part in of_best.groupby("division", sort=False):
        if part["auc"].notna().any():
            figures[f"places_{division}"] = draw_places(
                part, _pooled(findings, str(division)), findings.best, findings.level
            )
    return figures


def _pooled(findings: Findings, division: str) -> dict[str, dict[str, float | None]]:
    """Pooled mean of each measure over the places, with its two intervals.

    Measure → its mean; one that was not pooled is left out.
    """
    pooled = {}
    for name in PANELS:
        parts = (name, findings.best, division)
        mean = findings.records.get(keys.pooled(*parts))
        ahead = findings.records.get(keys.pooled_prediction(*parts))
        if mean is not None and ahead is not None and mean.value is not None:
            pooled[name] = {
                "value": mean.number,
                "ci_low": mean.ci_low,
                "ci_high": mean.ci_high,
                "prediction_low": ahead.ci_low,
                "prediction_high": ahead.ci_high,
            }
    return pooled
