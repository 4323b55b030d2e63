"""Variables of published recurrence scores, refitted on training patients.

They are no longer the published scores, and are labelled so.
"""

from __future__ import annotations

from dataclasses import dataclass

from models.staging.erasl import PUBLISHED as ERASL
from models.staging.linear_score import term_inputs


@dataclass(frozen=True)
class Refit:
    """Model of fixed terms (models.staging.linear_score.TERMS) with learnt coefficients.

    Higher is worse.
    """

    id: str
    label: str
    terms: tuple[str, ...]
    source: str

    @property
    def inputs(self) -> tuple[str, ...]:
        """Variables that the terms are made of."""
        return term_inputs(self.terms)


REFITS: dict[str, Refit] = {
    each.id: each
    for each in (
        Refit("erasl_refit", "ERASL variables, refitted", ERASL.terms, ERASL.source),
        Refit(
            "pre_moral_refit",
            "pre-MORAL variables, refitted",
            ("nlr_from_5", "afp_maximum_above_200", "tumour_diameter_above_3"),
            "Halazun et al., Ann Surg 2017;265:557",
        ),
    )
}
