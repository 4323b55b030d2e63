"""The radiomics features that the chosen classifier uses."""

from __future__ import annotations

import pandas as pd
from IPython.display import Markdown

from analysis.reporting.compared_masks import compared_masks
from analysis.reporting.manuscript import Results, format_number
from analysis.reporting.number_style import DASH
from analysis.reporting.rendering.escaping import literal
from analysis.reporting.selected_coefficients import SMALLEST_COEFFICIENT, selected_coefficients
from analysis.reporting.tables.feature_names import region_words, spelled_out
from analysis.reporting.tables.feature_words import classes_note
from analysis.reporting.tables.markdown import pipe_table, table
from analysis.reporting.tables.selection import share
from analysis.results import keys

LEVELS = {"outer": "Outer folds", "inner": "Inner folds"}


def _selected(results: Results) -> list[str]:
    """Names of the selected features in the order of selection."""
    return [
        str(record.value)
        for _, record in sorted(
            keys.features_selected.of(results.records), key=lambda found: found[0]["number"]
        )
    ]


def _curve(results: Results, name: str) -> pd.DataFrame | None:
    there = (results.folder / "curves" / f"{name}.csv").is_file()
    return results.frame(f"curves/{name}") if there else None


def _coefficients(results: Results) -> dict[str, str]:
    """Feature -> coefficient of LASSO; empty where the selection has none."""
    path = _curve(results, "selection_path")
    if path is None or not len(path):
        return {}
    return {
        str(name): _coefficient(float(value)) for name, value in selected_coefficients(path).items()
    }


def _coefficient(value: float) -> str:
    """With three decimals; a smaller one with two significant digits, and what is none with 0."""
    if abs(value) <= SMALLEST_COEFFICIENT:
        return "0"
    if abs(value) < 0.0005:
        return f"{value:.2g}".replace("-", "\u2212")
    return format_number(value, "score")


def _reproducibility(results: Results) -> dict[str, str]:
    """Feature -> its smallest ICC over segmentations and perturbations; empty without any."""
    found = _curve(results, "feature_icc")
    if found is None or not len(found):
        return {}
    return {
        str(name): format_number(value, "ICC")
        for name, value in found.groupby("feature")["icc"].min().items()
    }


def features_note(results: Results) -> str:
    """What the columns and abbreviations of the table mean."""
    kinds = {spelled_out(results, name)[2] for name in _selected(results)}
    coefficients = _coefficients(results)
    notes = [
        "Coefficient: of the standardised feature in LASSO." if coefficients else "",
        "LASSO kept no coefficient, and the first feature that it was given stayed."
        if set(coefficients.values()) == {"0"}
        else "",
        f"ICC: smallest intraclass correlation coefficient over {compared_masks(results)}."
        if _reproducibility(results)
        else "",
        "Folds: share of the cross-validation folds that selected the feature.",
        f"{words}." if (words := classes_note(kinds)) else "",
    ]
    return " ".join(filter(None, notes))


@table
def features_markdown(results: Results) -> Markdown:
    """Table of the selected features, one a row, in the order of selection.

    Each row has coefficient, ICC and the share of the folds that chose the feature, where the
    results have them.
    """
    names = _selected(results)
    further = {
        title: values
        for title, values in (
            ("Coefficient", _coefficients(results)),
            ("ICC", _reproducibility(results)),
        )
        if values
    }
    shares = {}
    if (results.folder / "tables" / "selection_frequency.csv").is_file():
        shares = results.frame("tables/selection_frequency").set_index("feature")[[*LEVELS]].T
    columns = list(LEVELS.values()) if len(shares) else []
    regions = ["Region"] if results.study.regions else []
    rows = []
    for name in names:
        phase, image, kind, feature = (literal(part) for part in spelled_out(results, name))
        rows.append(
            [
                f"{feature[:1].upper()}{feature[1:]}" + (f" ({kind})" if kind != DASH else ""),
                phase,
                *(literal(region_words(results, name)) for _ in regions),
                image,
                *(values.get(name, DASH) for values in further.values()),
                *(share(shares[name][level]) for level in LEVELS if columns),
            ]
        )
    header = ["Feature", "Phase", *regions, "Image"]
    return pipe_table([*header, *further, *columns], rows, left=len(header))
