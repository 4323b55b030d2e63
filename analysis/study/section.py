"""What every section of study.yml shares: unknown keys are faults, and nothing changes after it was read."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Fraction = Annotated[float, Field(gt=0, lt=1)]
Count = Annotated[int, Field(ge=1)]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def check_date_format(form: str | None) -> None:
    """Raises ValueError for year-day-month: a workbook's own dates are YYYY-MM-DD, and the two can't be told apart."""
    if form is not None and form.replace("/", "-").startswith("%Y-%d"):
        raise ValueError(f"date_format {form} can't be told from YYYY-MM-DD; write these dates in that form")
