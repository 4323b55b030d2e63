"""Selection path of the features of the chosen radiomics classifier.

It gives how many features each step left, LASSO's cross-validation over the last ones, and its
coefficients.
"""

from __future__ import annotations

import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.inputs.radiomics import RadiomicsTable
from analysis.results import keys
from analysis.results.record import Records
from analysis.results.regions import selection_by_region
from analysis.training import TrainedStudy
from models.declared import RADIOMICS
from models.radiomics.lasso import LassoSelection


def selection_curves(
    records: Records, cohort: Cohort, table: RadiomicsTable, training: TrainedStudy
) -> dict[str, pd.DataFrame]:
    """Steps of feature selection, and LASSO's cross-validation and path, of the final fit.

    `features.after.<step>`: features left after each step. `selection_steps` (step, features; step:
    extracted, reproducible (between delineations), and the steps of the model);
    `selection_deviance` (penalty, deviance, error, features: with a coefficient, rule: min or 1se
    at the penalties that these rules take, chosen: whether the study's rule took it); and
    `selection_path` (feature, penalty, coefficient, chosen, selected).

    Of a study with regions beside the tumour also `selection_by_region`.

    The steps are those of the locked model, kept by it as it was fitted. The rest is computed again
    on the features that LASSO was given, standardised as it saw them; `chosen` is the penalty that
    cross-validation within the training patients took. There is no path without LASSO as the last
    step that chooses features, or where too few patients left it nothing to cross-validate on.
    """
    if RADIOMICS.id not in training.fitted.chosen["final"]:
        return {}
    fit = training.fitted.fit(RADIOMICS.id)
    if fit.model is None:
        return {}
    model, names = fit.model, list(fit.model.remaining_)
    steps = {"extracted": table.features.shape[1]} | (
        {"reproducible": len(model.features)} if table.delineations else {}
    )
    steps |= {step: len(left) for step, left in model.remaining_.items()}
    curves = {
        "selection_steps": pd.DataFrame({"step": list(steps), "features": list(steps.values())})
    }
    for step, left in model.remaining_.items():
        records.add(
            keys.features_after(step),
            len(left),
            unit="features",
            source=selection_curves,
        )
    left = {"extracted": list(table.features.columns)} | (
        {"reproducible": model.features} if table.delineations else {}
    )
    curves |= selection_by_region(records, cohort.study, left | dict(model.remaining_))
    if not names or names[-1] != "lasso":
        return curves
    offered = model.remaining_[names[-2]] if len(names) > 1 else model.features
    learnt, places = list(fit.saw), [model.features.index(feature) for feature in offered]
    values = model.harmonised_values(training.provenance.inputs.subset(learnt))
    scaled = model.fitted_.named_steps["scale"].transform(values)[:, places]
    label = cohort.label.loc[learnt].to_numpy(dtype=float)
    again = LassoSelection(
        model.selection["selected_features"],
        model.selection["seed"],
        model.selection["lasso_penalty"],
    ).fit(scaled, label)
    if not hasattr(again, "lasso_"):
        return curves
    path = pd.DataFrame(
        [
            {
                "feature": offered[position],
                "penalty": penalty,
                "coefficient": row.iloc[1 + column],
                "chosen": float(again.penalty_),
                "selected": offered[position] in model.selected_,
            }
            for column, position in enumerate(again.offered_)
            for penalty, row in again.lasso_.coefficients.iterrows()
        ]
    )
    return curves | {"selection_path": path, "selection_deviance": _deviances(again)}


def _deviances(fitted: LassoSelection) -> pd.DataFrame:
    """Cross-validated deviance at each penalty, the largest penalty first."""
    found = fitted.lasso_
    rules = {found.at_least: "min", found.one_standard_error: "1se"}
    if found.at_least == found.one_standard_error:
        rules = {found.at_least: "min+1se"}
    return pd.DataFrame(
        {
            "penalty": found.penalties,
            "deviance": found.deviance,
            "error": found.error,
            "features": (found.coefficients.iloc[:, 1:].abs() > 1e-8).sum(axis=1).to_numpy(),
            "rule": [rules.get(penalty, "") for penalty in found.penalties],
            "chosen": [penalty == fitted.penalty_ for penalty in found.penalties],
        }
    )
