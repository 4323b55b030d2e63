"""Features that compare two phases as results: how many, and which had no sound denominator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.cohort.tables.feature_columns import feature_phases
from analysis.inputs.radiomics.delta import delta_values
from analysis.inputs.radiomics.table import RadiomicsTable
from analysis.results import keys
from analysis.results.record import Records
from analysis.study import Study
from analysis.study.load import load_study
from analysis.study.phase_label import phase_labels
from analysis.study.regions import block_of, blocks_of
from models.radiomics import RadiomicsModel
from models.radiomics.denominators import Denominators


def _counts(study: Study, names: Sequence[str]) -> Counter[str]:
    """How many of the features are of each comparison, by its beginning of names."""
    blocks = blocks_of([delta.prefix for delta in study.deltas], study.regions)
    found = (block_of(name, blocks) for name in names)
    return Counter(block.phase for block in found if block is not None)


def add_deltas(records: Records, study: Study, names: Sequence[str]) -> None:
    """`features.delta.total`, `features.comparison.*`: features that compare two phases.

    names: of all features. Nothing is added where the study compares no phases.
    """
    if not study.deltas:
        return
    counts, labels = _counts(study, names), phase_labels(study, feature_phases(study))
    records.add(keys.features_delta_total(), counts.total(), unit="features", source=delta_values)
    for delta in study.deltas:
        records.add(
            keys.features_comparison_n(delta.name),
            counts[delta.prefix],
            unit="features",
            source=delta_values,
        )
        records.add(
            keys.features_comparison_label(delta.name), delta.words(labels), source=load_study
        )


def add_denominators(
    records: Records, cohort: Cohort, table: RadiomicsTable, model: RadiomicsModel
) -> dict[str, pd.DataFrame]:
    """Add what the final fit made of quotients, and how many comparisons it uses.

    `features.delta.selected.n`; `features.delta.left_out.n`, quotients that the fit left out; and
    `features.delta.filled.n`, patients of any cohort in whom the denominator of a feature that the
    model uses is near zero. `tables/delta_left_out`: feature, denominator, lowest, highest (of the
    denominator in the training patients of known outcome). Nothing where no phases are compared.
    """
    study = cohort.study
    if not study.deltas:
        return {}
    counts = _counts(study, model.selected_)
    records.add(
        keys.features_delta_selected_n(),
        counts.total(),
        n=len(model.selected_),
        unit="features",
        source=add_denominators,
    )
    if not any(delta.is_quotient for delta in study.deltas):
        return {}
    denominators = model.denominators_
    records.add(
        keys.features_delta_left_out_n(),
        len(denominators.left_out),
        n=len(model.references),
        unit="features",
        source=Denominators.fit,
    )
    near = pd.DataFrame(
        denominators.near_zero(table.features, model.selected_), index=table.features.index
    )
    records.add(
        keys.features_delta_filled_n(),
        int(near.any(axis=1).sum()),
        n=len(near),
        unit="patients",
        source=Denominators.filled,
    )
    learnt = table.features.loc[cohort.labelled("training")]
    rows = [
        (name, reference, learnt[reference].min(), learnt[reference].max())
        for name in denominators.left_out
        for reference in [model.references[name]]
    ]
    columns = ["feature", "denominator", "lowest", "highest"]
    return {"tables/delta_left_out": pd.DataFrame(rows, columns=columns)}
