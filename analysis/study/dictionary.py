"""dictionary.yml as checked types: label, role, type, unit and levels of every variable."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_serializer,
    model_validator,
)

from analysis.core.spelling_hints import close_to
from analysis.core.word_lists import counted
from analysis.core.yaml_file import line_of, read_yaml
from analysis.study.fault import Place
from analysis.study.later_keys import without_unset
from analysis.study.section import check_date_format
from analysis.study.validation_messages import fault_words

# A value that stands for an empty cell: -99, "-99" and "-99.0" are the same one.
Code = int | float | str


class DictionaryError(ValueError):
    """Error of a data dictionary that can't be used.

    The message lists every fault with its variable. faults: each of them.

    rest: the dictionary without its faulty variables, to look for what else is wrong; None where
    nothing can be used.
    faulty: those variables.
    """

    def __init__(
        self,
        message: str,
        faults: Sequence[str] = (),
        rest: Dictionary | None = None,
        faulty: Collection[str] = (),
    ) -> None:
        super().__init__(message)
        self.faults = tuple(faults) or (message,)
        self.rest = rest
        self.faulty = frozenset(faulty)


class Variable(BaseModel):
    """Variable: one column of the clinical table.

    definition: what was measured or read, and how, in words for the supplement; a finding that a
    reader judges needs one.
    unit: of continuous variables, `1` if they have none. unit_column: a column that holds each
    patient's unit, for laboratories that report on different scales. levels: of ordinal variables
    from best to worst, of categorical ones the reference first; `levels: {1: male, 2: female}`
    gives their codes as well. codes: the table's code → the level it stands for. column: the
    column's name in the table where it differs from the variable's; two variables may read the same
    column. plausible: lowest and highest possible value in the canonical unit, where the built-in
    range is too narrow for checked values. recorded: whether the value was known at time zero
    (baseline), when the prediction is made, or only later. recorded_day: a column with the day of
    the measurement, counted from time zero; above 0 is later. date_format: how dates are written,
    as strptime has it (%d.%m.%Y); YYYY-MM-DD by default. summary: of a continuous variable in the
    baseline table, median (with quartiles and rank tests) or mean (with SD and Welch's t); named
    here, so that no look at the values decides which test is printed.
    missing: further codes that stand for an empty cell, in this column alone. detection_limit: what
    `<2.0` and `>60500` count as: half of a lower limit (an upper one is its limit), the limit
    itself, or missing; such cells are errors without it. unit_by: a column and the unit of each of
    its values, where centres report in different ones: `unit_by: {centre: {A: g/L, B: g/dL}}`.
    group: heading of the baseline table below which it stands, such as Laboratory.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    label: str
    definition: str | None = None
    role: Literal["identifier", "design", "predictor", "score_input", "outcome"]
    type: Literal["continuous", "binary", "ordinal", "categorical", "text", "date"]
    unit: str | None = None
    unit_column: str | None = None
    levels: list[str | int] | None = None
    codes: dict[str | int, str | int] | None = None
    column: str | None = None
    plausible: tuple[float, float] | None = None
    recorded: Literal["baseline", "later"] = "baseline"
    recorded_day: str | None = None
    date_format: str | None = None
    summary: Literal["median", "mean"] = "median"
    missing: tuple[Code, ...] = ()
    detection_limit: Literal["half", "limit", "missing"] | None = None
    unit_by: (
        Annotated[dict[str, dict[str | int, str]], Field(min_length=1, max_length=1)] | None
    ) = None
    group: Annotated[str, Field(min_length=1)] | None = None

    @model_serializer(mode="wrap")
    def _as_before(self, serialise: Any) -> dict[str, Any]:
        """A variable without group is digested as it was before there were groups."""
        return without_unset(serialise(self), "group")

    @model_validator(mode="before")
    @classmethod
    def _a_bare_number_is_a_unit_too(cls, content: object) -> object:
        # `unit: 1` is what a person writes for a quantity without a unit.
        if (
            isinstance(content, dict)
            and content.get("unit") == 1
            and not isinstance(content["unit"], bool)
        ):
            return {**content, "unit": "1"}
        return content

    @model_validator(mode="before")
    @classmethod
    def _levels_can_bring_their_codes(cls, content: object) -> object:
        if not isinstance(content, dict) or not isinstance(content.get("levels"), dict):
            return content
        if content.get("codes"):
            raise ValueError(
                "levels of the form code: level are the codes; give codes only with a plain list of"
                " levels"
            )
        if content.get("type") == "binary":
            raise ValueError(
                "a binary variable is 0 or 1 and has no levels; make it categorical, or give codes"
                " ({no: 0, yes: 1})"
            )
        return {
            **content,
            "levels": list(dict.fromkeys(content["levels"].values())),
            "codes": content["levels"],
        }

    @field_validator("levels")
    @classmethod
    def _one_kind_of_level(cls, levels: list[str | int] | None) -> list[str | int] | None:
        """`[0, 1, 2+]` is three texts: a table that holds "2+" holds "1" and not 1."""
        return (
            levels
            if levels is None or all(isinstance(level, int) for level in levels)
            else [str(level) for level in levels]
        )

    @model_validator(mode="after")
    def _complete(self) -> Variable:
        given = [self.unit, self.unit_column, self.unit_by]
        if (
            self.type == "continuous"
            and sum(bool(each) for each in given) > 1
            and (self.unit_by or not self.unit)
        ):
            raise ValueError("give one of unit, unit_column and unit_by")
        if self.type == "continuous" and not any(given):
            raise ValueError(
                "a continuous variable needs its unit ('1' if it has none); a value without a unit"
                " can't be used"
            )
        if self.type in ("ordinal", "categorical"):
            if not self.levels:
                raise ValueError(f"a variable of type {self.type} needs its levels")
            names = [str(level) for level in self.levels]
            doubles = sorted({name for name in names if names.count(name) > 1})
            if doubles:
                raise ValueError(f"these levels are given more than once: {', '.join(doubles)}")
            strange = sorted({str(level) for level in (self.codes or {}).values()} - set(names))
            if strange:
                raise ValueError(
                    f"codes stand for {', '.join(strange)}, which is none of the levels"
                    f" {', '.join(names)}"
                )
        if self.type != "continuous" and (any(given) or self.plausible or self.detection_limit):
            raise ValueError(
                "unit, unit_column, unit_by, plausible and detection_limit are for continuous"
                f" variables; this one is {self.type}"
            )
        if self.type != "continuous" and self.summary == "mean":
            raise ValueError(f"summary: mean is for continuous variables; this one is {self.type}")
        if self.type == "date" and self.role in ("predictor", "score_input"):
            raise ValueError("a date can't be a predictor; give an age or a duration in its place")
        if self.date_format and self.type != "date":
            raise ValueError(f"date_format is for dates; this variable is {self.type}")
        check_date_format(self.date_format)
        if self.plausible and self.plausible[0] >= self.plausible[1]:
            raise ValueError(f"plausible must be [lowest, highest]; it is {list(self.plausible)}")
        return self


class Dictionary(BaseModel):
    """Every variable of a clinical table, by its canonical name.

    missing: numbers and texts that stand for an empty cell, in all columns but the patients'.
    groups: headings of the baseline table in their order; others follow, in the variables' order.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    variables: dict[str, Variable]
    missing: tuple[Code, ...] = ()
    groups: tuple[str, ...] = ()

    @field_validator("groups")
    @classmethod
    def _of_variables(cls, groups: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        named = {each.group for each in info.data.get("variables", {}).values() if each.group}
        for each in groups:
            if each not in named:
                raise ValueError(f"no variable has group: {each}{close_to(each, named)}")
            if groups.count(each) > 1:
                raise ValueError(f"names {each} twice")
        return groups

    @model_serializer(mode="wrap")
    def _as_before(self, serialise: Any) -> dict[str, Any]:
        """A dictionary without an order of groups is digested as it was before there was one."""
        return without_unset(serialise(self), "groups")

    @property
    def identifier(self) -> str | None:
        """The variable whose role is identifier, if one is declared."""
        return next(
            (name for name, variable in self.variables.items() if variable.role == "identifier"),
            None,
        )

    @property
    def patient_column(self) -> str:
        """The table's column that names the patients: the identifier's, else `patient_id`."""
        if self.identifier is None:
            return "patient_id"
        return self.variables[self.identifier].column or self.identifier


def load_dictionary(path: Path | str) -> Dictionary:
    """Read and check a data dictionary; raises DictionaryError with every fault at once."""
    path = Path(path)
    if not path.is_file():
        raise DictionaryError(f"{path}: no such data dictionary")
    content = read_yaml(path, DictionaryError)
    if not isinstance(content, dict):
        raise DictionaryError(
            f"{path} must hold `variables:` with one entry a variable; it holds"
            f" {type(content).__name__}"
        )
    try:
        return Dictionary(**content)
    except (ValidationError, TypeError) as error:
        found = [] if isinstance(error, TypeError) else error.errors()
        document = read_yaml(path, DictionaryError, "rt")
        faults = [
            f"line {line_of(document, fault['loc']) or 1}: {'.'.join(map(str, fault['loc']))}:"
            f" {fault_words(fault, Dictionary)}"
            for fault in found
        ] or [str(error)]
        rest, faulty = _without_faults(content, [fault["loc"] for fault in found])
        raise DictionaryError(
            f"{path} has {counted(len(faults), 'fault')}:\n"
            + "\n".join(f"  {fault}" for fault in faults),
            faults,
            rest,
            faulty,
        ) from None


def _without_faults(
    content: dict[str, Any], places: Sequence[Place]
) -> tuple[Dictionary | None, set[str]]:
    """Dictionary without its faulty variables and keys.

    The dictionary is without the variables and keys of these places; returned with it are the names
    of those variables.
    """
    variables = content.get("variables")
    if not all(places) or not isinstance(variables, dict):
        return None, set()
    faulty = {str(place[1]) for place in places if place[0] == "variables" and len(place) > 1}
    others = {place[0] for place in places if place[0] != "variables"}
    kept = {name: each for name, each in variables.items() if str(name) not in faulty}
    try:
        return (
            Dictionary(
                **(
                    {name: part for name, part in content.items() if name not in others}
                    | {"variables": kept}
                )
            ),
            faulty,
        )
    except (ValidationError, TypeError):
        return None, faulty
