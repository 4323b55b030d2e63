"""Table 1 and the regression behind the clinical-radiological model."""

from __future__ import annotations

import pandas as pd

from analysis.cohort import Cohort
from analysis.results.description import baseline_variables
from analysis.results.model_words import rule_words
from analysis.results.record import Records
from analysis.statistics import baseline_table, logistic_regression, variance_inflation
from analysis.training.settings import clinical_settings, factor_levels
from models.clinical import ClinicalDesign, variable_of


def add_baseline(records: Records, cohort: Cohort) -> dict[str, pd.DataFrame]:
    """Baseline tables of labelled patients, by cohort and by outcome; the counts of missing values go into results.json."""
    variables = baseline_variables(cohort)
    labelled = cohort.patients[cohort.label.notna()]
    outcome = cohort.label[labelled].map({1.0: "event", 0.0: "no_event"})
    groups = {"baseline": cohort.cohort[labelled], "baseline_by_outcome": outcome}
    # Where all patients are of one cohort there is nothing to compare it with.
    tables = {name: baseline_table(variables.loc[labelled], group, cohort.dictionary) for name, group in groups.items() if group.nunique() > 1}
    missing = variables.loc[labelled].isna().sum()
    records.add("missing.patients.n", int(variables.loc[labelled].isna().any(axis=1).sum()), n=len(labelled), unit="patients", source="baseline_table")
    for name, count in missing[missing > 0].items():
        records.add(f"missing.{name}", int(count), n=len(labelled), unit="patients", source="baseline_table")
    return tables


def candidate_parameters(cohort: Cohort) -> int | None:
    """Coefficients that the CR model's candidates stand for, a factor's levels and a spline's terms each; None without a CR model."""
    if cohort.study.clinical is None:
        return None
    candidates = list(cohort.study.clinical.candidates)
    levels = factor_levels(cohort, candidates)
    splines = cohort.study.clinical.splines
    return sum(len(levels[name]) - 1 if name in levels else splines.get(name, 2) - 1 for name in candidates)


def _natural_units(cohort: Cohort, variables: list[str], patients: pd.Index, curved: bool) -> pd.DataFrame:
    """Design columns per natural unit (log2: per doubling), so that an odds ratio can be read; curved: splines as in the model."""
    settings = clinical_settings(cohort)
    # Fitted on all candidates, as in the model: an imputation may look at any of them.
    design = ClinicalDesign(settings["levels"], settings["log"], settings["splines"] if curved else {}, settings["imputation"]).fit(cohort.clinical.loc[patients], settings["candidates"])
    matrix = design.matrix(cohort.clinical.loc[patients], variables)
    for name, scale in design.scale_.items():
        if name in matrix:
            matrix[name] = matrix[name] * scale
    return matrix


def term_name(cohort: Cohort, term: str) -> str:
    """A column of the clinical design as an axis is named: the variable with its unit, or the level of a factor."""
    variable, level = variable_of(term), term.partition("=")[2]
    assert cohort.dictionary is not None
    definition = cohort.dictionary.variables[variable]
    if level:
        return f"{definition.label}: {level.replace('_', ' ')}"
    unit = definition.unit if definition.type == "continuous" else None
    return f"{definition.label} ({unit})" if unit and unit not in ("1", "count") else definition.label


def _term_label(cohort: Cohort, term: str) -> str:
    """A column as an odds ratio is named: per doubling, per unit, or the level of a factor."""
    variable = variable_of(term)
    assert cohort.dictionary is not None and cohort.study.clinical is not None
    definition = cohort.dictionary.variables[variable]
    if "=" in term:
        return term_name(cohort, term)
    if term.endswith("'"):
        return f"{definition.label} (non-linear term {len(term) - len(variable)} of its spline)"
    if variable in cohort.study.clinical.log_transform:
        return f"{definition.label} (per doubling)"
    unit = definition.unit if definition.type == "continuous" else None
    return f"{definition.label} (per {unit.removesuffix('s')})" if unit and unit not in ("1", "count") else definition.label


def _add_fit(records: Records, cohort: Cohort, kind: str, matrix: pd.DataFrame, label: pd.Series) -> None:
    varying = matrix.loc[:, matrix.std(ddof=0) > 0]
    fit = logistic_regression(varying, label, interval="profile")
    if kind == "multivariable":
        records.add("regression.method", fit.method, n=fit.n, source="logistic_regression")
        records.add("regression.events_per_parameter", fit.events / len(fit.terms), n=fit.n, unit="events per parameter", source="logistic_regression")
        if len(fit.terms) > 1:
            for row in variance_inflation(varying).itertuples():
                records.add(f"variance_inflation.{row.Index}", row.gvif, n=fit.n, unit="GVIF", source="variance_inflation")
    if fit.separated:
        records.add(f"separation.{kind}.{varying.columns[0] if kind == 'univariable' else 'model'}", fit.method, n=fit.n, source="is_separated")
    for term in fit.terms.itertuples():
        key = f"odds_ratio.{kind}.{term.Index}"
        records.add(key, term.odds_ratio, ci_low=term.ci_low, ci_high=term.ci_high, p=term.p, n=len(label), unit="odds ratio", method=fit.method, source="logistic_regression")
        label_key = f"label.term.{term.Index}"
        if label_key not in records:
            records.add(label_key, _term_label(cohort, str(term.Index)), source="load_dictionary")


def add_regression(records: Records, cohort: Cohort, selected: list[str]) -> None:
    """Univariable odds ratios of every candidate, multivariable ones of the selected; labelled training patients.

    The multivariable p-values come after a selection that looked at the same patients, and are printed as such. A variable
    with a spline is linear in its univariable odds ratio, and has one row a term in the multivariable model.
    """
    study = cohort.study
    assert study.clinical is not None and cohort.dictionary is not None
    patients = cohort.labelled("training")
    label = cohort.label[patients]
    for variable in study.clinical.candidates:
        _add_fit(records, cohort, "univariable", _natural_units(cohort, [variable], patients, curved=False), label)
    _add_fit(records, cohort, "multivariable", _natural_units(cohort, selected, patients, curved=True), label)
    # Within a sentence: a label that is a word, not an abbreviation, begins small.
    labels = [cohort.dictionary.variables[name].label for name in selected]
    names = [label if label[:2].isupper() else label[:1].lower() + label[1:] for label in labels]
    records.add("clinical.selected", " and ".join(names) if len(names) < 3 else ", ".join(names[:-1]) + " and " + names[-1], method=rule_words(study.clinical), source="ClinicalModel")
    records.add("clinical.selected.n", len(selected), unit="variables", source="ClinicalModel")
