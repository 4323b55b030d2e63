"""From the results of a study to its figures, as files; the one place here that reads and writes."""

from __future__ import annotations

import io
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from analysis.cache import write_atomically
from analysis.figures.calibration import draw_calibration
from analysis.figures.decision_curve import draw_decision_curve
from analysis.figures.flow_chart import draw_flow_chart
from analysis.figures.forest import draw_forest
from analysis.figures.kaplan_meier import draw_kaplan_meier
from analysis.figures.roc import draw_roc
from analysis.results.record import Record, read_records


def _save(figure: Figure, path: Path) -> Path:
    content = io.BytesIO()
    # Without a date, the same numbers give the same file.
    figure.savefig(content, format="png", bbox_inches="tight", pad_inches=0.08, metadata={"Software": None})
    plt.close(figure)
    return write_atomically(path, content.getvalue())


def _forest_rows(records: dict[str, Record], best: str, models: list[str]) -> list[dict]:
    rows = []
    for model in models:
        record = records.get(f"delong.{best}_vs_{model}.validation")
        if record is not None and record.value is not None and record.ci_low is not None:
            rows.append({"label": records[f"label.{model}"].value, "difference": record.value, "ci_low": record.ci_low, "ci_high": record.ci_high})
    return rows


def draw_all(folder: Path) -> list[Path]:
    """Draw every figure that the results in `folder` allow, into its figures/; returns their paths."""
    records = read_records(folder / "results.json")
    curves = {path.stem: pd.read_csv(path) for path in (folder / "curves").glob("*.csv")}
    labels = {key.removeprefix("label."): str(record.value) for key, record in records.items() if key.startswith("label.")}
    areas = {(key.split(".")[1], key.split(".")[2]): record.value for key, record in records.items() if key.startswith("auc.")}
    included = str(records["models.included"].value).split(",")
    headline = str(records["models.headline"].value).split(",")
    comparators = [name for name in str(records["models.comparators"].value).split(",") if name]
    best, target, paths = str(records["best.model"].value), folder / "figures", []
    everywhere = ["apparent", "out_of_fold", "validation"]

    paths.append(_save(draw_roc(curves["roc"], headline, everywhere, labels, areas), target / "roc.png"))
    for name in ("radiomics_", "resnet"):
        parts = [model for model in included if model.startswith(name)]
        if parts:
            short = labels | {model: labels[model].removeprefix("Radiomics, ") for model in parts}
            paths.append(_save(draw_roc(curves["roc"], parts, everywhere[1:], short, areas), target / f"roc_{name.strip('_')}.png"))
    paths.append(_save(draw_calibration(curves["calibration"], headline, everywhere[1:], labels, best), target / "calibration.png"))
    paths.append(_save(draw_decision_curve(curves["decision_curve"], headline, everywhere[1:], labels), target / "decision_curve.png"))
    rows = _forest_rows(records, best, [*comparators, *[model for model in headline if model != best]])
    if rows:
        paths.append(_save(draw_forest(rows, best, f"{labels[best]} minus …"), target / "forest.png"))
    if "kaplan_meier" in curves:
        horizon = records["endpoint.horizon_months"].value if "endpoint.horizon_months" in records else None
        cohorts = {"training": labels["out_of_fold"], "validation": labels["validation"]}
        paths.append(_save(draw_kaplan_meier(curves["kaplan_meier"], list(cohorts), cohorts, horizon), target / "kaplan_meier.png"))
    counts = {name: int(records[f"cohort.{key}"].value) for name, key in {"n": "n", "labelled": "labelled.n", "unknown": "unknown.n"}.items()}
    counts |= {f"{cohort}.{what}": int(records[f"cohort.{cohort}.{what}"].value) for cohort in ("training", "validation") for what in ("n", "events", "non_events")}
    paths.append(_save(draw_flow_chart(counts, str(records["study.event"].value).capitalize()), target / "flow_chart.png"))
    return paths
