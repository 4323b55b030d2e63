"""predictions.csv as it was computed, to the last bit."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

TEXT = ("patient_id", "cohort", "model", "family", "how", "event_type")


def read_predictions(path: Path) -> pd.DataFrame:
    """Predictions in the order written; names stay text, numbers are read without rounding."""
    table = pd.read_csv(
        path,
        dtype=dict.fromkeys(TEXT, "string"),
        float_precision="round_trip",
        keep_default_na=False,
        na_values=[""],
    ).astype({name: object for name in TEXT if name != "event_type"})
    return (
        table if "repeat" in table else table.assign(repeat=1)
    )  # written before repeats had rows of their own
