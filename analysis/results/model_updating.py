"""Updating of the locked model for later cohorts (TRIPOD+AI, item 12f).

The module judges the locked model on cohorts that came later, and tells how it should be updated
for them.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit

from analysis.core.word_lists import counted
from analysis.results import keys
from analysis.results.performance import both_classes, evaluable
from analysis.results.record import Records
from analysis.results.refitting import linear
from analysis.statistics import Updating, brier_score, closed_test_updating
from analysis.study import Study
from analysis.training import TrainedStudy
from models.declared import CR

STEPS = [
    "cohort",
    "method",
    "parameters",
    "log_likelihood",
    "statistic",
    "degrees_of_freedom",
    "p",
    "chosen",
]
TERMS = ["cohort", "term", "value", "ci_low", "ci_high"]


def _terms(training: TrainedStudy, model: str, patients: pd.Index) -> pd.DataFrame | None:
    """Terms that the locked model adds up for these patients.

    They are None for a model without coefficients, such as a network.
    """
    fusion = training.fitted.fusions.get("final", {}).get(model)
    if fusion is not None:
        return fusion.parts.loc[patients]
    if model not in training.fitted.of_family(CR.family):
        return None
    fit = training.fitted.fit(model)
    if fit.model is None:
        return None
    return fit.model.used_values(training.provenance.inputs.subset(patients))


def add_updating(
    records: Records, study: Study, training: TrainedStudy, predictions: pd.DataFrame, model: str
) -> dict[str, pd.DataFrame]:
    """Add `updating.<cohort>.<what>` of one locked model.

    It is added in every cohort beyond training and validation; returns its steps and coefficients.
    `updating.<cohort>.limit` tells of an external cohort that has one outcome only, or too few
    patients to refit.
    """
    alpha, steps, terms = 1 - study.statistics.confidence_level, [], []
    for cohort in study.split.external:
        rows = evaluable(predictions, model, cohort, "probability")
        if not both_classes(rows):
            records.add(
                keys.updating_chosen(cohort),
                None,
                n=len(rows),
                source=closed_test_updating,
            )
            records.add(
                keys.updating_limit(cohort), "one_outcome", n=len(rows), source=add_updating
            )
            continue
        label, score = rows["label"].to_numpy(), linear(rows["probability"])
        try:
            found, limit = _updating(
                label,
                score,
                design=_terms(training, model, rows.index),
                alpha=alpha,
                level=study.statistics.confidence_level,
            )
        except ValueError as reason:
            records.add(
                keys.updating_chosen(cohort),
                None,
                n=len(rows),
                method=f"not estimable: {reason}",
                source=closed_test_updating,
            )
            records.add(
                keys.updating_limit(cohort), "not_estimable", n=len(rows), source=add_updating
            )
            continue
        records.add(
            keys.updating_chosen(cohort),
            found.chosen,
            n=found.n,
            method="closed test, Vergouwe 2017",
            source=closed_test_updating,
        )
        records.add(keys.updating_limit(cohort), limit, n=found.n, source=add_updating)
        records.add(keys.updating_model(cohort), model, source=closed_test_updating)
        for name, row in found.steps.iterrows():
            if row["degrees_of_freedom"]:
                records.add(
                    keys.updating_p(cohort, name),
                    row["statistic"],
                    p=row["p"],
                    n=found.n,
                    unit="chi-square",
                    method=(
                        f"likelihood ratio against {found.steps.index[-1]},"
                        f" {counted(int(row['degrees_of_freedom']), 'degree')} of freedom; locked"
                        f" model, patients of {cohort}"
                    ),
                    source=closed_test_updating,
                )
        before, after = (
            brier_score(label, rows["probability"].to_numpy()),
            brier_score(label, expit(found.linear)),
        )
        records.add(
            keys.updating_brier_before(cohort),
            before,
            n=found.n,
            unit="Brier score",
            method="locked model",
            source=brier_score,
        )
        records.add(
            keys.updating_brier_after(cohort),
            after,
            n=found.n,
            unit="Brier score",
            method="updated model, apparent",
            source=brier_score,
        )
        steps.append(
            found.steps.rename_axis("method")
            .reset_index()
            .assign(cohort=cohort, chosen=found.chosen)
        )
        terms.append(found.coefficients.rename_axis("term").reset_index().assign(cohort=cohort))
    return {
        "tables/updating": (
            pd.concat(steps, ignore_index=True)[STEPS] if steps else pd.DataFrame(columns=STEPS)
        ),
        "tables/updated_model": (
            pd.concat(terms, ignore_index=True)[TERMS] if terms else pd.DataFrame(columns=TERMS)
        ),
    }


def _updating(
    label: np.ndarray, score: pd.Series, design: pd.DataFrame | None, alpha: float, level: float
) -> tuple[Updating, str]:
    """Updating by a refit of all terms where the patients allow it, else up to recalibration.

    The second is what kept it from a refit, as `keys.updating_limit` lists it.
    """
    limit = "no_coefficients"
    if design is not None:
        try:
            return closed_test_updating(
                label, score, design=design, alpha=alpha, level=level
            ), "none"
        except ValueError as reason:
            if str(reason).startswith("linear:"):
                raise
            limit = "refit_not_estimable"
    return closed_test_updating(label, score, design=None, alpha=alpha, level=level), limit
