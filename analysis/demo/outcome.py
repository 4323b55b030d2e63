"""Recurrence-free time, event type and the recorded split of the synthetic cohort."""

from __future__ import annotations

import numpy as np
import pandas as pd

HORIZON_MONTHS = 24.0


def draw_outcome(
    linear_predictor: np.ndarray, *, events: int, censored: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Draw the follow-up time, event type and label of each patient.

    The columns are ``recurrence_free_months``, ``event_type`` and ``label`` (1, 0, or missing =
    unknown).

    ``censored`` patients, taken at random, leave before the horizon without recurrence (one in six
    of them by death), so their label is unknown; of the others exactly the ``events`` with the
    highest linear predictor have early recurrence, the sooner the higher it is. Some of the
    remaining recur or die after the horizon.
    """
    n = len(linear_predictor)
    order = rng.permutation(n)
    unknown, labelled = order[:censored], order[censored:]
    labelled = labelled[np.argsort(-linear_predictor[labelled], kind="stable")]
    early, late = labelled[:events], labelled[events:]
    months = np.empty(n)
    kind = np.full(n, "censored", dtype=object)
    label = np.full(n, np.nan)
    label[early], label[late] = 1.0, 0.0

    # the exponential time of a proportional-hazards model, folded into the interval before the
    # horizon
    hazard = np.exp(0.6 * (linear_predictor[early] - linear_predictor[early].mean())) / 11.0
    within = 1 - np.exp(-hazard * (HORIZON_MONTHS - 1.5))
    months[early] = 1.0 - np.log1p(-rng.uniform(size=len(early)) * within) / hazard
    kind[early] = "recurrence"

    months[late] = rng.uniform(24.6, 66.0, len(late))
    fate = rng.uniform(size=len(late))
    kind[late[fate < 0.30]] = "recurrence"
    kind[late[fate > 0.94]] = "death"

    months[unknown] = rng.uniform(3.0, 23.0, len(unknown))
    kind[unknown[: round(censored / 6)]] = "death"
    return pd.DataFrame(
        {"recurrence_free_months": months.round(1), "event_type": kind, "label": label}
    )


def split_cohort(label: np.ndarray, *, validation: int, rng: np.random.Generator) -> np.ndarray:
    """Assign patients to ``training`` or ``validation``.

    As many labelled patients as ``validation`` says are assigned to it, stratified on the outcome;
    patients with an unknown label follow in the same proportion.
    """
    cohort = np.full(len(label), "training", dtype=object)
    events, known = np.flatnonzero(label == 1), np.flatnonzero(~np.isnan(label))
    others, unknown = np.flatnonzero(label == 0), np.flatnonzero(np.isnan(label))
    n_events = round(validation * len(events) / len(known))
    for stratum, size in (
        (events, n_events),
        (others, validation - n_events),
        (unknown, round(validation * len(unknown) / len(known))),
    ):
        cohort[rng.permutation(stratum)[:size]] = "validation"
    return cohort
