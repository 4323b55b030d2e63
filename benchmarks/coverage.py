"""How often the intervals of AUCs cover, and how often claims made from them are false: `python -m
benchmarks.coverage [samples]`.

Scores are normal in both outcomes (spread alike, or the events twice as much or half as much) or a
stage of four levels; the true AUC is known. Each row has its Monte-Carlo error. The default
interval is to cover .93 to .97 at 33, 100 and 400 patients and an AUC of .7 to .95, a false claim
to occur no more often than its level and two Monte-Carlo errors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm

import analysis.statistics as st
from analysis.statistics.auc_interval import METHODS
from benchmarks.arguments import counts

SIZES = {33: (20, 13), 100: (58, 42), 400: (232, 168)}
AREAS = (0.7, 0.75, 0.85, 0.9, 0.95)
CUTS = np.array([-0.3, 0.6, 1.5])  # of the stage's four levels
WITHIN = (0.93, 0.97)
HEAD = [
    "what",
    "events / others",
    "truth",
    "method",
    "rate",
    "Monte-Carlo error",
    "as it should be",
]


@dataclass(frozen=True)
class Rate:
    """rate: of `samples` in which the interval covered, or the claim was made; ok: None where
    nothing is asked of it."""

    what: str
    size: tuple[int, int]
    truth: str
    method: str
    rate: float
    samples: int
    ok: bool | None

    @property
    def error(self) -> float:
        return float(np.sqrt(max(self.rate * (1 - self.rate), 1 / self.samples) / self.samples))

    def cells(self) -> list[str]:
        return [
            self.what,
            f"{self.size[0]} / {self.size[1]}",
            self.truth,
            self.method,
            f"{self.rate:.3f}",
            f"{self.error:.3f}",
            {True: "yes", False: "NO", None: ""}[self.ok],
        ]


def _label(size: tuple[int, int]) -> np.ndarray:
    return np.r_[np.ones(size[0]), np.zeros(size[1])]


def _level_probabilities(distance: float) -> np.ndarray:
    return np.diff(np.r_[0, norm.cdf(CUTS - distance), 1])


def _distance(area: float, kind: str) -> tuple[float, float]:
    """How far the events' mean lies from the others', in the others' standard deviations, and the
    events' own deviation."""
    if kind != "four levels":
        spread = {"alike": 1.0, "events twice": 2.0, "events half": 0.5}[kind]
        return float(np.sqrt(1 + spread**2) * norm.ppf(area)), spread
    pairs = np.sign(np.subtract.outer(np.arange(4), np.arange(4))) / 2 + 0.5
    return (
        float(
            brentq(
                lambda distance: (
                    _level_probabilities(distance) @ pairs @ _level_probabilities(0) - area
                ),
                0,
                8,
            )
        ),
        1.0,
    )


def scores(
    random: np.random.Generator,
    label: np.ndarray,
    area: float,
    kind: str = "alike",
    shared: np.ndarray | None = None,
    correlation: float = 0.0,
) -> np.ndarray:
    """One score a patient with this true AUC; shared: normal values that it has in common with
    another score."""
    distance, spread = _distance(area, kind)
    noise = random.standard_normal(len(label))
    if shared is not None:
        noise = np.sqrt(correlation) * shared + np.sqrt(1 - correlation) * noise
    score = noise * np.where(label == 1, spread, 1.0) + distance * label
    return np.digitize(score, CUTS).astype(float) if kind == "four levels" else score


def _covers(found: Any, truth: float) -> bool:
    return bool(found.ci_low - 1e-9 <= truth <= found.ci_high + 1e-9)


def auc_rates(
    samples: int,
    sizes: dict[int, tuple[int, int]] = SIZES,
    areas: tuple[float, ...] = AREAS,
    kinds: tuple[str, ...] = ("alike",),
    seed: int = 1,
) -> Iterator[Rate]:
    """Coverage of each method; only the default is asked to cover, where the scores spread
    alike."""
    for kind in kinds:
        for n, size in sizes.items():
            label = _label(size)
            for area in areas:
                if kind == "four levels" and area > 0.9:
                    continue  # four levels can hardly say so much
                random, hits = np.random.default_rng([seed, n]), dict.fromkeys(METHODS, 0)
                for _ in range(samples):
                    score = scores(random, label, area, kind)
                    for method in METHODS:
                        hits[method] += _covers(st.auc_interval(label, score, method=method), area)
                for method, count in hits.items():
                    rate = count / samples
                    tolerance = 2 * np.sqrt(
                        0.95 * 0.05 / samples
                    )  # a light run is no stricter than its error allows
                    ok = (
                        WITHIN[0] - tolerance <= rate <= WITHIN[1] + tolerance
                        if method == "score" and kind == "alike"
                        else None
                    )
                    yield Rate(
                        f"AUC, spread {kind}" if kind != "four levels" else "AUC, four levels",
                        size,
                        f"{area:g}",
                        method,
                        rate,
                        samples,
                        ok,
                    )


PAIRS = ((0.7, 0.7, 0.3), (0.85, 0.85, 0.8), (0.85, 0.7, 0.5), (0.95, 0.75, 0.5), (0.99, 0.95, 0.6))


def difference_rates(
    samples: int,
    sizes: tuple[tuple[int, int], ...] = ((3, 9), (10, 23), (20, 13), (58, 42)),
    seed: int = 2,
) -> Iterator[Rate]:
    """Coverage of the paired difference's interval, ours and DeLong's; ours must not cover less
    than .93."""
    calls: dict[str, Callable[..., Any]] = {"t": st.auc_difference, "DeLong": st.delong_test}
    for size in sizes:
        label = _label(size)
        for first, second, correlation in PAIRS:
            random, hits = np.random.default_rng([seed, *size]), dict.fromkeys(calls, 0)
            for _ in range(samples):
                shared = random.standard_normal(len(label))
                pair = [
                    scores(random, label, area, "alike", shared, correlation)
                    for area in (first, second)
                ]
                for name, call in calls.items():
                    hits[name] += _covers(call(label, *pair), first - second)
            for name, count in hits.items():
                yield Rate(
                    "difference of two AUCs",
                    size,
                    f"{first:g} - {second:g}, r = {correlation:g}",
                    name,
                    count / samples,
                    samples,
                    (
                        count / samples >= WITHIN[0] - 2 * np.sqrt(0.95 * 0.05 / samples)
                        if name == "t"
                        else None
                    ),
                )


def claim_rates(
    samples: int,
    sizes: tuple[tuple[int, int], ...] = ((20, 13), (10, 23), (116, 84)),
    seed: int = 3,
) -> Iterator[Rate]:
    """How often a model of noise is said to discriminate, and one of two equal models to outperform
    the other (level .05, two-sided)."""
    for size in sizes:
        label, random = _label(size), np.random.default_rng([seed, *size])
        for kind in ("alike", "events twice", "four levels"):
            made = np.mean(
                [
                    st.auc_interval(label, scores(random, label, 0.5, kind)).ci_low > 0.5
                    for _ in range(samples)
                ]
            )
            yield _claim("discriminates", size, f"AUC .5, {kind}", float(made), samples)
        for area, correlation in ((0.5, 0.0), (0.7, 0.5), (0.9, 0.8)):
            count = 0
            for _ in range(samples):
                shared = random.standard_normal(len(label))
                found = st.auc_difference(
                    label,
                    *(scores(random, label, area, "alike", shared, correlation) for _ in range(2)),
                )
                count += found.p < 0.05 and (found.ci_low > 0 or found.ci_high < 0)
            yield _claim(
                "one of two equal models differs",
                size,
                f"AUC {area:g}, r = {correlation:g}",
                count / samples,
                samples,
            )


def _claim(what: str, size: tuple[int, int], truth: str, rate: float, samples: int) -> Rate:
    return Rate(
        f"false claim: {what}",
        size,
        truth,
        "score" if what == "discriminates" else "t",
        rate,
        samples,
        rate <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / samples),
    )


def followed_rates(
    samples: int, sizes: tuple[int, ...] = (33, 100), seed: int = 4
) -> Iterator[Rate]:
    """C-index and AUC at a horizon of exponential times with a hazard exp(βx), censored; the truth
    from a large sample."""

    def patients(
        random: np.random.Generator, n: int, strength: float
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        score = random.standard_normal(n)
        time, lost = random.exponential(np.exp(-strength * score)), random.exponential(2.0, n)
        return np.minimum(time, lost), (time <= lost).astype(float), score, time

    for strength in (0.6, 1.5, 3.0):
        time, event, score, whole = patients(np.random.default_rng(seed), 100_000, strength)
        truths = {
            "C-index": st.concordance_index(time, event, score).value,
            "AUC at a horizon": st.auc((whole <= 0.7).astype(float), score),
        }
        for n in sizes:
            random, hits, events = (
                np.random.default_rng([seed, n]),
                {(what, method): 0 for what in truths for method in ("default", "wald")},
                0,
            )
            for _ in range(samples):
                time, event, score, _ = patients(random, n, strength)
                events += int(event.sum())
                for method in ("default", "wald"):
                    options = {} if method == "default" else {"method": method}
                    hits["C-index", method] += _covers(
                        st.concordance_index(time, event, score, **options), truths["C-index"]
                    )
                    hits["AUC at a horizon", method] += _covers(
                        st.time_dependent_auc(time, event, score, 0.7, **options),
                        truths["AUC at a horizon"],
                    )
            for (what, method), count in hits.items():
                yield Rate(
                    what,
                    (events // samples, n - events // samples),
                    f"{truths[what]:.3f}",
                    method,
                    count / samples,
                    samples,
                    None,
                )


def light(samples: int = 300) -> list[list[str]]:
    """A few rows for `make bench`: the study's own size at a high AUC."""
    return [rate.cells() for rate in auc_rates(samples, {33: SIZES[33]}, (0.9,))]


def main(samples: int = 2000) -> int:
    from benchmarks.text_table import table

    rates = [
        *auc_rates(samples),
        *auc_rates(
            samples, kinds=("events twice", "events half", "four levels"), areas=(0.7, 0.85, 0.95)
        ),
        *difference_rates(samples // 2),
        *claim_rates(samples),
        *followed_rates(samples // 4),
    ]
    print(table([rate.cells() for rate in rates], HEAD))
    missed = [rate for rate in rates if rate.ok is False]
    print(
        f"\n95 % intervals, {samples} samples a row (fewer for differences and follow-up), seeds in"
        f" the code. {len(missed)} row(s) not as they should be."
    )
    return int(bool(missed))


if __name__ == "__main__":
    raise SystemExit(main(*counts(__doc__, samples=2000)))
