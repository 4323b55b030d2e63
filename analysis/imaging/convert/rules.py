"""rules.yml: which series is which phase, and which segments or structures are the tumour."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, field_validator, model_validator

from analysis.core.word_lists import counted
from analysis.core.yaml_file import line_of, read_yaml
from analysis.study.images import ExaminationRule, Resampling, SeriesRule, with_examination
from analysis.study.protocol import Name
from analysis.study.section import Section
from analysis.study.validation_messages import faults_in_words, place_words


class MaskRule(Section):
    """Rule for a delineation, of whatever chosen series it was drawn on.

    segment: name (pattern) or number of the tumour's segments or structures; several become several
    lesions. description, exclude: of the SEG's or RTSTRUCT's series. required: a patient without it
    is a problem. choose: among several that fit. resampling: of a DICOM-SEG on another grid than
    its image's, by the rules that a study has for its masks.
    """

    segment: str | int | list[str | int] = "*"
    description: str | None = None
    exclude: str | None = None
    required: bool = True
    choose: Literal["only", "first", "last"] = "only"
    resampling: Resampling = "none"

    @property
    def segments(self) -> tuple[str | int, ...]:
        """The wanted segments, as a tuple where one is named too."""
        return tuple(self.segment) if isinstance(self.segment, list) else (self.segment,)


class PhaseRule(SeriesRule):
    """Rule for the series of a phase.

    column: of the file given by --patients, where it names the series of single patients: its
    number (`7`) or UID, the volume in it (`volume 2`), or both (`7 volume 2`); where the cell is
    empty, the other parts of the rule choose. Of the examination a phase says `any` only: it is
    chosen among all of them, by itself.
    """

    column: str | None = None

    @model_validator(mode="after")
    def _one_examination_for_all(self) -> PhaseRule:
        if self.examination not in (ExaminationRule(), ExaminationRule(choose="any")):
            raise ValueError(
                "a phase's own examination can be any only; the one that all phases are taken from"
                " is named beside phases:"
            )
        return self


class ConvertRules(Section):
    """Rules of a conversion.

    phases: name -> rule that its series fits. masks: name -> delineation; `mask` is the first,
    others are repeats. examination: the one that all phases are taken from. patients: told apart by
    PatientID, or, where that is not each patient's own, by the first folder below the export.
    """

    patients: Literal["id", "folder"] = "id"
    examination: ExaminationRule = ExaminationRule()
    phases: Annotated[dict[Name, PhaseRule], Field(min_length=1)]
    masks: dict[Name, MaskRule] = {}

    @property
    def columns(self) -> set[str]:
        """Columns that the file of patients must have."""
        named = {rule.column for rule in self.phases.values()} | {self.examination.date}
        return {name for name in named if name is not None}

    @model_validator(mode="before")
    @classmethod
    def _a_word_for_the_examination(cls, content: Any) -> Any:
        return with_examination(content)

    @field_validator("phases", "masks", mode="before")
    @classmethod
    def _a_pattern_is_enough(cls, content: Any, info: Any) -> Any:
        """Rule that a pattern alone stands for.

        `arterial: "*art*"` stands for `arterial: {description: "*art*"}`; of a mask the pattern is
        its segment's.
        """
        part = "description" if info.field_name == "phases" else "segment"
        if not isinstance(content, dict):
            return content
        return {
            name: {part: rule} if isinstance(rule, str) else rule for name, rule in content.items()
        }


def load_rules(path: Path) -> ConvertRules:
    """Raises ValueError that lists every fault."""
    if not path.is_file():
        what = "a folder, and no file of rules" if path.is_dir() else "no such file of rules"
        raise ValueError(
            f"{path}: {what}; it names the phases, as in `phases: {{arterial:"
            ' "*art*"}`, and the masks'
        )
    content = read_yaml(path, ValueError)
    if not isinstance(content, dict):
        raise ValueError(f"{path}: expected phases: (name: rule), and masks: where there are any")
    try:
        return ConvertRules.model_validate(content)
    except ValidationError as error:
        faults = faults_in_words(error, ConvertRules)
        document = read_yaml(path, ValueError, "rt")
        listed = "".join(
            f"\n  line {line_of(document, place) or 1}: {place_words(place)}: {words}"
            if place
            else f"\n  {words}"
            for place, words in faults.items()
        )
        raise ValueError(f"{path} has {counted(len(faults), 'fault')}:{listed}") from None
