"""Whether what a document prints for a key is what the results have."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable
from importlib import import_module

from analysis.reporting.manuscript import Results
from analysis.reporting.number_style import format_number, format_p, format_percent
from analysis.reporting.numerals.numeral import Block, Numeral, Piece, numerals_of
from analysis.reporting.results_by_key import FORMS, STUDY_FILE
from analysis.results import keys
from analysis.results.record import Record
from analysis.study import Study
from analysis.study.reporting import Answer

DIGITS = re.compile(r"\d+")
# Unit of a record that counts patients out of its n.
PROPORTION = "proportion"
# Markdown between the digits of one number, as in 10^9^.
MARKUP = re.compile(r"[\^~*`\\]")


def digits_of(text: str) -> list[str]:
    """The numerals of a text without sign and percent; `0.05` and `.05` are one."""
    return [plain_digits(each.text) for each in numerals_of(Block([Piece(text)]), 0)]


def plain_digits(text: str) -> str:
    """A numeral without percent, commas and a zero before the point."""
    short = text.rstrip("%").replace(",", "")
    return short[1:] if short.startswith("0.") else short


def texts_of(results: Results, key: str) -> list[str]:
    """Every text in which documents write a key's result, without links.

    These are the forms of the result, and the result as a table has it.
    """
    record = results.record(key)
    texts = [results.plain(key)]
    for form in FORMS:
        try:
            texts.append(results.plain(key, form))
        except (TypeError, ValueError):  # a form that this result does not have
            continue
    return [*texts, *_in_tables(record), *_per_step(results, record)]


def _in_tables(record: Record) -> Iterable[str]:
    yield format_p(record.p)
    yield "" if record.n is None else str(record.n)
    if record.unit == PROPORTION and record.is_number and record.n is not None:
        yield str(round(record.number * record.n))  # the patients that it counts
    for number in (record.value if record.is_number else None, record.ci_low, record.ci_high):
        if isinstance(number, int | float):
            yield format_number(number, record.unit)
            yield format_percent(number, 0)
            yield format_percent(number)


def _per_step(results: Results, record: Record) -> Iterable[str]:
    """An odds ratio as the table of the regression prints it: per several units of the variable."""
    if str(record.quantity) != keys.odds_ratio.name or not record.is_number:
        return
    if keys.label_term(record.of["term"]) not in results.records:
        return
    # Imported here: a count without such a table needs none of its libraries.
    from analysis.reporting.tables.regression import odds_ratio_text, step_of

    yield odds_ratio_text(record, step_of(results, record.of["term"]))


def _is_constant(name: str) -> bool:
    """Whether `module:NAME` is a constant of this package."""
    module, _, constant = name.partition(":")
    if not constant or module.partition(".")[0] not in ("analysis", "models"):
        return False
    try:
        return hasattr(import_module(module), constant)
    except ModuleNotFoundError:
        return False


def written_in(study: Study, field: str) -> str:
    """The authors' words in a field of the study file; empty where there is no such field."""
    found: object = study
    for name in field.split("."):
        found = found.get(name) if isinstance(found, dict) else getattr(found, name, None)
    return found.text or "" if isinstance(found, Answer) else str(found or "")


class KeyValues:
    """The numerals that a key may stand for, each key worked out once."""

    def __init__(self, results: Results) -> None:
        self.results = results
        self._known: dict[str, set[str]] = {}
        self._sources: dict[str, bool] = {}

    def has_source(self, name: str) -> bool:
        """Whether the source that a numeral follows is there.

        The source is a result, results that a pattern with `*` fits, a file of the outputs or a
        constant of the code.
        """
        if name not in self._sources:
            self._sources[name] = (
                name in self.results.records
                or name in self.results.wording
                or ("*" in name and bool(fnmatch.filter(self.results.records, name)))
                or (bool(name) and (self.results.folder / name).is_file())
                or _is_constant(name)
            )
        return self._sources[name]

    def allows(self, numeral: Numeral) -> bool:
        """Whether a numeral that is bound to a key is one of the key's."""
        key = numeral.detail
        if key.startswith(STUDY_FILE):
            return self._is_written(numeral.text, key.removeprefix(STUDY_FILE))
        if key not in self.results.records and key not in self.results.wording:
            return self.has_source(key)
        if key not in self._known:
            self._known[key] = {d for text in texts_of(self.results, key) for d in digits_of(text)}
        return plain_digits(numeral.text) in self._known[key]

    def _is_written(self, numeral: str, field: str) -> bool:
        """Whether the runs of digits of a numeral stand in a field of the study file.

        Runs, as a sign beside a number, such as the full stop after an address, may be the page's.
        """
        written = written_in(self.results.study, field)
        runs = {run for text in (written, MARKUP.sub("", written)) for run in DIGITS.findall(text)}
        return set(DIGITS.findall(numeral)) <= runs
