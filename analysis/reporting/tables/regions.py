"""Regions beside the tumour: their size and what was cut, and features that selection kept."""

from __future__ import annotations

import pandas as pd
from IPython.display import Markdown

from analysis.reporting.manuscript import Results
from analysis.reporting.rendering.escaping import literal
from analysis.reporting.tables.markdown import pipe_table, table
from analysis.reporting.tables.selection import step_words
from analysis.study.phase_label import phase_label, phase_labels


def _volume(row: pd.Series) -> str:
    numbers = [f"{row[f'volume_ml_{what}']:.3g}" for what in ("median", "low", "high")]
    return f"{numbers[0]} ({numbers[1]} to {numbers[2]})".replace(" ", "\u00a0")


def _share(value: float) -> str:
    return f"{100 * value:.0f}%"


@table
def region_quality_markdown(results: Results) -> Markdown:
    """One row a region and phase: volume over patients, and what was cut."""
    frame, labels = results.frame("tables/region_quality_by_phase"), phase_labels(results.study)
    regions = results.study.regions
    rows = [
        [
            literal(regions[str(row["region"])].words),
            literal(phase_label(str(row["phase"]), labels)),
            _volume(row),
            f"{row['cut']} of {row['patients']}",
            _share(row["share_cut_median"]),
            _share(row["share_cut_high"]),
        ]
        for _, row in frame.iterrows()
    ]
    return pipe_table(
        [
            "Region",
            "Phase",
            "Volume, mL",
            "Patients with a part cut",
            "Share cut, median",
            "Share cut, largest",
        ],
        rows,
        left=2,
    )


@table
def selection_by_region_markdown(results: Results) -> Markdown:
    """Features of the tumour and of each region left after each step, in the final fit."""
    frame = results.frame("curves/selection_by_region")
    regions = list(dict.fromkeys(frame["region"]))
    rows = [
        [step_words(results, str(step)), *[str(part[region]) for region in regions]]
        for step, part in (
            (step, rows.set_index("region")["features"])
            for step, rows in frame.groupby("step", sort=False)
        )
    ]
    header = [literal(f"{region[:1].upper()}{region[1:]}") for region in regions]
    return pipe_table(["Step", *header], rows)
