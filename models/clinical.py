"""CR: univariable screening, then backward multivariable logistic regression on clinical-radiological variables."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy.stats import chi2
from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

from models.inputs import Inputs


class ClinicalDesign:
    """Variables → numeric columns; medians, modes and standardisation come from the patients it was fitted on.

    levels: categorical variable → its levels, the first being the reference. log: variables taken as log2.
    Missing continuous and binary values become the fitted median, missing categories the fitted mode.
    """

    def __init__(self, levels: Mapping[str, Sequence[str]], log: Sequence[str] = ()):
        self.levels, self.log = dict(levels), set(log)

    def _transformed(self, table: pd.DataFrame, variable: str) -> pd.Series:
        values = pd.to_numeric(table[variable]).astype(float)
        return np.log2(values.clip(lower=1e-6)) if variable in self.log else values

    def fit(self, table: pd.DataFrame, variables: Sequence[str]) -> ClinicalDesign:
        self.fill_: dict[str, float | str] = {}
        self.scale_: dict[str, float] = {}
        for variable in variables:
            if variable in self.levels:
                self.fill_[variable] = table[variable].mode(dropna=True).iloc[0]
            else:
                values = self._transformed(table, variable)
                self.fill_[variable] = float(values.median())
                self.scale_[variable] = float(values.std(ddof=0)) or 1.0
        return self

    def columns(self, table: pd.DataFrame, variable: str) -> pd.DataFrame:
        """Columns of one variable: one for numbers (standardised for conditioning), level − 1 for a factor."""
        if variable in self.levels:
            values = table[variable].fillna(self.fill_[variable])
            return pd.DataFrame({f"{variable}={level}": (values == level).astype(float) for level in self.levels[variable][1:]}, index=table.index)
        values = self._transformed(table, variable).fillna(self.fill_[variable])
        return ((values - float(self.fill_[variable])) / self.scale_[variable]).rename(variable).to_frame()

    def matrix(self, table: pd.DataFrame, variables: Sequence[str]) -> pd.DataFrame:
        parts = [self.columns(table, variable) for variable in variables]
        return pd.concat(parts, axis=1) if parts else pd.DataFrame(index=table.index)


def _fit_logistic(design: np.ndarray, label: np.ndarray):
    with warnings.catch_warnings():
        # Separated factors are judged by their likelihood ratio, which exists; their Wald error is not used.
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        return sm.GLM(label, design, family=sm.families.Binomial()).fit(maxiter=50)


def _design(columns: Sequence[pd.DataFrame], rows: int) -> np.ndarray:
    """An intercept and the columns that vary."""
    values = [each.to_numpy() for each in columns]
    return np.column_stack([np.ones(rows), *(part[:, part.std(axis=0) > 0] for part in values)])


class ClinicalModel:
    """Variables with univariable likelihood-ratio p < entry_p enter; backward elimination keeps those with p < entry_p.

    Where nothing enters, the variable with the smallest p is kept, so that the model has a score; `selected_`
    names what was kept. Score: probability of the event.
    """

    def __init__(self, candidates: Sequence[str], levels: Mapping[str, Sequence[str]] | None = None,
                 log: Sequence[str] = (), entry_p: float = 0.05):
        self.candidates, self.levels, self.log, self.entry_p = list(candidates), dict(levels or {}), list(log), entry_p

    def _p_values(self, columns: Mapping[str, pd.DataFrame], label: np.ndarray, variables: Sequence[str]) -> pd.Series:
        """Likelihood-ratio p of dropping each of `variables` from the model that holds all of them."""
        full = _fit_logistic(_design([columns[name] for name in variables], len(label)), label)
        p_values = {}
        for variable in variables:
            rest = _fit_logistic(_design([columns[name] for name in variables if name != variable], len(label)), label)
            freedom = full.df_model - rest.df_model
            p_values[variable] = float(chi2.sf(max(0.0, 2 * (full.llf - rest.llf)), freedom)) if freedom > 0 else 1.0
        return pd.Series(p_values)

    def fit(self, inputs: Inputs, label: pd.Series) -> ClinicalModel:
        table, values = inputs.clinical, label.to_numpy(dtype=float)
        assert table is not None
        self.design_ = ClinicalDesign(self.levels, self.log).fit(table, self.candidates)
        columns = {variable: self.design_.columns(table, variable) for variable in self.candidates}
        self.univariable_p_ = pd.concat([self._p_values(columns, values, [variable]) for variable in self.candidates])
        kept = [variable for variable in self.candidates if self.univariable_p_[variable] < self.entry_p]
        while len(kept) > 1:
            p_values = self._p_values(columns, values, kept)
            if p_values.max() < self.entry_p:
                break
            kept.remove(str(p_values.idxmax()))
        self.selected_ = kept or [str(self.univariable_p_.idxmin())]
        matrix = self.design_.matrix(table, self.selected_)
        self.terms_ = list(matrix.columns[matrix.std(ddof=0) > 0])
        self.fit_ = _fit_logistic(_design([matrix[self.terms_]], len(values)), values)
        return self

    def used_values(self, inputs: Inputs) -> pd.DataFrame:
        """Patients × terms of the model: the design's columns."""
        assert inputs.clinical is not None
        return self.design_.matrix(inputs.clinical, self.selected_)[self.terms_]

    def probability_of(self, values: np.ndarray) -> np.ndarray:
        """Probability from the terms."""
        return np.asarray(self.fit_.predict(np.column_stack([np.ones(len(values)), values])))

    def predict(self, inputs: Inputs) -> pd.Series:
        return pd.Series(self.probability_of(self.used_values(inputs).to_numpy()), index=inputs.patients)
