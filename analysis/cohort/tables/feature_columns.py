"""Columns of a feature table: the phase and the feature that each one holds, by its name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from analysis.study import FeatureTable, Study
from analysis.study.supplied_tables import ONE_PHASE

CLASSES = {
    "shape": "shape",
    "shape3d": "shape",
    "firstorder": "firstorder",
    "histogram": "firstorder",
    "glcm": "glcm",
    "glrlm": "glrlm",
    "glszm": "glszm",
    "gldm": "gldm",
    "ngtdm": "ngtdm",
}
# Columns with which PyRadiomics describes its own run.
DIAGNOSTICS = re.compile(r"(^|_)diagnostics_")


@cache
def _known_features() -> dict[str, dict[str, str]]:
    """Class → feature's name without case → as PyRadiomics writes it."""
    # Imported here: a study without a table of features must not wait for PyRadiomics.
    from radiomics import firstorder, getFeatureClasses

    assert firstorder
    return {
        name: {feature.casefold(): feature for feature in kind.getFeatureNames()}
        for name, kind in getFeatureClasses().items()
        if name in set(CLASSES.values())
    }


def recognised(feature: str) -> str | None:
    """PyRadiomics's name `{image}_{class}_{feature}` of a feature; None for any other.

    The class may be written in any case, and an image that is not named is the original one:
    `GLCM_contrast` is `original_glcm_Contrast`.
    """
    parts = [part for part in re.split(r"[_.\s]+", feature) if part]
    for place, part in enumerate(parts):
        kind = CLASSES.get(part.casefold().replace("-", ""))
        if kind is not None:
            name = _known_features()[kind].get("".join(parts[place + 1 :]).casefold())
            image = "_".join(parts[:place]) or "original"
            return None if name is None else f"{image}_{kind}_{name}"
    return None


def feature_columns(table: FeatureTable, columns: list[str]) -> dict[str, tuple[str, str]]:
    """Column → its phase and feature, of the columns that the table's pattern finds."""
    if table.columns is None:
        return {column: (ONE_PHASE, column) for column in columns}
    if isinstance(table.columns, dict):
        found = _by_affixes(table.columns, columns)
    else:
        found = _by_expression(table.columns, table.phases, columns)
    return {column: found[column] for column in columns if column in found}


def _by_affixes(patterns: Mapping[str, str], columns: list[str]) -> dict[str, tuple[str, str]]:
    """patterns: phase → what stands before and after `{feature}`.

    The longer pattern first: ART_{feature} must not take the columns of ART_LATE_{feature}.
    """
    found: dict[str, tuple[str, str]] = {}
    for phase, pattern in sorted(patterns.items(), key=lambda each: -len(each[1])):
        before, _, after = pattern.partition("{feature}")
        for column in columns:
            longer = len(column) > len(before) + len(after)
            fits = longer and column.startswith(before) and column.endswith(after)
            if fits and column not in found:
                found[column] = (phase, column[len(before) : len(column) - len(after)])
    return found


def _by_expression(
    expression: str, phases: Mapping[str, str], columns: list[str]
) -> dict[str, tuple[str, str]]:
    """Phase and feature of each column, by a regular expression.

    expression: with a group `feature` and, of several phases, one `phase`; phases: what it finds →
    the study's name of it.
    """
    found: dict[str, tuple[str, str]] = {}
    for column in columns:
        match = re.fullmatch(expression, column)
        if match:
            phase = match.groupdict().get("phase") or ONE_PHASE
            found[column] = (phases.get(phase, _identifier(phase)), match["feature"])
    return found


def _identifier(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_") or ONE_PHASE


def feature_phases(study: Study) -> list[str]:
    """Phases of the images, or of the feature table, in the study file's order."""
    table = study.radiomics.table if study.radiomics else None
    if table is None:
        return list(study.phases)
    if isinstance(table.columns, dict):
        return list(table.columns)
    if isinstance(table.columns, str) and "phase" in re.compile(table.columns).groupindex:
        return list(dict.fromkeys(table.phases.values()))
    return [ONE_PHASE]
