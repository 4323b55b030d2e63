"""What histogram matching costs, told before a run."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.cohort.cohort import Cohort
from analysis.core.problems import Problems
from analysis.training.contexts import Context, outer_folds
from analysis.training.features_of_fits import extractions_words


def note_matching(cohort: Cohort, contexts: Sequence[Context], problems: Problems) -> None:
    """A note on how often features are extracted, where the scale of images is learnt in folds.

    contexts: every fold that training cuts; none where they can't be cut, and nothing is said.
    """
    study = cohort.study
    outer = outer_folds(contexts)
    if not study.matched_phases or not outer:
        return
    problems.note(
        f"{extractions_words(cohort, outer)}; a run that was stopped goes on with those that it"
        " kept, and a training patient more or less changes all of them",
        f"{study.path.name}, preprocessing",
    )
