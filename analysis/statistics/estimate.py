"""A value with its confidence interval."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Estimate:
    """value with ci_low and ci_high at the level asked for; n: patients (or pairs) that it came from."""

    value: float
    ci_low: float
    ci_high: float
    n: int
