"""Table 1 and the regression behind the clinical-radiological model."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.core.word_lists import counted
from analysis.results import keys
from analysis.results.description import baseline_variables
from analysis.results.factor_tests import add_factor_tests
from analysis.results.record import Records
from analysis.statistics import (
    LogisticFit,
    baseline_table,
    logistic_regression,
    pool_imputations,
    variance_inflation,
)
from analysis.statistics.separation import is_separated
from analysis.study.dictionary import load_dictionary
from analysis.study.level_label import level_label
from analysis.training.settings import clinical_settings, factor_levels
from models.clinical import ClinicalDesign, variable_of
from models.clinical.model import ClinicalModel


def add_baseline(records: Records, cohort: Cohort) -> dict[str, pd.DataFrame]:
    """Baseline tables of labelled patients, by cohort and by outcome.

    The counts of missing values go into results.json.
    """
    variables = baseline_variables(cohort)
    labelled = cohort.patients[cohort.label.notna()]
    outcome = cohort.label[labelled].map({1.0: "event", 0.0: "no_event"})
    groups = {"baseline": cohort.cohort[labelled], "baseline_by_outcome": outcome}
    # Where all patients are of one cohort there is nothing to compare it with.
    tables = {
        name: baseline_table(variables.loc[labelled], group, cohort.dictionary)
        for name, group in groups.items()
        if group.nunique() > 1
    }
    missing = variables.loc[labelled].isna().sum()
    records.add(
        keys.missing_patients_n(),
        int(variables.loc[labelled].isna().any(axis=1).sum()),
        n=len(labelled),
        unit="patients",
        source=baseline_table,
    )
    for name, count in missing[missing > 0].items():
        records.add(
            keys.missing(name), int(count), n=len(labelled), unit="patients", source=baseline_table
        )
    return tables


def candidate_parameters(cohort: Cohort) -> int | None:
    """Number of candidate parameters of the CR model.

    They are the coefficients that the CR model's candidates stand for, a factor's levels and a
    spline's terms each; None without a CR model.
    """
    if cohort.study.clinical is None:
        return None
    candidates = list(cohort.study.clinical.candidates)
    levels = factor_levels(cohort, candidates)
    splines = cohort.study.clinical.splines
    return sum(
        len(levels[name]) - 1 if name in levels else splines.get(name, 2) - 1 for name in candidates
    )


def _design(
    cohort: Cohort, patients: pd.Index, curved: bool, imputation: str | None = None
) -> ClinicalDesign:
    """Clinical design fitted on all candidates, as in the model.

    An imputation may look at any of them. curved: splines as in the model.
    """
    settings = clinical_settings(cohort)
    return ClinicalDesign(
        settings.levels,
        settings.log,
        splines=settings.splines if curved else {},
        imputation=imputation or settings.imputation,
        imputations=settings.imputations if settings.imputation == "multiple" else 2,
        seed=cohort.study.seed,
    ).fit(cohort.clinical.loc[patients], settings.candidates)


def _natural_units(
    design: ClinicalDesign, table: pd.DataFrame, variables: list[str]
) -> list[pd.DataFrame]:
    """Design columns per natural unit, several by multiple imputation.

    Thus an odds ratio can be read (log2: per doubling).
    """
    return [
        matrix * pd.Series({name: design.scale_.get(str(name), 1.0) for name in matrix})
        for matrix in design.drawn_matrices(table, variables)
    ]


def term_name(cohort: Cohort, term: str) -> str:
    """Name of a column of the clinical design, as an axis is named.

    It is the variable with its unit, or the level of a factor.
    """
    variable, level = variable_of(term), term.partition("=")[2]
    assert cohort.dictionary is not None
    definition = cohort.dictionary.variables[variable]
    if level:
        return f"{definition.label}: {level_label(level)}"
    unit = definition.unit if definition.type == "continuous" else None
    return (
        f"{definition.label} ({unit})" if unit and unit not in ("1", "count") else definition.label
    )


def _term_label(cohort: Cohort, term: str) -> str:
    """A column as an odds ratio is named: per doubling, per unit, or the level of a factor."""
    variable = variable_of(term)
    assert cohort.dictionary is not None
    assert cohort.study.clinical is not None
    definition = cohort.dictionary.variables[variable]
    if "=" in term:
        return term_name(cohort, term)
    if term.endswith("'"):
        return f"{definition.label} (non-linear term {len(term) - len(variable)} of its spline)"
    if variable in cohort.study.clinical.log_transform:
        return f"{definition.label} (per doubling)"
    unit = definition.unit if definition.type == "continuous" else None
    return (
        f"{definition.label} (per {unit.removesuffix('s')})"
        if unit and unit not in ("1", "count")
        else definition.label
    )


def _pooled_terms(fits: list[LogisticFit], level: float) -> pd.DataFrame:
    """Terms of one fit, or of several imputations by Rubin's rules.

    The columns are odds_ratio, ci_low, ci_high, p and missing_information.
    """
    if len(fits) == 1:
        return fits[0].terms.assign(missing_information=0.0)
    rows = {}
    for term in fits[0].terms.index:
        coefficients, errors = (
            np.array([fit.terms.loc[term, name] for fit in fits])
            for name in ("coefficient", "standard_error")
        )
        pooled = pool_imputations(coefficients, errors**2, fits[0].n - fits[0].parameters, level)
        rows[term] = {
            "odds_ratio": np.exp(pooled.value),
            "ci_low": np.exp(pooled.ci_low),
            "ci_high": np.exp(pooled.ci_high),
            "p": pooled.p,
            "missing_information": pooled.missing_information,
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def _add_fit(
    records: Records, cohort: Cohort, kind: str, matrices: list[pd.DataFrame], label: pd.Series
) -> None:
    names = [
        name for name in matrices[0] if all(matrix[name].std(ddof=0) > 0 for matrix in matrices)
    ]
    fits = [
        logistic_regression(
            matrix[names], label, interval="profile" if len(matrices) == 1 else "wald"
        )
        for matrix in matrices
    ]
    if len({fit.method for fit in fits}) > 1:  # separated in some imputations: one way for all
        fits = [logistic_regression(matrix[names], label, firth=True) for matrix in matrices]
    fit, level = fits[0], cohort.study.statistics.confidence_level
    method = (
        fit.method
        if len(fits) == 1
        else f"{fit.method.partition(',')[0]}, Rubin's rules over"
        f" {counted(len(fits), 'imputation')}"
    )
    if kind == "multivariable":
        records.add(keys.regression_method(), method, n=fit.n, source=logistic_regression)
        records.add(
            keys.regression_events_per_parameter(),
            fit.events / len(fit.terms),
            n=fit.n,
            unit="events per parameter",
            source=logistic_regression,
        )
        if len(fit.terms) > 1:
            for row in variance_inflation(matrices[0][names]).itertuples():
                records.add(
                    keys.variance_inflation(row.Index),
                    row.gvif,
                    n=fit.n,
                    unit="GVIF",
                    source=variance_inflation,
                )
    if fit.separated:
        records.add(
            keys.separation(kind, names[0] if kind == "univariable" else "model"),
            fit.method,
            n=fit.n,
            source=is_separated,
        )
    if kind != "single_imputation" and not any(each.separated for each in fits):
        add_factor_tests(records, kind, [matrix[names] for matrix in matrices], label)
    for term in _pooled_terms(fits, level).itertuples():
        key = keys.odds_ratio(kind, term.Index)
        records.add(
            key,
            term.odds_ratio,
            ci_low=term.ci_low,
            ci_high=term.ci_high,
            p=term.p,
            n=len(label),
            unit="odds ratio",
            method=method,
            source=logistic_regression,
        )
        if len(fits) > 1 and kind == "multivariable":
            records.add(
                keys.regression_missing_information(term.Index),
                term.missing_information,
                n=len(label),
                unit="proportion",
                method=f"share of the information lost to missing values; {method}",
                source=pool_imputations,
            )
        label_key = keys.label_term(term.Index)
        if label_key not in records:
            records.add(label_key, _term_label(cohort, str(term.Index)), source=load_dictionary)


def add_regression(records: Records, cohort: Cohort, selected: list[str]) -> None:
    """Add odds ratios of labelled training patients.

    They are univariable ones of every candidate, and multivariable ones of the selected.

    The multivariable p-values come after a selection that looked at the same patients, and are
    printed as such. By multiple imputation both are pooled by Rubin's rules, and
    `odds_ratio.single_imputation` has the median in the gaps. A variable with a spline is linear in
    its univariable odds ratio, and has one row a term in the multivariable model.
    """
    study = cohort.study
    assert study.clinical is not None
    assert cohort.dictionary is not None
    patients = cohort.labelled("training")
    label = cohort.label[patients]
    table = cohort.clinical.loc[patients]
    straight = _design(cohort, patients, curved=False)
    curved = _design(cohort, patients, curved=True) if study.clinical.splines else straight
    for variable in study.clinical.candidates:
        _add_fit(
            records,
            cohort,
            kind="univariable",
            matrices=_natural_units(straight, table, [variable]),
            label=label,
        )
    matrices = _natural_units(curved, table, selected)
    _add_fit(records, cohort, kind="multivariable", matrices=matrices, label=label)
    if len(matrices) > 1:  # beside it, the same variables with each gap filled once
        _add_fit(
            records,
            cohort,
            kind="single_imputation",
            matrices=_natural_units(
                _design(cohort, patients, curved=True, imputation="median"), table, selected
            ),
            label=label,
        )
    # Within a sentence: a label that is a word, not an abbreviation, begins small.
    labels = [cohort.dictionary.variables[name].label for name in selected]
    names = [label if label[:2].isupper() else label[:1].lower() + label[1:] for label in labels]
    records.add(
        keys.clinical_selected(),
        names,
        method=f"rule: {study.clinical.rule}",
        source=ClinicalModel,
    )
    records.add(keys.clinical_selected_n(), len(selected), unit="variables", source=ClinicalModel)
