"""Contexts of fits: the patients that a fit learns from, and those that it scores.

The fits are the final fit, the outer folds, and folds inside those.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd
from sklearn.model_selection import KFold, StratifiedKFold

from analysis.core.word_lists import counted

Fold = tuple[list[str], list[str]]


@dataclass(frozen=True)
class Context:
    """Context of a fit: the patients that it learns from and scores.

    name: `final`, `outer_1`, `outer_1/inner_2`, or from the second repeat on `repeat_2_outer_1`.
    learn: labelled patients of the fit. score: patients that it scores. repeat: of the outer folds,
    1 for the final fit.
    """

    name: str
    learn: tuple[str, ...]
    score: tuple[str, ...]
    repeat: int = 1

    @property
    def parent(self) -> str:
        """Context whose fusion learns from this one's scores: an outer fold's is the final fit."""
        return self.name.rpartition("/")[0] or "final"

    @property
    def upper(self) -> str:
        """Final fit or outer fold that the context is or lies in: whose standard scale it uses."""
        return self.name.partition("/")[0]

    @property
    def inner(self) -> bool:
        """True if it is an inner fold."""
        return "/" in self.name

    @property
    def outer(self) -> bool:
        """True if it is an outer fold."""
        return self.name != "final" and not self.inner


def outer_folds(contexts: Iterable[Context]) -> list[Context]:
    """The outer folds among contexts, of every repeat."""
    return [context for context in contexts if context.outer]


def outer_repeats(contexts: Sequence[Context]) -> dict[int, list[str]]:
    """Repeat → names of its outer folds."""
    found: dict[int, list[str]] = {}
    for context in outer_folds(contexts):
        found.setdefault(context.repeat, []).append(context.name)
    return found


def stratified_folds(
    patients: Sequence[str], label: pd.Series, folds: int, seed: int
) -> list[Fold]:
    """Stratified folds of the labelled patients.

    Patients of unknown label are spread over them, to be scored only.
    """
    known = label[list(patients)].notna()
    labelled, unknown = sorted(known.index[known]), sorted(known.index[~known])
    outcome = label[labelled].to_numpy(dtype=int)
    fewest = min(int((outcome == each).sum()) for each in (0, 1))
    if fewest < folds:
        raise ValueError(
            f"validation: {counted(folds, 'fold needs', 'folds need')} at least"
            f" {counted(folds, 'patient')} of each outcome, but a training set has {fewest}; use"
            " fewer folds"
        )
    splits = StratifiedKFold(folds, shuffle=True, random_state=seed).split(labelled, outcome)
    spread = (
        [
            [unknown[i] for i in scored]
            for _, scored in KFold(folds, shuffle=True, random_state=seed).split(unknown)
        ]
        if len(unknown) >= folds
        else [
            [patient for position, patient in enumerate(unknown) if position % folds == fold]
            for fold in range(folds)
        ]
    )
    return [
        ([labelled[i] for i in learn], [labelled[i] for i in score] + extra)
        for (learn, score), extra in zip(splits, spread, strict=True)
    ]


def centre_folds(patients: Sequence[str], label: pd.Series, centre: pd.Series) -> list[Fold]:
    """Folds that leave out each centre in turn (internal-external cross-validation).

    Raises ValueError where the others lack an outcome.
    """
    absent = [patient for patient in patients if pd.isna(centre[patient])]
    if absent:
        raise ValueError(
            "validation: leave_one_centre_out needs each patient's centre; it is empty for"
            f" {', '.join(absent[:5])}"
        )
    names = sorted({str(centre[patient]) for patient in patients})
    if len(names) < 2:
        raise ValueError(
            "validation: leave_one_centre_out needs two centres in the training cohort, there is"
            f" {', '.join(names)}"
        )
    folds = []
    for name in names:
        score = sorted(patient for patient in patients if str(centre[patient]) == name)
        learn = sorted(
            patient
            for patient in patients
            if str(centre[patient]) != name and pd.notna(label[patient])
        )
        if label[learn].nunique() < 2:
            raise ValueError(
                f"validation: without centre {name} the training cohort has patients of one outcome"
                " only"
            )
        folds.append((learn, score))
    return folds


@dataclass(frozen=True)
class Folds:
    """Folds of training patients.

    outer, inner: numbers of folds; repeats: of the outer ones, each divided anew.
    """

    outer: int
    inner: int
    seed: int
    repeats: int = 1


def contexts_of(
    training: Sequence[str],
    others: Sequence[str],
    label: pd.Series,
    folds: Folds,
    centre: pd.Series | None = None,
) -> list[Context]:
    """Every fit of a study: 1 final + repeats × (`outer` folds + `outer` × `inner` nested folds).

    training: patients of the training cohort, label known or not. others: all who are scored by the
    final fit alone.
    centre: given, each centre is an outer fold. No patient is ever in both `learn` and `score` of a
    fold.
    """
    known = label[list(training)].notna()
    labelled = sorted(known.index[known])
    contexts = [Context("final", tuple(labelled), tuple(sorted([*training, *others])))]
    for repeat in range(1, folds.repeats + 1):
        prefix = "" if repeat == 1 else f"repeat_{repeat}_"
        # Seeds of the first repeat are those of a study without repeats, so that adding repeats
        # keeps what is computed.
        start = folds.seed + 1000 * (repeat - 1)
        around = (
            stratified_folds(training, label, folds.outer, start)
            if centre is None
            else centre_folds(training, label, centre)
        )
        for i, (learn, score) in enumerate(around, start=1):
            contexts.append(Context(f"{prefix}outer_{i}", tuple(learn), tuple(score), repeat))
            for j, (inner_learn, inner_score) in enumerate(
                stratified_folds(learn, label, folds.inner, start + i), start=1
            ):
                contexts.append(
                    Context(
                        f"{prefix}outer_{i}/inner_{j}",
                        tuple(inner_learn),
                        tuple(inner_score),
                        repeat,
                    )
                )
    return contexts
