"""CR model: logistic regression on clinical-radiological variables.

Univariable screening comes first, then multivariable logistic regression.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.special import expit, logit
from statsmodels.tools.sm_exceptions import ConvergenceWarning

from analysis.core.word_lists import counted
from analysis.statistics import logistic_regression
from models.clinical.design import ClinicalDesign, as_matrix
from models.clinical.selection import (
    RULES,
    eliminated_by_aic,
    eliminated_by_p,
    kept_by_lasso,
    univariable_p_values,
)
from models.inputs import Inputs


def _independent(matrix: pd.DataFrame) -> list[str]:
    """Columns that vary and are no combination of those before them."""
    kept: list[str] = []
    held = np.ones((len(matrix), 1))
    for name in matrix:
        wider = np.column_stack([held, matrix[name]])
        if np.linalg.matrix_rank(wider, tol=1e-7 * np.sqrt(len(matrix))) > held.shape[1]:
            kept, held = [*kept, name], wider
    return kept


class ClinicalModel:
    """Logistic regression on clinical variables that a rule selects.

    The variables are chosen by a rule. Logistic regression on those is then by maximum likelihood
    or, where the outcome is separated, Firth's.

    rule: "p", backward elimination by likelihood ratio until all p < entry_p; "aic", backward
    elimination by Akaike's criterion; "lasso", the variables that LASSO keeps, fitted again without
    penalty. screening: only variables with univariable likelihood-ratio p < entry_p are offered to
    the rule; None screens for p and aic and not for lasso. imputation: of ClinicalDesign; by
    "multiple" the rule and the screening judge all imputations together, the coefficients are the
    means of the imputations' (Rubin 1987), and a patient's score comes from what is expected in the
    gaps. Where nothing is left, the variable with the smallest univariable p is kept, so that the
    model has a score. levels, log,
    splines, imputation: as in ClinicalDesign. seed: of LASSO's folds. lasso_penalty: as
    kept_by_lasso has it.

    selected_: what was kept. fallback_: whether the rule kept nothing, so that it is that one
    variable. design_: fitted on all candidates. terms_, coefficients_, intercept_: of the linear
    predictor.
    method_: how it was fitted. Score: probability of the event.
    """

    def __init__(
        self,
        candidates: Sequence[str],
        levels: Mapping[str, Sequence[str]] | None = None,
        log: Sequence[str] = (),
        entry_p: float = 0.05,
        *,
        rule: str = "p",
        screening: bool | None = None,
        splines: Mapping[str, int] | None = None,
        imputation: str = "median",
        imputations: int = 20,
        seed: int = 0,
        lasso_penalty: str = "min",
    ):
        self.imputations = imputations
        if rule not in RULES:
            raise ValueError(f"rule: one of {', '.join(RULES)}, got '{rule}'")
        self.candidates, self.levels, self.log, self.entry_p = (
            list(candidates),
            dict(levels or {}),
            list(log),
            entry_p,
        )
        self.lasso_penalty = lasso_penalty
        self.rule, self.screening, self.splines, self.imputation, self.seed = (
            rule,
            rule != "lasso" if screening is None else screening,
            dict(splines or {}),
            imputation,
            seed,
        )

    def fit(
        self, inputs: Inputs, label: pd.Series, group: np.ndarray | None = None
    ) -> ClinicalModel:
        """group: in a bootstrap resample the original patient of each row."""
        table, values = inputs.clinical, label.to_numpy(dtype=float)
        assert table is not None
        self.design_ = ClinicalDesign(
            self.levels,
            self.log,
            splines=self.splines,
            imputation=self.imputation,
            imputations=self.imputations,
            seed=self.seed,
        ).fit(table, self.candidates)
        imputed = self.design_.drawn_columns(table, self.candidates)
        columns = [
            {
                variable: np.column_stack([np.empty((len(table), 0)), *part.values()])
                for variable, part in parts.items()
            }
            for parts in imputed
        ]
        self.univariable_p_ = univariable_p_values(columns, values)
        offered = [
            variable
            for variable in self.candidates
            if not self.screening or self.univariable_p_[variable] < self.entry_p
        ]
        kept = self._kept(columns, values, offered, group) if offered else []
        self.fallback_ = not kept
        self.selected_ = kept or [str(self.univariable_p_.idxmin())]
        matrices = [as_matrix(parts, self.selected_, table.index) for parts in imputed]
        self.terms_ = list(matrices[0])
        for matrix in matrices:  # what is independent in each imputation
            self.terms_ = _independent(matrix[self.terms_])
        self._regress([matrix[self.terms_] for matrix in matrices], values)
        return self

    def _kept(
        self,
        columns: Sequence[Mapping[str, np.ndarray]],
        label: np.ndarray,
        offered: list[str],
        group: np.ndarray | None,
    ) -> list[str]:
        if self.rule == "p":
            return eliminated_by_p(columns, label, offered, self.entry_p)
        return (
            eliminated_by_aic(columns, label, offered)
            if self.rule == "aic"
            else kept_by_lasso(
                columns,
                label,
                variables=offered,
                seed=self.seed,
                group=group,
                penalty=self.lasso_penalty,
            )
        )

    def _regress(self, matrices: Sequence[pd.DataFrame], label: np.ndarray) -> None:
        """Coefficients, of several imputations their means, all fitted in one way."""
        if not self.terms_:
            self.intercept_, self.coefficients_, self.method_ = (
                float(logit(label.mean())),
                np.empty(0),
                "prevalence, as no variable varies",
            )
            return
        try:
            fits = [logistic_regression(matrix, label, interval="none") for matrix in matrices]
        except ConvergenceWarning:  # all but separated: the likelihood is flat
            fits = []
        if len({fit.method for fit in fits}) != 1:
            fits = [
                logistic_regression(matrix, label, interval="none", firth=True)
                for matrix in matrices
            ]
        self.intercept_ = float(np.mean([fit.intercept for fit in fits]))
        self.coefficients_ = np.mean([fit.terms["coefficient"].to_numpy() for fit in fits], axis=0)
        self.method_ = fits[0].method + (
            f", mean of {counted(len(fits), 'imputation')}" if len(fits) > 1 else ""
        )

    def used_values(self, inputs: Inputs) -> pd.DataFrame:
        """Patients × terms of the model: the design's columns."""
        assert inputs.clinical is not None
        return self.design_.matrix(inputs.clinical, self.selected_)[self.terms_]

    def probability_of(self, values: np.ndarray) -> np.ndarray:
        """Probability from the terms."""
        return expit(self.intercept_ + values @ self.coefficients_)

    def predict(self, inputs: Inputs) -> pd.Series:
        """Predicted probability of the event of each patient."""
        return pd.Series(
            self.probability_of(self.used_values(inputs).to_numpy()), index=inputs.patients
        )
