"""Blocks of other people's features in a locked model: which it reads, and from which columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from analysis.cohort.tables.block_table import block_columns
from analysis.study import Study
from analysis.workflow.locked_model.training_ranges import table_ranges


def _block_of(study: Study, feature: str) -> str | None:
    return next((name for name in study.features if feature.startswith(f"{name}_")), None)


def of_no_block(study: Study, features: Sequence[str]) -> list[str]:
    """Those of a model's features that are radiomics'."""
    return [name for name in features if _block_of(study, name) is None]


def used_blocks(study: Study, features: Sequence[str]) -> dict[str, Any]:
    """`blocks` of a model's description; nothing where it reads none.

    Block → label, columns (feature → column of its table), lesions (as of a feature table) and
    about (source, licence).
    """
    found: dict[str, Any] = {}
    for name, block in study.features.items():
        own = [feature for feature in features if _block_of(study, feature) == name]
        if not own:
            continue
        columns = block_columns(study, name)
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
