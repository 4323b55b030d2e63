"""Table of other people's features, a block of the study, and what is wrong with it."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from analysis.cohort.tables.cohort_table import layout_in
from analysis.cohort.tables.feature_table import TableSource, read_features, source_columns
from analysis.cohort.tables.spreadsheet import read_spreadsheet
from analysis.core.problems import Problems
from analysis.core.short_lists import listed
from analysis.core.word_lists import counted
from analysis.study import Study
from analysis.study.supplied_tables import ONE_PHASE

IDENTIFIER = re.compile(
    r"^(unnamed.*|index|row|id|.*[_ .]id|.*patient.*|mrn|case|accession.*)$", re.IGNORECASE
)
OUTCOME = re.compile(
    r"(^|[_ .])(label|outcome|target|event|recurrence|recurred|death|died|survival|status|follow"
    r"[_ ]?up)([_ .]|$)",
    re.IGNORECASE,
)


def block_source(study: Study, name: str) -> TableSource:
    """The table of a block; its features keep their own names."""
    return TableSource(study.features[name], f"features.{name}", known_names=False)


def feature_of(block: str, name: str) -> str:
    """Name of a block's feature among those of all blocks: `{block}_{phase}_{feature}`.

    Without phases, `{block}_{feature}`.
    """
    return f"{block}_{name.removeprefix(f'{ONE_PHASE}_')}"


def block_columns(study: Study, name: str) -> dict[str, str]:
    """Feature of a block → the column of the study's table that it was read from."""
    found = source_columns(study, block_source(study, name))
    return {feature_of(name, feature): column for feature, column in found.items()}


def read_block(
    study: Study, name: str, patients: pd.Index, problems: Problems
) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]] | None:
    """Features of a block, and of each repeated delineation; None where it can't be read.

    As `read_features`; a copy of another column is left out too, with a warning.
    """
    source = block_source(study, name)
    found = read_features(study, patients, problems, source)
    if found is None:
        return None
    features = _without_copies(found[0], source, problems)
    names = {feature: feature_of(name, feature) for feature in features}
    repeats = {
        reader: each[[feature for feature in features if feature in each]].rename(columns=names)
        for reader, each in found[1].items()
    }
    return features.rename(columns=names), repeats


def _without_copies(
    features: pd.DataFrame, source: TableSource, problems: Problems
) -> pd.DataFrame:
    """Features without those whose values are another's, the first of which stays."""
    copies = list(features.columns[features.T.duplicated().to_numpy()])
    if copies:
        problems.warning(
            f"{counted(len(copies), 'feature has', 'features have')} the values of another and"
            f" {'is' if len(copies) == 1 else 'are'} left out: {listed(_own(copies), 5)}",
            source.settings.file,
            "was a column written twice?",
        )
    return features.drop(columns=copies)


def _own(names: list[str]) -> list[str]:
    return [name.removeprefix(f"{ONE_PHASE}_") for name in names]


def check_block(
    study: Study, name: str, patients: pd.Index, label: pd.Series | None, problems: Problems
) -> None:
    """Report what is wrong with a block's table.

    Beside what `read_block` reports: columns that are no numbers, and columns that look like
    identifiers or the outcome. label: of the patients, where it is known.
    """
    source = block_source(study, name)
    file, key = source.settings.file, source.key
    found = read_block(study, name, patients, problems)
    _note_texts(study, source, problems)
    if found is None:
        return
    for feature, values in found[0].items():
        column = str(feature).removeprefix(f"{name}_")
        remedy = f"name the block's columns as {key}.columns, or take this one out of the table"
        if IDENTIFIER.match(column) or _counts_rows(values):
            problems.error(
                f"column '{column}' looks like an identifier or a number of rows, not a feature",
                file,
                remedy,
            )
        elif label is not None and _is_label(values, label):
            problems.error(
                f"column '{column}' is the outcome in other numbers",
                file,
                f"{remedy}; a model that reads the outcome predicts nothing",
            )
        elif OUTCOME.search(column):
            problems.warning(
                f"column '{column}' is called like an outcome", file, f"if it is one, {remedy}"
            )


def _counts_rows(values: pd.Series) -> bool:
    """True for whole numbers one apart, as of rows or patients."""
    ordered = np.sort(values.to_numpy(dtype=float))
    return len(ordered) > 2 and bool((ordered % 1 == 0).all() and (np.diff(ordered) == 1).all())


def _is_label(values: pd.Series, label: pd.Series) -> bool:
    """True for a column of two values that are the two outcomes."""
    known = label.reindex(values.index).dropna()
    own = values[known.index]
    if known.nunique() < 2 or own.nunique() != 2:
        return False
    return bool(own.groupby(known).nunique().eq(1).all())


def _note_texts(study: Study, source: TableSource, problems: Problems) -> None:
    """Columns of texts, which no feature is taken from where the columns are not named."""
    settings = source.settings
    if settings.columns is not None:
        return
    key = settings.patient_id or study.cohort.patient_id
    frame = read_spreadsheet(
        study.cohort_folder / settings.file, Problems(), layout_in(study, settings), text=(key,)
    )
    if frame is None:
        return
    apart = {key, settings.readers.column if settings.readers else key}
    texts = [
        str(column)
        for column, kind in frame.dtypes.items()
        if column not in apart and not pd.api.types.is_numeric_dtype(kind)
    ]
    if texts:
        problems.warning(
            f"{counted(len(texts), 'column is', 'columns are')} no numbers and"
            f" {'is' if len(texts) == 1 else 'are'} no features of the block: {listed(texts, 5)}",
            settings.file,
            f"correct the values, or name the block's columns as {source.key}.columns",
        )
