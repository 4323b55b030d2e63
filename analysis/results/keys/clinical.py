"""The clinical-radiological model: declarations of results."""

from __future__ import annotations

from analysis.results.keys.parts import (
    of_nothing,
    of_regression,
    of_statistic,
    of_term,
    of_variable,
)
from analysis.results.keys.quantity import VARIES, declare

clinical_selected = declare(
    of_nothing,
    "clinical.selected",
    "Variables of the clinical-radiological model, by name",
    kind="list",
    needs="clinical values",
)
clinical_selected_n = declare(
    of_nothing,
    "clinical.selected.n",
    "Variables of the clinical-radiological model",
    "variables",
    needs="clinical values",
)
regression_method = declare(
    of_nothing,
    "regression.method",
    "How the multivariable regression was estimated",
    needs="clinical values",
)
regression_events_per_parameter = declare(
    of_nothing,
    "regression.events_per_parameter",
    "Events per parameter of the multivariable regression",
    "events per parameter",
    needs="clinical values",
)
regression_missing_information = declare(
    of_term,
    "regression.missing_information.{term}",
    meaning="Share of a coefficient's information that gaps cost",
    unit="proportion",
    method="Rubin's rules",
    needs="clinical values",
)
separation = declare(
    of_regression,
    "separation.{regression}.{term}",
    "How a separated regression was estimated",
    needs="clinical values",
)
odds_ratio = declare(
    of_regression,
    "odds_ratio.{regression}.{term}",
    meaning="Odds ratio",
    unit="odds ratio",
    method="logistic regression",
    needs="clinical values",
)
factor_test = declare(
    of_regression,
    "factor_test.{regression}.{term}",
    meaning="Likelihood-ratio statistic of all levels of a factor together",
    unit="χ²",
    method="likelihood-ratio test",
    needs="clinical values",
)
variance_inflation = declare(
    of_variable,
    "variance_inflation.{variable}",
    "Generalized variance inflation factor",
    "GVIF",
    needs="clinical values",
)
optimism_corrected = declare(
    of_statistic,
    "optimism_corrected.{statistic}.{model}",
    meaning="A measure of the clinical-radiological model, corrected for optimism",
    unit=VARIES,
    method="Harrell's bootstrap",
    needs="clinical values",
)
optimism_failed = declare(
    of_nothing,
    "optimism.failed",
    "Bootstrap samples in which the model could not be made",
    "resamples",
    needs="clinical values",
)
