"""From the results of a study to its figures, as files; the one place here that reads and
writes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from analysis.inputs.crops.example import read_examples
from analysis.reporting.figures.calibration import Detail, Histogram, draw_calibration
from analysis.reporting.figures.contact_sheet import contact_sheets
from analysis.reporting.figures.cumulative_incidence import draw_cumulative_incidence
from analysis.reporting.figures.decision_curve import draw_decision_curve
from analysis.reporting.figures.feature_icc import draw_feature_icc
from analysis.reporting.figures.files import KINDS, save_figure
from analysis.reporting.figures.findings import Findings
from analysis.reporting.figures.flow_chart import draw_flow_chart
from analysis.reporting.figures.forest import draw_forest
from analysis.reporting.figures.gallery import draw_gallery
from analysis.reporting.figures.grad_cam import draw_grad_cam
from analysis.reporting.figures.instability import draw_instability
from analysis.reporting.figures.kaplan_meier import draw_kaplan_meier
from analysis.reporting.figures.nomogram import draw_nomogram
from analysis.reporting.figures.permutation import draw_permutations
from analysis.reporting.figures.phases import draw_phases
from analysis.reporting.figures.places import PANELS, draw_places
from analysis.reporting.figures.repeats import draw_repeats
from analysis.reporting.figures.roc import Area, OperatingPoint, draw_roc
from analysis.reporting.figures.selection import draw_selection
from analysis.reporting.figures.shap_values import draw_shap
from analysis.reporting.figures.stages import draw_stages
from analysis.reporting.figures.style import looks_of
from analysis.reporting.figures.training_curves import draw_training_curves
from analysis.reporting.number_style import format_interval, format_number, p_statement
from analysis.reporting.survival_name import survival_name
from analysis.results import keys
from analysis.results.model_table import NAME as MODELS
from analysis.results.model_table import described_models, siblings_of
from analysis.results.record import Record, read_records
from models.declared import DL, RADIOMICS

# Curves of all models among which one is chosen, by the chosen one.
ROC_OF_SIBLINGS = {RADIOMICS.id: "roc_radiomics", DL.id: "roc_resnet"}


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


def figures_of(
    records: Mapping[str, Record], curves: Mapping[str, pd.DataFrame]
) -> dict[str, Figure]:
    """Every figure that these results allow, by name; one that they do not allow is left out."""
    findings = Findings(records, curves)
    return {
        **_of_discrimination(findings),
        **_of_probabilities(findings),
        **_of_comparisons(findings),
        **_of_models(findings),
        **_of_follow_up(findings),
        **_of_places(findings),
        **_of_robustness(findings),
        **_of_images(findings),
        **_of_features(findings),
        "flow_chart": _flow_chart(findings),
    }


def _of_discrimination(findings: Findings) -> dict[str, Figure]:
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


def _of_probabilities(findings: Findings) -> dict[str, Figure]:
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


def _of_comparisons(findings: Findings) -> dict[str, Figure]:
    """Differences in AUC: of the best model from the others, and what a model adds to each
    comparator."""
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


def _of_models(findings: Findings) -> dict[str, Figure]:
    """How the features were selected, and the nomogram."""
    curves, figures = findings.curves, {}
    if "selection_steps" in curves:
        figures["selection"] = draw_selection(
            curves["selection_steps"], curves.get("selection_path")
        )
    if findings.has_points("nomogram"):
        figures["nomogram"] = draw_nomogram(curves["nomogram"], findings.event)
    return figures


def _of_follow_up(findings: Findings) -> dict[str, Figure]:
    """Survival by risk group and by stage, and the incidence of either event, where the patients
    were followed."""
    curves, labels, figures = findings.curves, findings.labels, {}
    if "kaplan_meier" not in curves:
        return figures
    horizon = findings.records.get(keys.endpoint_horizon_months())
    months = None if horizon is None else horizon.value
    groups = curves["kaplan_meier"]["group"].astype(str)
    named = {"training": labels["out_of_fold"], "validation": labels["validation"]}
    cohorts = {
        name: label for name, label in named.items() if groups.str.startswith(f"{name}:").any()
    }
    if cohorts:
        figures["kaplan_meier"] = draw_kaplan_meier(
            curves["kaplan_meier"],
            list(cohorts),
            cohorts,
            months,
            survival_name(findings.event).capitalize(),
            {cohort: _group_comparison(findings, cohort) for cohort in cohorts},
        )
    if findings.has_points("stages"):
        figures["stages"] = draw_stages(
            curves["stages"], labels, months, survival_name(findings.event).capitalize()
        )
    if findings.has_points("cumulative_incidence"):
        figures["cumulative_incidence"] = draw_cumulative_incidence(
            curves["cumulative_incidence"], list(cohorts), cohorts, months
        )
    return figures


def _group_comparison(findings: Findings, cohort: str) -> str:
    """Hazard ratio of high against low risk, and the log-rank test where one was made."""
    ratio = findings.records.get(keys.hazard_ratio("any_event", cohort))
    test = findings.records.get(keys.log_rank_risk_group(cohort))
    lines = []
    if ratio is not None and ratio.value is not None:
        interval = format_interval(ratio.ci_low, ratio.ci_high, ratio.unit)
        lines.append(f"Hazard ratio, {format_number(ratio.value, ratio.unit)} ({interval})")
    if test is not None and test.p is not None:
        # Letters of a figure are no Markdown.
        lines.append(f"Log-rank {p_statement(test.p).replace('*', '')}")
    return "\n".join(lines)


def _of_places(findings: Findings) -> dict[str, Figure]:
    """The best model by centre or cohort: a figure for each division of the patients that has
    places with enough of them."""
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
    """Measure → its mean over the places with its two intervals; one that was not pooled is left
    out."""
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


def _of_robustness(findings: Findings) -> dict[str, Figure]:
    """Permuted outcomes, repeats of the folds, instability and SHAP values, where the study has
    them."""
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
            variable: findings.terms.get(variable, variable.replace("_", " "))
            for variable in points["variable"].unique()
        }
        figures["shap"] = draw_shap(points, _by_mean_shap(points), labels, names)
    return figures


def _by_mean_shap(points: pd.DataFrame) -> dict[str, list[str]]:
    """Model → its variables, those of the largest absolute SHAP values first."""
    sizes = points.assign(size=points["shap"].abs()).groupby(["model", "variable"])["size"].sum()
    order = sizes.reset_index().sort_values("size", ascending=False)
    return {
        model: list(order.loc[order["model"] == model, "variable"])
        for model in points["model"].unique()
    }


def _of_images(findings: Findings) -> dict[str, Figure]:
    """Where the best network looked, the largest errors, and the course of the trainings, where the
    study has images and networks."""
    curves, figures = findings.curves, {}
    for name, draw in (("grad_cam", draw_grad_cam), ("gallery", draw_gallery)):
        if name in curves:
            figures[name] = draw(curves[name], curves[f"{name}_patients"], findings.event)
    if findings.has_points("training"):
        figures["training"] = draw_training_curves(curves["training"], findings.labels)
    return figures


def _of_features(findings: Findings) -> dict[str, Figure]:
    """The features' reproducibility, and the contact sheets of the masks that they were taken
    from."""
    curves, figures = findings.curves, {}
    if "feature_icc" in curves:
        threshold = findings.records[keys.agreement_icc_threshold()].number
        figures["feature_icc"] = draw_feature_icc(curves["feature_icc"], threshold)
    if "thumbnails" in curves:
        figures |= contact_sheets(curves["thumbnails"])
    return figures


def _flow_chart(findings: Findings) -> Figure:
    records = findings.records
    counts = {
        name: int(records[key].number)
        for name, key in (
            ("n", keys.cohort_n()),
            ("labelled", keys.cohort_labelled_n()),
            ("unknown", keys.cohort_unknown_n()),
        )
    }
    for cohort in ("training", "validation", *findings.external):
        for what in ("n", "events", "non_events"):
            counts[f"{cohort}.{what}"] = int(
                records[keys.named(f"{what}_of_cohort")(cohort)].number
            )
    excluded = {str(record.method): int(record.number) for _, record in keys.excluded.of(records)}
    external = {name: findings.labels[name] for name in findings.external}
    return draw_flow_chart(counts, findings.event, external, excluded)


def draw_all(folder: Path) -> list[Path]:
    """Draw every figure that the results in `folder` allow, into its figures/; returns their paths.
    Older ones go."""
    records = read_records(folder / "results.json")
    curves = {
        path.stem: pd.read_csv(path, dtype={"patient_id": str})
        for path in sorted((folder / "curves").glob("*.csv"))
    }
    note = (
        "Synthetic cohort: no patients" if records[keys.cohort_synthetic()].value is True else None
    )
    models = described_models(
        records[keys.models_included()].names,
        curves.get(MODELS),
    )
    with looks_of(models):
        figures = figures_of(records, curves)
    examples = folder / "curves" / "examples.npz"
    if examples.is_file():
        phases = records[keys.study_phases_labels()].names
        figures["phases"] = draw_phases(read_examples(examples), phases)
    paths = [
        path
        for name, figure in figures.items()
        for path in save_figure(figure, folder / "figures" / name, note)
    ]
    for path in (folder / "figures").glob("*.*"):
        if path.suffix.removeprefix(".") in KINDS and path not in paths:
            path.unlink()
    return paths
