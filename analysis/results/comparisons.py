"""Paired comparisons, on validation patients with locked models only.

Elsewhere a p-value would not mean what it says.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.results import keys
from analysis.results.contrast_roles import EXPLORATORY, PRIMARY, SECONDARY, UNTESTED
from analysis.results.performance import both_classes, evaluable
from analysis.results.record import Records
from analysis.statistics import (
    DelongTest,
    compare_auc,
    contrast_family,
    is_equivalent,
    net_benefit_difference,
)
from analysis.statistics.auc_difference import LEAST_FOR_A_TEST, METHOD_WORDS, auc_difference
from analysis.study import Statistics
from analysis.study.load import load_study
from models.spec import TRAINED

EXPLORATORY_METHOD = "exploratory, no p-value"
UNTESTED_METHOD = f"not tested: fewer than {LEAST_FOR_A_TEST} patients of either outcome"


ROLE_METHODS = {
    PRIMARY: "primary contrast",
    SECONDARY: "secondary contrast, Holm-adjusted",
    EXPLORATORY: EXPLORATORY_METHOD,
    UNTESTED: UNTESTED_METHOD,
}


def paired(
    predictions: pd.DataFrame, first: str, second: str, column: str = "score"
) -> pd.DataFrame:
    """Validation patients whom both models score: label, a, b."""
    left, right = (evaluable(predictions, model, "validation", column) for model in (first, second))
    return (
        left[["label", column]]
        .rename(columns={column: "a"})
        .join(right[column].rename("b"), how="inner")
    )


def contrast_model(predictions: pd.DataFrame, best: str, settings: Statistics) -> str:
    """Model whose contrasts may carry a p-value; raises ValueError if it has no predictions."""
    model = best if settings.contrasts.model == "best" else settings.contrasts.model
    models = list(predictions["model"].unique())
    if model not in models:
        raise ValueError(
            f"statistics.contrasts.model: '{model}' has no predictions in this study; those with"
            f" some are {', '.join(models)}"
        )
    return model


def add_comparisons(
    records: Records,
    predictions: pd.DataFrame,
    best: str,
    settings: Statistics,
    seed: int,
    added: Mapping[str, float],
) -> dict[str, tuple[float | None, str]]:
    """Add the comparisons of models by AUC and by net benefit.

    `delong.<model>_vs_<other>.validation` and the difference in net benefit, of the contrasts'
    model and of the best one with every other model.

    A p-value stands at the primary contrast and, Holm-adjusted, at those of the family; the others
    are exploratory, and none has one where either outcome has fewer than ten patients
    (`rarer_outcome.<model>_vs_<other>`; `comparisons.least`). added: comparator → p of what the
    model adds to it (analysis.results.added_value): that test, and not the direct one, stands for a
    comparator in the family. Returns comparator → its p and role.
    """
    contrasts, model, models = (
        settings.contrasts,
        contrast_model(predictions, best, settings),
        list(predictions["model"].unique()),
    )
    records.add(
        keys.contrasts_model(),
        model,
        method="statistics.contrasts.model of the study file",
        source=load_study,
    )
    records.add(
        keys.comparisons_least(),
        LEAST_FOR_A_TEST,
        unit="patients",
        source=auc_difference,
    )
    roles: dict[str, tuple[float | None, str]] = {}
    families = predictions.groupby("model")["family"].first()
    trained = {name for name in models if families[name] in TRAINED}
    for reference in dict.fromkeys((model, best)):
        tests = {}
        for other in models:
            rows = paired(predictions, reference, other)
            if other != reference and both_classes(rows):
                tests[other] = (
                    compare_auc(
                        rows["label"].to_numpy(),
                        rows["a"].to_numpy(),
                        rows["b"].to_numpy(),
                        how="validation",
                        level=settings.confidence_level,
                    ),
                    rows["label"],
                )
                _add_net_benefit(
                    records,
                    predictions,
                    reference=reference,
                    other=other,
                    settings=settings,
                    seed=seed,
                )
        if reference == model:
            roles = _roles(
                {other: test.p for other, (test, _) in tests.items() if other in trained}
                | dict(added),
                settings,
            )
        for other, (test, label) in tests.items():
            records.add(
                keys.rarer_outcome_of_pair(reference, other),
                int(label.value_counts().min()),
                n=len(label),
                unit="patients",
                method="patients of the rarer outcome, scored by both",
                source=paired,
            )
            p, role = (
                roles.get(other, (None, EXPLORATORY))
                if reference == model and other in trained
                else (None, EXPLORATORY)
            )
            records.add(
                keys.delong(reference, other, "validation"),
                test.difference,
                ci_low=test.ci_low,
                ci_high=test.ci_high,
                p=p,
                n=len(label),
                unit="AUC difference",
                method=(
                    f"{METHOD_WORDS}; locked models, patients scored by both; {ROLE_METHODS[role]}"
                ),
                source=auc_difference,
            )
            if reference == model:
                records.add(
                    keys.contrast_role(other),
                    roles.get(other, (None, EXPLORATORY))[1],
                    source=contrast_family,
                )
                if contrasts.equivalence_margin is not None:
                    _add_equivalence(
                        records,
                        predictions,
                        model=model,
                        other=other,
                        margin=contrasts.equivalence_margin,
                    )
    if contrasts.primary is not None:
        records.add(
            keys.contrasts_primary(),
            contrasts.primary if contrasts.primary in roles else None,
            method="statistics.contrasts.primary of the study file",
            source=load_study,
        )
    tested = [name for name in contrasts.family if name in roles]
    records.add(
        keys.contrasts_family(),
        tested,
        method="Holm-adjusted p-values",
        source=load_study,
    )
    records.add(
        keys.contrasts_family_n(),
        sum(roles[name][0] is not None for name in tested),
        unit="contrasts",
        source=load_study,
    )
    return {name: roles.get(name, (None, EXPLORATORY)) for name in added}


def _roles(p_values: dict[str, float], settings: Statistics) -> dict[str, tuple[float | None, str]]:
    """P-value and role of each contrast.

    Names of the study file that could not be compared here are left out; those with too few
    patients have no p.
    """
    contrasts = settings.contrasts
    untested: dict[str, tuple[float | None, str]] = {
        name: (None, UNTESTED)
        for name, p in p_values.items()
        if not np.isfinite(p) and name in (contrasts.primary, *contrasts.family)
    }
    p_values = {name: p for name, p in p_values.items() if np.isfinite(p)}
    family = [name for name in contrasts.family if name in p_values]
    if contrasts.primary not in p_values:
        if not family:
            return untested
        table = contrast_family(
            p_values | {"": 1.0}, "", family
        )  # no primary contrast: the family is adjusted without one
    else:
        table = contrast_family(p_values, contrasts.primary, family)
    return untested | {
        str(name): (None if pd.isna(row.p) else float(row.p), row.role.partition(",")[0])
        for name, row in table.iterrows()
        if name
    }


def _add_net_benefit(
    records: Records,
    predictions: pd.DataFrame,
    reference: str,
    other: str,
    settings: Statistics,
    seed: int,
) -> None:
    rows = paired(predictions, reference, other, "probability")
    if not both_classes(rows):
        return
    threshold = settings.reported_threshold
    difference = net_benefit_difference(
        rows["label"].to_numpy(),
        rows["a"].to_numpy(),
        rows["b"].to_numpy(),
        threshold,
        resamples=settings.bootstrap_resamples,
        seed=seed,
        level=settings.confidence_level,
    )
    records.add(
        keys.net_benefit_difference(reference, other, "validation"),
        difference.value,
        ci_low=difference.ci_low,
        ci_high=difference.ci_high,
        n=len(rows),
        unit="net benefit difference",
        method=f"bootstrap of patients, threshold probability {threshold:g}",
        source=net_benefit_difference,
    )


def _add_equivalence(
    records: Records, predictions: pd.DataFrame, model: str, other: str, margin: float
) -> None:
    """Add the equivalence test: two one-sided tests at 5 %.

    They ask for the 90 % interval of the difference within the margin, and for enough patients for
    a test.
    """
    rows = paired(predictions, model, other)
    test: DelongTest = compare_auc(
        rows["label"].to_numpy(),
        rows["a"].to_numpy(),
        rows["b"].to_numpy(),
        how="validation",
        level=0.9,
    )
    enough = rows["label"].value_counts().min() >= LEAST_FOR_A_TEST
    records.add(
        keys.equivalent(model, other, "validation"),
        bool(enough and is_equivalent(test.ci_low, test.ci_high, margin)),
        ci_low=test.ci_low,
        ci_high=test.ci_high,
        n=len(rows),
        unit="AUC difference",
        method=f"90 % interval within ± {margin:g}" + ("" if enough else f"; {UNTESTED_METHOD}"),
        source=is_equivalent,
    )
