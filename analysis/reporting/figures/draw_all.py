"""Figures of a study from its results, as files; the one place here that reads and writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from analysis.core.progress import in_parallel
from analysis.inputs.crops.example import read_examples
from analysis.reporting.drawn_scores import drawn_scores
from analysis.reporting.figures.files import KINDS, contents_of, save_figure
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


@dataclass(frozen=True)
class _Drawn:
    """What figures are drawn of.

    examples: the file of patients whose images are shown; None without images. note: printed under
    each figure.
    """

    records: Mapping[str, Record]
    curves: Mapping[str, pd.DataFrame]
    examples: Path | None
    note: str | None


# Figures that are drawn together, by one process.
GROUPS: dict[str, Callable[[Findings], dict[str, Figure]]] = {
    "discrimination": of_discrimination,
    "probabilities": of_probabilities,
    "comparisons": of_comparisons,
    "models": of_models,
    "follow-up": of_follow_up,
    "places": of_places,
    "robustness": of_robustness,
    "images": of_images,
    "features": of_features,
    "workflow": of_workflow,
    "flow chart": lambda findings: {"flow_chart": flow_chart(findings)},
}
EXAMPLES = "examples"


def figures_of(
    records: Mapping[str, Record], curves: Mapping[str, pd.DataFrame]
) -> dict[str, Figure]:
    """Every figure that these results allow, by name; one that they do not allow is left out."""
    findings = Findings(records, curves)
    return {name: figure for draw in GROUPS.values() for name, figure in draw(findings).items()}


def _of_examples(records: Mapping[str, Record], examples: Path | None) -> dict[str, Figure]:
    """Figures of the images of some patients."""
    if examples is None:
        return {}
    phases = records[keys.study_phases_labels()].names
    shown = read_examples(examples)
    figures = {"phases": draw_phases(shown, phases)}
    if keys.habitats_n() in records and all(each.habitats is not None for each in shown):
        reference = str(records[keys.habitats_phase()].value)
        figures["habitats"] = draw_habitats(
            shown, phases.index(reference), reference, int(records[keys.habitats_n()].number)
        )
    return figures


def _contents(group: str, drawn: _Drawn) -> dict[str, dict[str, bytes]]:
    """Name → kind → content of a group's figures."""
    records = drawn.records
    if group == EXAMPLES:
        figures = _of_examples(records, drawn.examples)
    else:
        models = described_models(records[keys.models_included()].names, drawn.curves.get(MODELS))
        with looks_of(told_apart(models, drawn_scores(records))):
            figures = GROUPS[group](Findings(records, drawn.curves))
    return {name: contents_of(figure, name, drawn.note) for name, figure in figures.items()}


def draw_all(folder: Path, jobs: int = 1) -> list[Path]:
    """Draw every figure that the results in `folder` allow, into its figures/; returns their paths.

    Older ones go. jobs: processes that draw.
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
    examples = folder / "curves" / "examples.npz"
    drawn = _Drawn(records, curves, examples if examples.is_file() else None, note)
    groups = [*GROUPS, EXAMPLES]
    found = in_parallel(
        _contents,
        [(group, drawn) for group in groups],
        "figures",
        jobs,
        names=[f"figures of {group}" for group in groups],
    )
    paths = [
        path
        for figures in found
        for name, content in figures.items()
        for path in save_figure(content, folder / "figures" / name)
    ]
    for path in (folder / "figures").glob("*.*"):
        if path.suffix.removeprefix(".") in KINDS and path not in paths:
            path.unlink()
    return paths
