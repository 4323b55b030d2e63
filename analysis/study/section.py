"""Section of study.yml: unknown keys are faults, and nothing changes once read."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Fraction = Annotated[float, Field(gt=0, lt=1)]
Count = Annotated[int, Field(ge=1)]


class Section(BaseModel):
    """Section of a YAML file as a type: unknown keys refused, nothing changed after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def idle_keys(self) -> set[str]:
        """Keys that came later and say nothing in this section, so that no list has them."""
        return set()


def check_date_format(form: str | None) -> None:
    """Check that a form of dates has year, month and day, and is not year-day-month.

    Raises ValueError for a form without year, month or day, and for year-day-month: a workbook's
    own dates are YYYY-MM-DD, and the two can't be told apart.
    """
    if form is None:
        return
    if "%" not in form:
        raise ValueError(f"date_format {form} has no %: DD.MM.YYYY is written %d.%m.%Y")
    parts = {"year (%Y)": ("%Y", "%y"), "month (%m)": ("%m", "%b", "%B"), "day (%d)": ("%d",)}
    absent = [words for words, signs in parts.items() if not any(sign in form for sign in signs)]
    if absent:
        raise ValueError(
            f"date_format {form} has no {absent[0]}: a date has year, month and day, such as"
            " %d.%m.%Y"
        )
    if form.replace("/", "-").startswith("%Y-%d"):
        raise ValueError(
            f"date_format {form} can't be told from YYYY-MM-DD; write these dates in that form"
        )
