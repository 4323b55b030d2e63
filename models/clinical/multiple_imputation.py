"""Multiple imputation of missing predictors by chained equations.

The several imputations can be repeated for a patient whom nobody has seen yet.

By hand, each regression by scikit-learn: its IterativeImputer has one kind of regression for all
columns, takes no parameter anew for each imputation and draws from a state that all patients of a
table share; statsmodels' MICE has no categories and can't impute a new patient. R's mice is what
the results are held to (methods norm.boot and logreg.boot).
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import softmax
from scipy.stats import norm
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import BayesianRidge, LogisticRegression

ROUNDS = 10
# Log odds of a category that a bootstrap sample does not have: out of reach, and a number that JSON
# can hold.
NEVER = -700.0


@dataclass(frozen=True)
class Regression:
    """Regression of one variable on all others.

    It has coefficients (categories × columns; one row for a number), intercept, and for a number
    the residual standard deviation and the range of its known values.
    """

    coefficients: np.ndarray
    intercept: np.ndarray
    deviation: float = 0.0
    low: float = 0.0
    high: float = 0.0

    def linear(self, columns: np.ndarray) -> np.ndarray:
        """Linear predictor of each row of `columns` (patients × variables)."""
        return columns @ self.coefficients.T + self.intercept

    def description(self) -> dict[str, Any]:
        """The regression as plain values for JSON."""
        return {
            "coefficients": self.coefficients.tolist(),
            "intercept": self.intercept.tolist(),
            "deviation": self.deviation,
            "low": self.low,
            "high": self.high,
        }

    @classmethod
    def from_description(cls, description: Mapping[str, Any]) -> Regression:
        """The regression that `description` describes."""
        return cls(
            np.array(description["coefficients"]),
            np.array(description["intercept"]),
            deviation=description["deviation"],
            low=description["low"],
            high=description["high"],
        )


def _regression(
    columns: np.ndarray,
    values: np.ndarray,
    categories: Sequence[float] | None,
    limits: tuple[float, float],
    seed: int,
) -> Regression:
    """values: numbers, or codes of categories."""
    if categories is None:
        fit = BayesianRidge().fit(columns, values)
        return Regression(
            fit.coef_[None], np.atleast_1d(fit.intercept_), float(fit.alpha_**-0.5), *limits
        )
    coefficients, intercept = (
        np.zeros((len(categories), columns.shape[1])),
        np.full(len(categories), NEVER),
    )
    seen = [place for place, category in enumerate(categories) if (values == category).any()]
    if len(seen) == 1:
        intercept[seen[0]] = 0.0
        return Regression(coefficients, intercept)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        fit = LogisticRegression(max_iter=500, random_state=seed).fit(
            columns, np.searchsorted(categories, values)
        )
    # With two categories scikit-learn has the log odds of the second alone.
    both = len(seen) == 2
    coefficients[seen] = np.vstack([np.zeros_like(fit.coef_), fit.coef_]) if both else fit.coef_
    intercept[seen] = np.r_[0.0, fit.intercept_] if both else fit.intercept_
    return Regression(coefficients, intercept)


class ChainedImputation:
    """Multiple imputation by chained equations.

    m sets of regressions, each of every variable on all others, learnt from bootstrap samples in
    chains of their own.

    A number comes from a Bayesian ridge regression with normal noise, within the range of the known
    values; a category (two or more) from a logistic regression. What a set does not know for
    certain, its coefficients, differs between the sets by the bootstrap, as Rubin's rules ask for;
    the outcome is no variable here. Every variable has a regression, with gaps or without, as a new
    patient may lack it.

    variables: names in order. categories_: variable → its codes, for those that are categories.
    sets_: m mappings from variable to regression. start_: mean of each column, which a gap has
    before the first round.
    """

    def __init__(self, imputations: int, seed: int = 0):
        if imputations < 2:
            raise ValueError(f"imputations: at least two, got {imputations}")
        self.imputations, self.seed = imputations, seed

    def _slices(self) -> dict[str, slice]:
        ends = np.cumsum(
            [
                len(self.categories_[name]) - 1 if name in self.categories_ else 1
                for name in self.variables_
            ]
        )
        return {
            name: slice(
                int(end) - (len(self.categories_[name]) - 1 if name in self.categories_ else 1),
                int(end),
            )
            for name, end in zip(self.variables_, ends, strict=True)
        }

    def _expanded(self, name: str, values: np.ndarray) -> np.ndarray:
        """Rows × columns: a number itself, a category's indicators of all codes but the first."""
        return (
            (values[:, None] == np.array(self.categories_[name][1:])).astype(float)
            if name in self.categories_
            else values[:, None]
        )

    def fit(
        self, table: pd.DataFrame, categories: Mapping[str, Sequence[float]]
    ) -> ChainedImputation:
        """Fit the regressions of the imputation to a table.

        table: numbers (standardised) and codes of categories, NaN where missing; each variable
        known in some patient.
        """
        self.variables_ = list(table.columns)
        self.categories_ = {
            name: [float(code) for code in codes] for name, codes in categories.items()
        }
        values = {name: table[name].to_numpy(dtype=float) for name in self.variables_}
        known = {name: np.flatnonzero(~np.isnan(column)) for name, column in values.items()}
        limits = {
            name: (float(np.nanmin(column)), float(np.nanmax(column)))
            for name, column in values.items()
        }
        places = self._slices()
        self.start_ = np.concatenate(
            [
                self._expanded(name, values[name][known[name]]).mean(axis=0)
                for name in self.variables_
            ]
        )
        gaps = sorted(
            (name for name in self.variables_ if len(known[name]) < len(table)),
            key=lambda name: len(table) - len(known[name]),
        )
        self.sets_: list[dict[str, Regression]] = []
        for number in range(self.imputations):
            random = np.random.default_rng([self.seed, number])
            filled = {
                name: np.where(
                    np.isnan(column), random.choice(column[known[name]], len(column)), column
                )
                for name, column in values.items()
            }
            columns = np.column_stack(
                [self._expanded(name, filled[name]) for name in self.variables_]
            )
            found: dict[str, Regression] = {}
            for last in [False] * (ROUNDS - 1 if gaps else 0) + [True]:
                for name in gaps + (
                    [other for other in self.variables_ if other not in gaps] if last else []
                ):
                    others = np.delete(columns, places[name], axis=1)
                    sample = random.choice(known[name], len(known[name]))
                    found[name] = _regression(
                        others[sample],
                        values[name][sample],
                        categories=self.categories_.get(name),
                        limits=limits[name],
                        seed=self.seed,
                    )
                    rows = np.setdiff1d(np.arange(len(table)), known[name])
                    if len(rows):
                        columns[rows, places[name]] = self._predicted(
                            name, found[name], others[rows], random.random(len(rows))
                        )
            self.sets_.append(found)
        return self

    def _predicted(
        self, name: str, regression: Regression, others: np.ndarray, uniform: np.ndarray | None
    ) -> np.ndarray:
        """Columns of a variable as its regression predicts them.

        They are drawn by uniform numbers, one a row, or are what is expected where there are none.
        """
        linear = regression.linear(others)
        if name not in self.categories_:
            middle, low, high = linear[:, 0], regression.low, regression.high
            if uniform is None or regression.deviation <= 0:
                return np.clip(middle, low, high)[:, None]
            ends = norm.cdf((np.array([[low], [high]]) - middle) / regression.deviation)
            drawn = middle + regression.deviation * norm.ppf(
                np.clip(ends[0] + uniform * (ends[1] - ends[0]), 1e-12, 1 - 1e-12)
            )
            return np.clip(drawn, low, high)[:, None]
        shares = softmax(linear, axis=1)
        if uniform is None:
            return shares[:, 1:]
        code = np.minimum(
            (np.cumsum(shares, axis=1) < uniform[:, None]).sum(axis=1), shares.shape[1] - 1
        )
        return (code[:, None] == np.arange(1, shares.shape[1])).astype(float)

    def _complete(
        self, table: pd.DataFrame, number: int, random: np.random.Generator | None
    ) -> np.ndarray:
        places, regressions = self._slices(), self.sets_[number]
        missing = {name: np.flatnonzero(table[name].isna()) for name in self.variables_}
        columns = np.column_stack(
            [self._expanded(name, table[name].to_numpy(dtype=float)) for name in self.variables_]
        )
        for name, rows in missing.items():
            columns[rows, places[name]] = self.start_[places[name]]
        for _ in range(ROUNDS):
            for name, rows in missing.items():
                if len(rows):
                    others = np.delete(columns[rows], places[name], axis=1)
                    columns[rows, places[name]] = self._predicted(
                        name,
                        regressions[name],
                        others,
                        None if random is None else random.random(len(rows)),
                    )
        return columns

    def _by_variable(self, columns: np.ndarray) -> dict[str, np.ndarray]:
        return {name: columns[:, place] for name, place in self._slices().items()}

    def drawn(self, table: pd.DataFrame) -> list[dict[str, np.ndarray]]:
        """Completed tables, m of them, with gaps drawn.

        Each is variable → rows × 1 for a number, rows × (codes - 1) indicators for a category. The
        same rows in the same order give the same draws.
        """
        return [
            self._by_variable(
                self._complete(table, number, np.random.default_rng([self.seed, number, 1]))
            )
            for number in range(self.imputations)
        ]

    def expected(self, table: pd.DataFrame) -> dict[str, np.ndarray]:
        """Mean over the m sets of what each expects in the gaps, of a category its shares.

        No chance enters, and no other patient.
        """
        return self._by_variable(
            np.mean(
                [self._complete(table, number, None) for number in range(self.imputations)], axis=0
            )
        )

    def description(self) -> dict[str, Any]:
        """Plain values, for a model that is written to a folder."""
        return {
            "imputations": self.imputations,
            "seed": self.seed,
            "variables": self.variables_,
            "categories": self.categories_,
            "start": self.start_.tolist(),
            "sets": [
                {name: regression.description() for name, regression in each.items()}
                for each in self.sets_
            ],
        }

    @classmethod
    def from_description(cls, description: Mapping[str, Any]) -> ChainedImputation:
        """The fitted imputation that `description` describes."""
        imputer = cls(description["imputations"], description["seed"])
        imputer.variables_, imputer.categories_ = (
            list(description["variables"]),
            {name: list(codes) for name, codes in description["categories"].items()},
        )
        imputer.start_ = np.array(description["start"])
        imputer.sets_ = [
            {name: Regression.from_description(each) for name, each in found.items()}
            for found in description["sets"]
        ]
        return imputer
