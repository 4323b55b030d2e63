"""Other people's features of all patients, a table for each block of the study."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.cohort.tables.block_table import read_block
from analysis.core.problems import Problems
from analysis.inputs.radiomics import RadiomicsTable, reproducible_features


@dataclass(frozen=True)
class Blocks:
    """Blocks of features.

    features: patients × features of all blocks, None without any. names: block → those of its
    features that repeated delineations agree on, all where there are none.
    """

    features: pd.DataFrame | None = None
    names: Mapping[str, list[str]] = field(default_factory=dict)


def block_features(cohort: Cohort, taken: Collection[str] = ()) -> Blocks:
    """Features of every block. taken: names of radiomics features.

    Raises CohortError listing a table's errors, and ValueError where no feature of a block is
    reproducible, or one has the name of a radiomics feature. Repeatability is judged in training
    patients, and sees no outcome.
    """
    study = cohort.study
    if not study.features:
        return Blocks()
    training = list(cohort.patients[cohort.cohort == "training"])
    tables: list[pd.DataFrame] = []
    names: dict[str, list[str]] = {}
    for name, settings in study.features.items():
        problems = Problems(cohort.excluded)
        found = read_block(study, name, cohort.patients, problems)
        problems.raise_errors()
        assert found is not None
        twice = next((each for each in found[0] if each in taken), None)
        if twice is not None:
            raise ValueError(
                f"features.{name}: '{twice}' is the name of a radiomics feature too; give the block"
                " another name"
            )
        table = RadiomicsTable(found[0].loc[cohort.patients], found[1])
        names[name] = reproducible_features(
            table,
            settings.icc_threshold,
            training,
            settings.icc_judged_by,
            level=study.statistics.confidence_level,
        )
        if not names[name]:
            raise ValueError(
                f"features.{name}: no feature reaches icc_threshold {settings.icc_threshold}; lower"
                " it, or look at the repeated delineations"
            )
        tables.append(table.features)
    return Blocks(pd.concat(tables, axis=1), names)
