"""Odds ratios of the clinical-radiological variables."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from IPython.display import Markdown

from analysis.reporting.manuscript import Results
from analysis.reporting.number_style import format_interval, format_number, p_heading
from analysis.reporting.rendering.escaping import literal
from analysis.reporting.tables.cells import DASH, estimate_cell, p_cell, printed_units
from analysis.reporting.tables.decimals import NUMBER
from analysis.reporting.tables.markdown import pipe_table, table
from analysis.results import keys
from analysis.results.record import Record
from analysis.study.level_label import level_label

KINDS = ("univariable", "multivariable")
# Steps that an odds ratio may be of, in the variable's unit.
STEPS = (1, 5, 10, 50, 100, 500, 1000)
# `Platelets (per 10^9/L)`: variable and unit of a term's label.
UNIT = re.compile(r"^(?P<variable>.*) \(per (?P<unit>[^()]+)\)$")
DOUBLING = "doubling"


def _step(results: Results, variable: str) -> int:
    """The largest step within the interquartile range of the training patients; else 1."""
    if not (results.folder / "tables" / "baseline.csv").is_file():
        return 1
    frame = results.frame("tables/baseline")
    rows = frame[frame["variable"].astype(str).str.startswith(f"{variable},")]
    if len(rows) != 1 or "training" not in frame or "IQR" not in str(rows.iloc[0]["statistic"]):
        return 1
    low, high = (float(each) for each in NUMBER.findall(str(rows.iloc[0]["training"]))[-2:])
    return max(each for each in STEPS if each == 1 or each <= high - low)


def step_of(results: Results, term: str) -> int:
    """Units of its variable that the printed odds ratio of a term is per; 1 for a level."""
    found = UNIT.match(results.plain(keys.label_term(term)))
    if found is None or found["unit"] == DOUBLING:
        return 1
    return _step(results, found["variable"])


def _labelled(results: Results, term: str, step: int) -> str:
    """Label of a term with its step: `Platelets (per 50 × 10⁹/L)`."""
    label = results.plain(keys.label_term(term))
    found = UNIT.match(label)
    if found is None or step == 1:
        return printed_units(literal(label))
    unit = found["unit"]
    if unit[:1].isdigit():
        unit = f"× {unit}"
    elif unit in ("year", "month", "day"):
        unit = f"{unit}s"
    return printed_units(literal(f"{found['variable']} (per {step} {unit})"))


def odds_ratio_text(record: Record, step: int) -> str:
    """An odds ratio with its interval; of several units it is the power of that of one."""
    value, low, high = (
        None if each is None else float(each) ** step
        for each in (record.number, record.ci_low, record.ci_high)
    )
    text = format_number(value, record.unit)
    if low is not None and high is not None:
        text += f" ({format_interval(low, high, record.unit)})"
    return text


def _odds_ratio(results: Results, record: Record, step: int) -> str:
    if step == 1 or not record.is_number:
        return estimate_cell(results, record.key)
    return results.stated(odds_ratio_text(record, step), record.key)


def _references(results: Results) -> dict[str, list[str]]:
    """Variable -> its levels, the reference first; empty before an analysis wrote them."""
    if not (results.folder / "tables" / "variables.csv").is_file():
        return {}
    frame = results.frame("tables/variables")
    return {
        str(row.variable): str(row.levels).split(", ")
        for row in frame.rename(columns={"values": "levels"}).itertuples()
    }


def _by_variable(results: Results, found: Mapping[str, Record]) -> dict[str, list[str]]:
    """Variable -> its terms: candidates in the order of the study file."""
    clinical = results.study.clinical
    order = list(clinical.candidates or ()) if clinical is not None else []
    names = list(dict.fromkeys(term.partition("=")[0] for term in found))
    names.sort(key=lambda name: order.index(name) if name in order else len(order))
    return {name: [term for term in found if term.partition("=")[0] == name] for name in names}


def _whole(results: Results, name: str) -> list[str]:
    """Cells of a factor's own row: P of all its levels together, where it was tested."""
    cells = []
    for kind in KINDS:
        record = results.records.get(keys.factor_test(kind, name))
        cells += ["", p_cell(results, record) if record is not None else ""]
    return cells


def _level(results: Results, term: str) -> str:
    """The level of a term, as its label writes it."""
    return literal(results.plain(keys.label_term(term)).partition(": ")[2])


@table
def regression_markdown(results: Results) -> Markdown:
    """Table of univariable and multivariable odds ratios.

    A row a term, candidates in the order of the study file, the levels of a variable together
    below their reference, beside which stands P of all of them. An odds ratio of a continuous
    variable is per a step of its unit that lies within its interquartile range.
    """

    def cells(term: str, step: int) -> list[str]:
        texts = []
        for kind in KINDS:
            record = results.records.get(keys.odds_ratio(kind, term))
            texts += (
                [DASH, DASH]
                if record is None
                else [_odds_ratio(results, record, step), p_cell(results, record)]
            )
        return texts

    found = {
        parts["term"]: record
        for parts, record in keys.odds_ratio.of(results.records)
        if parts["regression"] == "univariable"
    }
    references = _references(results)
    rows: list[Sequence[str]] = []
    for name, terms in _by_variable(results, found).items():
        levels = references.get(name, [])
        if all("=" in term for term in terms) and levels:
            label = literal(results.plain(keys.label_term(terms[0])).partition(": ")[0])
            reference = literal(level_label(levels[0]))
            if len(terms) == 1:
                rows.append(
                    [f"{label}: {_level(results, terms[0])} (vs {reference})", *cells(terms[0], 1)]
                )
                continue
            rows.append([f"{label} (reference: {reference})", *_whole(results, name)])
            terms = sorted(
                terms,
                key=lambda term: (
                    levels.index(term.partition("=")[2])
                    if term.partition("=")[2] in levels
                    else len(levels)
                ),
            )
            rows += [[f"\u2003{_level(results, term)}", *cells(term, 1)] for term in terms]
            continue
        for term in terms:
            step = step_of(results, term)
            rows.append([_labelled(results, term, step), *cells(term, step)])
    level = results.plain(keys.settings_confidence_level(), "level")
    return pipe_table(
        [
            "Variable",
            f"Univariable‖OR ({level} CI)",
            f"Univariable‖{p_heading()}",
            f"Multivariable‖OR ({level} CI)",
            f"Multivariable‖{p_heading()}",
        ],
        rows,
    )
