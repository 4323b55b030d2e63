"""dictionary.yml as checked types: label, role, type, unit and levels of every variable."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError


class DictionaryError(ValueError):
    """The data dictionary can't be used; the message lists every fault with its variable."""


class Variable(BaseModel):
    """unit: of continuous variables, `1` if they have none. levels: of ordinal ones from best to worst, of categorical ones the reference first.

    column: the column's name in the table where it differs from the variable's.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    label: str
    role: Literal["identifier", "design", "predictor", "score_input", "outcome"]
    type: Literal["continuous", "binary", "ordinal", "categorical", "text"]
    unit: str | None = None
    levels: list[str | int] | None = None
    column: str | None = None

    @model_validator(mode="after")
    def _complete(self) -> Variable:
        if self.type == "continuous" and not self.unit:
            raise ValueError("a continuous variable needs its unit ('1' if it has none); a value without a unit can't be used")
        if self.type in ("ordinal", "categorical") and not self.levels:
            raise ValueError(f"a variable of type {self.type} needs its levels")
        return self


class Dictionary(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    variables: dict[str, Variable]


def load_dictionary(path: Path | str) -> Dictionary:
    """Read and check a data dictionary; raises DictionaryError with every fault at once."""
    path = Path(path)
    if not path.is_file():
        raise DictionaryError(f"{path}: no such data dictionary")
    try:
        content = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        return Dictionary(**(content if isinstance(content, dict) else {}))
    except YAMLError as error:
        raise DictionaryError(f"{path} is not valid YAML: {error}") from None
    except ValidationError as error:
        faults = [f"  {'.'.join(map(str, fault['loc']))}: {fault['msg'].removeprefix('Value error, ')}" for fault in error.errors()]
        raise DictionaryError(f"{path} has {len(faults)} fault(s):\n" + "\n".join(faults)) from None
