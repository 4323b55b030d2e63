"""ERASL-pre: sex, ALBI grade, AFP, size and number; coefficients in a data file, unconfirmed."""

from __future__ import annotations

from pathlib import Path

from models.staging.definition import ScoreDefinition
from models.staging.linear_score import LinearScore, term_inputs

PUBLISHED = LinearScore.from_file(Path(__file__).with_name("erasl_pre.yml"))


ERASL_PRE = ScoreDefinition(
    "erasl_pre",
    "ERASL-pre",
    family="recurrence",
    inputs=term_inputs(PUBLISHED.terms),
    higher_is_worse=True,
    levels=None,
    source=PUBLISHED.source,
    doi=None,
    status=PUBLISHED.status,
    default=False,
    compute=PUBLISHED,
    note=(
        "Coefficients are recalled, not read in the paper; they are in erasl_pre.yml and can be"
        " replaced."
    ),
)
