"""Blocks of other people's features in a locked model: which it reads, and from which columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from analysis.cohort.tables.block_table import block_columns
from analysis.study import Study
from analysis.workflow.locked_model.training_ranges import table_ranges


def of_no_block(study: Study, features: Sequence[str]) -> list[str]:
    """Those of a model's features that are radiomics'."""
    of_blocks = {feature for name in study.features for feature in block_columns(study, name)}
    return [name for name in features if name not in of_blocks]


def used_blocks(study: Study, features: Sequence[str]) -> dict[str, Any]:
    """`blocks` of a model's description; nothing where it reads none.

    Block → label, columns (feature → column of its table), lesions (as of a feature table) and
    about (source, licence).
    """
    found: dict[str, Any] = {}
    for name, block in study.features.items():
        columns = block_columns(study, name)
        own = [feature for feature in features if feature in columns]
        if not own:
            continue
        lesions = block.lesions
        found[name] = {
            "label": block.name_in_words(name),
            "columns": {feature: columns[feature] for feature in own},
            "lesions": None if lesions is None else lesions.model_dump(mode="json"),
            "about": [
                *([block.source] if block.source else []),
                *([f"licence: {block.licence}"] if block.licence else []),
            ],
        }
    return {"blocks": found} if found else {}


def block_ranges(
    table: pd.DataFrame | None, learnt: Sequence[str], features: Sequence[str]
) -> dict[str, Any]:
    """Ranges of the training patients, of the features that a model reads of blocks."""
    own = [] if table is None else [name for name in features if name in table]
    return table_ranges(table.loc[list(learnt), own]) if table is not None and own else {}
