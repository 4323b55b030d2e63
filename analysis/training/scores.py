"""Scores of all fits by model and context, with the fits that made them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from analysis.training.contexts import Context
from analysis.training.fit_provenance import Step
from analysis.training.fits import Fit


class Scores:
    """fits: (model, context name) → fit; contexts by name."""

    def __init__(self, fits: Sequence[Fit], contexts: Sequence[Context], label: pd.Series):
        self.fits = {(fit.model_name, fit.context): fit for fit in fits}
        self.contexts = {context.name: context for context in contexts}
        self.label = label

    def below(self, context: str) -> list[str]:
        """Contexts one level below: the outer folds of the final fit, the inner of an outer one."""
        return [
            name
            for name, each in self.contexts.items()
            if name != "final" and each.parent == context
        ]

    def inside(self, model: str, context: str) -> list[pd.Series]:
        """Out-of-fold scores of a context's learning patients, one series a repeat.

        They are from the folds one level below; the repeats are those of these folds.

        Repeats are never averaged: a mean of scores is that of a bag of models, which orders and
        spreads otherwise than the one model that a fusion will meet.
        """
        repeats: dict[int, list[pd.Series]] = {}
        for name in self.below(context):
            repeats.setdefault(self.contexts[name].repeat, []).append(self.fits[model, name].scores)
        return [pd.concat(parts) for parts in repeats.values()]

    def best(self, models: Sequence[str], context: str) -> str:
        """Model whose out-of-fold AUC inside the context is highest, its mean over repeats.

        The first named wins a tie.
        """

        def area(scores: pd.Series) -> float:
            known = self.label[scores.index].dropna()
            return float(roc_auc_score(known, scores[known.index]))

        return max(
            models,
            key=lambda model: float(
                np.mean([area(scores) for scores in self.inside(model, context)])
            ),
        )

    def step(self, model: str, context: str) -> Step:
        """Provenance step of a fit, from the patients that it saw and scored."""
        fit = self.fits[model, context]
        scored = frozenset(fit.scores.index)
        # Scores that the final fit gives to the training cohort are called apparent, and are
        # allowed to be.
        own = frozenset(fit.saw) & scored if context == "final" else frozenset()
        return Step(model, context, fitted_on=frozenset(fit.saw), scored=scored, own=own)

    def sources(
        self, model: str, context: str, taken: pd.Index
    ) -> list[tuple[Step, frozenset[str]]]:
        """Fits that a fusion in the context learns from.

        The fits whose out-of-fold scores of `taken` the fusion learns from, each with its patients.
        """
        steps = [self.step(model, name) for name in self.below(context)]
        return [(step, step.scored & frozenset(taken)) for step in steps]
