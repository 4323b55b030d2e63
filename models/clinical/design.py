"""Clinical variables as numeric columns.

They are logarithms, factors, splines, and missing values filled without the outcome.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.core.word_lists import counted
from analysis.statistics import restricted_cubic_spline, spline_knots
from models.clinical.imputation import IterativeImputer, fitted_imputer
from models.clinical.multiple_imputation import ChainedImputation

# Variable → its columns, by their names: arrays, as a table of each costs pandas more than a fit.
Columns = dict[str, dict[str, np.ndarray]]


def as_matrix(columns: Columns, variables: Sequence[str], patients: pd.Index) -> pd.DataFrame:
    """Columns of the variables side by side: a row a patient."""
    parts = {name: values for each in variables for name, values in columns[each].items()}
    return pd.DataFrame(parts, index=patients)


def variable_of(term: str) -> str:
    """Variable behind a column.

    The column is that of a factor's level (`grade=high`), of a spline's non-linear term (`age'`),
    or the variable itself.
    """
    return term.partition("=")[0].rstrip("'")


class ClinicalDesign:
    """Design of clinical variables → numeric columns.

    All that it knows (fill, scale, knots, imputation) comes from the patients it was fitted on.

    levels: categorical variable → its levels, the first being the reference. log: variables taken
    as log2. splines: variable → knots of a restricted cubic spline, 3 to 7, placed as Harrell does
    (on the log scale for a variable in `log`).
    imputation: "median" puts the fitted median for a missing number and the fitted mode for a
    missing category; "iterative" predicts a missing number from all other variables of the fit by
    chained Bayesian ridge regressions (scikit-learn's IterativeImputer), within the range seen in
    the fit; a missing category is the mode there too. "multiple" learns `imputations` sets of
    regressions, categories among them (ChainedImputation): `drawn_columns` has a completed table of
    each, and all else here the mean of what they expect, so that a score holds no chance and no
    other patient. None sees the outcome. A binary variable is a number, so that its imputed value
    is a share. seed: of the multiple imputation.

    fill_, scale_: of each numeric column, what is subtracted and divided by; fill_ also has the
    factors' modes. knots_: by variable.
    """

    def __init__(
        self,
        levels: Mapping[str, Sequence[str]],
        log: Sequence[str] = (),
        splines: Mapping[str, int] | None = None,
        imputation: str = "median",
        imputations: int = 20,
        seed: int = 0,
    ):
        if imputation not in ("median", "iterative", "multiple"):
            raise ValueError(f"imputation: 'median', 'iterative' or 'multiple', got '{imputation}'")
        self.imputations, self.seed = imputations, seed
        self.levels, self.log, self.splines, self.imputation = (
            dict(levels),
            set(log),
            dict(splines or {}),
            imputation,
        )
        factors = [name for name in self.splines if name in self.levels]
        if factors:
            raise ValueError(
                f"splines: {', '.join(factors)} is a factor; only numbers can have a spline"
            )

    def _transformed(self, table: pd.DataFrame, variable: str) -> np.ndarray:
        # Arrays, as a table of a hundred patients costs pandas more than the numbers themselves.
        values = pd.to_numeric(table[variable]).to_numpy(dtype=float, na_value=np.nan)
        return np.log2(np.maximum(values, 1e-6)) if variable in self.log else values

    def fit(self, table: pd.DataFrame, variables: Sequence[str]) -> ClinicalDesign:
        """Fit the design to the patients.

        Raises ValueError for a variable that no patient has, or that is too tied for its knots.
        """
        self.variables_ = list(variables)
        self.fill_: dict[str, float | str] = {}
        self.scale_: dict[str, float] = {}
        self.knots_: dict[str, np.ndarray] = {}
        known = dict(zip(variables, table[list(variables)].notna().to_numpy().T, strict=True))
        empty = [variable for variable in variables if not known[variable].any()]
        if empty:
            raise ValueError(
                f"{', '.join(empty)} is missing in all {counted(len(table), 'patient')} that the"
                " model learns from; take it out of clinical.candidates"
            )
        for variable in variables:
            if variable in self.levels:
                self.fill_[variable] = table[variable].mode(dropna=True).iloc[0]
                continue
            values = self._transformed(table, variable)[known[variable]]
            self.fill_[variable] = float(np.median(values))
            self.scale_[variable] = float(values.std()) or 1.0
            if variable in self.splines:
                try:
                    self.knots_[variable] = spline_knots(values, self.splines[variable])
                except ValueError as problem:
                    raise ValueError(f"splines: {variable}: {problem}") from None
                curved = restricted_cubic_spline(values, self.knots_[variable])[:, 1:]
                for number, column in enumerate(curved.T, start=1):
                    self.fill_[variable + "'" * number], self.scale_[variable + "'" * number] = (
                        float(column.mean()),
                        float(column.std()) or 1.0,
                    )
        self.imputer_: IterativeImputer | ChainedImputation | None = (
            fitted_imputer(self._numbers(table)) if self.imputation == "iterative" else None
        )
        if self.imputation == "multiple":
            codes = self._codes(table)
            two_valued = {
                name: sorted(found)
                for name in codes
                if name not in self.levels and len(found := set(codes[name].dropna())) == 2
            }
            self.imputer_ = ChainedImputation(self.imputations, self.seed).fit(
                codes,
                two_valued
                | {
                    name: list(range(len(self.levels[name])))
                    for name in codes
                    if name in self.levels
                },
            )
        return self

    def _codes(self, table: pd.DataFrame) -> pd.DataFrame:
        """All fitted variables for the multiple imputation, gaps left.

        Numbers are standardised, factors are the places of their levels.
        """
        codes = {variable: self._code(table, variable) for variable in self.variables_}
        return pd.DataFrame(codes, index=table.index)

    def _code(self, table: pd.DataFrame, variable: str) -> np.ndarray:
        if variable in self.levels:
            places = {level: place for place, level in enumerate(self.levels[variable])}
            return table[variable].map(places).to_numpy(dtype=float)
        centred = self._transformed(table, variable) - float(self.fill_[variable])
        return centred / self.scale_[variable]

    def _number_of(self, variable: str, columns: np.ndarray) -> np.ndarray:
        """Variable's imputed columns as its number.

        That of a two-valued variable is between its values, by the share of the second.
        """
        assert isinstance(self.imputer_, ChainedImputation)
        low, high = self.imputer_.categories_.get(variable, (0.0, 1.0))
        return (low + columns[:, 0] * (high - low)) * self.scale_[variable] + float(
            self.fill_[variable]
        )

    def has_gaps(self, table: pd.DataFrame, variables: Sequence[str]) -> bool:
        """True if any of the variables is missing for any patient."""
        return bool(table[list(variables)].isna().to_numpy().any())

    def _numbers(self, table: pd.DataFrame) -> pd.DataFrame:
        """All fitted variables for the imputation.

        Numbers are standardised with their gaps, factors are indicators.
        """
        columns: dict[str, np.ndarray] = {}
        for variable in self.variables_:
            if variable in self.levels:
                columns |= self._indicators(self._filled(table, variable, None), variable)
            else:
                columns[variable] = self._code(table, variable)
        return pd.DataFrame(columns, index=table.index)

    def _indicators(self, values: np.ndarray, variable: str) -> dict[str, np.ndarray]:
        """Indicators of a factor's levels but the first, by the names of their columns."""
        return {
            f"{variable}={level}": (values == level).astype(float)
            for level in self.levels[variable][1:]
        }

    def complete(self, table: pd.DataFrame, variables: Sequence[str]) -> dict[str, np.ndarray]:
        """Variables without gaps, by name.

        Numbers are on the scale that they enter on (log2 for `log`), factors stay as they are.
        """
        gaps = [
            variable
            for variable in variables
            if (isinstance(self.imputer_, ChainedImputation) or variable not in self.levels)
            and table[variable].isna().any()
        ]
        guesses = self._guesses(table, gaps)
        return {
            variable: self._filled(table, variable, guesses.get(variable)) for variable in variables
        }

    def _filled(self, table: pd.DataFrame, variable: str, guess: np.ndarray | None) -> np.ndarray:
        """Variable with a guess, or else the fitted value, in its gaps."""
        fill = self.fill_[variable] if guess is None else guess
        if variable in self.levels:
            return np.where(table[variable].isna(), fill, table[variable].to_numpy(dtype=object))
        values = self._transformed(table, variable)
        return np.where(np.isnan(values), fill, values)

    def _guesses(self, table: pd.DataFrame, gaps: Sequence[str]) -> dict[str, np.ndarray]:
        """What the imputer expects of variables with gaps, for all patients.

        Empty where there is no imputer, or nothing to impute.
        """
        if self.imputer_ is None or not gaps:
            return {}
        absent = [variable for variable in self.variables_ if variable not in table]
        if absent:
            raise ValueError(
                f"imputation: a missing {', '.join(gaps)} is predicted from the other"
                f" variables, of which {', '.join(absent)} is not in the table"
            )
        if isinstance(self.imputer_, ChainedImputation):
            expected = self.imputer_.expected(self._codes(table))
            return {
                variable: (
                    self._likeliest(variable, expected[variable])
                    if variable in self.levels
                    else self._number_of(variable, expected[variable])
                )
                for variable in gaps
            }
        numbers = self._numbers(table)
        guessed = dict(zip(numbers, self.imputer_.transform(numbers.to_numpy()).T, strict=True))
        return {
            variable: guessed[variable] * self.scale_[variable] + float(self.fill_[variable])
            for variable in gaps
        }

    def _likeliest(self, variable: str, shares: np.ndarray) -> np.ndarray:
        """Level of largest share, of the shares of all levels but the first."""
        places = np.column_stack([1 - shares.sum(axis=1), shares]).argmax(axis=1)
        return np.array(self.levels[variable], dtype=object)[places]

    def _columns(self, values: np.ndarray, variable: str) -> dict[str, np.ndarray]:
        """Columns of a variable without gaps, by name."""
        if variable in self.levels:
            return self._indicators(values, variable)
        basis = (
            restricted_cubic_spline(values, self.knots_[variable])
            if variable in self.knots_
            else values[:, None]
        )
        names = [variable + "'" * number for number in range(basis.shape[1])]
        return {
            name: (column - float(self.fill_[name])) / self.scale_[name]
            for name, column in zip(names, basis.T, strict=True)
        }

    def columns(self, table: pd.DataFrame, variables: Sequence[str]) -> Columns:
        """Variable → its columns, by their names.

        There is one for a number (standardised for conditioning), more for a spline, level − 1 for
        a factor. By multiple imputation a missing factor's columns are the shares of its levels.
        """
        complete = self.complete(table, variables)
        parts = {variable: self._columns(complete[variable], variable) for variable in variables}
        unknown = [
            variable
            for variable in variables
            if variable in self.levels and table[variable].isna().any()
        ]
        if isinstance(self.imputer_, ChainedImputation) and unknown:
            shares = self.imputer_.expected(self._codes(table))
            for variable in unknown:
                absent = table[variable].isna().to_numpy()
                for values, share in zip(parts[variable].values(), shares[variable].T, strict=True):
                    values[absent] = share[absent]
        return parts

    def drawn_columns(self, table: pd.DataFrame, variables: Sequence[str]) -> list[Columns]:
        """Result of `columns` for each of the imputed tables, gaps drawn at random.

        There is one table where nothing is imputed several times over.
        """
        if not isinstance(self.imputer_, ChainedImputation) or not self.has_gaps(table, variables):
            return [self.columns(table, variables)]
        return [
            {variable: self._drawn(table, variable, drawn[variable]) for variable in variables}
            for drawn in self.imputer_.drawn(self._codes(table))
        ]

    def _drawn(
        self, table: pd.DataFrame, variable: str, imputed: np.ndarray
    ) -> dict[str, np.ndarray]:
        """Columns of a variable whose gaps were drawn."""
        if variable in self.levels:
            names = [f"{variable}={level}" for level in self.levels[variable][1:]]
            return dict(zip(names, imputed.T, strict=True))
        guess = self._number_of(variable, imputed)
        return self._columns(self._filled(table, variable, guess), variable)

    def drawn_matrices(self, table: pd.DataFrame, variables: Sequence[str]) -> list[pd.DataFrame]:
        """Result of `matrix` for each of the imputed tables, gaps drawn at random."""
        return [
            as_matrix(columns, variables, table.index)
            for columns in self.drawn_columns(table, variables)
        ]

    def matrix(self, table: pd.DataFrame, variables: Sequence[str]) -> pd.DataFrame:
        """Design matrix of the variables: a row a patient, all variables' columns side by side."""
        return as_matrix(self.columns(table, variables), variables, table.index)
