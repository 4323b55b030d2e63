"""Variable selection of the CR model: by p, by AIC or by LASSO.

A factor or spline is kept or dropped whole.
"""

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


class Likelihoods:
    """Largest log-likelihoods of models of one outcome, each computed once.

    Screening asks for the model without variables at every variable, and a step of the elimination
    begins with the best model of the one before. columns: of the variables, one table or its
    several imputations; label: 0 and 1.
    """

    def __init__(self, columns: Imputed, label: np.ndarray):
        self.columns, self.label = _several(columns), label
        self._found: dict[tuple[str, ...], list[tuple[float, int]]] = {}

    def of(self, variables: Sequence[str]) -> list[tuple[float, int]]:
        """Largest log-likelihood of an intercept and these variables, in each table.

        How many columns are independent is returned with it.
        """
        key = tuple(variables)
        if key not in self._found:
            none = np.empty((len(self.label), 0))
            designs = [
                np.column_stack([none, *(each[name] for name in key)]) for each in self.columns
            ]
            self._found[key] = [largest_log_likelihood(each, self.label) for each in designs]
        return self._found[key]


def _drop_p_values(likelihoods: Likelihoods, variables: Sequence[str]) -> dict[str, float]:
    full, p_values = likelihoods.of(variables), {}
    for variable in variables:
        rest = likelihoods.of([name for name in variables if name != variable])
        degrees = max(with_it[1] - without[1] for with_it, without in zip(full, rest, strict=True))
        ratios = [
            max(0.0, 2 * (with_it[0] - without[0]))
            for with_it, without in zip(full, rest, strict=True)
        ]
        p_values[variable] = pool_likelihood_ratios(ratios, degrees) if degrees > 0 else 1.0
    return p_values


def drop_p_values(columns: Imputed, label: np.ndarray, variables: Sequence[str]) -> pd.Series:
    """Likelihood-ratio p of dropping each of `variables` from the model that holds all of them.

    It is 1 for a variable that adds no column.

    A separating variable is judged by its likelihood ratio, which exists where its coefficient does
    not. Of several imputations the ratios are pooled (D2).
    """
    return pd.Series(_drop_p_values(Likelihoods(columns, label), variables), dtype=float)


def univariable_p_values(columns: Imputed, label: np.ndarray) -> pd.Series:
    """Univariable P-values: of each variable in a model of its own. label: 0 and 1."""
    likelihoods = Likelihoods(columns, label)
    p_values: dict[str, float] = {}
    for variable in likelihoods.columns[0]:
        p_values |= _drop_p_values(likelihoods, [variable])
    return pd.Series(p_values, dtype=float)


def eliminated_by_p(
    columns: Imputed, label: np.ndarray, variables: Sequence[str], limit: float
) -> list[str]:
    """Backward elimination by p: the largest goes until all are below `limit`; may leave none."""
    kept, likelihoods = list(variables), Likelihoods(columns, label)
    while kept:
        p_values = _drop_p_values(likelihoods, kept)
        largest = max(kept, key=p_values.__getitem__)
        if p_values[largest] < limit:
            break
        kept.remove(largest)
    return kept


def eliminated_by_aic(columns: Imputed, label: np.ndarray, variables: Sequence[str]) -> list[str]:
    """Backward elimination by Akaike's criterion (AIC).

    Each step is the one that lowers the criterion, its mean over imputations, most, until none
    does. It may leave none.
    """
    likelihoods = Likelihoods(columns, label)

    def criterion(names: Sequence[str]) -> float:
        found = likelihoods.of(names)
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
        for name in _kept_by_lasso(
            each, label, variables=variables, seed=seed, group=group, penalty=penalty
        )
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
    original patients of a resample, whose copies stay on one side of a fold.
    """
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
