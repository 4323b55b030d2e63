"""Logistic regression with odds ratios; Firth's correction where the data separate."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
import statsmodels.api as sm
from firthmodels import FirthLogisticRegression
from scipy.optimize import linprog
from scipy.stats import norm
from statsmodels.tools.sm_exceptions import ConvergenceWarning, PerfectSeparationWarning

from analysis.statistics.checks import as_label, as_level


@dataclass(frozen=True)
class LogisticFit:
    """terms: one row a column of the design, with coefficient, standard_error, odds_ratio, ci_low, ci_high, p.

    method says what was fitted: maximum likelihood with Wald intervals, or Firth's where the outcome is separated.
    """

    terms: pd.DataFrame
    intercept: float
    log_likelihood: float
    n: int
    events: int
    method: str
    separated: bool


def is_separated(design: np.ndarray, label: np.ndarray) -> bool:
    """Whether a linear combination of the columns separates the outcome, completely or quasi-completely (Albert & Anderson 1984).

    Then a maximum-likelihood coefficient is infinite. Decided by linear programming, not by a large standard error.
    """
    signed = np.column_stack([np.ones(len(design)), design]) * np.where(label == 1, 1.0, -1.0)[:, None]
    solution = linprog(-signed.sum(axis=0), A_ub=-signed, b_ub=np.zeros(len(signed)), bounds=[(-1, 1)] * signed.shape[1], method="highs")
    return bool(solution.status == 0 and -solution.fun > 1e-7)


def logistic_regression(table: pd.DataFrame, outcome: pd.Series, level: float = 0.95) -> LogisticFit:
    """Maximum-likelihood fit with Wald intervals, validated against R's glm; Firth's correction (logistf) if separated.

    table: patients × numeric columns without missing values, no intercept. outcome: 0/1 in the same order.
    Raises ValueError for missing values, or for columns that are linearly dependent.
    """
    label = as_label(outcome)
    design = table.to_numpy(dtype=float)
    if not np.isfinite(design).all():
        wrong = table.columns[~np.isfinite(design).all(axis=0)]
        raise ValueError(f"table: missing values in {', '.join(map(str, wrong))}")
    with_intercept = sm.add_constant(design, has_constant="add")
    if np.linalg.matrix_rank(with_intercept) < with_intercept.shape[1]:
        raise ValueError(f"table: the columns {', '.join(map(str, table.columns))} are linearly dependent; leave one out")
    z = norm.ppf((1 + as_level(level)) / 2)
    separated = is_separated(design, label)
    if separated:
        fit = FirthLogisticRegression(max_iter=200).fit(design, label.astype(int))
        fit.lrt()
        interval = fit.conf_int(alpha=1 - level, method="pl", max_iter=200)
        coefficient, error = np.asarray(fit.coef_).ravel(), np.asarray(fit.bse_).ravel()[: design.shape[1]]
        low, high = np.asarray(interval)[: design.shape[1]].T
        p = np.asarray(fit.lrt_pvalues_).ravel()[: design.shape[1]]
        intercept, log_likelihood, method = float(np.ravel(fit.intercept_)[0]), float(fit.loglik_), "Firth's penalised likelihood with profile intervals, as the outcome is separated"
    else:
        with warnings.catch_warnings():
            warnings.simplefilter("error", ConvergenceWarning)
            warnings.simplefilter("ignore", PerfectSeparationWarning)
            maximum = sm.GLM(label, with_intercept, family=sm.families.Binomial()).fit(maxiter=100)
        coefficient, error = maximum.params[1:], maximum.bse[1:]
        low, high, p = coefficient - z * error, coefficient + z * error, maximum.pvalues[1:]
        intercept, log_likelihood, method = float(maximum.params[0]), float(maximum.llf), "maximum likelihood, Wald interval"
    terms = pd.DataFrame({"coefficient": coefficient, "standard_error": error, "odds_ratio": np.exp(coefficient),
                          "ci_low": np.exp(low), "ci_high": np.exp(high), "p": p}, index=table.columns)
    return LogisticFit(terms, intercept, log_likelihood, len(label), int(label.sum()), method, separated)
