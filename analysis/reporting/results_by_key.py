"""Results by key, written in the journal's style; a missing key fails the render with its name."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
from IPython.display import Markdown

from analysis.core.safe_csv import without_escape
from analysis.core.word_lists import counted, listed, plural
from analysis.reporting.compared_state import ABSENT, ComparedState
from analysis.reporting.intervals import identical, interval_of
from analysis.reporting.number_style import (
    format_number,
    format_percent,
    p_statement,
)
from analysis.reporting.rendering.escaping import literal, paired_brackets
from analysis.reporting.wordings import worded
from analysis.results import keys
from analysis.results.model_table import NAME as MODELS
from analysis.results.model_table import DescribedModel, described_models, siblings_of
from analysis.results.older_tables import table_in_present_form
from analysis.results.record import Record, reference
from analysis.study import Study
from analysis.study.load import load_study

# `{key}`, `{key:form}`, and with the noun behind the number `{key|patient}` or `{key|axis|axes}`.
FIELD = re.compile(r'\{([A-Za-z_][^{}:|\s"]*)(?::(\w+))?(?:\|([^{}|]+)(?:\|([^{}|]+))?)?\}')

# What the authors wrote as text of the article: its Markdown holds, citations included.
PROSE = tuple(each.name for each in (keys.study_title, keys.description, keys.assumption))

# What may stand after a key's colon.
FORMS = ("ci", "interval", "p", "n", "percent", "level", "lower", "sentence")

# What stands before a field of the study file, where the authors' own words are marked with it.
STUDY_FILE = "study.yml:"
# A paragraph that is a list, a table, a heading, a quotation or code, and can't stand in a span.
BLOCK_START = re.compile(r"\s*(?:[-*+|>#:]|```|\d+[.)]\s)")

# Who made what the study file sets.
SET = reference(load_study)


class MissingResult(KeyError):
    """The document asks for a key that results.json does not have."""

    def __str__(self) -> str:
        return str(self.args[0])


class Shown(Markdown):
    """Markdown whose str() is its text, so that it can stand in an f-string too."""

    def __str__(self) -> str:
        return self.data


# Forms of words: first letter small, first letter large.
CASES: dict[str | None, Callable[[str], str]] = {"lower": str.lower, "sentence": str.upper}


def _in_case(text: str, form: str | None) -> str:
    """The words with their first letter as the form asks; any other form leaves them."""
    return CASES[form](text[:1]) + text[1:] if form in CASES else text


def _without_escapes(table: pd.DataFrame) -> pd.DataFrame:
    """Table whose texts have no apostrophe that only guards spreadsheets against formulas."""
    for place in range(table.shape[1]):
        column = table.iloc[:, place]
        if column.dtype == object and any(str(value).startswith("'") for value in column):
            table.isetitem(place, column.map(without_escape, na_action="ignore"))
    return table.rename(columns=without_escape)


def _literal_words(value: object) -> object:
    return literal(value) if isinstance(value, str) else value


@dataclass(frozen=True)
class ResultsByKey:
    """The results of one study.

    Called with a key: the formatted value; `.ci`, `.p`, `.percent` give its other forms.

    links: whether a number, table or figure carries what made it, for the reader of the html page
    (the page adds cohort and code, from report/_metadata.yml). inline: values are written as inline
    expressions, for a text that the author takes over. compared: the state that these results are,
    where their article is compared with that of another.
    """

    records: dict[str, Record]
    study: Study
    folder: Path
    links: bool = False
    inline: bool = False
    compared: ComparedState | None = None

    @cached_property
    def _frames(self) -> dict[str, tuple[tuple[int, int], pd.DataFrame]]:
        """Tables that were read, with the time and size of their files: sections ask often."""
        return {}

    @cached_property
    def _described(self) -> dict[tuple[Any, ...], dict[str, DescribedModel]]:
        """The models, by what they were described from: sections ask often."""
        return {}

    @cached_property
    def wording(self) -> dict[str, str]:
        """Words for what the study file sets, by name.

        They come from analysis.reporting.wordings and are filled in as results are.
        """
        return worded(self.study, self.records)

    def record(self, key: str) -> Record:
        """A result by its key, or what the study file sets, in words.

        Raises MissingResult, with the closest keys, where there is none.
        """
        if key in self.records:
            return self.records[key]
        if key in self.wording:
            return Record(key, self.wording[key], source=SET)
        close = difflib.get_close_matches(key, [*self.records, *self.wording], n=3)
        raise MissingResult(
            f"results.json has no key '{key}'"
            + (f"; close are {', '.join(close)}" if close else "")
        )

    def __getitem__(self, key: str) -> Record:
        """The whole record of a result; raises MissingResult as `record` does."""
        return self.record(key)

    def plain(self, key: str, form: str | None = None) -> str:
        """Text of a key without a link.

        form: None, ci, interval, p, n (of patients, or of what it was counted in), percent, level,
        lower or sentence (first letter large).
        """
        record = self.record(key)
        if form == "p":
            return p_statement(record.p)
        if form == "n":
            if record.n is None:
                raise ValueError(f"the result '{key}' has no n")
            return format_number(record.n)
        if form == "percent":
            return format_percent(record.number)
        if form == "level":
            return f"{100 * record.number:g}%"
        if isinstance(record.value, tuple):
            return _in_case(listed(record.value), form)
        if form in CASES:
            return _in_case(str(record.value), form)
        number = format_number(record.value, record.unit)
        if form in ("ci", "interval"):
            ends = interval_of(record)
            if not ends and not identical(record):
                return number
            level = self.plain(keys.settings_confidence_level(), "level")
            interval = f"{level} CI {ends}" if ends else identical(record)
            return f"{number} ({interval})" if form == "ci" else f"{number}; {interval}"
        if form is not None:
            raise ValueError(f"unknown form '{form}' for key '{key}'; known are {', '.join(FORMS)}")
        return number

    def text(self, key: str, form: str | None = None) -> str:
        """Markdown of a key.

        Words of the study are as they are; a number has its link where this document has links.
        Where two states are compared, words stand for what this one does not have.
        """
        if self.compared is not None and key not in {*self.records, *self.wording}:
            return literal(ABSENT)
        text, record = self.plain(key, form), self.record(key)
        if self.inline:
            return f'`{{python}} r("{key}{f":{form}" if form else ""}")`'
        words = (
            isinstance(record.value, str | bool | tuple)
            and form not in ("p", "n", "percent", "level")
            and record.quantity not in PROSE
        )
        return self.linked(literal(text) if words else text, record)

    def stated(self, text: object, key: str) -> str:
        """`text` marked with what its numeral follows.

        The mark is for what is no result itself: what the study file sets, words with a numeral, a
        count over several results. A reader sees no difference; the count of bound numerals reads
        it.

        key: of a result; a pattern of keys with `*`; a file of the outputs, such as `update.json`;
        or a constant of the code, as `module:NAME`.
        """
        text = str(text)
        if not self.links or not any(each.isdigit() for each in text) or "\n\n" in text:
            return text
        return f'[{text}]{{.stated key="{literal(key)}"}}'

    def written(self, text: str, field: str) -> str:
        """Markdown that the authors wrote in the study file, marked with its field.

        The numerals of it are the authors' own. Each paragraph is marked by itself, and a bracket
        without its partner is shown as it is, as both would end the mark.

        field: such as `reporting.imaging_protocol`.
        """
        if not (self.links or self.inline):
            return text
        return "\n\n".join(
            f'[{paired_brackets(each)}]{{.stated key="{STUDY_FILE}{field}"}}'
            if any(sign.isdigit() for sign in each) and not BLOCK_START.match(each)
            else each
            for each in text.split("\n\n")
        )

    def linked(self, text: str, record: Record | None) -> str:
        """`text` with what made the record: key, function, n, method, cohort and code.

        Words carry their key alone, settings too unless two states are compared.
        """
        if record is None:
            return text
        if isinstance(record.value, str | bool | tuple) or (
            record.source == SET and self.compared is None
        ):
            return self.stated(text, record.key)
        if not self.links or not any(each.isdigit() for each in text):
            return text
        parts = [
            record.key,
            record.source,
            f"n = {record.n}" if record.n is not None else None,
            record.method,
        ]
        return f'[{text}]{{.result title="{literal(" · ".join(part for part in parts if part))}"}}'

    def made_by(self, function: str, data: str) -> str:
        """Mark at the end of a caption that says what made a table or a figure.

        It stands on the html page only.
        """
        if not self.links:
            return ""
        return f' [source]{{.result .made-by title="{literal(f"{data} · {function}")}"}}'

    def __call__(self, key: str) -> Shown:
        """A result as a document shows it: `key`, or `key:form` as in `fill`."""
        name, _, form = key.partition(":")
        return Shown(self.text(name, form or None))

    def plural(self, key: str, singular: str, several: str | None = None) -> Shown:
        """A number with its noun: `1 patient`, `2 patients`; the number stays bound to its key.

        key: `key`, or `key:form` as in `fill`. several: the form after any other number than 1;
        left out, the singular with an s. Each may have a verb, as `row is` and `rows are`.
        """
        name, _, form = key.partition(":")
        return Shown(self._with_noun(name, form or None, singular, several))

    def _with_noun(self, key: str, form: str | None, singular: str, several: str | None) -> str:
        """Markdown of a key with the noun that follows it; see `plural`."""
        if not self.inline:
            # What one of two compared states lacks has no number.
            there = key in self.records or key in self.wording or self.compared is None
            noun = plural(self.plain(key, form) if there else ABSENT, singular, several)
            return f"{self.text(key, form)} {noun}"
        words = ", ".join(f'"{each}"' for each in (singular, several) if each)
        return f'`{{python}} r.plural("{key}{f":{form}" if form else ""}", {words})`'

    def ci(self, key: str) -> Shown:
        """The confidence interval of a result."""
        return Shown(self.text(key, "ci"))

    def p(self, key: str) -> Shown:
        """The P-value of a result."""
        return Shown(self.text(key, "p"))

    def percent(self, key: str) -> Shown:
        """A proportion as a percentage."""
        return Shown(self.text(key, "percent"))

    def has(self, *models: str) -> bool:
        """Whether the study has all of these models."""
        return set(models) <= set(self.names(keys.models_included()))

    @property
    def models(self) -> dict[str, DescribedModel]:
        """Descriptions of the study's models, by id.

        Id -> what it is (label, family, kind, siblings, parts), of every model of the study in the
        order of tables.
        """
        name, compared = f"curves/{MODELS}", keys.models_comparators() in self.records
        names = tuple(self.names(keys.models_included()))
        comparators = tuple(self.names(keys.models_comparators())) if compared else ()
        known = compared and (self.folder / f"{name}.csv").is_file()
        table = self.frame(name) if known else None
        made_of = (self._frames[name][0] if known else (), names, comparators)
        if made_of not in self._described:
            self._described[made_of] = described_models(names, table, comparators)
        return dict(self._described[made_of])

    def siblings(self, chosen: str) -> list[str]:
        """The models of the study among which `chosen` (radiomics or dl) is chosen."""
        return siblings_of(self.models, chosen)

    @property
    def fusions(self) -> list[str]:
        """The fusions of the study."""
        return [name for name, model in self.models.items() if model.kind == "fusion"]

    def has_value(self, key: str) -> bool:
        """Whether the study has this result and it is defined."""
        return key in self.wording or (key in self.records and self.records[key].value is not None)

    def names(self, key: str) -> list[str]:
        """The value of a list, such as the models' identifiers."""
        return self.record(key).names

    def is_true(self, key: str) -> bool:
        """Whether a result is true. Raises MissingResult where there is none."""
        return self.record(key).value is True

    def all_of(
        self, quantity: keys.Quantity[...], **parts: str
    ) -> list[tuple[dict[str, str], Record]]:
        """Parts of the key, and record, of each result of a quantity.

        They are in the order of the keys; parts: only those with these, such as `model="cr"`.
        """
        return [
            (found, record)
            for found, record in quantity.of(self.records)
            if parts.items() <= found.items()
        ]

    def has_any(self, quantity: keys.Quantity[...], **parts: str) -> bool:
        """Whether the study has a result of this quantity, with these parts."""
        return bool(self.all_of(quantity, **parts))

    def fill(self, template: str) -> str:
        """A sentence whose fields are results.

        A field is {key} or {key:form}, or with the noun behind the number {key|patient} or
        {key|axis|axes}; see `plural`.
        """

        def shown(match: re.Match[str]) -> str:
            key, form, singular, several = match.groups()
            if key == "python":
                # What was filled already holds Quarto's inline expressions, `{python} …`, where
                # those are wanted.
                return match[0]
            if singular:
                return self._with_noun(key, form, singular, several)
            return self.text(key, form)

        return FIELD.sub(shown, template)

    def fill_plain(self, template: str) -> str:
        """The same without links."""

        def shown(match: re.Match[str]) -> str:
            key, form, singular, several = match.groups()
            text = self.plain(key, form)
            return counted(text, singular, several) if singular else text

        return FIELD.sub(shown, template)

    def when(self, condition: bool, template: str, otherwise: str = "") -> Shown:
        """The filled sentence if the condition holds, else the other one."""
        return Shown(self.fill(template if condition else otherwise))

    def reads(self, name: str) -> None:
        """Say that a file of the folder is read; of two compared states, it may be the other's."""
        if self.compared is not None:
            self.compared.reads(name)

    def frame(self, name: str) -> pd.DataFrame:
        """A table that the analysis wrote, such as `tables/baseline`."""
        self.reads(name)
        path = self.folder / f"{name}.csv"
        status = path.stat()
        written = (status.st_mtime_ns, status.st_size)
        if name not in self._frames or self._frames[name][0] != written:
            read = pd.read_csv(path, keep_default_na=False, na_values=[""])
            self._frames[name] = written, table_in_present_form(name, _without_escapes(read))
        return self._frames[name][1].copy()

    def printed(self, name: str) -> pd.DataFrame:
        """Table as `frame` gives it, with texts that can stand in Markdown.

        Names that are looked up elsewhere are those of `frame`.
        """
        return self.frame(name).map(_literal_words)

    def has_figure(self, name: str) -> bool:
        """Whether the figure was drawn."""
        return (self.folder / "figures" / f"{name}.png").is_file()
