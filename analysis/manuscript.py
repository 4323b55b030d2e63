"""What the documents say numbers with: results by key, formatted; a missing key fails the render with its name."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from IPython.display import Image, Markdown

from analysis.prerender import study_path
from analysis.results.record import Record, read_records
from analysis.study import Study, load_study

FIELD = re.compile(r"\{([^{}:]+)(?::(\w+))?\}")
COUNT_UNITS = ("patients", "features", "phases", "centres", "variables", "contrasts", "parameters", "resamples", "tables", "cut-offs", "guards", "folds", "groups", "permutations")
DECIMALS = {"AUC": 3, "AUC difference": 3, "proportion": 3, "Brier score": 3, "net benefit": 3, "net benefit difference": 3, "ICC": 3, "score": 3, "log odds": 2, "slope": 2,
            "index": 3, "ratio": 2, "scaled Brier score": 3, "probability difference": 3, "chi-square": 2, "values": 0, "z": 2, "GVIF": 2, "per 100 patients": 1, "events per parameter": 1}
SIGNIFICANT_UNITS = ("odds ratio", "hazard ratio", "likelihood ratio")


class MissingResult(KeyError):
    """The document asks for a key that results.json does not have."""

    def __str__(self) -> str:
        return str(self.args[0])


def format_p(p: float | None) -> str:
    """p to three decimals, `< 0.001` below that; an undefined p is a dash."""
    if p is None:
        return "–"
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def _significant(value: float) -> str:
    """Three significant digits without exponent, trailing zeros kept: 1.00, 0.994, 17.3, 785."""
    if value != 0 and abs(value) < 0.001:
        return "< 0.001" if value > 0 else "> -0.001"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:#.3g}".rstrip(".")


def format_number(value: float | int | str | None, unit: str | None = None) -> str:
    """A number as its unit is written: counts whole, areas and proportions with three decimals, log odds and slopes
    with two, odds and hazard ratios with three significant digits, others with up to three. Undefined is a dash, text is itself."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
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


class Shown(Markdown):
    """Markdown whose str() is its text, so that it can stand in an f-string too."""

    def __str__(self) -> str:
        return self.data


@dataclass(frozen=True)
class Results:
    """The results of one study. Called with a key: the formatted value; `.ci`, `.p`, `.percent` give its other forms."""

    records: dict[str, Record]
    study: Study
    folder: Path

    def record(self, key: str) -> Record:
        if key not in self.records:
            close = difflib.get_close_matches(key, self.records, n=3)
            raise MissingResult(f"results.json has no key '{key}'" + (f"; close are {', '.join(close)}" if close else ""))
        return self.records[key]

    def text(self, key: str, form: str | None = None) -> str:
        """Plain text of a key; form: None, ci, p, percent, level, lower or sentence (first letter large)."""
        record = self.record(key)
        if form == "p":
            return f"p {format_p(record.p)}" if record.p is not None and record.p < 0.001 else f"p = {format_p(record.p)}"
        if form == "percent":
            return f"{100 * float(record.value):.1f}%"
        if form == "level":
            return f"{100 * float(record.value):g}%"
        if form == "lower":
            return str(record.value)[:1].lower() + str(record.value)[1:]
        if form == "sentence":
            return str(record.value)[:1].upper() + str(record.value)[1:]
        number = format_number(record.value, record.unit)
        if form == "ci":
            if record.ci_low is None or record.ci_high is None:
                return number
            low, high = (format_number(each, record.unit) for each in (record.ci_low, record.ci_high))
            return f"{number} ({self.text('settings.confidence_level', 'level')} CI {low} to {high})"
        if form is not None:
            raise ValueError(f"unknown form '{form}' for key '{key}'; known are ci, p, percent, level, lower, sentence")
        return number

    def __call__(self, key: str) -> Shown:
        return Shown(self.text(key))

    def ci(self, key: str) -> Shown:
        return Shown(self.text(key, "ci"))

    def p(self, key: str) -> Shown:
        return Shown(self.text(key, "p"))

    def percent(self, key: str) -> Shown:
        return Shown(self.text(key, "percent"))

    def has(self, *models: str) -> bool:
        """Whether the study has all of these models."""
        return set(models) <= set(self.names("models.included"))

    def has_value(self, key: str) -> bool:
        """Whether the study has this result and it is defined."""
        return key in self.records and self.records[key].value is not None

    def names(self, key: str) -> list[str]:
        """A comma-joined list of identifiers."""
        return [name for name in str(self.record(key).value).split(",") if name]

    def is_true(self, key: str) -> bool:
        return self.record(key).value == "true"

    def fill(self, template: str) -> str:
        """A sentence whose {key} and {key:form} are results."""
        return FIELD.sub(lambda match: self.text(match[1], match[2]), template)

    def when(self, condition: bool, template: str, otherwise: str = "") -> Shown:
        """The filled sentence if the condition holds, else the other one."""
        return Shown(self.fill(template if condition else otherwise))

    def frame(self, name: str) -> pd.DataFrame:
        """A table that the analysis wrote, such as `tables/baseline`."""
        return pd.read_csv(self.folder / f"{name}.csv", keep_default_na=False, na_values=[""])

    def figure(self, name: str) -> Image:
        """A figure that the analysis drew; the page decides how wide it is."""
        path = self.folder / "figures" / f"{name}.png"
        if not path.is_file():
            raise MissingResult(f"figure '{name}' is not among the results in {self.folder.name}/figures")
        return Image(data=path.read_bytes(), format="png")


def open_results(study: Path | None = None) -> Results:
    """Results of the study named, else of EARLY_RECURRENCE_STUDY, else of study.yml at the project's top."""
    checked = load_study(study or study_path())
    records = read_records(checked.output_folder / "results.json")
    if "cohorts.external" in records:  # those of the study file, and those of patients who came after a lock
        names = [name for name in str(records["cohorts.external"].value).split(",") if name]
        checked = checked.model_copy(update={"split": checked.split.model_copy(update={"external": {name: str(records[f"label.{name}"].value) for name in names}})})
    return Results(records, checked, checked.output_folder)
