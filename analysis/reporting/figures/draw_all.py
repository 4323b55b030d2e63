"""Figures of a study from its results, as files; the one place here that reads and writes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from analysis.inputs.crops.example import read_examples
from analysis.reporting.drawn_scores import drawn_scores
from analysis.reporting.figures.files import KINDS, save_figure
from analysis.reporting.figures.findings import Findings
from analysis.reporting.figures.habitats import draw_habitats
from analysis.reporting.figures.of_results.cohort import flow_chart, of_features
from analysis.reporting.figures.of_results.discrimination import of_discrimination
from analysis.reporting.figures.of_results.follow_up import of_follow_up
from analysis.reporting.figures.of_results.models import of_images, of_models, of_robustness
from analysis.reporting.figures.of_results.performance import (
    of_comparisons,
    of_places,
    of_probabilities,
)
from analysis.reporting.figures.of_results.workflow import of_workflow
from analysis.reporting.figures.phases import draw_phases
from analysis.reporting.figures.style import looks_of, told_apart
from analysis.results import keys
from analysis.results.model_table import NAME as MODELS
from analysis.results.model_table import described_models
from analysis.results.older_tables import table_in_present_form
from analysis.results.record import Record, read_records


def figures_of(
    records: Mapping[str, Record], curves: Mapping[str, pd.DataFrame]
) -> dict[str, Figure]:
    """Every figure that these results allow, by name; one that they do not allow is left out."""
    findings = Findings(records, curves)
    return {
        **of_discrimination(findings),
        **of_probabilities(findings),
        **of_comparisons(findings),
        **of_models(findings),
        **of_follow_up(findings),
        **of_places(findings),
        **of_robustness(findings),
        **of_images(findings),
        **of_features(findings),
        **of_workflow(findings),
        "flow_chart": flow_chart(findings),
    }


def draw_all(folder: Path) -> list[Path]:
    """Draw every figure that the results in `folder` allow, into its figures/; returns their paths.

    Older ones go.
    """
    records = read_records(folder / "results.json")
    curves = {
        path.stem: table_in_present_form(
            f"curves/{path.stem}", pd.read_csv(path, dtype={"patient_id": str})
        )
        for path in sorted((folder / "curves").glob("*.csv"))
    }
    note = (
        "Synthetic cohort: no patients" if records[keys.cohort_synthetic()].value is True else None
    )
    models = described_models(
        records[keys.models_included()].names,
        curves.get(MODELS),
    )
    with looks_of(told_apart(models, drawn_scores(records))):
        figures = figures_of(records, curves)
    examples = folder / "curves" / "examples.npz"
    if examples.is_file():
        phases = records[keys.study_phases_labels()].names
        shown = read_examples(examples)
        figures["phases"] = draw_phases(shown, phases)
        if keys.habitats_n() in records and all(each.habitats is not None for each in shown):
            reference = str(records[keys.habitats_phase()].value)
            figures["habitats"] = draw_habitats(
                shown, phases.index(reference), reference, int(records[keys.habitats_n()].number)
            )
    paths = [
        path
        for name, figure in figures.items()
        for path in save_figure(figure, folder / "figures" / name, note)
    ]
    for path in (folder / "figures").glob("*.*"):
        if path.suffix.removeprefix(".") in KINDS and path not in paths:
            path.unlink()
    return paths
