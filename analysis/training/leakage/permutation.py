"""Permuted outcome: the whole path on outcomes that were shuffled must find nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import t as student

from analysis.core.cache import cached, digest
from analysis.core.word_lists import counted
from analysis.statistics import auc
from analysis.training.content import code_digest, content_of, seed_for, table_content
from analysis.training.contexts import Context, Folds, contexts_of
from analysis.training.fits import Fit
from analysis.training.fusions import FusionInputs, fused
from analysis.training.leakage.guard import GUARD_LEVEL, NOTE_LEVEL, Guard, Verdict
from analysis.training.scores import Scores
from analysis.training.settings import ConfiguredModel
from models.blocks import FAMILY
from models.classifiers.logistic import CLASSIFIER as LOGISTIC
from models.declared import CR, DL, RADIOMICS, RCR, siblings
from models.inputs import Inputs
from models.radiomics_and_networks import radiomics_model
from models.settings import NetworkSettings, RadiomicsSettings
from models.spec import ModelSpec

# A fusion of noise must show one half, and so must its parts. Least size of an alarm, and fewest
# permutations that can tell it.
LEAST_EXCESS = 0.02
FEWEST = 10
# Where a network of a permutation is fitted, in the names of timings.
PERMUTED = "a permutation"
TITLES = {CR.id: CR.label, RADIOMICS.id: "radiomics", RCR.id: RCR.label, DL.id: DL.label}


@dataclass(frozen=True)
class PermutedPath:
    """Path that is permuted: models by id; the folds; chosen model -> its stand-in.

    A block of other people's features stands for itself. further: fusions that the study names, of
    parts that are all here.
    """

    models: Mapping[str, ConfiguredModel]
    groups: Mapping[str, list[str]]
    outer: int
    inner: int
    seed: int
    further: tuple[ModelSpec, ...] = ()

    @property
    def chosen(self) -> dict[str, str]:
        """Part of a fusion -> the model whose score it is."""
        return {part: names[0] for part, names in self.groups.items()}

    @property
    def fusions(self) -> list[ModelSpec]:
        """Fusions that can be made of the parts."""
        own = [RCR] if CR.id in self.models and RADIOMICS.id in self.groups else []
        return [*own, *self.further]

    @property
    def crossed(self) -> set[str]:
        """Models that a fusion is made of, which the inner folds are for."""
        return {self.chosen[part] for fusion in self.fusions for part in fusion.parts}


def _fits(
    path: PermutedPath, inputs: Inputs, label: pd.Series, contexts: Sequence[Context]
) -> list[Fit]:
    """Fits of each model in the outer folds, and in the inner ones where a fusion needs them."""
    crossed = path.crossed
    return [
        _fit(path, inputs, label, context, model=model)
        for context in contexts
        if context.name != "final"
        for model in path.models.values()
        if not context.inner or model.id in crossed
    ]


def _fit(
    path: PermutedPath,
    inputs: Inputs,
    label: pd.Series,
    context: Context,
    model: ConfiguredModel,
) -> Fit:
    """One model in one context."""
    learn = model.inputs(inputs.subset(context.learn))
    score = model.inputs(inputs.subset(context.score))
    settings = model.settings
    if isinstance(settings, RadiomicsSettings):
        model = replace(model, settings=settings.of_resample(learn))
    seed = seed_for(path.seed, model.spec.group, context.name)
    fitted = model.build(seed).fit(learn, label.loc[list(context.learn)])
    return Fit(
        model_name=model.id,
        context=context.name,
        scores=fitted.predict(score),
        selected=tuple(getattr(fitted, "selected_", ())),
        saw=context.learn,
        model=fitted,
    )


def within_fold_auc(
    path: PermutedPath, inputs: Inputs, label: pd.Series, seed: int
) -> dict[str, float]:
    """Mean over outer folds of the AUC inside each, of the parts and the fusions made from them.

    AUCs are taken within folds: scores of different folds come from different models, and pooled
    ones of a permuted outcome lie below one half for that reason alone (Airola et al. 2011). label:
    of the learning patients, permuted or not.
    """
    contexts = contexts_of(list(label.index), [], label, Folds(path.outer, path.inner, seed))
    scores = Scores(_fits(path, inputs, label, contexts), contexts, label)
    areas: dict[str, list[float]] = {}
    for context in contexts:
        if not context.outer:
            continue
        found = {part: scores.fits[name, context.name].scores for part, name in path.chosen.items()}
        if CR.id in path.models:
            found[CR.id] = scores.fits[CR.id, context.name].scores
        if path.fusions:
            given = FusionInputs(
                scores, inputs, method="chosen", chosen=path.chosen, siblings=path.groups
            )
            fusions = fused(path.fusions, given, context)
            found |= {name: fusion.scores for name, fusion in fusions.items()}
        for name, values in found.items():
            areas.setdefault(name, []).append(auc(label[values.index], values))
    return {name: float(np.mean(values)) for name, values in areas.items()}


def _cheapest(names: Sequence[str]) -> str:
    """Logistic regression where it is among the classifiers, else the first."""
    cheap = radiomics_model(LOGISTIC).id
    return cheap if cheap in names else names[0]


def _barely_tuned(model: ConfiguredModel) -> ConfiguredModel:
    """The model without tuning; with several paths, with two folds in which one is chosen."""
    settings = model.settings
    assert isinstance(settings, RadiomicsSettings)
    # A choice among paths uses the outcome, in the tuning folds: it is repeated as well.
    return replace(model, settings=replace(settings, tuning_folds=2 if settings.paths else 0))


def permutation_path(
    models: Mapping[str, ConfiguredModel],
    study: Any,
    networks: bool,
    fusions: Sequence[ModelSpec] = (),
) -> PermutedPath | None:
    """The cheap parts, or one network; None where the study has none.

    The cheap parts are the CR model, and one radiomics classifier and the models of blocks of other
    people's features without tuning. A model with several paths is tuned in two folds, in which its
    path is chosen. fusions: that the study names, of which those of cheap parts are permuted too.
    """
    parts: dict[str, ConfiguredModel] = {}
    groups: dict[str, list[str]] = {}
    if networks:
        for name in siblings(models, DL.id)[:1]:
            parts[name], groups[DL.id] = models[name], [name]
    else:
        parts |= {name: models[name] for name in [CR.id] if name in models}
        classifiers = siblings(models, RADIOMICS.id)
        if classifiers:
            cheap = _cheapest(classifiers)
            parts[cheap], groups[RADIOMICS.id] = _barely_tuned(models[cheap]), [cheap]
        for name, model in models.items():
            if model.spec.family == FAMILY:
                parts[name], groups[name] = _barely_tuned(model), [name]
    if not parts:
        return None
    further = [each for each in fusions if CR.id in parts and set(each.parts) <= set(groups)]
    folds = study.validation
    return PermutedPath(
        parts,
        groups,
        folds.outer_folds,
        folds.inner_folds,
        seed=study.seed,
        further=tuple(further),
    )


def permutation_work(
    network: NetworkSettings, patients: int, outer: int, slices: int, pixels: int
) -> float:
    """What the time of a permutation of a network grows with: it is trained in each outer fold.

    patients: of the training cohort. outer: folds. slices, pixels: of the crops.
    """
    return network.work(patients * (outer - 1), slices, pixels)


def network_work(path: PermutedPath, inputs: Inputs) -> tuple[str, float | None]:
    """Name of a permutation of a network, and what its time grows with; None of another path."""
    for model in path.models.values():
        if isinstance(model.settings, NetworkSettings) and inputs.images is not None:
            patients, slices, _, pixels, _ = inputs.images.shape
            work = permutation_work(
                model.settings, patients, outer=path.outer, slices=slices, pixels=pixels
            )
            return f"{model.id} in {PERMUTED}", work
    return "", None


def one_permutation(
    number: int, path: PermutedPath, inputs: Inputs, label: pd.Series, folder: Path, content: str
) -> dict[str, float]:
    """AUCs by model with the outcome permuted; number 0 is the outcome as it is.

    Cached, so that a stopped run goes on.
    """

    def compute() -> dict[str, float]:
        random = np.random.default_rng([path.seed, number])
        permuted = (
            label
            if number == 0
            else pd.Series(random.permutation(label.to_numpy()), index=label.index)
        )
        # The folds are drawn anew each time, so that none of their accidents stays.
        return within_fold_auc(path, inputs, permuted, path.seed + 7919 * number)

    what, work = network_work(path, inputs)
    return cached(folder, digest("permutation", number, content), compute, what, work=work)


def permutation_content(path: PermutedPath, inputs: Inputs, label: pd.Series) -> str:
    """Key of everything that a permutation depends on but its number."""
    further = [[fusion.id, list(fusion.parts)] for fusion in path.further]
    return digest(
        {name: model.settings.content() for name, model in path.models.items()},
        dict(path.groups),
        path.outer,
        path.inner,
        path.seed,
        label.index.tolist(),
        label.tolist(),
        *content_of(inputs),
        *([table_content(inputs.blocks)] if inputs.blocks is not None else []),
        *([further] if further else []),
        code_digest(),
        Path(__file__),
    )


def _p_above(excess: float, error: float, n: float) -> float:
    """Student's one-sided p of a mean above one half by `excess`, with standard error `error`."""
    if error > 0:
        return float(student.sf(excess / error, n - 1))
    # All permutations gave one AUC.
    if excess > 0:
        return 0.0
    return 1.0 if excess < 0 else 0.5


def permutation_guards(
    frame: pd.DataFrame, titles: Mapping[str, str] = MappingProxyType(TITLES)
) -> list[Guard]:
    """frame: model, permutation (0 is observed), auc. titles: of the models. One guard a model.

    A leak lifts the mean AUC of permuted outcomes above one half. It alarms where the mean is above
    by LEAST_EXCESS and Student's one-sided t-test has P < GUARD_LEVEL, so that with four models
    99.6 % of clean studies are silent; below that size, or below one half, a difference beyond P <
    .05 (two-sided) is a note.
    """
    guards = []
    for model, rows in frame.groupby("model", sort=False):
        summary = summarise(rows)
        name, title, looked_at = (
            f"permuted_{model}",
            f"Permuted outcome ({titles[str(model)]})",
            f"{counted(summary['n'], 'permutation')} of the training outcome",
        )
        if summary["n"] < FEWEST:
            guards.append(
                Guard(
                    name,
                    title,
                    looked_at=looked_at,
                    finding=f"fewer than {FEWEST} permutations tell nothing; raise"
                    f" controls.permutations",
                    verdict="not run",
                )
            )
            continue
        excess, error = summary["mean"] - 0.5, summary["error"]
        above = _p_above(excess, error, summary["n"])
        verdict: Verdict
        if excess >= LEAST_EXCESS and above < GUARD_LEVEL:
            verdict = "fail"
        else:
            verdict = "note" if 2 * min(above, 1 - above) < NOTE_LEVEL else "pass"
        words = (
            f"mean AUC {summary['mean']:.3f}, Monte-Carlo error {error:.4f}, P = {above:.2g} of a"
            " mean above one half"
        )
        if verdict == "note":
            words += f"; an alarm needs a mean of {0.5 + LEAST_EXCESS:g} and P < {GUARD_LEVEL:g}"
        guards.append(
            Guard(
                name,
                title,
                looked_at=looked_at,
                finding=words,
                verdict=verdict,
                named=titles[str(model)],
            )
        )
    return guards


def summarise(rows: pd.DataFrame) -> dict[str, float]:
    """Summary of the permutation test of one model.

    mean, error (Monte-Carlo), observed AUC, p = (k + 1) / (B + 1), n of one model's permutations.
    """
    permuted = rows.loc[rows["permutation"] > 0, "auc"].to_numpy()
    observed = float(rows.loc[rows["permutation"] == 0, "auc"].iloc[0])
    error = (
        float(permuted.std(ddof=1) / np.sqrt(len(permuted))) if len(permuted) > 1 else float("nan")
    )
    return {
        "mean": float(permuted.mean()),
        "error": error,
        "observed": observed,
        "p": float((1 + (permuted >= observed).sum()) / (1 + len(permuted))),
        "n": len(permuted),
    }


def as_frame(numbers: Sequence[int], results: Sequence[Mapping[str, float]]) -> pd.DataFrame:
    """AUCs of the permutations: a row a model and permutation.

    numbers: of the permutations; results: the AUCs by model of each.
    """
    return pd.DataFrame(
        [
            (model, number, auc)
            for number, areas in zip(numbers, results, strict=True)
            for model, auc in areas.items()
        ],
        columns=["model", "permutation", "auc"],
    )
