"""What the sentences share: lists, and what a study has."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.core.word_lists import listed
from analysis.reporting.manuscript import Results
from analysis.results import keys
from models.declared import CR, DL, RADIOMICS

__all__ = ["Parts", "listed", "parts_of"]


@dataclass(frozen=True)
class Parts:
    """Parts of a study: models of clinical variables, radiomics, networks and fusions.

    given: its predictions were made elsewhere.
    """

    clinical: bool
    radiomics: bool
    deep: bool
    fusions: tuple[str, ...]
    given: bool

    @property
    def images(self) -> bool:
        """Whether any model reads images."""
        return self.radiomics or self.deep


def parts_of(results: Results) -> Parts:
    """Which kinds of model the results have."""
    return Parts(
        results.has(CR.id),
        results.has(RADIOMICS.id),
        deep=results.has(DL.id),
        fusions=tuple(results.fusions),
        given=keys.predictions_given() in results.records,
    )
