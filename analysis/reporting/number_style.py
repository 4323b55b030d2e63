"""How numbers are written: the journal's rounding, its P, its intervals.

The one place that turns a number into text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from analysis.results.record import Value, as_text

COUNT_UNITS = (
    "patients",
    "features",
    "habitats",
    "phases",
    "centres",
    "variables",
    "contrasts",
    "parameters",
    "resamples",
    "tables",
    "cut-offs",
    "guards",
    "folds",
    "groups",
    "permutations",
    "places",
    "imputations",
)
DECIMALS = {
    "AUC": 3,
    "AUC difference": 3,
    "proportion": 3,
    "Brier score": 3,
    "Brier score difference": 3,
    "net benefit": 3,
    "net benefit difference": 3,
    "ICC": 3,
    "score": 3,
    "log odds": 2,
    "slope": 2,
    "index": 3,
    "ratio": 2,
    "variance": 3,
    "scaled Brier score": 3,
    "probability difference": 3,
    "chi-square": 2,
    "values": 0,
    "z": 2,
    "GVIF": 2,
    "per 100 patients": 1,
    "events per parameter": 1,
}
SIGNIFICANT_UNITS = ("odds ratio", "hazard ratio", "likelihood ratio")
DASH = "–"
# The level at which a P-value is read, whatever the study's own.
SIGNIFICANT = 0.05
# A hyphen before a digit that begins a word: not those of `FIB-4` and `2024-01-02`.
NEGATIVE = re.compile(r"(?<![\w.-])-(?=\d)")


@dataclass(frozen=True)
class NumberStyle:
    """Style of the numbers of a journal.

    p_symbol: Markdown of the letter; p_leading_zero: `0.032` or `.032`; p_decimals: of a P-value of
    .01 or more, but for one that these decimals would move to the other side of .05; interval:
    between the ends, where neither is negative.
    """

    p_symbol: str = "*P*"
    p_leading_zero: bool = False
    p_decimals: int = 3
    interval: str = "–"


# ama: AMA Manual of Style, which Radiology's and JAMA's instructions follow; plain: as R and most
# tables print; esr: journals of the European Society of Radiology (instructions of Insights into
# Imaging).
STYLES = {
    "ama": NumberStyle(p_decimals=2),
    "plain": NumberStyle("p", True, interval=" to "),
    "esr": NumberStyle("*p*", True),
}
# One study a process: a document's kernel opens one, and sets the style of its study file here.
_current = STYLES["ama"]


def use_style(name: str) -> NumberStyle:
    """Set the style of all numbers that are written from now on.

    Raises KeyError for a name that STYLES does not have.
    """
    global _current
    _current = STYLES[name]
    return _current


def _probability(text: str) -> str:
    return text if _current.p_leading_zero else text.replace("0.", ".", 1)


def format_p(p: float | None) -> str:
    """P-value as in a table, `< .001` and `> .99` beyond the style's decimals; undefined a dash.

    Below .01 it has three decimals, and so where fewer would hide on which side of .05 it lies:
    .048, not .05.
    """
    if p is None or p != p:
        return DASH
    if p < 0.001:
        return _probability("< 0.001")
    if p > 0.99:
        return _probability("> 0.99")
    shortened = round(p, _current.p_decimals)
    crossed = shortened == SIGNIFICANT and p != SIGNIFICANT
    decimals = 3 if p < 0.01 or crossed else _current.p_decimals
    return _probability(f"{p:.{decimals}f}")


def p_statement(p: float | None) -> str:
    """p as it stands in a sentence: `*P* < .001`, `*P* = .032`."""
    text = format_p(p)
    return f"{_current.p_symbol} {text}" if text[:1] in "<>" else f"{_current.p_symbol} = {text}"


def plain_p_statement(p: float | None) -> str:
    """p as `p_statement` writes it, without Markdown: for the terminal, a picture or a comment."""
    return p_statement(p).replace("*", "")


def plain_p_side(p: float, level: float) -> str:
    """On which side of a level of significance p lies, without Markdown: `P < .05`, `P ≥ .05`."""
    letter = _current.p_symbol.replace("*", "")
    return f"{letter} {'<' if p < level else '≥'} {_probability(f'{level:.3g}')}"


def p_heading(detail: str = "") -> str:
    """Header of a column of p-values: `*P*`, or `*P* (DeLong)` with a detail."""
    return f"{_current.p_symbol} ({detail})" if detail else _current.p_symbol


def p_value(several: bool = False) -> str:
    """P-value as prose names it, in the journal's letter: `*P* value`, or `*P* values`."""
    return f"{_current.p_symbol} value{'s' if several else ''}"


def _significant(value: float) -> str:
    """Two decimals as clinical journals print ratios, fewer of large ones: 0.99, 1.40, 17.3, 785.

    A small ratio has two significant digits: 0.015.
    """
    size = abs(value)
    if value != 0 and size < 0.001:
        return "< 0.001" if value > 0 else "> -0.001"
    if size >= 99.95:
        return f"{value:,.0f}"
    if size >= 9.995:
        return f"{value:.1f}"
    return f"{value:.2f}" if size >= 0.0995 or value == 0 else f"{value:#.2g}"


def format_number(value: Value, unit: str | None = None) -> str:
    """Number as its unit is written.

    Counts are whole, areas and proportions have three decimals, log odds, slopes, odds and hazard
    ratios two, others up to three significant digits. Undefined is a dash, text is itself,
    a list has commas between.
    """
    if value is None:
        return DASH
    if isinstance(value, str | bool | tuple):
        return as_text(value)
    if unit in DECIMALS:
        text = f"{value:.{DECIMALS[unit]}f}"
        text = text.removeprefix("-") if float(text) == 0 else text
    elif unit in SIGNIFICANT_UNITS:
        text = _significant(value)
    elif unit in COUNT_UNITS or float(value).is_integer():
        text = f"{value:,.0f}" if abs(value) >= 10000 else f"{value:.0f}"
    else:
        text = f"{value:.3g}"
    return text.replace("-", "−")


def with_minus_signs(text: str) -> str:
    """Text that another part of the package made, with a minus sign before its negative numbers."""
    return NEGATIVE.sub("−", text)


def format_interval(low: float, high: float, unit: str | None = None) -> str:
    """Both ends of an interval, joined by the style's dash.

    They are joined by `to` where an end is negative or cut off, beside which a dash can't be read.
    """
    ends = [format_number(low, unit), format_number(high, unit)]
    plain = all(end[:1].isdigit() for end in ends)
    return (_current.interval if plain else " to ").join(ends)


def format_percent(value: float, decimals: int = 1) -> str:
    """Percentage of a proportion, 0.123 as `12.3%`."""
    return f"{100 * value:.{decimals}f}%"
