"""Which variables the CR model keeps: by p, by AIC or by LASSO. A factor or spline is kept or
dropped whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.statistics import (
    lasso_cross_validation,
    lasso_largest_penalty,
    pool_likelihood_ratios,
)
from models.clinical.likelihood import largest_log_likelihood
from models.folds import stratified_folds

RULES = ("p", "aic", "lasso")
LASSO_FOLDS, LASSO_PENALTIES = 5, 30
Columns = Mapping[str, np.ndarray]
# One table, or its several imputations: a variable is kept or dropped by what these say together.
Imputed = Columns | Sequence[Columns]


def _several(columns: Imputed) -> Sequence[Columns]:
    return [columns] if isinstance(columns, Mapping) else columns


def _likelihood(columns: Columns, label: np.ndarray, variables: Sequence[str]) -> tuple[float, int]:
    return largest_log_likelihood(
        (
            np.column_stack([columns[name] for name in variables])
            if variables
            else np.empty((len(label), 0))
        ),
        label,
    )


def drop_p_values(columns: Imputed, label: np.ndarray, variables: Sequence[str]) -> pd.Series:
    """Likelihood-ratio p of dropping each of `variables` from the model that holds all of them; 1
    for a variable that adds no column.

    A separating variable is judged by its likelihood ratio, which exists where its coefficient does
    not. Of several imputations the ratios are pooled (D2).
    """
    several = _several(columns)
    full = [_likelihood(each, label, variables) for each in several]
    p_values = {}
    for variable in variables:
        rest = [
            _likelihood(each, label, [name for name in variables if name != variable])
            for each in several
        ]
        degrees = max(with_it[1] - without[1] for with_it, without in zip(full, rest, strict=True))
        ratios = [
            max(0.0, 2 * (with_it[0] - without[0]))
            for with_it, without in zip(full, rest, strict=True)
        ]
        p_values[variable] = pool_likelihood_ratios(ratios, degrees) if degrees > 0 else 1.0
    return pd.Series(p_values, dtype=float)


def univariable_p_values(columns: Imputed, label: np.ndarray) -> pd.Series:
    """Univariable P-values: of each variable in a model of its own. label: 0 and 1."""
    return pd.concat(
        [drop_p_values(columns, label, [variable]) for variable in _several(columns)[0]]
    )


def eliminated_by_p(
    columns: Imputed, label: np.ndarray, variables: Sequence[str], limit: float
) -> list[str]:
    """Backward elimination: the variable of largest p goes until all are below `limit`; may leave
    none."""
    kept = list(variables)
    while kept:
        p_values = drop_p_values(columns, label, kept)
        if p_values.max() < limit:
            break
        kept.remove(str(p_values.idxmax()))
    return kept


def eliminated_by_aic(columns: Imputed, label: np.ndarray, variables: Sequence[str]) -> list[str]:
    """Backward elimination: the step that lowers Akaike's criterion, its mean over imputations,
    most, until none does; may leave none."""

    def criterion(names: Sequence[str]) -> float:
        found = [_likelihood(each, label, names) for each in _several(columns)]
        return float(np.mean([2 * parameters - 2 * likelihood for likelihood, parameters in found]))

    kept = list(variables)
    current = criterion(kept)
    while kept:
        trials = {name: criterion([other for other in kept if other != name]) for name in kept}
        best = min(trials, key=trials.__getitem__)
        if trials[best] >= current - 1e-9:
            break
        kept.remove(best)
        current = trials[best]
    return kept


def kept_by_lasso(
    columns: Imputed,
    label: np.ndarray,
    variables: Sequence[str],
    seed: int,
    group: np.ndarray | None = None,
    penalty: str = "min",
) -> list[str]:
    """Variables that LASSO keeps, of several imputations in at least half (Wood et al. 2008)."""
    several = _several(columns)
    kept = [
        name
        for each in several
        for name in _kept_by_lasso(each, label, variables, seed, group, penalty)
    ]
    return [name for name in variables if 2 * kept.count(name) >= len(several)]


def _kept_by_lasso(
    columns: Columns,
    label: np.ndarray,
    variables: Sequence[str],
    seed: int,
    group: np.ndarray | None,
    penalty: str,
) -> list[str]:
    """Variables with a coefficient that LASSO's logistic regression does not set to 0; may be none.
    As in R's cv.glmnet, columns are scaled anew in each fold. penalty: "min" for the least
    cross-validated deviance, "1se" for the largest penalty within a standard error of it. group:
    original patients of a resample, whose copies stay on one side of a fold."""
    owners = np.array([name for name in variables for _ in range(columns[name].shape[1])])
    values = np.column_stack([columns[name] for name in variables])
    varies = values.std(axis=0) > 1e-12 * np.maximum(np.abs(values).max(axis=0), 1e-300)
    folds = min(LASSO_FOLDS, int(min(label.sum(), (1 - label).sum())))
    if folds < 2:
        return list(variables)
    table, fold = pd.DataFrame(values[:, varies]), np.zeros(len(label), dtype=int)
    for place, (_, held_out) in enumerate(stratified_folds(folds, label, seed, group)):
        fold[held_out] = place
    if any(len(np.unique(label[fold != place])) < 2 for place in np.unique(fold)):
        return list(variables)
    # From the largest penalty, which keeps nothing, down to a hundredth of it.
    largest = lasso_largest_penalty(table, label) if varies.any() else 0.0
    if largest <= 0:
        return []
    found = lasso_cross_validation(
        table, label, fold, list(largest * np.geomspace(1, 0.01, LASSO_PENALTIES))
    )
    chosen = found.coefficients.loc[
        found.at_least if penalty == "min" else found.one_standard_error
    ].to_numpy()[1:]
    kept = set(
        owners[varies][np.abs(chosen) * values[:, varies].std(axis=0) > 1e-8]
    )  # at the largest penalty rounding may leave one
    return [name for name in variables if name in kept]
