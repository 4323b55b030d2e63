"""RCR and DLRCR in one context.

They are made of parts that were cross-fitted inside it, and applied to patients that no part has
seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.training.contexts import Context
from analysis.training.fit_provenance import Step
from analysis.training.scores import Scores
from models.clinical import ClinicalDesign
from models.declared import CR, DECLARED
from models.fusion import Formula, FusionModel, as_score
from models.inputs import Inputs
from models.spec import ModelSpec


@dataclass(frozen=True)
class Fused:
    """Fusion in one context.

    scores: of the context's patients; parts: what the fusion was given for them; step: who was seen
    on the way. Its columns are the scores of scored_parts, the radiomics features, and the prepared
    clinical variables.
    """

    scores: pd.Series
    model: FusionModel
    design: ClinicalDesign
    parts: pd.DataFrame
    step: Step
    scored_parts: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()

    @property
    def formula(self) -> Formula:
        """Formula of the fusion, in the units of its terms."""
        design = self.design
        return self.model.formula.in_units(design.fill_, design.scale_, design.log)


@dataclass(frozen=True)
class FusionInputs:
    """Inputs of the fusions of a context.

    method: chosen (scores of the best parts), stacking (of all parts) or features (the chosen
    classifier's features in the place of its score). chosen: chosen model -> the best of its
    siblings in the context. siblings: chosen model -> all of them.
    """

    scores: Scores
    inputs: Inputs
    method: str
    chosen: Mapping[str, str]
    siblings: Mapping[str, list[str]]


def _score_columns(
    scores: Scores, models: Mapping[str, str], context: str
) -> tuple[list[pd.DataFrame], pd.DataFrame]:
    """Columns of scores of the models in a context.

    models: column → model. Returns out-of-fold scores of the learning patients, a table a repeat,
    and the context's own scores of the others.
    """
    by_repeat = zip(*(scores.inside(model, context) for model in models.values()), strict=True)
    inside = [
        pd.DataFrame({column: as_score(part) for column, part in zip(models, parts, strict=True)})
        for parts in by_repeat
    ]
    outside = pd.DataFrame(
        {column: as_score(scores.fits[model, context].scores) for column, model in models.items()}
    )
    return inside, outside


def _columns(given: FusionInputs, parts: Sequence[str]) -> dict[str, str]:
    """Column of a fusion -> the base model whose score it is."""
    if given.method == "stacking":
        return {model: model for part in parts for model in given.siblings.get(part, [part])}
    by_features = given.method == "features"
    return {
        part: given.chosen.get(part, part)
        for part in parts
        if not (by_features and _is_radiomics(part))
    }


def _own_features(given: FusionInputs, parts: Sequence[str], context: Context) -> list[str]:
    """Radiomics features that enter in the place of the score, those of the chosen classifier."""
    if given.method != "features":
        return []
    return [
        feature
        for part in parts
        if _is_radiomics(part)
        for feature in given.scores.fits[given.chosen[part], context.name].selected
    ]


def _is_radiomics(part: str) -> bool:
    """True of the chosen radiomics classifier; a block of other features enters by its score."""
    return part in DECLARED and DECLARED[part].reads == ("radiomics",)


@dataclass(frozen=True)
class Seen:
    """learnt: patients of the rows that a fusion learnt from. scored: whom it scored."""

    learnt: pd.Index
    scored: pd.Index


def _step(
    spec: ModelSpec, given: FusionInputs, columns: Mapping[str, str], context: Context, seen: Seen
) -> Step:
    """Provenance of a fusion: the patients seen on the way to it."""
    scores = given.scores
    sources = [
        source
        for model in columns.values()
        for source in scores.sources(model, context.name, seen.learnt)
    ]
    # The parts that score the others are steps before it as well; nothing was learnt from these
    # scores.
    sources += [(scores.step(model, context.name), frozenset()) for model in columns.values()]
    scored = frozenset(seen.scored)
    regression = scores.fits[CR.id, context.name]
    own = frozenset(context.learn) & scored if context.name == "final" else frozenset()
    return Step(
        name=spec.id,
        context=context.name,
        fitted_on=frozenset(seen.learnt) | frozenset(regression.saw),
        scored=scored,
        own=own,
        sources=tuple(sources),
    )


def _fused(spec: ModelSpec, given: FusionInputs, context: Context) -> Fused:
    """One fusion in one context."""
    scores, learn = given.scores, list(context.learn)
    # The CR model of the context has prepared its variables, gaps filled and all; the fusion takes
    # them as they are there.
    regression = scores.fits[CR.id, context.name].model
    assert given.inputs.clinical is not None
    assert regression is not None
    design: ClinicalDesign = regression.design_
    extra = design.matrix(given.inputs.clinical, regression.selected_)
    columns = _columns(given, spec.parts)
    features = _own_features(given, spec.parts, context)
    if features:
        own = given.inputs.of_fit(context.upper).radiomics
        assert own is not None
        extra = own[features].join(extra)
    learnt_from, outside = [pd.DataFrame(index=learn)], pd.DataFrame(index=list(context.score))
    if columns:
        learnt_from, outside = _score_columns(scores, columns, context.name)
    inside = pd.concat([part.join(extra).loc[learn] for part in learnt_from])
    outside = outside.join(extra)
    model = FusionModel().fit(inside, scores.label, 1 / len(learnt_from))
    return Fused(
        scores=model.predict(outside),
        model=model,
        design=design,
        parts=outside,
        step=_step(
            spec, given, columns=columns, context=context, seen=Seen(inside.index, outside.index)
        ),
        scored_parts=tuple(columns),
        features=tuple(features),
        variables=tuple(regression.selected_),
    )


def fused(fusions: Sequence[ModelSpec], given: FusionInputs, context: Context) -> dict[str, Fused]:
    """The fusions in one context, by id.

    Where the context's folds are repeated, a fusion learns from the scores of every repeat, a
    patient's rows weighing as much as one: each row is what a single model gives, as a locked one
    will.
    """
    return {spec.id: _fused(spec, given, context) for spec in fusions}
