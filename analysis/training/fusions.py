"""RCR and DLRCR in one context: made of parts that were cross-fitted inside it, applied to patients
that no part has seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.training.contexts import Context
from analysis.training.lineage import Step
from analysis.training.scores import Scores
from models.clinical import ClinicalDesign
from models.fusion import FusionModel, as_score
from models.inputs import Inputs

MEMBERS = {"rcr": ("radiomics",), "dlrcr": ("dl", "radiomics")}


@dataclass(frozen=True)
class Fused:
    """scores: of the context's patients; parts: what the fusion was given for them; step: who was
    seen on the way. Its columns are the scores of scored_parts, the radiomics features, and the
    prepared clinical variables."""

    scores: pd.Series
    model: FusionModel
    design: ClinicalDesign
    parts: pd.DataFrame
    step: Step
    scored_parts: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()


def _score_columns(
    scores: Scores, models: Mapping[str, str], context: str
) -> tuple[list[pd.DataFrame], pd.DataFrame]:
    """Column → model: out-of-fold scores of the learning patients, a table a repeat, and the
    context's own scores of the others."""
    by_repeat = zip(*(scores.inside(model, context) for model in models.values()), strict=True)
    inside = [
        pd.DataFrame({column: as_score(part) for column, part in zip(models, parts, strict=True)})
        for parts in by_repeat
    ]
    outside = pd.DataFrame(
        {column: as_score(scores.fits[model, context].scores) for column, model in models.items()}
    )
    return inside, outside


def fused(
    scores: Scores,
    inputs: Inputs,
    settings: dict[str, Any],
    method: str,
    chosen: Mapping[str, str],
    groups: Mapping[str, list[str]],
    context: Context,
) -> dict[str, Fused]:
    """Fusions that the context's parts allow, by name. Where the context's folds are repeated, a
    fusion learns from the scores of every repeat, a patient's rows weighing as much as one: each
    row is what a single model gives, as a locked one will.

    method: chosen (scores of the best parts), stacking (of all parts) or features (the chosen
    classifier's features in the place of its score). groups: radiomics and dl → all their models.
    """
    if "cr" not in settings:
        return {}
    learn = list(context.learn)
    # The CR model of the context has prepared its variables, gaps filled and all; the fusion takes
    # them as they are there.
    regression = scores.fits["cr", context.name].model
    assert inputs.clinical is not None
    assert regression is not None
    design: ClinicalDesign = regression.design_
    predictors = design.matrix(inputs.clinical, regression.selected_)
    result = {}
    for name, members in MEMBERS.items():
        if not all(part in chosen for part in members):
            continue
        columns = (
            {model: model for part in members for model in groups[part]}
            if method == "stacking"
            else {part: chosen[part] for part in members}
        )
        extra, features = predictors, []
        if method == "features":
            columns.pop("radiomics")
            assert inputs.radiomics is not None
            features = list(scores.fits[chosen["radiomics"], context.name].selected)
            extra = inputs.radiomics[features].join(predictors)
        learnt_from, outside = (
            _score_columns(scores, columns, context.name)
            if columns
            else ([pd.DataFrame(index=learn)], pd.DataFrame(index=list(context.score)))
        )
        inside, outside = (
            pd.concat([part.join(extra).loc[learn] for part in learnt_from]),
            outside.join(extra),
        )
        model = FusionModel().fit(inside, scores.label, 1 / len(learnt_from))
        seen = frozenset(inside.index) | frozenset(scores.fits["cr", context.name].saw)
        scored = frozenset(outside.index)
        sources = [
            source
            for part in columns.values()
            for source in scores.sources(part, context.name, inside.index)
        ]
        # The parts that score the others are steps before it as well; nothing was learnt from these
        # scores.
        sources += [(scores.step(part, context.name), frozenset()) for part in columns.values()]
        step = Step(
            name,
            context.name,
            seen,
            scored,
            frozenset(context.learn) & scored if context.name == "final" else frozenset(),
            tuple(sources),
        )
        result[name] = Fused(
            model.predict(outside),
            model,
            design,
            outside,
            step,
            tuple(columns),
            tuple(features),
            tuple(regression.selected_),
        )
    return result
