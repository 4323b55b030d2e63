"""Findings of the leakage guards, as numbers and as a table."""

from __future__ import annotations

import pandas as pd

from analysis.results import keys
from analysis.results.record import Records
from analysis.training.leakage import Leakage, guard_table
from analysis.training.leakage.guards import run_guards
from analysis.training.leakage.permutation import summarise, within_fold_auc
from analysis.training.leakage.shuffled_voxels import shuffled_voxels


def add_leakage(records: Records, leakage: Leakage) -> dict[str, pd.DataFrame]:
    """Add `guard.<name>`, `guards.<verdict>.n` and `permuted.<model>`.

    Returns the table of guards and the permuted AUCs.
    """
    table = guard_table(leakage.guards)
    for guard in leakage.guards:
        records.add(
            keys.guard(guard.name),
            guard.verdict,
            source=run_guards,
        )
    verdicts = table["verdict"].str.replace(" ", "_")
    for verdict in ("pass", "note", "fail", "not_run"):
        records.add(
            keys.guards_n(verdict),
            int((verdicts == verdict).sum()),
            n=len(table),
            unit="guards",
            source=run_guards,
        )
    records.add(
        keys.guards_failed(),
        "; ".join(
            guard.title + (f" ({guard.named})" if guard.named else "")
            for guard in leakage.guards
            if guard.verdict == "fail"
        ),
        source=run_guards,
    )
    for model, rows in leakage.permutations.groupby("model", sort=False):
        found = summarise(rows)
        records.add(
            keys.permuted(model),
            found["mean"],
            ci_low=found["mean"] - 2 * found["error"],
            ci_high=found["mean"] + 2 * found["error"],
            n=found["n"],
            unit="AUC",
            method=(
                "mean AUC within folds of permuted outcomes, with two Monte-Carlo standard errors"
            ),
            source=within_fold_auc,
        )
        records.add(
            keys.permuted_observed(model),
            found["observed"],
            p=found["p"],
            n=found["n"],
            unit="AUC",
            method="observed outcome; p = (k + 1) / (B + 1)",
            source=within_fold_auc,
        )
    if leakage.shuffled is not None:
        for name, value in (
            ("real", leakage.shuffled.real),
            ("shuffled", leakage.shuffled.shuffled),
        ):
            records.add(
                keys.shuffled_voxels(name),
                value,
                n=leakage.shuffled.patients,
                unit="AUC",
                method=f"out of fold, {leakage.shuffled.classifier}",
                source=shuffled_voxels,
            )
    return {"tables/guards": table, "permutations": leakage.permutations}
