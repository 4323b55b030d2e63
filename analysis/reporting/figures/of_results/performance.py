"""Figures of performance.

They are calibration and decision curves, differences in AUC, and results by centre or cohort.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from matplotlib.figure import Figure

from analysis.reporting.figures.calibration import Detail, Histogram, draw_calibration
from analysis.reporting.figures.decision_curve import Claimed, draw_decision_curve
from analysis.reporting.figures.findings import Findings
from analysis.reporting.figures.forest import Group, Row, draw_forest
from analysis.reporting.figures.of_results.discrimination import compared_models
from analysis.reporting.figures.places import PANELS, draw_places
from analysis.reporting.number_style import format_number
from analysis.results import keys


def of_probabilities(findings: Findings) -> dict[str, Figure]:
    """Calibration and decision curves, of models that give probabilities."""
    curves, labels, best = findings.curves, findings.labels, findings.best
    probable = [how for how in findings.unseen if findings.has_points_of("decision_curve", how)]
    figures = {}
    if findings.has_points("calibration") or probable:
        figures["calibration"] = draw_calibration(
            curves["calibration"],
            [best],
            findings.unseen,
            labels,
            band_of=best,
            detail=_calibration_detail(findings),
        )
    if findings.has_points("calibration") and len(findings.headline) > 1:
        figures["calibration_models"] = draw_calibration(
            curves["calibration"], findings.headline, findings.unseen, labels, band_of=best
        )
    if probable:
        compared = compared_models(findings)
        points, claimed = curves["decision_curve"], _claimed(findings)
        figures["decision_curve"] = draw_decision_curve(
            points,
            compared or findings.headline,
            hows=probable,
            labels=labels,
            band_of=best,
            claimed=claimed,
        )
        if compared and len(findings.headline) > 1:
            figures["decision_curve_models"] = draw_decision_curve(
                points,
                findings.headline,
                hows=probable,
                labels=labels,
                band_of=best,
                claimed=claimed,
            )
    return figures


def _claimed(findings: Findings) -> Claimed:
    """Threshold probabilities over which a higher net benefit may be claimed."""
    ends = (keys.decision_claim_low(), keys.decision_claim_high())
    return Claimed(*(findings.records[end].number for end in ends))


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


def _forest_rows(
    findings: Findings, by_name: Mapping[str, str], alone: Callable[[str], str]
) -> list[Row]:
    """Rows of a forest plot; a difference that is not there, or undefined, has none.

    by_name: model or score → key of the difference. alone: key of the AUC of one by itself.
    """
    records, rows = findings.records, []
    for name, key in by_name.items():
        found, area = records.get(key), records.get(alone(name))
        if found is None or found.value is None or found.ci_low is None or found.ci_high is None:
            continue
        rows.append(
            Row(
                str(records[keys.label(name)].value),
                found.number,
                ci_low=found.ci_low,
                ci_high=found.ci_high,
                n=found.n,
                auc=None
                if area is None or area.value is None
                else (area.number, area.ci_low, area.ci_high),
                p=found.p,
            )
        )
    return rows


def of_comparisons(findings: Findings) -> dict[str, Figure]:
    """Figure of differences in AUC: of the best model from the others, and what it adds to scores.

    There is none where nothing is compared.
    """
    labels, best = findings.labels, findings.best
    groups = []
    rows = _forest_rows(
        findings,
        {
            model: keys.delong(best, model, "validation")
            for model in findings.headline
            if model != best
        },
        lambda name: keys.auc(name, "validation"),
    )
    if rows:
        axis = (
            f"AUC of {labels[best]} minus that of the other\n← other higher     {labels[best]}"
            " higher →"
        )
        groups.append(Group("Models", best, axis_label=axis, alone="AUC", rows=rows))
    rows = _forest_rows(
        findings,
        {name: keys.added_value(name) for name in findings.names(keys.added_value_scores())},
        keys.added_value_auc_alone,
    )
    if rows:
        model = findings.text(keys.contrasts_model())
        axis = (
            f"AUC with {labels[model]} minus AUC of the score alone\n← alone higher     with"
            f" {labels[model]} higher →"
        )
        title = "Staging systems and indexes"
        groups.append(Group(title, model, axis_label=axis, alone="AUC alone", rows=rows))
    return {"forest": draw_forest(groups, findings.level)} if groups else {}


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


def _pooled(findings: Findings, division: str) -> dict[str, dict[str, float]]:
    """Pooled mean of each measure over the places, with its two intervals.

    Measure → its mean; one that was not pooled is left out.
    """
    pooled: dict[str, dict[str, float]] = {}
    for name in PANELS:
        parts = (name, findings.best, division)
        mean = findings.records.get(keys.pooled(*parts))
        ahead = findings.records.get(keys.pooled_prediction(*parts))
        if mean is None or ahead is None or mean.value is None:
            continue
        ends = {
            "ci_low": mean.ci_low,
            "ci_high": mean.ci_high,
            "prediction_low": ahead.ci_low,
            "prediction_high": ahead.ci_high,
        }
        pooled[name] = {"value": mean.number} | {
            end: value for end, value in ends.items() if value is not None
        }
    return pooled
