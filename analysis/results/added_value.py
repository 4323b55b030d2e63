"""Added value beyond each staging system and index: score + model against the score alone.

A tuned continuous score against four tied levels is an unfair match. So both are refitted in
training, the score alone and the score with the model, and the two are judged in validation, on the
patients whom all scores can grade.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.results import keys
from analysis.results.comparisons import ROLE_METHODS
from analysis.results.performance import both_classes, evaluable
from analysis.results.record import Records
from analysis.results.refitting import linear, refitted
from analysis.statistics import (
    AucInterval,
    DelongTest,
    Estimate,
    auc_interval,
    compare_auc,
    likelihood_ratio_tests,
    net_benefit_difference,
)
from analysis.statistics.auc_difference import METHOD_WORDS as DIFFERENCE_WORDS
from analysis.statistics.auc_interval import METHOD_WORDS
from analysis.study import Statistics
from models.spec import ModelSpec


@dataclass(frozen=True)
class AddedValue:
    """Added value of a model to a score.

    alone, together: AUC of the score refitted, and of score + model; test: their paired comparison,
    p unadjusted.
    """

    alone: AucInterval
    together: AucInterval
    test: DelongTest
    net_benefit: Estimate
    likelihood_ratio: float | None
    values_seen: int
    tied_pairs: float
    seen: list[str]


@dataclass(frozen=True)
class CommonSet:
    """Common set of patients of a model and the comparators.

    patients: validation patients whom the model and every comparator in `scores` grade. lost:
    comparator → patients of known label that it can't grade. left_out: comparator → why it takes no
    part, as `keys.added_value_left_out` lists it. everyone: patients before any was lost.
    """

    patients: pd.Index
    lost: dict[str, int]
    left_out: dict[str, str]
    scores: list[str]
    everyone: int


def common_set(predictions: pd.DataFrame, model: str, comparators: list[str]) -> CommonSet:
    """Common set of patients on whom the model and its comparators are judged.

    A comparator that grades nobody in one of the cohorts, or all alike in training, is left out
    instead of emptying the set.
    """
    everyone = evaluable(predictions, model, "validation", "probability").index
    patients, lost, left_out, scores = everyone, {}, {}, []
    families = predictions.groupby("model")["family"].first()
    for name in comparators:
        graded, learning = (
            evaluable(predictions, name, "validation").index.intersection(everyone),
            evaluable(predictions, name, "out_of_fold"),
        )
        if evaluable(predictions, model, "out_of_fold", "probability").empty:
            left_out[name] = "no_out_of_fold"
        elif not len(graded) or not len(learning):
            left_out[name] = "too_few_complete" if families[name] == "refit" else "input_missing"
        elif not both_classes(learning) or learning["score"].nunique() < 2:
            left_out[name] = "one_value"
        else:
            scores.append(name)
            lost[name] = len(everyone) - len(graded)
            patients = patients.intersection(graded)
    return CommonSet(patients, lost, left_out=left_out, scores=scores, everyone=len(everyone))


def _seen(spec: ModelSpec | None, score: pd.Series) -> list[str]:
    """Lowest and highest level, or value, among these patients; one where they are the same."""
    values = score if spec is None or spec.higher_is_worse else -score
    low, high = values.min(), values.max()
    if spec is None or not spec.levels:
        return [f"{low:.3g}", f"{high:.3g}"]
    first, last = (spec.levels[int(value) - spec.first_rank] for value in (low, high))
    return [first] if low == high else [first, last]


def added_values(
    predictions: pd.DataFrame,
    model: str,
    common: CommonSet,
    settings: Statistics,
    seed: int,
    registry: Mapping[str, ModelSpec] | None = None,
) -> dict[str, AddedValue]:
    """Added value by comparator; empty where the common set holds one class only.

    The model enters training by its out-of-fold probability, which is not flattered, and validation
    by that of the locked model.
    """
    known, new = (
        evaluable(predictions, model, "out_of_fold", "probability"),
        evaluable(predictions, model, "validation", "probability").loc[common.patients],
    )
    if not both_classes(new) or not both_classes(known):
        return {}
    label = new["label"].to_numpy()
    found = {}
    for name in common.scores:
        score, graded = (
            evaluable(predictions, name, "out_of_fold")["score"],
            evaluable(predictions, name, "validation").loc[common.patients, "score"],
        )
        learning = known.join(score.rename("comparator"), how="inner")
        design = pd.DataFrame(
            {"comparator": learning["comparator"], "model": linear(learning["probability"])}
        )
        applied = pd.DataFrame({"comparator": graded, "model": linear(new["probability"])})
        same = (
            abs(design.corr().iloc[0, 1]) > 1 - 1e-12
        )  # the model says what the comparator says, so it adds nothing
        alone = refitted(design[["comparator"]], learning["label"], applied[["comparator"]])
        together = alone if same else refitted(design, learning["label"], applied)
        pairs = np.equal.outer(graded.to_numpy()[label == 1], graded.to_numpy()[label == 0])
        found[name] = AddedValue(
            auc_interval(label, alone, level=settings.confidence_level),
            auc_interval(label, together, level=settings.confidence_level),
            test=compare_auc(
                label, together, alone, how="validation", level=settings.confidence_level
            ),
            net_benefit=net_benefit_difference(
                label,
                together,
                probability_b=alone,
                threshold=settings.reported_threshold,
                resamples=settings.bootstrap_resamples,
                seed=seed,
                level=settings.confidence_level,
            ),
            likelihood_ratio=(
                0.0
                if same
                else _likelihood_gain(
                    applied.assign(comparator=linear(pd.Series(alone, index=graded.index))), label
                )
            ),
            values_seen=int(graded.nunique()),
            tied_pairs=float(pairs.mean()),
            seen=_seen((registry or {}).get(name), graded),
        )
    return found


def _likelihood_gain(table: pd.DataFrame, label: np.ndarray) -> float | None:
    """Likelihood-ratio chi-square of the locked model beside a score alone.

    It has one degree of freedom and is fitted to validation patients.
    """
    if table["comparator"].nunique() < 2:
        table = table[["model"]]
    try:
        return float(likelihood_ratio_tests(table, label).loc["model", "statistic"])
    except ValueError:  # the few patients are separated
        return None


def add_added_values(
    records: Records,
    common: CommonSet,
    added: dict[str, AddedValue],
    p_values: dict[str, tuple[float | None, str]],
    settings: Statistics,
) -> None:
    """Add `added_value.<comparator>` and what stands beside it.

    p_values: of each comparator the adjusted p, or None, and its role.
    """
    records.add(
        keys.added_value_common_n(),
        len(common.patients),
        unit="patients",
        method="validation patients of known outcome, graded by the model and all comparators",
        source=common_set,
    )
    records.add(
        keys.added_value_common_of(),
        common.everyone,
        unit="patients",
        method="validation patients of known outcome, graded by the model",
        source=common_set,
    )
    for judged in [value.alone for value in added.values()][:1]:
        records.add(
            keys.added_value_common_rarer(),
            min(judged.events, judged.n - judged.events),
            n=judged.n,
            unit="patients",
            method="patients of the rarer outcome",
            source=common_set,
        )
    records.add(keys.added_value_scores(), list(added), source=common_set)
    for name, count in common.lost.items():
        records.add(
            keys.added_value_lost(name),
            count,
            unit="patients",
            method="validation patients of known outcome, not graded",
            source=common_set,
        )
    for name, reason in common.left_out.items():
        records.add(keys.added_value_left_out(name), reason, source=common_set)
    n = len(common.patients)
    for name, value in added.items():
        p, role = p_values[name]
        method = "refitted in training, judged in validation"
        records.add(
            keys.added_value_auc_alone(name),
            value.alone.auc,
            estimate=value.alone,
            unit="AUC",
            method=f"{METHOD_WORDS}; score alone, {method}",
            source=added_values,
        )
        records.add(
            keys.added_value_auc_together(name),
            value.together.auc,
            estimate=value.together,
            unit="AUC",
            method=f"{METHOD_WORDS}; score and model, {method}",
            source=added_values,
        )
        records.add(
            keys.added_value(name),
            value.test.difference,
            ci_low=value.test.ci_low,
            ci_high=value.test.ci_high,
            p=p,
            n=n,
            unit="AUC difference",
            method=(
                f"score + model against the score alone, both {method}; {DIFFERENCE_WORDS};"
                f" {ROLE_METHODS[role]}"
            ),
            source=compare_auc,
        )
        records.add(
            keys.added_value_net_benefit(name),
            value.net_benefit.value,
            estimate=value.net_benefit,
            unit="net benefit difference",
            method=f"bootstrap of patients, threshold probability {settings.reported_threshold:g}",
            source=net_benefit_difference,
        )
        records.add(
            keys.added_value_likelihood_ratio(name),
            value.likelihood_ratio,
            n=n,
            unit="chi-square",
            source=likelihood_ratio_tests,
            method=(
                "locked model beside the score, validation patients, 1 degree of freedom"
                if value.likelihood_ratio is not None
                else "not estimable, separated outcome"
            ),
        )
        records.add(
            keys.added_value_values_seen(name),
            value.values_seen,
            n=n,
            unit="values",
            source=added_values,
        )
        records.add(
            keys.added_value_tied_pairs(name),
            value.tied_pairs,
            n=n,
            unit="proportion",
            method="pairs with and without the event of equal score",
            source=added_values,
        )
        records.add(
            keys.added_value_seen(name),
            value.seen,
            n=n,
            source=added_values,
        )
