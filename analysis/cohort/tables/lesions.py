"""Lesions: several rows a patient, to one row a patient by a stated rule."""

from __future__ import annotations

import pandas as pd

from analysis.core.problems import Problems
from analysis.core.short_lists import listed
from analysis.core.spelling_hints import close_to
from analysis.study import LesionRows

# Columns that say how large a lesion is, the first that is there.
SIZES = ("voxelvolume", "meshvolume", "volume", "maximum3ddiameter", "diameter")


def one_row_a_patient(
    table: pd.DataFrame, values: list[str], rule: LesionRows, file: str, problems: Problems
) -> pd.DataFrame:
    """`values` of each patient: of the largest lesion, or their mean or maximum over the lesions.

    table: indexed by patient. A lesion that is named twice, and a patient whose largest lesion is
    not decided, are errors; of equally large lesions the first in the file counts. A missing value
    is missing in what is made of it.
    """
    if rule.column not in table:
        problems.error(
            f"the table has no column '{rule.column}' of lesions",
            file,
            f"correct radiomics.table.lesions.column{close_to(rule.column, table.columns)}",
        )
        return table.loc[~table.index.duplicated(), values]
    named = pd.MultiIndex.from_arrays([table.index, table[rule.column].astype("string")])
    for patient, lesion in named[named.duplicated()].unique():
        problems.error(
            f"lesion {lesion} is there more than once",
            f"{file}, column '{rule.column}'",
            "keep one row a lesion",
            patient,
        )
    numbers = table[values]
    if rule.rule in ("mean", "max"):
        known = numbers.notna().groupby(level=0).all()
        return numbers.groupby(level=0).agg(rule.rule).where(known)
    size = rule.size or next(
        (
            name
            for kind in SIZES
            for name in table
            if name.casefold().replace("_", "").replace(" ", "").endswith(kind)
        ),
        None,
    )
    if size is None or size not in table:
        problems.error(
            "no column says which lesion is the"
            f" largest{'' if size is None else f': {size!r} is not there'}",
            file,
            f"name one as radiomics.table.lesions.size; the columns are {listed(table.columns)}",
        )
        return numbers[~table.index.duplicated()]
    sizes = pd.to_numeric(table[size], errors="coerce")
    for patient in sorted(
        set(table.index[sizes.isna()]) & set(table.index[table.index.duplicated(keep=False)])
    ):
        problems.error(
            f"the size of a lesion is missing ('{size}'), so that the largest is not known",
            file,
            "add it",
            patient,
        )
    order = sizes.fillna(-1).to_numpy().argsort(kind="stable")[::-1]
    # Reversed, a stable order has the last of equals first; the first one in the file is wanted.
    ranked = (
        pd.DataFrame(
            {"size": sizes.fillna(-1).to_numpy(), "row": range(len(table))}, index=table.index
        )
        .iloc[order]
        .sort_values(["size", "row"], ascending=[False, True], kind="stable")
    )
    largest = ranked[~ranked.index.duplicated()]["row"].to_numpy()
    problems.note(f"of several lesions the largest counts, by '{size}'", file)
    return numbers.iloc[sorted(largest)]
