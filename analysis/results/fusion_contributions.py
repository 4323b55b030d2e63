"""Contributions of the fused model's terms to the log odds of each validation patient."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit

from analysis.cohort.cohort import Cohort
from analysis.results import keys
from analysis.results.record import Records
from analysis.training import TrainedStudy

AT_MEANS_METHOD = "all terms at training means"
MEDIAN_METHOD = "patient of the median probability"
COLUMNS = ["patient_id", "variable", "value", "shap", "shown"]


def fusion_contributions(
    records: Records, cohort: Cohort, training: TrainedStudy, model: str
) -> pd.DataFrame:
    """SHAP values of the final fused model: patient_id, variable, value, shap and shown.

    A fusion is linear in its terms, so a term's SHAP value is its coefficient times the distance of
    the patient's value from the mean of the patients learnt from, in log odds, exactly (Lundberg &
    Lee 2017, independent terms). shown: whether it is the one patient whose terms are drawn one by
    one: of the validation patients of known outcome the one of median probability.
    `contributions.base` and `.probability`: of the patient of mean values, and of the one shown.

    Empty where the model is no fusion, or no validation patient has a known outcome.
    """
    final = training.fitted.fusions.get("final", {}) if training.fitted.models else {}
    if model not in final:
        return pd.DataFrame(columns=COLUMNS)
    fused = final[model]
    patients = fused.parts.index.intersection(cohort.labelled("validation"))
    if patients.empty:
        return pd.DataFrame(columns=COLUMNS)
    columns = fused.model.columns_
    values = fused.parts.loc[patients, columns]
    scaler, regression = fused.model.fitted_[0], fused.model.fitted_[-1]
    added = pd.DataFrame(
        scaler.transform(values.to_numpy(dtype=float)) * regression.coef_[0],
        index=patients,
        columns=columns,
    )
    base = float(regression.intercept_[0])
    probability = pd.Series(expit(base + added.sum(axis=1)), index=patients)
    ordered = probability.sort_values(kind="stable").index
    shown = ordered[(len(ordered) - 1) // 2]
    for key, value, method in (
        (keys.contributions_base(), float(expit(base)), AT_MEANS_METHOD),
        (keys.contributions_probability(), float(probability[shown]), MEDIAN_METHOD),
    ):
        records.add(key, value, unit="probability", method=method, source=fusion_contributions)
    frames = [
        pd.DataFrame(
            {
                "patient_id": patients,
                "variable": column,
                "value": values[column].to_numpy(dtype=float),
                "shap": added[column].to_numpy(),
                "shown": np.asarray(patients == shown),
            }
        )
        for column in columns
    ]
    return pd.concat(frames, ignore_index=True)[COLUMNS]
