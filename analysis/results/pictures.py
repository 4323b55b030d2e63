"""Crops as rows of a table, for figures that are drawn from files.

The rows have grey values and what lies over them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

# Between these percentiles of a picture its grey values run from black to white.
WINDOW = (1.0, 99.0)


def grey(picture: np.ndarray) -> np.ndarray:
    """0 to 255, whole; black beyond the image, where there is no value."""
    known = np.isfinite(picture)
    low, high = np.percentile(picture[known], WINDOW) if known.any() else (0.0, 1.0)
    shown = np.where(known, picture, low)
    return np.rint(255 * np.clip((shown - low) / (high - low if high > low else 1.0), 0, 1)).astype(
        int
    )


def pixels(
    picture: int, slices: np.ndarray, phases: Sequence[str], over: Mapping[str, np.ndarray]
) -> pd.DataFrame:
    """Pixels of a picture as rows of a table.

    The columns are picture, row, column, `phase.<name>` and the layers of `over`; slices: phases ×
    rows × columns.
    """
    rows, columns = np.indices(slices.shape[1:])
    content = {"picture": picture, "row": rows.ravel(), "column": columns.ravel()}
    content |= {
        f"phase.{phase}": grey(slice_).ravel() for phase, slice_ in zip(phases, slices, strict=True)
    }
    return pd.DataFrame(content | {name: layer.ravel() for name, layer in over.items()})


def reference_slice(slices: int) -> int:
    """Index of the reference slice of a crop.

    It is the slice of the tumour's largest section, around which a crop lies, or the middle of a
    block.
    """
    return (slices - 1) // 2 if slices % 2 else slices // 2


def validation_scores(predictions: pd.DataFrame, model: str) -> pd.DataFrame:
    """Label, probability and error of each labelled validation patient.

    The error is the distance of label and probability. The rows are by patient.
    """
    rows = (
        predictions[(predictions["model"] == model) & (predictions["how"] == "validation")]
        .dropna(subset=["label", "probability"])
        .set_index("patient_id")
    )
    return rows[["label", "probability"]].assign(error=(rows["label"] - rows["probability"]).abs())
