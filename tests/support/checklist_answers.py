"""A study with answers of people, and the status of an item."""

import pandas as pd

from analysis.study import Study
from analysis.study.checklists.items import (
    CHECKLISTS,
    load_checklist,
)

ITEMS = {name: load_checklist(name).items for name in CHECKLISTS}


def with_reporting(study: Study, **answers) -> Study:
    """The study with other answers of people, checked as those of a file are."""
    return Study(
        **{**study.model_dump(exclude={"reporting"}), "path": study.path, "reporting": answers}
    )


def status(table: pd.DataFrame, checklist: str, item: str) -> pd.Series:
    rows = table[(table["checklist"] == checklist) & (table["id"] == item)]
    assert len(rows) == 1
    return rows.iloc[0]
