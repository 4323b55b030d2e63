"""How often each claim of the article is made where it is false: `python -m benchmarks.claims`.

Cohorts are simulated under the hypothesis that a claim denies, the study's own statistics are
computed, and the study's own rules word the claim. A rate must not exceed the level of its claim by
more than two Monte-Carlo errors. Rates where the claim is true are printed below, for what the
rules can find. Everything is seeded.
"""

from __future__ import annotations

import sys
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from analysis.reporting.claims import make_claims
from analysis.reporting.manuscript import Results
from analysis.results.added_value import add_added_values, added_values, common_set
from analysis.results.record import Records
from analysis.results.settings import add_claim_settings
from analysis.statistics import (
    auc_interval,
    calibration_in_the_large,
    calibration_score_test,
    calibration_slope,
    compare_auc,
    is_equivalent,
    log_rank,
    net_benefit_gain,
    observed_expected_ratio,
)
from analysis.statistics.auc_difference import LEAST_FOR_A_TEST
from analysis.statistics.calibration_curve import ENOUGH
from analysis.study import Split, Statistics
from analysis.study.statistics import Contrasts
from benchmarks.arguments import counts
from benchmarks.claim_scenarios import Cohort, Scenario, scenarios
from benchmarks.text_table import table


def _rows(cohort: Cohort) -> pd.DataFrame:
    """Predictions of model and index in training, out of fold, and in validation."""
    frames = []
    for name, family in (("new", "clinical"), ("index", "staging")):
        for how, prefix in (("validation", ""), ("out_of_fold", "train_")):
            score, label = cohort[f"{prefix}{name}"], cohort[f"{prefix}label"].astype(float)
            frames.append(
                pd.DataFrame(
                    {
                        "patient_id": [f"{how}{place}" for place in range(len(label))],
                        "model": name,
                        "family": family,
                        "how": how,
                        "label": label,
                        "score": score,
                        "probability": score if family == "clinical" else np.nan,
                    }
                )
            )
    return pd.concat(frames, ignore_index=True)


def _compare(records: Records, cohort: Cohort, margin: float | None, level: float) -> None:
    """The primary contrast with the old model, and its equivalence where there is a margin."""
    label, rarer = cohort["label"], min(cohort["label"].sum(), (1 - cohort["label"]).sum())
    test = compare_auc(label, cohort["new"], cohort["old"], how="validation", level=level)
    records.add(
        "delong.new_vs_old.validation",
        test.difference,
        estimate=test,
        p=test.p if np.isfinite(test.p) else None,
        unit="AUC difference",
    )
    records.add("rarer_outcome.new_vs_old", rarer)
    if margin is not None:
        inside = compare_auc(label, cohort["new"], cohort["old"], how="validation", level=0.9)
        records.add(
            "equivalent.new_vs_old.validation",
            bool(
                rarer >= LEAST_FOR_A_TEST and is_equivalent(inside.ci_low, inside.ci_high, margin)
            ),
        )


def _calibrate(records: Records, label: np.ndarray, probability: np.ndarray) -> None:
    enough = min(label.sum(), (1 - label).sum()) >= ENOUGH
    records.add("calibration_curve_stable.new.validation", enough)
    test = calibration_score_test(label, probability, enough=ENOUGH)
    records.add("calibration_test.new.validation", test.statistic, p=test.p)
    for name, compute in {
        "observed_expected": observed_expected_ratio,
        "calibration_slope": calibration_slope,
        "calibration_intercept": calibration_in_the_large,
    }.items():
        if enough:  # else no interval has a say
            records.attempt(
                f"{name}.new.validation",
                lambda compute=compute: compute(label, probability),
                method="",
            )


def results_of(cohort: Cohort, needed: Collection[str], margin: float | None = None) -> Results:
    """What the claims read, by the study's own statistics, of the model `new` in one validation
    cohort. needed: the first words of the claims that are looked at; what only others read is left
    out."""
    records, settings = (
        Records(),
        Statistics(
            bootstrap_resamples=100,
            contrasts=Contrasts(model="new", primary="index" if "index" in cohort else "old"),
        ),
    )
    label, new, level = cohort["label"], cohort["new"], settings.confidence_level
    add_claim_settings(records, settings)
    words = {
        "best.model": "new",
        "best.model.label": "New",
        "models.headline": ["new", "old"] if "old" in cohort else ["new"],
        "settings.confidence_level": level,
        "cohort.synthetic": False,
        "study.event": "event",
        "study.disease": "disease",
        "settings.equivalence_margin": margin,
        "calibration_curve_stable.least": ENOUGH,
        "contrasts.model": "new",
        "comparisons.least": LEAST_FOR_A_TEST,
        "label.new": "New",
        "label.old": "Old",
        "label.index": "Index",
    }
    for key, value in words.items():
        records.add(key, value)
    interval = auc_interval(label, new)
    records.add("auc.new.validation", interval.auc, estimate=interval, unit="AUC")
    records.add("rarer_outcome.new.validation", min(interval.events, interval.n - interval.events))
    if {"outperforms", "no_difference", "conclusion"} & set(needed):
        _compare(records, cohort, margin, level)
        records.add("contrasts.primary", "old")
    if "well_calibrated" in needed:
        _calibrate(records, label, new)
    if "net_benefit" in needed:
        gain = net_benefit_gain(label, new, settings.reported_threshold, level)
        records.add(
            "net_benefit_gain.new.validation",
            gain.value,
            estimate=gain,
            unit="net benefit difference",
        )
    if "adds_to" in needed:
        rows = _rows(cohort)
        common = common_set(rows, "new", ["index"])
        added = added_values(rows, "new", common, settings, 0)
        p = added["index"].test.p
        add_added_values(
            records,
            common,
            added,
            {"index": (p if np.isfinite(p) else None, "primary")},
            settings,
        )
    if "risk_groups" in needed:
        records.add("endpoint.horizon_months", 24)
        high = (new >= 0.5).astype(int)
        if 0 < high.sum() < len(high):
            records.add(
                "log_rank.risk_group.validation",
                None,
                p=log_rank(cohort["time"], cohort["seen"], high).p,
            )
    nothing = {"clinical": None, "radiomics": None, "deep_learning": None}
    about = SimpleNamespace(modality=None)
    study = SimpleNamespace(study=about, split=Split(everyone="validation"), features={}, **nothing)
    by_key = {each.key: each for each in records.sorted()}
    return Results(by_key, study, Path())  # type: ignore[arg-type]


@dataclass(frozen=True)
class Rate:
    """made: cohorts in which the claim was in that state."""

    scenario: str
    claim: str
    state: str
    n: int
    cohorts: int
    made: int
    level: float | None

    @property
    def error(self) -> float:
        """Monte-Carlo standard error, at the level where there is one."""
        at = self.made / self.cohorts if self.level is None else self.level
        return float(np.sqrt(at * (1 - at) / self.cohorts))

    @property
    def met(self) -> bool | None:
        return (
            None if self.level is None else self.made / self.cohorts <= self.level + 2 * self.error
        )


def rates(scenario: Scenario, n: int, cohorts: int, seed: int = 0) -> list[Rate]:
    """One rate a claim and state; seed: with n, of the random numbers. A cohort with one outcome
    only is drawn again, as a study would refuse it."""
    random, made = np.random.default_rng([seed, n]), dict.fromkeys(scenario.claims, 0)
    needed = {key.partition(".")[0] for key, _ in made}
    for _ in range(cohorts):
        cohort = scenario.draw(random, n)
        while not 0 < cohort["label"].sum() < n:
            cohort = scenario.draw(random, n)
        found = make_claims(results_of(cohort, needed, scenario.margin))
        for key, state in made:
            made[key, state] += found[key].state == state
    return [
        Rate(scenario.name, key, state, n, cohorts, made[key, state], level)
        for (key, state), level in scenario.claims.items()
    ]


HEAD = ["cohorts are", "claim", "n", "made in", "± error", "level", "within two errors"]


def row(rate: Rate) -> list[str]:
    level = "" if rate.level is None else f"{100 * rate.level:.1f} %"
    return [
        rate.scenario,
        f"{rate.claim}: {rate.state}",
        str(rate.n),
        f"{100 * rate.made / rate.cohorts:.1f} %",
        f"{100 * rate.error:.1f}",
        level,
        {True: "yes", False: "NO", None: ""}[rate.met],
    ]


def main(cohorts: int = 1000) -> int:
    """1 if a claim is made too often where it is false."""
    found: list[Rate] = []
    with threadpool_limits(1):
        for place, scenario in enumerate(scenarios()):
            for n in scenario.sizes:
                found += rates(scenario, n, round(scenario.share * cohorts), place)
            print(f"{scenario.name}: done", file=sys.stderr, flush=True)
    print(table([row(rate) for rate in found], HEAD))
    print(
        f"\n{cohorts} cohorts a row (400 in a thousand beside an index), seeded by scenario and n;"
        " error: Monte-Carlo standard error at the level."
    )
    return int(any(rate.met is False for rate in found))


if __name__ == "__main__":
    raise SystemExit(main(*counts(__doc__, cohorts=1000)))
