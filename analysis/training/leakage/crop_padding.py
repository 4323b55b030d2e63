"""Whether the share of a crop that lies beyond its image tells the outcome.

A network sees where its crop is padded, and so how far the tumour lies from the image's border,
which is how the image was taken or cut and nothing of the tumour.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from scipy.stats import mannwhitneyu

from analysis.cohort.cohort import Cohort
from analysis.core.word_lists import counted
from analysis.inputs.crops import crop_padding, is_worth_telling
from analysis.statistics import auc_interval
from analysis.training.leakage.guard import NOTE_LEVEL, Guard
from models.inputs import Inputs

NAME, TITLE = "crop_padding", "Padding of the crops that tells the outcome"
# AUC, whichever way round, from which a word is due even where chance can't be excluded.
LEAST_NOTED = 0.6
FEWEST = 5


@dataclass(frozen=True)
class PaddingOutcome:
    """Association of padding with the outcome.

    area: AUC of a patient's share, the mean over phases, in the direction in which it is at least
    one half; low, high: its interval. more_with_event: whether patients with the event have the
    larger share. p: two-sided, Mann-Whitney.
    """

    area: float
    low: float
    high: float
    more_with_event: bool
    p: float
    patients: int

    @property
    def is_noted(self) -> bool:
        """True where a reader should know: an AUC of at least .6, or P below .05."""
        return self.area >= LEAST_NOTED or self.p < NOTE_LEVEL

    def words(self) -> str:
        """AUC, interval and direction."""
        more = "larger" if self.more_with_event else "smaller"
        return (
            f"the share of padding alone has an AUC of {self.area:.3f} ({self.low:.3f} to"
            f" {self.high:.3f}; P = {self.p:.2g}), {more} in patients with the event"
        )


def padding_outcome(
    shares: pd.DataFrame, label: pd.Series, level: float = 0.95
) -> PaddingOutcome | None:
    """Association in the patients of known outcome; a report, from which nothing learns.

    shares: patients × phases; label: 1, 0 or NaN by patient. None with fewer than five patients of
    either outcome, or equal shares.
    """
    share = shares.mean(axis=1)
    known = label.reindex(share.index).dropna()
    values, events = share[known.index].to_numpy(), known.to_numpy() == 1
    if min(events.sum(), (~events).sum()) < FEWEST or values.min() == values.max():
        return None
    found = auc_interval(events.astype(float), values, level)
    more = bool(found.auc >= 0.5)
    low, high = (found.ci_low, found.ci_high) if more else (1 - found.ci_high, 1 - found.ci_low)
    return PaddingOutcome(
        max(found.auc, 1 - found.auc),
        low=low,
        high=high,
        more_with_event=more,
        p=float(mannwhitneyu(values[events], values[~events]).pvalue),
        patients=len(known),
    )


def judged_padding(cohort: Cohort, shares: pd.DataFrame) -> PaddingOutcome | None:
    """Association in the training patients; None where it can't be judged."""
    training = shares.index.intersection(cohort.labelled("training"))
    level = cohort.study.statistics.confidence_level
    return padding_outcome(shares.loc[training], cohort.label, level)


def crop_padding_guard(cohort: Cohort, inputs: Inputs) -> list[Guard]:
    """Guard of the padding; none where networks see no images, or hardly any padding.

    A note where the association is one that a reader should know; never an alarm, as distance from
    the border may go with what the tumour is.
    """
    if inputs.images is None or cohort.study.deep_learning is None:
        return []
    shares = crop_padding(cohort)
    if not is_worth_telling(shares):
        return []
    found = judged_padding(cohort, shares)
    if found is None:
        return [
            Guard(
                NAME,
                TITLE,
                looked_at=f"crops of {counted(len(shares), 'patient')}",
                finding="too few patients of both outcomes, or equal shares",
                verdict="not run",
            )
        ]
    return [
        Guard(
            NAME,
            TITLE,
            looked_at=f"crops of {counted(found.patients, 'training patient')}",
            finding=found.words()
            + (": networks may read how the image was cut" if found.is_noted else ""),
            verdict="note" if found.is_noted else "pass",
        )
    ]
