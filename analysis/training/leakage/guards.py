"""Leakage guards of a study, in the order in which the supplement prints them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.core.progress import in_parallel
from analysis.core.word_lists import counted
from analysis.training import TrainedStudy
from analysis.training.fit_provenance import violations
from analysis.training.fit_queue import jobs_on
from analysis.training.leakage.crop_padding import crop_padding_guard
from analysis.training.leakage.duplicates import same_features, same_images, same_name, same_values
from analysis.training.leakage.guard import Guard, verdict_of
from analysis.training.leakage.permutation import (
    TITLES,
    as_frame,
    one_permutation,
    permutation_content,
    permutation_guards,
    permutation_path,
)
from analysis.training.leakage.shuffled_voxels import (
    ShuffledVoxels,
    shuffled_voxels,
    shuffled_voxels_guard,
)
from analysis.training.leakage.strong_predictors import centre_outcome, single_predictor
from analysis.training.leakage.timing import recorded_later
from models.blocks import FAMILY
from models.declared import CR, DECLARED, DL, RADIOMICS
from models.inputs import Inputs
from models.spec import ModelSpec


@dataclass(frozen=True)
class Leakage:
    """Verdicts and results of the guards against leakage.

    guards: every verdict. permutations: model, permutation (0 is the outcome as it is), auc.
    shuffled: radiomics of shuffled tumours.
    """

    guards: list[Guard]
    permutations: pd.DataFrame = field(default_factory=lambda: as_frame([], []))
    shuffled: ShuffledVoxels | None = None


def outside_fold(training: TrainedStudy) -> Guard:
    """Every fitted step with the patients it was given, against the patients it scored."""
    if not training.provenance.steps:
        return Guard(
            "outside_fold",
            "A step fitted outside its fold",
            looked_at="0 fitted steps",
            finding="nothing was fitted here: the predictions were made elsewhere",
            verdict="not run",
        )
    return verdict_of(
        violations(training.provenance.steps),
        "outside_fold",
        title="A step fitted outside its fold",
        looked_at=f"{counted(len(training.provenance.steps), 'fitted step')}",
        sound="no step scored, as unseen, a patient whom it had learnt from",
    )


def _permutations(
    cohort: Cohort, training: TrainedStudy, count: int, networks: bool
) -> pd.DataFrame:
    """Results of training on permuted outcomes.

    The path of the cheap parts, or of one network, runs on the outcome as it is and `count` times
    permuted.
    """
    fusions = _further(training)
    path = permutation_path(training.fitted.models, cohort.study, networks, fusions)
    if path is None or not count:
        return as_frame([], [])
    patients = cohort.labelled("training")
    inputs = training.provenance.inputs.subset(patients)
    inputs = (
        Inputs(inputs.patients, images=inputs.images)
        if networks
        # Folds are drawn anew with each permutation: all see the scale of the final fit.
        else replace(inputs, images=None, fits={})
    )
    label, numbers = cohort.label[patients], list(range(count + 1))
    content = permutation_content(path, inputs, label)
    folder = cohort.study.cache_folder / "permutations"
    found = in_parallel(
        one_permutation,
        [(number, path, inputs, label, folder, content) for number in numbers],
        "permuted outcomes" + (", networks" if networks else ""),
        jobs_on(path.models.values(), cohort.study.jobs),
    )
    return as_frame(numbers, found)


def _further(training: TrainedStudy) -> list[ModelSpec]:
    """Fusions that the study names beside the package's."""
    return [each for each in training.registry.of("fusion") if each.id not in DECLARED]


def _titles(training: TrainedStudy) -> dict[str, str]:
    """Model → what it is called, of all that are permuted or are said not to be."""
    blocks = training.fitted.of_family(FAMILY)
    named = [training.registry[name] for name in blocks] + _further(training)
    return TITLES | {spec.id: spec.label for spec in named}


def _not_permuted(
    training: TrainedStudy, titles: Mapping[str, str], done: set[str], count: int
) -> list[Guard]:
    """Guards of the models whose outcome was not permuted, each with the reason."""
    inputs = training.provenance.inputs
    present = {
        CR.id: CR.id in training.fitted.models,
        RADIOMICS.id: inputs.radiomics is not None,
        DL.id: inputs.images is not None,
        **dict.fromkeys(training.fitted.of_family(FAMILY), True),
    }
    reasons = {
        part: "turned off in the study file, under controls"
        for part, is_there in present.items()
        if is_there and part not in done
    }
    for fusion in _further(training) if training.fitted.models else ():
        if fusion.id not in done:
            reasons[fusion.id] = (
                "networks are among its parts, and are not permuted together with others"
                if count
                else "turned off in the study file, under controls"
            )
    return [
        Guard(
            f"permuted_{part}",
            f"Permuted outcome ({titles[part]})",
            looked_at="0 permutations",
            finding=reason,
            verdict="not run",
        )
        for part, reason in reasons.items()
    ]


def run_guards(cohort: Cohort, training: TrainedStudy) -> Leakage:
    """Run every guard that the study allows; one not allowed, or turned off, says so."""
    controls, inputs = cohort.study.controls, training.provenance.inputs
    guards = [
        same_name(cohort),
        same_values(cohort),
        same_features(cohort, inputs),
        same_images(cohort, inputs),
        recorded_later(cohort),
        single_predictor(cohort, inputs),
        centre_outcome(cohort),
        *crop_padding_guard(cohort, inputs),
        outside_fold(training),
    ]
    frames = [
        _permutations(cohort, training, controls.permutations, False),
        _permutations(cohort, training, controls.network_permutations, True),
    ]
    permutations = pd.concat(
        [frame for frame in frames if len(frame)] or frames[:1], ignore_index=True
    )
    titles = _titles(training)
    guards += permutation_guards(permutations, titles)
    guards += _not_permuted(
        training, titles, done=set(permutations["model"]), count=controls.permutations
    )
    shuffled = shuffled_voxels(cohort, training) if controls.shuffled_voxels else None
    guards.append(
        shuffled_voxels_guard(shuffled, inputs.radiomics is not None, controls.shuffled_voxels)
    )
    return Leakage(guards, permutations, shuffled)


def guard_table(guards: list[Guard]) -> pd.DataFrame:
    """name, title, looked_at, finding, verdict: one row a guard."""
    return pd.DataFrame(
        [asdict(guard) for guard in guards],
        columns=["name", "title", "looked_at", "finding", "verdict"],
    )
