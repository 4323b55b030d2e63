"""Harrell's bootstrap correction for optimism.

The whole path to the model is repeated in every resample.

By hand, as no Python library repeats a path of one's own; held to rms::validate.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.core.word_lists import counted

Fit = Callable[[Any, NDArray[np.float64], NDArray[np.intp]], Callable[[Any], NDArray[np.float64]]]
Measure = Callable[[NDArray[np.float64], NDArray[np.float64], bool], Mapping[str, float]]


@dataclass(frozen=True)
class OptimismCorrection:
    """Harrell's bootstrap correction for optimism, by statistic.

    table: a row a statistic; apparent, training (mean in the resamples), test (their models on all
    patients), optimism = training - test, corrected = apparent - optimism, n (resamples that gave a
    value). failed: why others did not, with counts.
    """

    table: pd.DataFrame
    resamples: int
    failed: dict[str, int]


def optimism_correction(  # noqa: PLR0913 - settings of rms::validate
    fit: Fit,
    measure: Measure,
    patients: Any,
    label: Any,
    resamples: int = 200,
    seed: int = 0,
    indices: Any = None,
    over: Callable[
        [Callable[[NDArray[np.intp]], Any], Sequence[NDArray[np.intp]]], Iterable[Any]
    ] = map,
) -> OptimismCorrection:
    """Optimism of any statistics of any model path (Harrell 1996).

    fit(patients, label, group) does everything that saw the outcome, selection and tuning too, and
    returns a function patients → prediction. group holds the original row of each patient: inner
    folds must keep equal groups together, as a resample holds copies of one patient, and copies on
    both sides of a fold make a null model shine. measure(label, prediction, own_data) → statistics;
    own_data is True where the model is judged on what it was fitted on. patients: a DataFrame or
    array, rows in the order of label. indices: resamples × n zero-based rows instead of drawing. A
    resample whose fit raises ValueError is counted in `failed`, never silently dropped. over: calls
    a function with the rows of each resample and gives back its values in order, as `map` does; in
    several processes, fit and measure must not rely on what they leave behind. Validated against
    rms::validate.

    >>> fit = lambda patients, label, group: (lambda new: np.full(len(new), label.mean()))
    >>> measure = lambda label, prediction, own: {"brier": ((label - prediction) ** 2).mean()}
    >>> label = [0, 1, 0, 1]
    >>> found = optimism_correction(fit, measure, np.zeros((4, 1)), label, resamples=5)
    >>> found.table["apparent"].tolist()
    [0.25]
    """
    label = np.asarray(label, dtype=float)
    n = len(label)
    take = (
        patients.iloc.__getitem__ if hasattr(patients, "iloc") else np.asarray(patients).__getitem__
    )
    if len(patients) != n:
        raise ValueError(f"label: {counted(n, 'value')} for {counted(len(patients), 'patient')}")
    drawn = (
        np.random.default_rng(seed).integers(n, size=(resamples, n))
        if indices is None
        else np.asarray(indices)
    )
    if drawn.ndim != 2 or drawn.min() < 0 or drawn.max() >= n:
        raise ValueError(f"indices: expected resamples × patients with values 0 to {n - 1}")

    def judged(rows: NDArray[np.intp]) -> tuple[Mapping[str, float], Mapping[str, float]] | str:
        try:
            sample = take(rows)
            model = fit(sample, label[rows], rows)
            return (
                measure(label[rows], model(sample), True),
                measure(label, model(patients), False),
            )
        except ValueError as problem:
            return str(problem)

    # Judged like the resamples, where these are: all patients, each once.
    whole, *found = over(judged, [np.arange(n), *drawn])
    if isinstance(whole, str):
        raise ValueError(whole)
    apparent = dict(whole[0])
    failed = dict(Counter(each for each in found if isinstance(each, str)))
    training, test = ([each[k] for each in found if not isinstance(each, str)] for k in (0, 1))
    if not training:
        raise ValueError(f"fit: no resample gave a model: {failed}")
    inside, outside = (pd.DataFrame(values)[list(apparent)].mean() for values in (training, test))
    table = pd.DataFrame({"apparent": pd.Series(apparent), "training": inside, "test": outside})
    table["optimism"] = table["training"] - table["test"]
    table["corrected"] = table["apparent"] - table["optimism"]
    table["n"] = len(training)
    return OptimismCorrection(table, len(drawn), failed)
