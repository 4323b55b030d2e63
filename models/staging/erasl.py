"""ERASL-pre: sex, ALBI grade, AFP, size and number; its coefficients are a data file, and unconfirmed."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from models.staging.definition import ScoreDefinition
from models.staging.linear_score import LinearScore, refit_cox, term_inputs

PUBLISHED = LinearScore.from_file(Path(__file__).with_name("erasl_pre.yml"))


def refit_erasl(table: pd.DataFrame, time: pd.Series, event: pd.Series) -> LinearScore:
    """The five variables of ERASL-pre in a Cox model of the training cohort, labelled as refit."""
    return refit_cox("ERASL variables, refitted", PUBLISHED.terms, table, time, event)


ERASL_PRE = ScoreDefinition("erasl_pre", "ERASL-pre", "recurrence", term_inputs(PUBLISHED.terms), True, None, PUBLISHED.source, None, PUBLISHED.status, False, PUBLISHED,
                            note="Coefficients are recalled, not read in the paper; they are in erasl_pre.yml and can be replaced.")
