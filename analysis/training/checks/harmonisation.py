"""Check of harmonisation: every fit can harmonise the patients it scores."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from analysis.core.problems import Problems
from analysis.core.word_lists import counted
from analysis.study import Study
from analysis.training.contexts import Context

# ComBat needs the reference centre's variance.
LEAST_OF_REFERENCE = 2


def check_harmonisation(
    study: Study,
    contexts: Iterable[Context],
    cohort: pd.Series,
    centre: pd.Series | None,
    problems: Problems,
) -> None:
    """Report faults of the centres that harmonisation needs.

    These are patients without a centre, centres that a fit scores and has not learnt from, a
    reference that a fit lacks.
    """
    settings = study.radiomics.harmonisation if study.radiomics is not None else None
    if settings is None or centre is None:
        return
    where, names = (
        f"{study.path.name}, radiomics.harmonisation",
        centre.astype("string").str.strip(),
    )
    for patient in names.index[names.isna() | (names == "")]:
        problems.error(
            "harmonisation needs the patient's centre, which is missing",
            f"{study.cohort.table}, column '{study.cohort.centre}'",
            "add it",
            patient,
        )
    names = names.dropna()
    learnt = {"the final fit": names.reindex(cohort.index[cohort == "training"]).dropna()}
    scored = {"the final fit": names.reindex(cohort.index[cohort != "training"]).dropna()}
    for context in contexts:
        if context.name != "final":
            learnt[context.name] = names.reindex(list(context.learn)).dropna()
            scored[context.name] = names.reindex(list(context.score)).dropna()
    if settings.new_centre == "estimate":
        _report_few(where, settings.least_patients, learnt=learnt, scored=scored, problems=problems)
        _report_lone(where, learnt=learnt, scored=scored, problems=problems)
    unseen: dict[str, list[str]] = {}
    for fit, known in learnt.items():
        for name in sorted(set(scored[fit]) - set(known)) if settings.new_centre == "error" else ():
            unseen.setdefault(name, []).append(fit)
    for name, fits in unseen.items():
        problems.error(
            f"centre {name} is scored by {_some(fits)}, which learnt from none of its patients",
            where,
            "join small centres, or set new_centre: reference with a reference centre, or"
            " new_centre: estimate, or leave harmonisation out",
        )
    if settings.reference is not None:
        few = [
            fit
            for fit, known in learnt.items()
            if int((known == settings.reference).sum()) < LEAST_OF_REFERENCE
        ]
        if few:
            problems.error(
                f"the reference centre {settings.reference} has fewer than {LEAST_OF_REFERENCE}"
                f" patients to learn from in {_some(few)}",
                where,
                f"name a larger centre; there are {', '.join(sorted(names.unique()))}",
            )


def _report_few(
    where: str,
    least: int,
    learnt: dict[str, pd.Series],
    scored: dict[str, pd.Series],
    problems: Problems,
) -> None:
    """Centres of which a fit has seen nobody, and scores too few to learn what they do."""
    for fit, known in learnt.items():
        counts = scored[fit].value_counts()
        for name in sorted(set(counts.index) - set(known)):
            if counts[name] < least:
                problems.error(
                    f"centre {name} is scored by {fit}, which learnt from none of its patients, and"
                    f" has {counted(int(counts[name]), 'patient')} there; new_centre: estimate"
                    f" takes {least}",
                    where,
                    "join small centres, or lower least_patients, or leave harmonisation out",
                )


def _report_lone(
    where: str, learnt: dict[str, pd.Series], scored: dict[str, pd.Series], problems: Problems
) -> None:
    """Fits of a single centre, which say nothing of how centres differ, that score another."""
    lone = [
        fit
        for fit, known in learnt.items()
        if known.nunique() == 1 and set(scored[fit]) - set(known)
    ]
    if lone:
        problems.error(
            f"{_some(lone)} learnt from patients of one centre and would score others; new_centre:"
            " estimate takes two centres to learn from",
            where,
            "have another centre in training, or leave harmonisation out",
        )


def _some(fits: list[str]) -> str:
    return fits[0] if len(fits) == 1 else f"{fits[0]} and {counted(len(fits) - 1, 'more fit')}"
