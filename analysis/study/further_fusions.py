"""study.yml as checked types: fusions of named scores, beside RCR and DLRCR."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, model_validator

from analysis.study.section import Section


class FurtherFusion(Section):
    """Fusion of named scores with the CR predictors.

    parts: radiomics, dl and blocks of features. label: what the article calls it.
    """

    label: Annotated[str, Field(min_length=1)] | None = None
    parts: Annotated[list[str], Field(min_length=1)]

    @model_validator(mode="before")
    @classmethod
    def _a_list_is_enough(cls, content: Any) -> Any:
        return {"parts": content} if isinstance(content, list) else content
