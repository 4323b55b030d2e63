"""Quality of images and masks, and reproducibility of features by class."""

from __future__ import annotations

import pandas as pd
from IPython.display import Markdown

from analysis.reporting.compared_masks import perturbed_alone
from analysis.reporting.manuscript import Results, format_number
from analysis.reporting.rendering.escaping import literal
from analysis.reporting.tables.cells import DASH
from analysis.reporting.tables.markdown import pipe_table, table
from analysis.reporting.wordings.feature_classes import class_words
from analysis.results.quality_measures import (
    CROP_BEYOND,
    CROP_OVER_HALF,
    CROP_OVER_TENTH,
    RANGES,
)
from analysis.study.phase_label import in_spaces, phase_label, phase_labels


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _range(row: pd.Series) -> str:
    return f"{_number(row['median'])} ({_number(row['low'])} to {_number(row['high'])})".replace(
        "-", "−"
    ).replace(" ", "\u00a0")


def _percent(row: pd.Series) -> str:
    low, high = (f"{100 * row[each]:.0f}" for each in ("low", "high"))
    return f"{100 * row['median']:.0f} ({low} to {high})".replace(" ", "\u00a0")


@table
def quality_markdown(results: Results) -> Markdown:
    """One row a phase: median and range over patients."""
    frame, labels = results.frame("tables/quality_by_phase"), phase_labels(results.study)
    rows = []
    for phase, part in frame.groupby("phase", sort=False):
        of = part.set_index("measure")
        factors = " × ".join(_number(of.loc[f"factor_{axis}", "median"]) for axis in "xyz")
        rows.append(
            [
                literal(phase_label(str(phase), labels)),
                *(_range(of.loc[name]) for name in RANGES),
                factors,
                str(int(of.loc["warned", "median"])),
            ]
        )
    return pipe_table(
        [
            "Phase",
            "Voxels of the mask",
            "Volume, mL",
            "Lowest intensity",
            "Highest intensity",
            "Grey levels",
            "Voxels analysed",
            "Resampling, x × y × z",
            "Patients with a warning",
        ],
        rows,
    )


@table
def crop_padding_markdown(results: Results) -> Markdown:
    """One row a phase: share of the networks' crop beyond the image, and patients with much."""
    frame, labels = results.frame("tables/quality_by_phase"), phase_labels(results.study)
    rows = []
    for phase, part in frame.groupby("phase", sort=False):
        of = part.set_index("measure")
        if CROP_BEYOND not in of.index:
            continue
        counts = (of.loc[name, "median"] for name in (CROP_OVER_TENTH, CROP_OVER_HALF))
        rows.append(
            [
                literal(phase_label(str(phase), labels)),
                _percent(of.loc[CROP_BEYOND]),
                *(str(int(each)) for each in counts),
            ]
        )
    return pipe_table(
        ["Phase", "Crop beyond the image, %", "Patients over 10%", "Patients over 50%"], rows
    )


@table
def warnings_markdown(results: Results) -> Markdown:
    """One row a patient and warning, the phases that have it beside it."""
    frame, labels = results.frame("tables/quality"), phase_labels(results.study)
    frame = frame[frame["warnings"].notna() & (frame["warnings"] != "")]
    if frame.empty:
        return Markdown(DASH)
    named = (
        frame.assign(warnings=frame["warnings"].str.split("; "))
        .explode("warnings")
        .groupby(["patient_id", "cohort", "warnings"], sort=False)["phase"]
        .agg(list)
        .reset_index()
    )
    return pipe_table(
        ["Patient", "Cohort", "Warning", "Phases"],
        [
            [
                literal(row.patient_id),
                literal(row.cohort),
                literal(row.warnings),
                literal(", ".join(phase_label(each, labels) for each in row.phase)),
            ]
            for row in named.itertuples()
        ],
        left=4,
    )


@table
def feature_icc_markdown(results: Results) -> Markdown:
    """One row a class and delineation, of each region where the study has any but the tumour."""
    frame = results.frame("tables/feature_icc_by_class")
    lead = ["Region"] if "region" in frame else []
    rows = []
    for row in frame.rename(columns={"class": "kind"}).itertuples():
        quartiles = (
            f"{format_number(row.median, 'ICC')} ({format_number(row.quartile_1, 'ICC')} to"
            f" {format_number(row.quartile_3, 'ICC')})".replace(" ", "\u00a0")
        )
        rows.append(
            [
                *(literal(row.region) for _ in lead),
                literal(class_words(row.kind)),
                literal(in_spaces(row.delineation)),
                str(row.patients),
                str(row.features),
                quartiles,
                format_number(row.median_lower_bound, "ICC"),
                f"{100 * row.reached:.0f}%",
                f"{100 * row.reached_by_lower_bound:.0f}%",
            ]
        )
    return pipe_table(
        [
            *lead,
            "Class",
            "Perturbation" if perturbed_alone(results) else "Delineation",
            "Patients",
            "Features",
            "Median ICC (quartiles)",
            "Median lower bound",
            "Reach the threshold",
            "Lower bound reaches it",
        ],
        rows,
        left=2 + len(lead),
    )
