"""How the features of the chosen radiomics classifier were selected: how many each step left, and LASSO's path over the last."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.linear_model import lasso_path

from analysis.cohort import Cohort
from analysis.radiomics import RadiomicsTable
from analysis.results.record import Records
from analysis.training import Training

# As many penalties as a smooth line needs, down to this share of the largest: LassoCV of models.radiomics searches the same range.
PENALTIES, SMALLEST = 60, 0.01


def selection_curves(records: Records, cohort: Cohort, table: RadiomicsTable, training: Training) -> dict[str, pd.DataFrame]:
    """`selection_steps` (step, features) and `selection_path` (feature, penalty, coefficient, chosen, selected) of the final fit.

    The steps are those of the locked model, kept by it as it was fitted. The path is computed again on the features that
    LASSO was given, standardised as it saw them; `chosen` is the penalty that cross-validation within the training patients took.
    """
    name = training.chosen["final"].get("radiomics")
    fit = training.scores.fits.get((name, "final")) if name is not None and training.scores is not None else None
    model = fit.model if fit is not None else None
    selection = model.fitted_.named_steps.get("select") if hasattr(getattr(model, "fitted_", None), "named_steps") else None
    if not hasattr(selection, "penalty_"):  # another way of selecting has no such path
        return {}
    steps = {"extracted": table.features.shape[1], "reproducible between delineations": len(model.features), "smallest univariable P-values": selection.ranked_,
             "not correlated with a better one": len(selection.pruned_), "selected by LASSO": len(selection.support_)}
    if not table.repeats:
        steps.pop("reproducible between delineations")
    for number, (step, count) in enumerate(steps.items(), start=1):
        records.add(f"selection.step.{number}", count, n=len(fit.saw), unit="features", method=step, source="FeatureSelection")
    curves = {"selection_steps": pd.DataFrame({"step": list(steps), "features": list(steps.values())})}
    if selection.penalty_ is None:  # too few patients for LASSO: the first of the ranking were taken
        return curves
    learnt = list(fit.saw)
    scaled = model.fitted_.named_steps["scale"].transform(table.features.loc[learnt, model.features].to_numpy())[:, selection.pruned_]
    label = cohort.label.loc[learnt].to_numpy(dtype=float)
    largest = np.abs(scaled.T @ (label - label.mean())).max() / len(label)  # at which every coefficient is zero
    penalties, coefficients, _ = lasso_path(scaled, label - label.mean(), alphas=np.geomspace(largest, SMALLEST * largest, PENALTIES))
    names = [model.features[place] for place in selection.pruned_]
    path = pd.DataFrame([{"feature": feature, "penalty": penalty, "coefficient": value, "chosen": selection.penalty_, "selected": feature in model.selected_}
                         for feature, row in zip(names, coefficients, strict=True) for penalty, value in zip(penalties, row, strict=True)])
    return curves | {"selection_path": path}
