"""Logistic regression with odds ratios; Firth's correction where the data separate."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import sklearn.exceptions
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.stats import chi2, norm
from statsmodels.genmod import families
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.tools.sm_exceptions import ConvergenceWarning, PerfectSeparationWarning

from analysis.core.word_lists import counted
from analysis.statistics.checks import as_label, as_level
from analysis.statistics.firth_profile import firth_profile, information, penalised_log_likelihood
from analysis.statistics.logistic_profile import profile_interval
from analysis.statistics.separation import is_separated

INTERCEPT = "(intercept)"
GRADIENT = 1e-7


@dataclass(frozen=True)
class LogisticFit:
    """Fitted logistic regression.

    all_terms: the intercept and one row a column of the design, with variable (what the column came
    from), coefficient, standard_error, z, odds_ratio, ci_low, ci_high (of the odds ratio), p.
    terms: the same without the intercept.

    method says what was fitted: maximum likelihood, or Firth's where the outcome is separated (then
    z is NaN: p is from the penalised likelihood ratio). covariance, fitted: of all_terms'
    coefficients, of the patients.
    """

    all_terms: pd.DataFrame
    covariance: NDArray[np.float64]
    fitted: NDArray[np.float64]
    log_likelihood: float
    null_log_likelihood: float
    n: int
    events: int
    method: str
    separated: bool

    @property
    def terms(self) -> pd.DataFrame:
        """Terms of the model without the intercept."""
        return self.all_terms.iloc[1:]

    @property
    def intercept(self) -> float:
        """Intercept, in log odds."""
        return float(self.all_terms["coefficient"].iloc[0])

    @property
    def parameters(self) -> int:
        """Number of parameters, with the intercept."""
        return len(self.all_terms)

    @property
    def aic(self) -> float:
        """Akaike's information criterion: 2 × parameters − 2 × log likelihood."""
        return 2 * self.parameters - 2 * self.log_likelihood

    @property
    def bic(self) -> float:
        """Bayesian information criterion: log n × parameters − 2 × log likelihood."""
        return float(np.log(self.n)) * self.parameters - 2 * self.log_likelihood

    @property
    def events_per_variable(self) -> float:
        """Patients of the rarer class for each column of the design."""
        return min(self.events, self.n - self.events) / max(self.parameters - 1, 1)


def design_matrix(table: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, str]]:
    """Design matrix of numeric columns and of factors as indicators.

    Numeric columns stay as they are; a factor (text or categorical) becomes indicators of all
    levels but the first, "name=level".

    A level of a categorical that no patient has gives no column, and the first that somebody has is
    the reference. Returns the matrix and the variable of each column. Missing values are a
    ValueError that names the column.
    Source: treatment contrasts, R's contr.treatment.

    >>> design_matrix(pd.DataFrame({"grade": ["a", "b", "a"]}))[0].columns.tolist()
    ['grade=b']
    """
    columns: dict[str, NDArray[np.float64]] = {}
    source: dict[str, str] = {}
    for name in table:
        values = table[name]
        if values.isna().any():
            raise ValueError(f"table: missing values in {name}")
        if pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
            columns[name], source[name] = values.to_numpy(dtype=float), name
            if not np.isfinite(columns[name]).all():
                raise ValueError(f"table: infinite values in {name}")
        else:
            levels = (
                list(values.cat.remove_unused_categories().cat.categories)
                if isinstance(values.dtype, pd.CategoricalDtype)
                else sorted(values.unique())
            )
            for level in levels[1:]:
                columns[f"{name}={level}"], source[f"{name}={level}"] = (
                    (values == level).to_numpy(dtype=float),
                    name,
                )
    return pd.DataFrame(columns, index=table.index), source


INTERVALS = {
    "wald": "Wald interval",
    "profile": "profile-likelihood interval",
    "none": "no interval",
}


def _firth(
    design: NDArray[np.float64], label: NDArray[np.float64], level: float, intervals: bool = True
) -> tuple[Any, ...]:
    """Logistic regression by Firth's penalised likelihood.

    coefficient, covariance, low, high, p, and the penalised log-likelihood of model and of null
    model, whose penalty is that of all columns, as in logistf. design holds its intercept first.
    """
    middle, scale = design[:, 1:].mean(axis=0), np.maximum(design[:, 1:].std(axis=0), 1e-300)
    standard = np.column_stack([np.ones(len(design)), (design[:, 1:] - middle) / scale])
    found = _penalised_estimate(standard, label)
    # From coefficients of the standardised columns to those of the columns: a determinant keeps its
    # digits on the former alone.
    back = np.diag(np.r_[1.0, 1 / scale])
    back[0, 1:] = -middle / scale
    coefficient = back @ found
    covariance = back @ np.linalg.inv(information(standard, standard @ found)) @ back.T
    low, high, p = (
        firth_profile(design, label, coefficient, level)
        if intervals
        else np.full((3, design.shape[1]), np.nan)
    )
    null = -minimize_scalar(
        lambda intercept: (
            -penalised_log_likelihood(
                standard, label, np.r_[intercept, np.zeros(design.shape[1] - 1)]
            )
        )
    ).fun
    own_scale = float(np.log(scale).sum())
    return (
        coefficient,
        covariance,
        low,
        high,
        p,
        penalised_log_likelihood(standard, label, found) + own_scale,
        float(null) + own_scale,
    )


def _penalised_estimate(
    design: NDArray[np.float64], label: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Penalised estimate by Newton steps.

    The steps are halved until they gain; they are whole where, next to the end, rounding hides the
    gain.

    Raises ValueError where neither ends.
    """
    for halvings in (25, 0):
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", category=sklearn.exceptions.ConvergenceWarning)
            # Imported here: it compiles, and loads a compiler, which few tables need.
            from firthmodels import FirthLogisticRegression

            fit = FirthLogisticRegression(
                max_iter=1000, gtol=GRADIENT, xtol=GRADIENT, max_halfstep=halvings
            ).fit(design[:, 1:], label.astype(int))
        if fit.converged_:
            found: NDArray[np.float64] = np.r_[fit.intercept_, np.ravel(fit.coef_)]
            return found
    raise ValueError(
        "table: the search for the largest of Firth's penalised likelihoods did not end; leave out"
        " sparse columns"
    )


def _maximum_likelihood(design: NDArray[np.float64], label: NDArray[np.float64]) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("error", ConvergenceWarning)
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        return GLM(label, design, family=families.Binomial()).fit(maxiter=100, tol=1e-12)


def logistic_regression(
    table: pd.DataFrame,
    outcome: Any,
    level: float = 0.95,
    interval: str = "wald",
    firth: bool | None = None,
) -> LogisticFit:
    """Logistic regression by maximum likelihood, or Firth's correction if separated.

    The maximum-likelihood fit is validated against R's glm, Firth's correction against logistf.

    table: patients × variables without missing values, no intercept; text and categorical columns
    are factors. outcome: 0/1 in the same order. interval: "wald" or "profile" likelihood (Firth's
    is always the profile's), or "none" for estimates alone. firth: None decides
    by separation, True asks for the correction, False refuses: a separated outcome is then an
    error. Raises ValueError for missing values and for columns that are linearly dependent.

    >>> fit = logistic_regression(pd.DataFrame({"x": [1.0, 2, 3, 4, 5, 6]}), [0, 1, 0, 1, 0, 1])
    >>> round(float(fit.terms.loc["x", "odds_ratio"]), 2)
    1.44
    """
    label, (matrix, source) = as_label(outcome, name="outcome"), design_matrix(table)
    if len(matrix) != len(label):
        raise ValueError(
            f"outcome: {counted(len(label), 'value')} for"
            f" {counted(len(matrix), 'patient')} in the table"
        )
    if interval not in ("wald", "profile", "none"):
        raise ValueError(f"interval: 'wald', 'profile' or 'none', got '{interval}'")
    design = matrix.to_numpy()
    with_intercept = np.column_stack([np.ones(len(design)), design])
    if (
        np.linalg.matrix_rank(
            with_intercept / np.maximum(np.abs(with_intercept).max(axis=0), 1e-300)
        )
        < with_intercept.shape[1]
    ):
        raise ValueError(
            f"table: the columns {', '.join(map(str, matrix.columns))} are linearly dependent;"
            " leave one out"
        )
    separated = is_separated(design, label)
    if separated and firth is False:
        raise ValueError(
            "outcome: it is separated by the table's columns, so maximum likelihood has no finite"
            " estimate; allow Firth's correction"
        )
    prevalence = label.mean()
    null = float(
        len(label) * (prevalence * np.log(prevalence) + (1 - prevalence) * np.log(1 - prevalence))
    )
    if firth or separated:
        coefficient, covariance, low, high, p, log_likelihood, null = _firth(
            with_intercept, label, as_level(level), interval != "none"
        )
        error, z = np.sqrt(np.diag(covariance)), np.full(len(coefficient), np.nan)
        method = (
            f"Firth's penalised likelihood {'with' if interval != 'none' else 'without'} profile"
            f" intervals, {'as the outcome is separated' if separated else 'as asked for'}"
        )
    else:
        fit = _maximum_likelihood(with_intercept, label)
        coefficient, covariance, error, p, log_likelihood = (
            fit.params,
            fit.cov_params(),
            fit.bse,
            fit.pvalues,
            fit.llf,
        )
        z = coefficient / error
        half = norm.ppf((1 + as_level(level)) / 2) * error
        low, high = coefficient - half, coefficient + half
        if interval == "profile":
            low, high = np.array(
                [
                    profile_interval(with_intercept, label, column, level)
                    for column in range(len(coefficient))
                ]
            ).T
        if interval == "none":
            low, high = np.full((2, len(coefficient)), np.nan)
        method = f"maximum likelihood, {INTERVALS[interval]}"
    terms = pd.DataFrame(
        {
            "variable": [INTERCEPT, *source.values()],
            "coefficient": coefficient,
            "standard_error": error,
            "z": z,
            "odds_ratio": np.exp(coefficient),
            "ci_low": np.exp(low),
            "ci_high": np.exp(high),
            "p": p,
        },
        index=[INTERCEPT, *matrix.columns],
    )
    fitted = 1 / (1 + np.exp(-(with_intercept @ coefficient)))
    return LogisticFit(
        terms,
        covariance,
        fitted=fitted,
        log_likelihood=float(log_likelihood),
        null_log_likelihood=null,
        n=len(label),
        events=int(label.sum()),
        method=method,
        separated=separated,
    )


def firth_augmented_errors(fit: LogisticFit, table: pd.DataFrame) -> NDArray[np.float64]:
    """Standard errors of Firth's regression as logistf prints them.

    They are from the information of the data augmented by the hat values, smaller than the usual.

    fit.all_terms has the usual ones, of the information itself (Heinze & Schemper 2002, brglm2).
    Intercept first.

    >>> table = pd.DataFrame({"x": [1.0, 2, 3, 4]})
    >>> bool((firth_augmented_errors(logistic_regression(table, [0, 0, 1, 1]), table) > 0).all())
    True
    """
    design = np.column_stack([np.ones(fit.n), design_matrix(table)[0].to_numpy()])
    weight = fit.fitted * (1 - fit.fitted)
    hat = weight * np.einsum("ij,jk,ik->i", design, fit.covariance, design)
    covariance = np.linalg.inv(design.T * (weight * (1 + hat)) @ design)
    errors: NDArray[np.float64] = np.sqrt(np.diag(covariance))
    return errors


def univariable_logistic(
    table: pd.DataFrame, outcome: Any, level: float = 0.95, interval: str = "wald"
) -> pd.DataFrame:
    """One logistic regression a variable, on the patients who have it.

    Rows: the terms, with variable, odds_ratio, ci_low, ci_high, p, n, missing and method; a
    variable with one value only is left out, as it has no odds ratio.

    Missing outcomes are a ValueError. Source: R's glm, as for logistic_regression.

    >>> patients = pd.DataFrame({"x": [1.0, 2, 3, 4, 5, 6]})
    >>> univariable_logistic(patients, [0, 1, 0, 1, 0, 1])["n"].tolist()
    [6]
    """
    label = as_label(outcome, name="outcome")
    if len(table) != len(label):
        raise ValueError(
            f"outcome: {counted(len(label), 'value')} for"
            f" {counted(len(table), 'patient')} in the table"
        )
    frames = []
    for name in table:
        known = table[name].notna().to_numpy()
        if table.loc[known, name].nunique() > 1 and len(np.unique(label[known])) == 2:
            fit = logistic_regression(table.loc[known, [name]], label[known], level, interval)
            frames.append(fit.terms.assign(n=fit.n, missing=int((~known).sum()), method=fit.method))
    return (
        pd.concat(frames)
        if frames
        else pd.DataFrame(
            columns=["variable", "odds_ratio", "ci_low", "ci_high", "p", "n", "missing", "method"]
        )
    )


def likelihood_ratio_tests(table: pd.DataFrame, outcome: Any) -> pd.DataFrame:
    """Likelihood-ratio test of each variable, left out in turn, a factor whole.

    Columns: aic of the rest, statistic, degrees_of_freedom, p. Validated against R's drop1.

    >>> patients = pd.DataFrame({"x": [1.0, 2, 3, 4, 5, 6]})
    >>> likelihood_ratio_tests(patients, [0, 1, 0, 1, 0, 1])["degrees_of_freedom"].tolist()
    [1]
    """
    full = logistic_regression(table, outcome, firth=False)
    rows = {}
    for name in table:
        rest = table.drop(columns=name)
        likelihood, parameters = full.null_log_likelihood, 1
        if len(rest.columns):
            fit = logistic_regression(rest, outcome, firth=False)
            likelihood, parameters = fit.log_likelihood, fit.parameters
        statistic, freedom = 2 * (full.log_likelihood - likelihood), full.parameters - parameters
        rows[name] = {
            "aic": 2 * parameters - 2 * likelihood,
            "statistic": statistic,
            "degrees_of_freedom": freedom,
            "p": float(chi2.sf(statistic, freedom)),
        }
    return pd.DataFrame.from_dict(rows, orient="index")
