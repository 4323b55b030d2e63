"""Inputs of study.yml that come ready-made, as checked types.

They are features of somebody's extraction and predictions of somebody's models.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_serializer, model_validator

from analysis.study.later_keys import without_unset
from analysis.study.layout import TableLayout
from analysis.study.protocol import Name
from analysis.study.section import Section

# Before the names of features of a table without phases.
ONE_PHASE = "features"


def identifier(name: str) -> str:
    """A model's name as it stands in the keys of results: letters, digits and underscores."""
    return re.sub(r"[^a-z0-9]+", "_", str(name).casefold()).strip("_") or "model"


class LesionRows(Section):
    """Table with one row a lesion.

    rule: the row of the largest lesion, or each column's mean or maximum over a patient's lesions.

    size: the column that says which lesion is the largest; left out, a column of volume or diameter
    is looked for.
    """

    column: str
    rule: Literal["largest", "mean", "max"]
    size: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _all_as_one_needs_images(cls, content: object) -> object:
        if isinstance(content, dict) and content.get("rule") in ("all", "all_as_one", "union"):
            raise ValueError(
                "all lesions as one can't be had from a table: features of a union do not follow"
                " from those of its lesions. Extract them from masks that hold all lesions, or"
                " choose largest, mean or max"
            )
        return content


class ReaderRows(Section):
    """Table with a row for each patient and delineation.

    column: says whose delineation a row is of. first: the delineation that the study's features are
    of; all others are repeats, from which repeatability is judged.
    """

    column: str
    first: str


class FeatureTable(TableLayout):
    """Radiomics features from a table instead of images.

    It has one row a patient, or a lesion where `lesions` is given.

    columns: phase -> pattern of its columns in which {feature} stands for the feature's name
    ("ART_{feature}"); or one regular expression with the groups `feature` and, where there are
    phases, `phase`; left out, every numeric column that the study file does not name. phases: what
    the group `phase` finds -> the phase's name. patient_id: of this table, that of the cohort by
    default. repeats: delineation -> table of the same columns, of those patients who were
    delineated again. readers: in the place of repeats, where one table has all delineations, a row
    each.
    """

    file: str
    patient_id: str | None = None
    columns: dict[Name, str] | str | None = None
    phases: dict[str, Name] = {}
    repeats: dict[Name, str] = {}
    lesions: LesionRows | None = None
    readers: ReaderRows | None = None

    @model_serializer(mode="wrap")
    def _as_before(self, serialise: Any) -> dict[str, Any]:
        """A table of one delineation a row is digested as before there could be several."""
        return without_unset(serialise(self), "readers")

    @model_validator(mode="after")
    def _repeats_in_one_way(self) -> FeatureTable:
        if self.readers is not None and self.repeats:
            raise ValueError(
                "repeats names tables of other delineations and readers a column of this one; give"
                " one of the two"
            )
        return self

    @field_validator("columns")
    @classmethod
    def _patterns(cls, columns: dict[str, str] | str | None) -> dict[str, str] | str | None:
        if isinstance(columns, dict):
            wrong = [
                f"{phase}: {pattern!r}"
                for phase, pattern in columns.items()
                if pattern.count("{feature}") != 1
            ]
            if wrong:
                raise ValueError(
                    "each pattern must hold {feature} once, as in 'ART_{feature}'; wrong are"
                    f" {', '.join(wrong)}"
                )
        elif columns is not None:
            try:
                groups = re.compile(columns).groupindex
            except re.error as error:
                raise ValueError(f"{columns!r} is no regular expression: {error}") from None
            if "feature" not in groups:
                raise ValueError(
                    "the regular expression needs a group (?P<feature>...), and (?P<phase>...)"
                    " where there are phases"
                )
        return columns

    @model_validator(mode="after")
    def _phases_of_a_group(self) -> FeatureTable:
        if self.phases and not (
            isinstance(self.columns, str) and "phase" in re.compile(self.columns).groupindex
        ):
            raise ValueError(
                "phases names what the group (?P<phase>...) of a regular expression finds; columns"
                " has none"
            )
        return self


class GivenModel(Section):
    """One model of the predictions.

    column: its column, in a file of one row a patient. kind: whether its values are probabilities
    of the event. higher_is_worse: false turns a score around.
    """

    label: str | None = None
    column: str | None = None
    kind: Literal["probability", "score"] | None = None
    higher_is_worse: bool = True

    @model_validator(mode="after")
    def _a_probability_has_one_direction(self) -> GivenModel:
        if self.kind == "probability" and not self.higher_is_worse:
            raise ValueError(
                "a probability of the event can't be better where it is higher; give kind: score,"
                " or the probability of the event"
            )
        return self


class GivenPredictions(TableLayout):
    """Predictions of models that were made elsewhere; nothing is trained.

    A long file has one row a patient and model (columns model, and score or probability or both); a
    wide one has one row a patient and a column for each model, named under models. how: a column
    that says how the prediction was judged (apparent, out_of_fold, validation); left out,
    predictions of training patients count as apparent, the most cautious reading.
    """

    file: str
    patient_id: str | None = None
    model: str = "model"
    score: str = "score"
    probability: str = "probability"
    how: str | None = None
    models: dict[Annotated[str, Field(min_length=1)], GivenModel] = {}

    @field_validator("models", mode="before")
    @classmethod
    def _a_column_is_enough(cls, models: object) -> object:
        if not isinstance(models, dict):
            return models
        return {
            name: {"column": model} if isinstance(model, str) else model or {}
            for name, model in models.items()
        }

    @model_validator(mode="after")
    def _wide_or_long(self) -> GivenPredictions:
        with_column = [name for name, model in self.models.items() if model.column]
        if with_column and len(with_column) < len(self.models):
            raise ValueError(
                "models: give every model its column (a file of one row a patient) or none (one"
                f" row a patient and model); {', '.join(with_column)} has one"
            )
        if with_column and self.how:
            raise ValueError(
                "how is a column of a file with one row a patient and model; leave it out"
            )
        return self

    @property
    def wide(self) -> bool:
        """True if the table has a column a model, not a row a patient and model."""
        return any(model.column for model in self.models.values())
