"""Check for phases that seem to have been taken for each other.

It sees this from how bright organ and tumour are in each, beside the other patients'.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations

import numpy as np

from analysis.core.problems import Problems

# Fewer patients than this show no pattern that one could differ from.
LEAST_PATIENTS = 10
# Root mean square of robust z-scores: a patient is odd beyond the first, and explained by another
# order below the second.
ODD, EXPLAINED = 4.0, 2.0
# Scatter between patients is taken to be at least this share of the brightness, else a uniform
# cohort makes everybody odd.
LEAST_SCATTER = 0.03
MOST_PHASES = 6


def _profiles(
    brightness: Mapping[str, Mapping[str, tuple[float, float] | None]], phases: list[str]
) -> dict[str, np.ndarray]:
    """Brightness of organ and tumour in each phase, by patient.

    Patient → phases × (organ, tumour), in units of the patient's organ over all phases: MRI has no
    unit of its own.
    """
    found = {}
    for patient, each in brightness.items():
        values = np.array([each.get(phase) or (np.nan, np.nan) for phase in phases], float)
        if np.isfinite(values).all() and values[:, 0].mean() > 0:
            found[patient] = values / values[:, 0].mean()
    return found


def check_enhancement(
    brightness: Mapping[str, Mapping[str, tuple[float, float] | None]], problems: Problems
) -> None:
    """A warning for each patient whose phases fit the cohort only in another order.

    brightness: patient → phase → medians of organ and tumour, None where they are not known. The
    pattern is the cohort's median, the scatter its median absolute deviation; with few patients, or
    two phases that look alike, nothing can be said and nothing is.
    """
    phases = list(next(iter(brightness.values()), {}))
    profiles = _profiles(brightness, phases)
    if not 2 <= len(phases) <= MOST_PHASES or len(profiles) < LEAST_PATIENTS:
        return
    stacked = np.array(list(profiles.values()))
    usual = np.median(stacked, axis=0)
    scatter = np.maximum(1.4826 * np.median(np.abs(stacked - usual), axis=0), LEAST_SCATTER)
    for patient, profile in profiles.items():
        oddness = {
            order: float(np.sqrt((((profile[list(order)] - usual) / scatter) ** 2).mean()))
            for order in permutations(range(len(phases)))
        }
        as_given, best = (
            oddness[tuple(range(len(phases)))],
            min(oddness, key=lambda order: oddness[order]),
        )
        if as_given > ODD and oddness[best] < EXPLAINED:
            swapped = [
                f"{phases[place]} looks like {phases[order]}"
                for order, place in enumerate(best)
                if order != place
            ]
            problems.warning(
                f"its phases enhance as if they had been mixed up: {', '.join(swapped)}",
                "images of all phases",
                mend="look at them: are the files named as the phases were taken?",
                patient=patient,
                reason="image",
            )
