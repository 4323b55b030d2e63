"""From the results of a study to its figures, as files; the one place here that reads and
writes."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from analysis.cache import write_atomically
from analysis.figures.calibration import draw_calibration
from analysis.figures.contact_sheet import contact_sheets
from analysis.figures.cumulative_incidence import draw_cumulative_incidence
from analysis.figures.decision_curve import draw_decision_curve
from analysis.figures.feature_icc import draw_feature_icc
from analysis.figures.flow_chart import draw_flow_chart
from analysis.figures.forest import draw_forest
from analysis.figures.gallery import draw_gallery
from analysis.figures.grad_cam import draw_grad_cam
from analysis.figures.instability import draw_instability
from analysis.figures.kaplan_meier import draw_kaplan_meier
from analysis.figures.nomogram import draw_nomogram
from analysis.figures.permutation import draw_permutations
from analysis.figures.phases import draw_phases
from analysis.figures.places import PANELS, draw_places
from analysis.figures.repeats import draw_repeats
from analysis.figures.roc import draw_roc
from analysis.figures.selection import draw_selection
from analysis.figures.shap_values import draw_shap
from analysis.figures.stages import draw_stages
from analysis.figures.style import SETTINGS, looks_of
from analysis.figures.training_curves import draw_training_curves
from analysis.images.example import read_examples
from analysis.results.model_table import NAME as MODELS
from analysis.results.model_table import described_models, siblings_of
from analysis.results.record import Record, read_records
from models.declared import DL, RADIOMICS

# Vector for the PDF and the web, 300 dots an inch for Word and JATS.
KINDS = {"svg": {"Date": None}, "png": {"Software": None}}


# Curves of all models among which one is chosen, by the chosen one.
ROC_OF_SIBLINGS = {RADIOMICS.id: "roc_radiomics", DL.id: "roc_resnet"}


def save_figure(figure: Figure, path: Path, note: str | None) -> list[Path]:
    """path: without suffix. note: printed small under the figure, which travels without its
    page."""
    written = []
    with plt.rc_context(SETTINGS):
        figure.draw_without_rendering()
        if note:
            bottom = figure.get_tightbbox().y0
            figure.text(
                0.995,
                bottom / figure.get_figheight() - 0.015,
                note,
                ha="right",
                va="top",
                fontsize=6,
                color="#666666",
            )
        for kind, metadata in KINDS.items():  # without a date, the same numbers give the same file
            content = io.BytesIO()
            figure.savefig(
                content, format=kind, bbox_inches="tight", pad_inches=0.06, metadata=metadata
            )
            written.append(
                write_atomically(path.with_name(f"{path.name}.{kind}"), content.getvalue())
            )
    plt.close(figure)
    return written


def _forest_rows(records: Mapping[str, Record], keys: Mapping[str, str]) -> list[dict]:
    """keys: model → key of the difference; one that is not there, or undefined, has no row."""
    rows = []
    for model, key in keys.items():
        record = records.get(key)
        if record is not None and record.value is not None and record.ci_low is not None:
            rows.append(
                {
                    "label": records[f"label.{model}"].value,
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

    def names(key: str) -> list[str]:
        return [name for name in str(records[key].value).split(",") if name]

    labels = {
        key.removeprefix("label."): str(record.value)
        for key, record in records.items()
        if key.startswith("label.")
    }
    areas = {
        (key.split(".")[1], key.split(".")[2]): record.value
        for key, record in records.items()
        if key.startswith("auc.")
    }
    external = names("cohorts.external") if "cohorts.external" in records else []
    headline, best = names("models.headline"), str(records["best.model"].value)
    # Predictions that were made elsewhere may come without training patients, and a cohort that has
    # just begun may have patients of one outcome only: there is no curve then.
    everywhere = [
        how
        for how in ["apparent", "out_of_fold", "validation", *external]
        if (curves["roc"]["how"] == how).any()
    ]
    unseen = [how for how in everywhere if how != "apparent"]
    figures = {"roc": draw_roc(curves["roc"], headline, everywhere, labels, areas)}
    models = described_models(
        names("models.included"), curves.get(MODELS), comparators=names("models.comparators")
    )
    for chosen, figure in ROC_OF_SIBLINGS.items():
        parts = siblings_of(models, chosen)
        if parts:
            short = labels | {model: models[model].short for model in parts}
            figures[figure] = draw_roc(curves["roc"], parts, unseen, short, areas)
    probable = [how for how in unseen if (curves["decision_curve"]["how"] == how).any()]
    if len(curves["calibration"]) or probable:
        figures["calibration"] = draw_calibration(
            curves["calibration"],
            headline,
            unseen,
            labels,
            best,
            curves.get("calibration_counts"),
            str(records["study.event"].value),
        )
    if probable:
        figures["decision_curve"] = draw_decision_curve(
            curves["decision_curve"], headline, probable, labels, best
        )
    level = records["settings.confidence_level"].number
    rows = _forest_rows(
        records,
        {model: f"delong.{best}_vs_{model}.validation" for model in headline if model != best},
    )
    if rows:
        axis = (
            f"AUC of {labels[best]} minus AUC of the other, validation\n← other higher    "
            f" {labels[best]} higher →"
        )
        figures["forest"] = draw_forest(rows, best, axis, level)
    added = names("added_value.scores") if "added_value.scores" in records else []
    rows = _forest_rows(records, {name: f"added_value.{name}" for name in added})
    if rows:
        model = str(records["contrasts.model"].value)
        axis = (
            f"AUC with {labels[model]} minus AUC of the comparator alone, validation\n← comparator"
            f" alone higher     with {labels[model]} higher →"
        )
        figures["added_value"] = draw_forest(rows, model, axis, level)
    if "selection_steps" in curves:
        figures["selection"] = draw_selection(
            curves["selection_steps"], curves.get("selection_path")
        )
    if "nomogram" in curves and len(curves["nomogram"]):
        figures["nomogram"] = draw_nomogram(curves["nomogram"], str(records["study.event"].value))
    if "kaplan_meier" in curves:
        horizon = (
            records["endpoint.horizon_months"].value
            if "endpoint.horizon_months" in records
            else None
        )
        cohorts = {"training": labels["out_of_fold"], "validation": labels["validation"]}
        cohorts = {
            name: label
            for name, label in cohorts.items()
            if curves["kaplan_meier"]["group"].astype(str).str.startswith(f"{name}:").any()
        }
        if cohorts:
            figures["kaplan_meier"] = draw_kaplan_meier(
                curves["kaplan_meier"], list(cohorts), cohorts, horizon
            )
        if len(curves["stages"]):
            figures["stages"] = draw_stages(curves["stages"], labels, horizon)
        if len(curves["cumulative_incidence"]):
            figures["cumulative_incidence"] = draw_cumulative_incidence(
                curves["cumulative_incidence"], list(cohorts), cohorts, horizon
            )
    figures |= _of_places(records, curves, best, level)
    figures |= _of_robustness(records, curves, headline, labels)
    figures |= _of_images(curves, labels, str(records["study.event"].value))
    if "feature_icc" in curves:
        figures["feature_icc"] = draw_feature_icc(
            curves["feature_icc"], records["agreement.icc_threshold"].number
        )
    if "thumbnails" in curves:
        figures |= contact_sheets(curves["thumbnails"])
    counts = {
        name: int(records[f"cohort.{key}"].value)
        for name, key in {"n": "n", "labelled": "labelled.n", "unknown": "unknown.n"}.items()
    }
    counts |= {
        f"{cohort}.{what}": int(records[f"cohort.{cohort}.{what}"].value)
        for cohort in ("training", "validation", *external)
        for what in ("n", "events", "non_events")
    }
    excluded = {
        str(record.method): int(record.value)
        for key, record in records.items()
        if key.startswith("excluded.") and record.source == "reason_counts"
    }
    figures["flow_chart"] = draw_flow_chart(
        counts,
        str(records["study.event"].value),
        {name: labels[name] for name in external},
        excluded,
    )
    return figures


def _of_places(
    records: Mapping[str, Record], curves: Mapping[str, pd.DataFrame], best: str, level: float
) -> dict[str, Figure]:
    """The best model by centre or cohort: a figure for each division of the patients that has
    places with enough of them."""
    figures = {}
    rows = curves["places"] if "places" in curves else pd.DataFrame(columns=["model", "division"])
    for division, part in rows[rows["model"] == best].groupby("division", sort=False):
        pooled = {}
        for name in PANELS:
            mean, ahead = (
                records.get(f"{kind}.{name}.{best}.{division}")
                for kind in ("pooled", "pooled_prediction")
            )
            if mean is not None and ahead is not None and mean.value is not None:
                pooled[name] = {
                    "value": mean.number,
                    "ci_low": mean.ci_low,
                    "ci_high": mean.ci_high,
                    "prediction_low": ahead.ci_low,
                    "prediction_high": ahead.ci_high,
                }
        if part["auc"].notna().any():
            figures[f"places_{division}"] = draw_places(part, pooled, best, level)
    return figures


def _of_robustness(
    records: Mapping[str, Record],
    curves: Mapping[str, pd.DataFrame],
    headline: list[str],
    labels: Mapping[str, str],
) -> dict[str, Figure]:
    """Permuted outcomes, repeats of the folds, instability and SHAP values, where the study has
    them."""

    def present(name: str) -> bool:
        return name in curves and len(curves[name]) > 0

    figures = {}
    if present("permutations"):
        figures["permutations"] = draw_permutations(curves["permutations"], labels)
    if present("repeats"):
        figures["repeats"] = draw_repeats(curves["repeats"], headline, labels)
    if present("instability"):
        figures["instability"] = draw_instability(curves["instability"], labels)
    if present("shap"):
        points = curves["shap"]
        order = (
            points.assign(size=points["shap"].abs())
            .groupby(["model", "variable"])["size"]
            .sum()
            .reset_index()
            .sort_values("size", ascending=False)
        )
        variables = {
            model: list(order.loc[order["model"] == model, "variable"])
            for model in points["model"].unique()
        }
        names = {
            variable: labels.get(f"term.{variable}", variable.replace("_", " "))
            for variable in points["variable"].unique()
        }
        figures["shap"] = draw_shap(points, variables, labels, names)
    return figures


def _of_images(
    curves: Mapping[str, pd.DataFrame], labels: Mapping[str, str], event: str
) -> dict[str, Figure]:
    """Where the best network looked, the largest errors, and the course of the trainings, where the
    study has images and networks."""
    drawn = {"grad_cam": draw_grad_cam, "gallery": draw_gallery}
    figures = {
        name: draw(curves[name], curves[f"{name}_patients"], event)
        for name, draw in drawn.items()
        if name in curves
    }
    if "training" in curves and len(curves["training"]):
        figures["training"] = draw_training_curves(curves["training"], labels)
    return figures


def draw_all(folder: Path) -> list[Path]:
    """Draw every figure that the results in `folder` allow, into its figures/; returns their paths.
    Older ones go."""
    records = read_records(folder / "results.json")
    curves = {
        path.stem: pd.read_csv(path, dtype={"patient_id": str})
        for path in sorted((folder / "curves").glob("*.csv"))
    }
    note = "Synthetic cohort: no patients" if records["cohort.synthetic"].value == "true" else None
    models = described_models(
        [name for name in str(records["models.included"].value).split(",") if name],
        curves.get(MODELS),
    )
    with looks_of(models):
        figures = figures_of(records, curves)
    examples = folder / "curves" / "examples.npz"
    if examples.is_file():
        figures["phases"] = draw_phases(
            read_examples(examples),
            [str(each) for each in str(records["study.phases.labels"].value).split(",")],
        )
    paths = [
        path
        for name, figure in figures.items()
        for path in save_figure(figure, folder / "figures" / name, note)
    ]
    for path in (folder / "figures").glob("*.*"):
        if path.suffix in (".png", ".svg") and path not in paths:
            path.unlink()
    return paths
