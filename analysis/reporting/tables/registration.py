"""Registration of phases: how far, and how much more alike the images were."""

from __future__ import annotations

import pandas as pd
from IPython.display import Markdown

from analysis.reporting.manuscript import Results
from analysis.reporting.rendering.escaping import literal
from analysis.reporting.tables.cells import DASH
from analysis.reporting.tables.markdown import pipe_table, table
from analysis.study.phase_label import phase_label, phase_labels


def _range(row: pd.Series, measure: str) -> str:
    if pd.isna(row[f"{measure}_median"]):
        return DASH
    numbers = [f"{row[f'{measure}_{what}']:.3g}" for what in ("median", "low", "high")]
    return f"{numbers[0]} ({numbers[1]} to {numbers[2]})".replace(" ", "\u00a0")


def _volume(row: pd.Series) -> str:
    """Jacobian determinant in the tumour; a dash where no deformation was used."""
    if pd.isna(row["jacobian_median"]):
        return DASH
    numbers = [f"{row[f'jacobian_{what}']:.2f}" for what in ("median", "low", "high")]
    return f"{numbers[0]} ({numbers[1]} to {numbers[2]})".replace(" ", "\u00a0")


def _deformation(row: pd.Series) -> list[str]:
    """Cells of a deformation; dashes for a phase that is registered rigidly."""
    if pd.isna(row["rigid"]):
        return [DASH, DASH]
    return [_volume(row), f"{int(row['rigid'])} of {row['patients']}"]


@table
def registration_markdown(results: Results) -> Markdown:
    """One row a registered phase: shift in the tumour, and mutual information, where used.

    Where a phase is deformed, the change of the tumour's volume as well.
    """
    labels = phase_labels(results.study)
    frame = results.frame("tables/registration_by_phase")
    deformed = "rigid" in frame
    rows = [
        [
            literal(phase_label(str(row["phase"]), labels)),
            literal(phase_label(str(row["reference"]), labels)),
            *(_range(row, measure) for measure in ("shift_mm", "before", "after")),
            *(_deformation(row) if deformed else ()),
            f"{row['unused']} of {row['patients']}",
        ]
        for _, row in frame.iterrows()
    ]
    return pipe_table(
        [
            "Phase",
            "Registered to",
            "Shift in the tumour, mm",
            "Mutual information before, nats",
            "After, nats",
            *(
                ["Jacobian determinant in the tumour", "Patients with the rigid transform alone"]
                if deformed
                else []
            ),
            "Patients in whom it was not used",
        ],
        rows,
        left=2,
    )
