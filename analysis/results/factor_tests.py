"""Likelihood-ratio test of a factor of the regression as a whole: all of its levels together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.core.word_lists import counted
from analysis.results import keys
from analysis.results.record import Records
from analysis.statistics import likelihood_ratio_tests, pool_likelihood_ratios
from models.clinical import variable_of


def _with_factors(design: pd.DataFrame) -> pd.DataFrame:
    """The design with each factor in one column; a factor's reference is its own name."""
    table: dict[str, pd.Series] = {}
    for name in map(str, design):
        variable = variable_of(name) if "=" in name else name
        if variable == name:
            table[name] = design[name]
            continue
        level = table.get(variable, pd.Series(variable, index=design.index, dtype=object))
        table[variable] = level.mask(design[name] == 1, name)
    return pd.DataFrame(table)


def add_factor_tests(
    records: Records, kind: str, designs: Sequence[pd.DataFrame], label: pd.Series
) -> None:
    """`factor_test.…` of each factor with more than two levels.

    designs: of one fit, or of each imputation, whose tests are pooled (D2).
    """
    columns = [variable_of(str(name)) for name in designs[0] if "=" in str(name)]
    factors = [name for name in dict.fromkeys(columns) if columns.count(name) > 1]
    if not factors:
        return
    tests = [likelihood_ratio_tests(_with_factors(design), label) for design in designs]
    for name in factors:
        statistics = [float(each.loc[name, "statistic"]) for each in tests]
        freedom = int(tests[0].loc[name, "degrees_of_freedom"])
        method = f"likelihood-ratio test, {counted(freedom, 'degree')} of freedom"
        if len(tests) > 1:
            method = f"{method}, D2 over {counted(len(tests), 'imputation')}"
        records.add(
            keys.factor_test(kind, name),
            float(np.mean(statistics)),
            p=pool_likelihood_ratios(statistics, freedom),
            n=len(label),
            unit="χ²",
            method=method,
            source=likelihood_ratio_tests,
        )
