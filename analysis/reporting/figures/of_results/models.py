"""Figures of the models.

They show the selection of features, the nomogram, courses of the trainings, and where networks
looked; permutations, repeats, instability and SHAP values.
"""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from analysis.reporting.figures.contributions import draw_contributions
from analysis.reporting.figures.findings import Findings
from analysis.reporting.figures.gallery import draw_gallery
from analysis.reporting.figures.grad_cam import draw_grad_cam
from analysis.reporting.figures.instability import draw_instability
from analysis.reporting.figures.nomogram import Worked, draw_nomogram
from analysis.reporting.figures.permutation import draw_permutations
from analysis.reporting.figures.repeats import draw_repeats
from analysis.reporting.figures.selection import draw_selection
from analysis.reporting.figures.shap_values import draw_shap
from analysis.reporting.figures.training_curves import draw_training_curves
from analysis.reporting.number_style import format_number
from analysis.results import keys


def of_models(findings: Findings) -> dict[str, Figure]:
    """How the features were selected, and the nomogram."""
    curves, figures = findings.curves, {}
    if "selection_deviance" in curves and "selection_path" in curves:
        figures["selection"] = draw_selection(
            curves["selection_deviance"], curves["selection_path"], findings.feature_name
        )
    if findings.has_points("nomogram"):
        figures["nomogram"] = draw_nomogram(
            curves["nomogram"], findings.event, _worked_patient(findings)
        )
    return figures


def _worked_patient(findings: Findings) -> Worked | None:
    """The made-up patient of the nomogram, where the results have one."""
    total = findings.records.get(keys.nomogram_example_points())
    risk = findings.records.get(keys.nomogram_example_risk())
    if not findings.has_points("nomogram_example") or total is None or risk is None:
        return None
    rows = findings.curves["nomogram_example"]
    points = dict(zip(rows["axis"], rows["points"].astype(float), strict=True))
    return Worked(points, total.number, format_number(risk.number, "ratio"))


def of_robustness(findings: Findings) -> dict[str, Figure]:
    """Figures of the robustness of the models.

    They show permuted outcomes, repeats of the folds, instability and SHAP values, where the study
    has them.
    """
    curves, labels, figures = findings.curves, findings.labels, {}
    if findings.has_points("permutations"):
        figures["permutations"] = draw_permutations(curves["permutations"], labels)
    if findings.has_points("repeats"):
        figures["repeats"] = draw_repeats(curves["repeats"], findings.headline, labels)
    if findings.has_points("instability"):
        figures["instability"] = draw_instability(curves["instability"], labels)
    if findings.has_points("shap"):
        points = curves["shap"]
        names = {
            variable: findings.terms.get(variable) or findings.feature_name(variable)
            for variable in points["variable"].unique()
        }
        figures["shap"] = draw_shap(points, _by_mean_shap(points), labels, names)
    return figures | _contributions(findings)


def _contributions(findings: Findings) -> dict[str, Figure]:
    """SHAP values of the final fused model, where the best model is one."""
    if not findings.has_points("contributions"):
        return {}
    points, records = findings.curves["contributions"], findings.records
    names = {
        variable: f"{findings.labels[variable]} score"
        if variable in findings.labels
        else findings.terms.get(variable) or findings.feature_name(variable)
        for variable in points["variable"].unique()
    }
    ends = (keys.contributions_base(), keys.contributions_probability())
    base, probability = (records[end].number for end in ends)
    return {"contributions": draw_contributions(points, names, base, probability)}


def _by_mean_shap(points: pd.DataFrame) -> dict[str, list[str]]:
    """Model → its variables, those of the largest absolute SHAP values first."""
    sizes = points.assign(size=points["shap"].abs()).groupby(["model", "variable"])["size"].sum()
    order = sizes.reset_index().sort_values("size", ascending=False)
    return {
        model: list(order.loc[order["model"] == model, "variable"])
        for model in points["model"].unique()
    }


def of_images(findings: Findings) -> dict[str, Figure]:
    """Figures of the images and of the networks.

    They show where the best network looked, the largest errors, and the course of the trainings,
    where the study has images and networks.
    """
    curves, figures = findings.curves, {}
    for name, draw in (("grad_cam", draw_grad_cam), ("gallery", draw_gallery)):
        if name in curves:
            figures[name] = draw(
                curves[name], curves[f"{name}_patients"], findings.event, findings.phases
            )
    if findings.has_points("training"):
        figures["training"] = draw_training_curves(curves["training"], findings.labels)
    return figures
