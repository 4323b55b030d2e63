"""The METRICS score: weights of the items that are met over those of the items that apply."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

BANDS = ((20, "very low"), (40, "low"), (60, "moderate"), (80, "good"), (float("inf"), "excellent"))


@dataclass(frozen=True)
class Score:
    """Score of a study by METRICS.

    value: percent, open items counted as not met; at_most: if all open items were met; band:
    quality by value; open: number of open items.
    """

    value: float
    at_most: float
    band: str
    open: int


def band_of(percent: float) -> str:
    """Quality category of the METRICS tool.

    It is very low below 20, low below 40, moderate below 60, good below 80, else excellent.
    """
    return next(name for limit, name in BANDS if percent < limit)


def metrics_score(items: pd.DataFrame) -> Score | None:
    """METRICS score of rows with `status` and `weight` (Kocak et al. 2024).

    It is 100 × Σ weight of yes / Σ weight of applicable.

    Items that do not apply leave numerator and denominator. Returns None where none applies. Raises
    ValueError for a status that is none of yes, no, open, not applicable.
    """
    wrong = sorted(set(items["status"]) - {"yes", "no", "open", "not applicable"})
    if wrong:
        raise ValueError(
            f"unknown status {', '.join(wrong)}; allowed are yes, no, open, not applicable"
        )
    weight = items.groupby("status")["weight"].sum()
    applicable = weight.drop("not applicable", errors="ignore").sum()
    if not applicable > 0:
        return None
    met = weight.get("yes", 0.0)
    value = float(100 * met / applicable)
    return Score(
        value,
        float(100 * (met + weight.get("open", 0.0)) / applicable),
        band_of(value),
        int((items["status"] == "open").sum()),
    )
