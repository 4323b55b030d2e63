"""Which patients a fit learns from and which it scores: the final fit, the outer folds, and folds inside those."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from sklearn.model_selection import KFold, StratifiedKFold


@dataclass(frozen=True)
class Context:
    """name: `final`, `outer_1`, or `outer_1/inner_2`. learn: labelled patients of the fit. score: patients that it scores."""

    name: str
    learn: tuple[str, ...]
    score: tuple[str, ...]

    @property
    def parent(self) -> str:
        """The context whose fusion learns from this one's scores: the final fit's for an outer fold."""
        return self.name.rpartition("/")[0] or "final"


def _folds(patients: Sequence[str], label: pd.Series, folds: int, seed: int) -> list[tuple[list[str], list[str]]]:
    """Stratified folds of the labelled; patients of unknown label are spread over them, to be scored only."""
    labelled = sorted(patient for patient in patients if pd.notna(label[patient]))
    unknown = sorted(patient for patient in patients if pd.isna(label[patient]))
    fewest = int(label[labelled].value_counts().reindex([0, 1], fill_value=0).min())
    if fewest < folds:
        raise ValueError(f"validation: {folds} folds need at least {folds} patients of each outcome, but a training set has {fewest}; use fewer folds")
    splits = StratifiedKFold(folds, shuffle=True, random_state=seed).split(labelled, label[labelled].astype(int))
    spread = [[unknown[i] for i in scored] for _, scored in KFold(folds, shuffle=True, random_state=seed).split(unknown)] if len(unknown) >= folds else \
        [[patient for position, patient in enumerate(unknown) if position % folds == fold] for fold in range(folds)]
    return [([labelled[i] for i in learn], [labelled[i] for i in score] + extra) for (learn, score), extra in zip(splits, spread, strict=True)]


def contexts_of(training: Sequence[str], others: Sequence[str], label: pd.Series, outer: int, inner: int, seed: int) -> list[Context]:
    """Every fit of a study: 1 final + `outer` folds + `outer` × `inner` nested folds.

    training: patients of the training cohort, label known or not. others: validation patients, scored by the
    final fit alone. No patient is ever in both `learn` and `score` of a fold.
    """
    labelled = sorted(patient for patient in training if pd.notna(label[patient]))
    contexts = [Context("final", tuple(labelled), tuple(sorted([*training, *others])))]
    for i, (learn, score) in enumerate(_folds(training, label, outer, seed), start=1):
        contexts.append(Context(f"outer_{i}", tuple(learn), tuple(score)))
        for j, (inner_learn, inner_score) in enumerate(_folds(learn, label, inner, seed + i), start=1):
            contexts.append(Context(f"outer_{i}/inner_{j}", tuple(inner_learn), tuple(inner_score)))
    return contexts
