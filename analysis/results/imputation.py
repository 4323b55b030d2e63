"""Performance of the CR model over its multiple imputations.

How good the CR model is over its imputations, pooled by Rubin's rules, stands beside the score that
each patient has.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.stats import norm

from analysis.cohort.cohort import Cohort
from analysis.core.word_lists import counted
from analysis.results import keys
from analysis.results.place_names import STATISTICS
from analysis.results.record import Records
from analysis.statistics import back_transformed, brier_interval, place_estimate, pool_imputations
from analysis.training import TrainedStudy
from analysis.training.fits import Fit
from models.clinical.multiple_imputation import ChainedImputation
from models.declared import CR


def _drawn_probabilities(fit: Fit, table: pd.DataFrame) -> pd.DataFrame:
    """Probabilities of the completed tables, patients × imputations.

    They are what the fitted model says of each completed table; its regressions fill the gaps.
    """
    model = fit.model
    drawn = model.design_.drawn_matrices(table, model.selected_)
    return pd.DataFrame(
        {
            number: model.probability_of(matrix[model.terms_].to_numpy())
            for number, matrix in enumerate(drawn)
        },
        index=table.index,
    )


def imputed_probabilities(
    cohort: Cohort, training: TrainedStudy
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Probabilities by imputation, where anything was imputed.

    Way of judging → patients of known outcome × imputations: out of fold (of the first repeat, each
    patient by the model of the fold), and every cohort that the locked model met.
    """
    scores = training.fitted.scores
    known = cohort.label.notna()
    outer = [
        context for context in scores.contexts.values() if context.outer and context.repeat == 1
    ]
    tables = {
        "out_of_fold": [
            (
                scores.fits[CR.id, context.name],
                [patient for patient in context.score if patient in known.index and known[patient]],
            )
            for context in outer
        ]
    }
    tables |= {
        name: [(scores.fits[CR.id, "final"], list(cohort.labelled(name)))]
        for name in cohort.study.cohorts
        if name != "training"
    }
    for how, parts in tables.items():
        found = [
            _drawn_probabilities(fit, cohort.clinical.loc[patients])
            for fit, patients in parts
            if patients
        ]
        most = max((part.shape[1] for part in found), default=1)
        if most > 1:  # a fold without a gap has one table, which is each of its imputations
            yield (
                how,
                pd.concat(
                    [
                        (
                            part
                            if part.shape[1] > 1
                            else pd.concat([part[0]] * most, axis=1, keys=range(most))
                        )
                        for part in found
                    ]
                ),
            )


def _effect(name: str, label: np.ndarray, probability: np.ndarray) -> tuple[float, float]:
    """Estimate and variance of one imputation, on the scale that is pooled."""
    if name == "brier":
        found = brier_interval(label, probability)
        return found.value, ((found.ci_high - found.ci_low) / (2 * norm.ppf(0.975))) ** 2
    one = place_estimate(name, label, probability)
    return one.effect, one.variance


def add_imputed_performance(records: Records, cohort: Cohort, training: TrainedStudy) -> None:
    """Add the CR model's performance pooled over its imputations.

    `imputed.<statistic>.cr.<how>`: AUC (pooled on the logit scale), O:E (log), calibration slope
    and Brier score of each imputation, pooled by Rubin's rules; `imputed.missing_information.…`:
    the share of their information that the gaps cost.

    Nothing where the study does not impute several times, or nothing is missing. The model is the
    pooled one; what differs between imputations is what the patients who are judged have in their
    gaps.
    """
    clinical, level = cohort.study.clinical, cohort.study.statistics.confidence_level
    if clinical is None or clinical.imputation != "multiple" or not training.fitted.models:
        return
    records.add(
        keys.imputed_n(), clinical.imputations, unit="imputations", source=ChainedImputation
    )
    incomplete = (
        cohort.clinical.loc[cohort.label.notna(), list(clinical.candidates)].isna().any(axis=1)
    )
    records.add(
        keys.imputed_patients_n(),
        int(incomplete.sum()),
        n=len(incomplete),
        unit="patients",
        method="of known outcome, with a candidate missing",
        source=ChainedImputation,
    )
    for how, probabilities in imputed_probabilities(cohort, training):
        label = cohort.label[probabilities.index].to_numpy(dtype=float)
        if len(np.unique(label)) < 2:
            continue
        inside = np.clip(probabilities.to_numpy(), 1e-6, 1 - 1e-6)
        for name, unit in (STATISTICS | {"brier": "Brier score"}).items():
            method = f"Rubin's rules over {counted(inside.shape[1], 'imputation')}"
            try:
                each = [_effect(name, label, column) for column in inside.T]
            except ValueError as reason:
                records.add(
                    keys.imputed(name, CR.id, how),
                    None,
                    n=len(label),
                    unit=unit,
                    method=f"{method}; not estimable: {reason}",
                    source=pool_imputations,
                )
                continue
            effects, variances = zip(*each, strict=True)
            pooled = pool_imputations(effects, variances, len(label) - 1, level)
            value, low, high = (
                back_transformed(name, end) if name in STATISTICS else end
                for end in (pooled.value, pooled.ci_low, pooled.ci_high)
            )
            records.add(
                keys.imputed(name, CR.id, how),
                value,
                ci_low=low,
                ci_high=high,
                n=len(label),
                unit=unit,
                method=method,
                source=pool_imputations,
            )
            records.add(
                keys.imputed_missing_information(name, CR.id, how),
                pooled.missing_information,
                n=len(label),
                unit="proportion",
                method=method,
                source=pool_imputations,
            )
