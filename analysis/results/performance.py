"""Discrimination of every model per way of judging it, its cut-offs, and how these classify."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from functools import partial
from operator import itemgetter
from typing import Any

import numpy as np
import pandas as pd

from analysis.results import keys
from analysis.results.record import Records
from analysis.results.repeats import FIRST, over_repeats, repeat_numbers, repeats_method
from analysis.statistics import (
    AucInterval,
    Cutoff,
    auc_interval,
    classification_metrics,
    cutoff_interval,
    diagnostic_odds_ratio,
    sensitivity_cutoff,
    youden_cutoff,
    youden_index,
)
from analysis.statistics.auc_interval import METHOD_WORDS
from analysis.statistics.comparison import INTERVAL_MEANS
from analysis.statistics.estimate import Estimate
from analysis.study import Statistics
from analysis.study.load import load_study
from models.spec import TRAINED

ON_TRAINING = ("apparent", "out_of_fold")
PROPORTIONS = ("accuracy", "sensitivity", "specificity", "ppv", "npv")
INDEXES = {
    "balanced_accuracy": "proportion",
    "f1": "index",
    "mcc": "index",
    "kappa": "index",
    "positive_likelihood_ratio": "likelihood ratio",
    "negative_likelihood_ratio": "likelihood ratio",
}


def interval_method(how: str) -> str:
    """Meaning of an interval for a way of judging.

    Every name but the two of training is a cohort that locked models met.
    """
    return INTERVAL_MEANS.get(how, f"locked model on patients of {how}")


def hows(predictions: pd.DataFrame) -> list[str]:
    """Ways of judging.

    They are apparent and out of fold on training patients, then each cohort that the locked models
    met.
    """
    return [
        *ON_TRAINING,
        "validation",
        *[how for how in predictions["how"].unique() if how not in (*ON_TRAINING, "validation")],
    ]


_places: dict[int, tuple[weakref.ref, dict[tuple, np.ndarray]]] = {}


def rows_of(predictions: pd.DataFrame, model: str, how: str, repeat: int = FIRST) -> pd.DataFrame:
    """Rows of a model, a way of judging and a repeat of the folds.

    Where they are is found once for a table, which nobody changes: comparing millions of words anew
    for each of hundreds of statistics would take longer than these.
    """
    key = id(predictions)
    held = _places.get(key)
    if held is None or held[0]() is not predictions:
        held = (
            weakref.ref(predictions, lambda _: _places.pop(key, None)),
            predictions.groupby(
                ["model", "how", *(["repeat"] if "repeat" in predictions else [])], sort=False
            ).indices,
        )
        _places[key] = held
    return predictions.iloc[
        held[1].get((model, how, repeat) if "repeat" in predictions else (model, how), [])
    ]


def evaluable(
    predictions: pd.DataFrame, model: str, how: str, column: str = "score", repeat: int = FIRST
) -> pd.DataFrame:
    """Rows of a model and a way of judging with known label and a score.

    They are indexed by patient; of repeated folds they are those of one repeat.
    """
    rows = rows_of(predictions, model, how, repeat)
    known = rows["label"].notna().to_numpy() & rows[column].notna().to_numpy()
    return rows.loc[known].set_index("patient_id")


def evaluable_repeats(
    predictions: pd.DataFrame, model: str, how: str, column: str = "score"
) -> list[pd.DataFrame]:
    """Evaluable predictions of every repeat, the first one first."""
    return [
        evaluable(predictions, model, how=how, column=column, repeat=repeat)
        for repeat in repeat_numbers(predictions, how)
    ]


def both_classes(rows: pd.DataFrame) -> bool:
    """True if the rows have patients with and without the event."""
    return rows["label"].nunique() == 2


def probability_method(family: str) -> str:
    """Method of a family's probabilities: a stage or an index has none of its own."""
    return "model's own probability" if family in TRAINED else "probability refitted in training"


def with_probability(
    predictions: pd.DataFrame,
) -> Iterator[tuple[str, str, str, list[tuple[np.ndarray, np.ndarray]]]]:
    """Every model and way of judging that has probabilities and both outcomes.

    It yields model, how, where the probability is from, and (label, probability) of each repeat of
    the folds, of which there is one but out of fold.
    """
    for model, family in predictions.groupby("model", sort=False)["family"].first().items():
        for how in hows(predictions):
            parts = evaluable_repeats(predictions, str(model), how, "probability")
            if all(both_classes(rows) for rows in parts):
                yield (
                    str(model),
                    how,
                    probability_method(family) + repeats_method(parts),
                    [(rows["label"].to_numpy(), rows["probability"].to_numpy()) for rows in parts],
                )


def _auc(pair: tuple[np.ndarray, np.ndarray], level: float) -> AucInterval:
    return auc_interval(*pair, level=level)


def _at_cutoff(
    function: Callable[..., Estimate], cutoff: float, level: float, pair: tuple[Any, Any]
) -> Estimate:
    return function(*pair, cutoff, level)


def add_performance(
    records: Records, predictions: pd.DataFrame, settings: Statistics, seed: int
) -> None:
    """Add auc, and classification at two cut-offs.

    The cut-offs are learnt from out-of-fold training scores: Youden's and the prespecified
    sensitivity's.

    With repeated folds each is the mean over repeats, and a cut-off is the best one for single
    models: the scores of all repeats are put side by side, never averaged, so that the mean of
    their Youden indexes is the largest. Keys of the second end in `.prespecified`. Where a cut-off
    does not exist, neither do its keys.
    """
    for model in predictions["model"].unique():
        cutoffs = _add_cutoffs(records, predictions, model=model, settings=settings, seed=seed)
        for how in hows(predictions):
            parts = evaluable_repeats(predictions, model, how)
            rows = parts[0]
            records.add(keys.n_evaluable(model, how), len(rows), unit="patients", source=evaluable)
            if not both_classes(rows):
                continue
            label, pairs = (
                rows["label"].to_numpy(),
                [(part["label"].to_numpy(), part["score"].to_numpy()) for part in parts],
            )
            means = interval_method(how) + repeats_method(parts)
            records.attempt(
                keys.auc(model, how),
                partial(over_repeats, pairs, partial(_auc, level=settings.confidence_level)),
                n=len(rows),
                unit="AUC",
                method=f"{METHOD_WORDS}; {means}",
                source=auc_interval,
            )
            records.add(
                keys.events(model, how),
                int(label.sum()),
                n=len(rows),
                unit="patients",
                source=evaluable,
            )
            if how not in ON_TRAINING:
                records.add(
                    keys.rarer_outcome(model, how),
                    int(rows["label"].value_counts().min()),
                    n=len(rows),
                    unit="patients",
                    method="patients of the rarer outcome",
                    source=evaluable,
                )
            for ending, (cutoff, cut_method) in cutoffs.items():
                each = [
                    classification_metrics(
                        *pair,
                        cutoff.value,
                        settings.confidence_level,
                        interval=settings.proportion_interval,
                        resamples=settings.bootstrap_resamples,
                        seed=seed,
                    )
                    for pair in pairs
                ]
                metrics = {
                    name: over_repeats(each, itemgetter(name)) for name in (*PROPORTIONS, *INDEXES)
                }
                for name in PROPORTIONS:
                    records.add(
                        keys.named(f"{name}{ending}")(model, how),
                        metrics[name].value,
                        estimate=metrics[name],
                        unit="proportion",
                        method=f"{settings.proportion_interval} interval; {cut_method}; {means}",
                        source=classification_metrics,
                    )
                for name, unit in INDEXES.items():
                    method = (
                        "interval on the log scale (Simel)"
                        if unit == "likelihood ratio"
                        else "bootstrap interval"
                    )
                    records.add(
                        keys.named(f"{name}{ending}")(model, how),
                        metrics[name].value,
                        estimate=metrics[name],
                        unit=unit,
                        method=f"{method}; {cut_method}; {means}",
                        source=classification_metrics,
                    )
                odds, index = (
                    over_repeats(
                        pairs,
                        partial(_at_cutoff, function, cutoff.value, settings.confidence_level),
                    )
                    for function in (diagnostic_odds_ratio, youden_index)
                )
                records.add(
                    keys.named(f"diagnostic_odds_ratio{ending}")(model, how),
                    odds.value,
                    estimate=odds,
                    unit="odds ratio",
                    method=f"exact conditional interval; {cut_method}; {means}",
                    source=diagnostic_odds_ratio,
                )
                records.add(
                    keys.named(f"youden_index{ending}")(model, how),
                    index.value,
                    estimate=index,
                    unit="index",
                    method=f"hybrid score interval (Newcombe); {cut_method}; {means}",
                    source=youden_index,
                )


def _threshold_cutoff(
    records: Records, predictions: pd.DataFrame, model: str, settings: Statistics
) -> dict[str, tuple[Cutoff, str]]:
    """Cut-off at the study file's threshold, for a model without out-of-fold scores.

    Nothing is learnt where a model comes without them: its probability is cut at the threshold.
    """
    rows = predictions[predictions["model"] == model].dropna(subset=["score", "probability"])
    if rows.empty or not (rows["score"] == rows["probability"]).all():
        return {}
    threshold = settings.reported_threshold
    records.add(
        keys.cutoff(model),
        threshold,
        unit="score",
        method="reported_threshold of the study file, without out-of-fold scores",
        source=load_study,
    )
    method = "threshold probability of the study file"
    return {"": (Cutoff(threshold, np.nan, np.nan, (threshold,)), method)}


def _add_cutoffs(
    records: Records, predictions: pd.DataFrame, model: str, settings: Statistics, seed: int
) -> dict[str, tuple[Cutoff, str]]:
    """Cut-offs by the ending of their quantities, each with the term for how it was found."""
    learning = evaluable(predictions, model, "out_of_fold")
    if learning.empty:
        return _threshold_cutoff(records, predictions, model, settings)
    if not both_classes(learning) or learning["score"].nunique() < 2:
        return {}
    parts = evaluable_repeats(predictions, model, "out_of_fold")
    label, score = (
        np.concatenate([part[name].to_numpy() for part in parts]) for name in ("label", "score")
    )
    youden = youden_cutoff(label, score)
    interval = over_repeats(
        parts,
        lambda part: cutoff_interval(
            part["label"].to_numpy(),
            part["score"].to_numpy(),
            level=settings.confidence_level,
            resamples=settings.bootstrap_resamples,
            seed=seed,
        ),
    )
    records.add(
        keys.cutoff(model),
        youden.value,
        estimate=interval,
        unit="score",
        method="Youden index, out-of-fold training scores"
        + (
            f" of {len(parts)} repeats side by side; bootstrap interval, limits averaged over"
            " repeats"
            if len(parts) > 1
            else "; bootstrap interval"
        ),
        source=youden_cutoff,
    )
    records.add(
        keys.cutoff_ties(model),
        len(youden.ties),
        n=len(learning),
        unit="cut-offs",
        method="cut-offs of the largest Youden index, smallest taken",
        source=youden_cutoff,
    )
    youden_method = "Youden's cut-off, fixed in training"
    cutoffs = {"": (youden, youden_method)}
    try:
        prespecified = sensitivity_cutoff(label, score, settings.sensitivity)
    except ValueError:  # a stage of few levels may jump over the sensitivity asked for
        return cutoffs
    records.add(
        keys.cutoff_prespecified(model),
        prespecified.value,
        n=len(learning),
        unit="score",
        method=(
            f"highest cut-off with a sensitivity of {settings.sensitivity:g} on out-of-fold"
            " training scores"
        ),
        source=sensitivity_cutoff,
    )
    sensitivity_method = f"cut-off of sensitivity {settings.sensitivity:g}, fixed in training"
    return cutoffs | {"_prespecified": (prespecified, sensitivity_method)}
