"""Permuted outcome: the whole path on outcomes that were shuffled must find nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import t as student
from sklearn.metrics import roc_auc_score

from analysis.cache import cached, digest
from analysis.leakage.guard import GUARD_LEVEL, NOTE_LEVEL, Guard, Verdict
from analysis.training.contexts import contexts_of
from analysis.training.fits import (
    Fit,
    build,
    code_digest,
    content_of,
    inputs_for,
    path_of,
    seed_for,
)
from analysis.training.fusions import fused
from analysis.training.scores import Scores
from models.inputs import Inputs
from models.radiomics.combat import within_resample

# A fusion of noise must show one half, and so must its parts. Least size of an alarm, and fewest
# permutations that can tell it.
LEAST_EXCESS = 0.02
FEWEST = 10
TITLES = {"cr": "CR", "radiomics": "radiomics", "rcr": "RCR", "dl": "DL"}


@dataclass(frozen=True)
class PermutedPath:
    """What is fitted: model name → constructor arguments; the folds; what the fusion is made of."""

    settings: Mapping[str, dict[str, Any]]
    groups: Mapping[str, list[str]]
    outer: int
    inner: int
    seed: int


def within_fold_auc(
    path: PermutedPath, inputs: Inputs, label: pd.Series, seed: int
) -> dict[str, float]:
    """Mean over outer folds of the AUC inside each, of CR, radiomics, DL, and RCR made from them.

    AUCs are taken within folds: scores of different folds come from different models, and pooled
    ones of a permuted outcome lie below one half for that reason alone (Airola et al. 2011). label:
    of the learning patients, permuted or not.
    """
    labelled = list(label.index)
    contexts = contexts_of(labelled, [], label, path.outer, path.inner, seed)
    fusing = "cr" in path.settings and "radiomics" in path.groups
    fits = []
    for context in contexts:
        if context.name == "final":
            continue
        for name, settings in path.settings.items():
            if context.inner and not (fusing and name in path.groups["radiomics"]):
                continue
            learn, score = (
                inputs_for(name, settings, inputs.subset(part))
                for part in (context.learn, context.score)
            )
            if settings.get("harmonisation") is not None:
                settings = settings | {
                    "harmonisation": within_resample(settings["harmonisation"], learn.centres)
                }
            model = build(name, settings, seed_for(path.seed, path_of(name), context.name)).fit(
                learn, label.loc[list(context.learn)]
            )
            fits.append(
                Fit(
                    name,
                    context.name,
                    model.predict(score),
                    tuple(getattr(model, "selected_", ())),
                    context.learn,
                    model,
                )
            )
    scores = Scores(fits, contexts, label)
    areas: dict[str, list[float]] = {}
    for context in contexts:
        if context.name == "final" or context.inner:
            continue
        found = {
            part: scores.fits[names[0], context.name].scores for part, names in path.groups.items()
        }
        if "cr" in path.settings:
            found["cr"] = scores.fits["cr", context.name].scores
        if fusing:
            chosen = {"radiomics": path.groups["radiomics"][0]}
            found["rcr"] = fused(
                scores, inputs, dict(path.settings), "chosen", chosen, path.groups, context
            )["rcr"].scores
        for name, values in found.items():
            areas.setdefault(name, []).append(float(roc_auc_score(label[values.index], values)))
    return {name: float(np.mean(values)) for name, values in areas.items()}


def permutation_path(
    settings: Mapping[str, dict[str, Any]], study: Any, networks: bool
) -> PermutedPath | None:
    """The cheap parts: the CR model and one radiomics classifier without tuning; or one network.
    None where the study has none."""
    if networks:
        name = next((name for name in settings if name.startswith("resnet")), None)
        return (
            None
            if name is None
            else PermutedPath(
                {name: settings[name]},
                {"dl": [name]},
                study.validation.outer_folds,
                study.validation.inner_folds,
                study.seed,
            )
        )
    parts = {"cr": settings["cr"]} if "cr" in settings else {}
    groups: dict[str, list[str]] = {}
    classifiers = [name for name in settings if name.startswith("radiomics_")]
    if classifiers:
        cheap = "radiomics_logistic" if "radiomics_logistic" in classifiers else classifiers[0]
        parts[cheap] = settings[cheap] | {"tuning_folds": 0}
        groups["radiomics"] = [cheap]
    return (
        PermutedPath(
            parts, groups, study.validation.outer_folds, study.validation.inner_folds, study.seed
        )
        if parts
        else None
    )


def one_permutation(
    number: int, path: PermutedPath, inputs: Inputs, label: pd.Series, folder: Path, content: str
) -> dict[str, float]:
    """AUCs by model with the outcome permuted; number 0 is the outcome as it is. Cached, so that a
    stopped run goes on."""

    def compute() -> dict[str, float]:
        random = np.random.default_rng([path.seed, number])
        permuted = (
            label
            if number == 0
            else pd.Series(random.permutation(label.to_numpy()), index=label.index)
        )
        # The folds are drawn anew each time, so that none of their accidents stays.
        return within_fold_auc(path, inputs, permuted, path.seed + 7919 * number)

    return cached(folder, digest("permutation", number, content), compute)


def permutation_content(path: PermutedPath, inputs: Inputs, label: pd.Series) -> str:
    """Key of everything that a permutation depends on but its number."""
    return digest(
        dict(path.settings),
        dict(path.groups),
        path.outer,
        path.inner,
        path.seed,
        label.index.tolist(),
        label.tolist(),
        *content_of(inputs),
        code_digest(),
        Path(__file__),
    )


def permutation_guards(frame: pd.DataFrame) -> list[Guard]:
    """frame: model, permutation (0 is observed), auc. One guard a model.

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
            f"Permuted outcome ({TITLES[str(model)]})",
            f"{summary['n']} permutations of the training outcome",
        )
        if summary["n"] < FEWEST:
            guards.append(
                Guard(
                    name,
                    title,
                    looked_at,
                    f"fewer than {FEWEST} permutations tell nothing; raise controls.permutations",
                    "not run",
                )
            )
            continue
        excess, error = summary["mean"] - 0.5, summary["error"]
        above = (
            float(student.sf(excess / error, summary["n"] - 1))
            if error > 0
            else 0.0
            if excess > 0
            else 1.0
            if excess < 0
            else 0.5
        )
        verdict: Verdict = (
            "fail"
            if excess >= LEAST_EXCESS and above < GUARD_LEVEL
            else "note"
            if 2 * min(above, 1 - above) < NOTE_LEVEL
            else "pass"
        )
        words = (
            f"mean AUC {summary['mean']:.3f}, Monte-Carlo error {error:.4f}, P = {above:.2g} of a"
            " mean above one half"
        )
        if verdict == "note":
            words += f"; an alarm needs a mean of {0.5 + LEAST_EXCESS:g} and P < {GUARD_LEVEL:g}"
        guards.append(Guard(name, title, looked_at, words, verdict, TITLES[str(model)]))
    return guards


def summarise(rows: pd.DataFrame) -> dict[str, float]:
    """mean, error (Monte-Carlo), observed AUC, p = (k + 1) / (B + 1), n of one model's
    permutations."""
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
    """AUCs of the permutations: a row a model and permutation. numbers: of the permutations;
    results: the AUCs by model of each."""
    return pd.DataFrame(
        [
            (model, number, auc)
            for number, areas in zip(numbers, results, strict=True)
            for model, auc in areas.items()
        ],
        columns=["model", "permutation", "auc"],
    )
