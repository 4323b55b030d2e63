"""Negative control of the radiomics: the same path on tumours whose voxels were shuffled, which have no texture left."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from analysis.cohort import Cohort
from analysis.leakage.guard import Guard
from analysis.progress import in_parallel
from analysis.radiomics import shuffled_features
from analysis.training import Training
from analysis.training.fits import code_digest, fit_one
from models.inputs import Inputs

TITLE = "Shuffled voxels, radiomics"


@dataclass(frozen=True)
class ShuffledVoxels:
    """Out-of-fold AUC in training of one classifier, on the tumours as they are and with their voxels shuffled."""

    classifier: str
    real: float
    shuffled: float
    patients: int


def _area(scores: list[pd.Series], label: pd.Series) -> float:
    averaged = pd.concat(scores).groupby(level=0, sort=False).mean()
    known = label[averaged.index].dropna()
    return float(roc_auc_score(known, averaged[known.index]))


def shuffled_voxels(cohort: Cohort, training: Training) -> ShuffledVoxels | None:
    """Volume, shape and the histogram of a tumour survive the shuffling, its texture does not. None without radiomics."""
    study, scores = cohort.study, training.scores
    if study.radiomics is None or study.radiomics.table is not None or scores is None or training.inputs is None or training.inputs.radiomics is None:
        return None
    name = training.chosen["final"]["radiomics"]
    patients = list(cohort.labelled("training"))
    outer = [context for context in scores.contexts.values() if context.name != "final" and not context.inner and context.repeat == 1]
    known = set(patients)
    table = shuffled_features(cohort, patients)
    inputs = Inputs(pd.Index(patients), radiomics=table.reindex(columns=training.inputs.radiomics.columns), centre=None if cohort.centre is None else cohort.centre[patients])
    code, folder = code_digest(), study.cache_folder / "fits"
    work = [(name, training.settings[name], type(context)(context.name, context.learn, tuple(each for each in context.score if each in known), context.repeat),
             inputs, cohort.label, study.seed, folder, code) for context in outer]
    fits = in_parallel(fit_one, work, "models of shuffled voxels", study.jobs)
    real = [scores.fits[name, context.name].scores for context in outer]
    return ShuffledVoxels(name, _area([each[[patient for patient in each.index if patient in known]] for each in real], cohort.label),
                          _area([fit.scores for fit in fits], cohort.label), len(patients))


def shuffled_voxels_guard(found: ShuffledVoxels | None, has_radiomics: bool, wanted: bool) -> Guard:
    """Fails where the radiomics of the tumours as they are is no better than that of shuffled ones."""
    if found is None:
        reason = "this study has none" if not has_radiomics else "turned off in the study file, under controls" if not wanted else "no images to shuffle"
        return Guard("shuffled_voxels", TITLE, "no radiomics" if not has_radiomics else "0 tumours", reason, "not run")
    words = f"out-of-fold AUC {found.real:.3f}, with shuffled voxels {found.shuffled:.3f}"
    if np.greater(found.real, found.shuffled):
        return Guard("shuffled_voxels", TITLE, f"tumours of {found.patients} training patients", words, "pass")
    return Guard("shuffled_voxels", TITLE, f"tumours of {found.patients} training patients",
                 f"{words}: the model knows nothing beyond volume, shape and histogram, or something that is not in the tumour", "fail")
