"""Cohorts in which the claims of the article are false, or true, simulated with a seed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit
from scipy.stats import norm

PREVALENCE = 0.58  # of the demonstration, as of the study that it reproduces


Cohort = dict[str, np.ndarray]


@dataclass(frozen=True)
class Scenario:
    """draw: random numbers and n → label, `new` and, where needed, `old`: probabilities or scores;
    `time`, `seen`: follow-up; train_…: the training cohort. claims: key and state → level, above
    which its rate must not lie; None: a rate that is only printed.
    """

    name: str
    draw: Callable[[np.random.Generator, int], Cohort]
    claims: dict[tuple[str, str], float | None]
    sizes: tuple[int, ...] = (33, 200)
    margin: float | None = None
    share: float = 1.0  # of the cohorts, where one takes long


def _follow_up(random: np.random.Generator, n: int) -> Cohort:
    time, end = random.exponential(24, n), random.uniform(12, 60, n)
    return {"time": np.minimum(time, end), "seen": (time <= end).astype(int)}


def _events(random: np.random.Generator, n: int) -> np.ndarray:
    return (random.random(n) < PREVALENCE).astype(int)


def noise(random: np.random.Generator, n: int) -> Cohort:
    """Two models without relation to outcome or follow-up."""
    return {
        "label": _events(random, n),
        "new": expit(random.normal(0, 1, n)),
        "old": expit(random.normal(0, 1, n)),
    } | _follow_up(random, n)


def equal_models(random: np.random.Generator, n: int, loss: float = 0.0) -> Cohort:
    """Two models of AUC .80, errors correlated by .5; the new one's AUC is `loss` lower."""
    label, errors = _events(random, n), random.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], n)
    distance = [np.sqrt(2) * norm.ppf(auc) for auc in (0.8 - loss, 0.8)]
    return {
        "label": label,
        "new": expit(distance[0] * label + errors[:, 0]),
        "old": expit(distance[1] * label + errors[:, 1]),
    }


def right_probabilities(
    random: np.random.Generator, n: int, slope: float = 1.0, shift: float = 0.0
) -> Cohort:
    """Log odds with standard deviation 1.2; the model tells slope and shift wrong, if any."""
    linear = random.normal(logit(PREVALENCE), 1.2, n)
    return {
        "label": (random.random(n) < expit(slope * linear + shift)).astype(int),
        "new": expit(linear),
    }


def no_gain(random: np.random.Generator, n: int) -> Cohort:
    """A model that discriminates, at a threshold of .5: of those above it half have the event, of
    those below a fifth. Treating all who are above does neither good nor harm, and treating none is
    the better of the two defaults."""
    above = random.random(n) < 0.5
    return {
        "label": (random.random(n) < np.where(above, 0.5, 0.2)).astype(int),
        "new": np.where(above, random.uniform(0.5, 0.9, n), random.uniform(0.1, 0.4999, n)),
    }


def nothing_added(random: np.random.Generator, n: int) -> Cohort:
    """An index of AUC .75, and a model of noise beside it; 132 patients train the regressions. The
    weight that noise gets there does lower the AUC, so that "below" is no false claim."""
    cohort: Cohort = {}
    for prefix, size in (("train_", 132), ("", n)):
        label = _events(random, size)
        cohort |= {
            f"{prefix}label": label,
            f"{prefix}index": np.sqrt(2) * norm.ppf(0.75) * label + random.normal(size=size),
            f"{prefix}new": expit(random.normal(size=size)),
        }
    return cohort


def signal(random: np.random.Generator, n: int) -> Cohort:
    """A model whose probabilities are right and order patients by an AUC of about .86, an old one
    of noise, and follow-up that goes with it."""
    linear = random.normal(logit(PREVALENCE), 2.2, n)
    end = random.uniform(12, 60, n)
    time = random.exponential(24 * np.exp(-0.6 * (linear - linear.mean())))
    return {
        "label": (random.random(n) < expit(linear)).astype(int),
        "new": expit(linear),
        "old": expit(random.normal(size=n)),
        "time": np.minimum(time, end),
        "seen": (time <= end).astype(int),
    }


def scenarios() -> list[Scenario]:
    """Levels: a two-sided test at 5 % makes a false claim of one direction in 2.5 % of the
    cohorts."""
    one = 0.025
    return [
        Scenario(
            "noise cohort",
            noise,
            {
                ("discriminates", "holds"): one,
                ("discriminates", "reversed"): one,
                ("outperforms.old", "holds"): one,
                ("net_benefit", "holds"): one,
                ("risk_groups", "holds"): 0.05,
                ("well_calibrated", "holds"): one,
                ("conclusion", "holds"): one,
            },
        ),
        Scenario(
            "equal models",
            equal_models,
            {("outperforms.old", "holds"): one, ("outperforms.old", "below"): one},
        ),
        Scenario(
            "models that differ by the margin",
            lambda random, n: equal_models(random, n, 0.1),
            {("no_difference.old", "holds"): 0.05},
            margin=0.1,
        ),
        Scenario(
            "model of noise beside an index",
            nothing_added,
            {("adds_to.index", "holds"): one, ("adds_to.index", "below"): None},
            share=0.4,
        ),
        Scenario(
            "calibrated model",
            right_probabilities,
            {("well_calibrated", "fails"): 0.05},
            (33, 200, 1000),
        ),
        Scenario(
            "slope of .8, the band's end",
            lambda random, n: right_probabilities(random, n, 0.8),
            {("well_calibrated", "holds"): one},
            (33, 200, 1000),
        ),
        Scenario(
            "log odds off by log 1.25",
            lambda random, n: right_probabilities(random, n, 1.0, float(np.log(1.25))),
            {("well_calibrated", "holds"): one},
            (33, 200, 1000),
        ),
        Scenario("model that gains nothing", no_gain, {("net_benefit", "holds"): one}),
        Scenario(
            "signal",
            signal,
            dict.fromkeys(
                [
                    ("discriminates", "holds"),
                    ("outperforms.old", "holds"),
                    ("net_benefit", "holds"),
                    ("risk_groups", "holds"),
                    ("well_calibrated", "holds"),
                    ("well_calibrated", "fails"),
                ]
            ),
            (33, 200, 1000),
        ),
    ]
