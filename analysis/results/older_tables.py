"""Tables of earlier versions, in which words stood where ids stand now."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

STEPS = {
    "reproducible between delineations": "reproducible",
    "not nearly constant": "variance",
    "smallest univariable P-values": "univariable",
    "not correlated with a better one": "correlation",
    "first by mRMR": "mrmr",
    "selected by LASSO": "lasso",
}
ANALYSES = {
    "All patients": "all_patients",
    "Complete cases": "complete_cases",
    "Another horizon": "other_horizon",
}


def _selection_steps(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(step=table["step"].replace(STEPS))


def _grad_cam_patients(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(reason=table["reason"].str.replace(" ", "_"))


def _scores(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(status=table["status"].replace({"refitted here": "refitted"}))


def _subgroups(table: pd.DataFrame) -> pd.DataFrame:
    if "analysis" in table:
        return table
    analysis = table["group"].map(ANALYSES).fillna("subgroup")
    other = analysis != "subgroup"
    level = table["level"].astype("object").mask(analysis == "complete_cases")
    level = level.where(analysis != "other_horizon", level.astype(str).str.removesuffix(" months"))
    found = table.assign(group=table["group"].mask(other), level=level)
    found.insert(0, "analysis", analysis)
    return found


# Column → words → id.
OF_VARIABLES = {
    "values": {"number": "continuous", "0 or 1": "binary"},
    "unit": {"as recorded for each patient": "recorded"},
    "recorded": {"during follow-up": "follow_up"},
}


def _variables(table: pd.DataFrame) -> pd.DataFrame:
    ids = {column: names for column, names in OF_VARIABLES.items() if column in table}
    return table.assign(**{column: table[column].replace(each) for column, each in ids.items()})


FORMS: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "curves/selection_steps": _selection_steps,
    "curves/grad_cam_patients": _grad_cam_patients,
    "tables/scores": _scores,
    "tables/subgroups": _subgroups,
    "tables/variables": _variables,
}


def table_in_present_form(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """A table as this version writes it, whichever version wrote it.

    name: of its file in the results' folder without its ending, such as `tables/subgroups`.
    """
    return FORMS[name](table) if name in FORMS else table
