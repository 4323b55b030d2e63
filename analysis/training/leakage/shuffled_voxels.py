"""Negative control of the radiomics: tumours whose voxels were shuffled.

It takes the same path on these tumours, which have no texture left.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.stats import mannwhitneyu

from analysis.cohort.cohort import Cohort
from analysis.core.progress import in_parallel
from analysis.core.word_lists import counted
from analysis.inputs.radiomics import shuffled_features
from analysis.inputs.standard_scale import with_standard_scale
from analysis.statistics import auc, delong_test
from analysis.training import TrainedStudy
from analysis.training.content import code_digest
from analysis.training.contexts import Context
from analysis.training.fits import FitStore, FitTask, fit_one
from analysis.training.leakage.guard import NOTE_LEVEL, Guard, Verdict
from analysis.training.settings import ConfiguredModel
from models.declared import RADIOMICS
from models.inputs import Inputs
from models.voxels import Voxels

TITLE = "Shuffled voxels, radiomics"


@dataclass(frozen=True)
class ShuffledVoxels:
    """AUC of a classifier on tumours as they are and with shuffled voxels.

    It is the out-of-fold AUC in training of one classifier, on the tumours as they are and with
    their voxels shuffled.

    signal: one-sided P-value (Mann-Whitney) of the AUC of the tumours as they are being above one
    half. lost: one-sided P-value (DeLong, the same patients) of it being above that of the shuffled
    ones.
    """

    classifier: str
    real: float
    shuffled: float
    patients: int
    signal: float
    lost: float


def _scores(parts: list[pd.Series], label: pd.Series) -> pd.Series:
    averaged = pd.concat(parts).groupby(level=0, sort=False).mean()
    return averaged[label[averaged.index].dropna().index]


def compared(
    classifier: str, real: pd.Series, shuffled: pd.Series, label: pd.Series
) -> ShuffledVoxels:
    """Both AUCs with their tests. real, shuffled: out-of-fold scores of the same patients."""
    outcome, other = (
        label[real.index].to_numpy(dtype=float),
        shuffled[real.index].to_numpy(dtype=float),
    )
    own = real.to_numpy(dtype=float)
    signal = float(mannwhitneyu(own[outcome == 1], own[outcome == 0], alternative="greater").pvalue)
    same = np.allclose(own, other)
    lost = 1.0 if same else float(delong_test(outcome, own, other, alternative="greater").p)
    return ShuffledVoxels(
        classifier,
        auc(outcome, own),
        shuffled=auc(outcome, other),
        patients=len(real),
        signal=signal,
        lost=lost,
    )


def _shuffled(inputs: Inputs, patients: list[str], seed: int) -> Voxels | None:
    """Voxels of these patients, those of each phase in another order; None without habitats."""
    own = inputs.subset(patients).voxels
    return None if own is None else own.shuffled(seed)


def _inputs(cohort: Cohort, seen: Inputs, patients: list[str]) -> Inputs:
    """Inputs of patients whose tumours were shuffled. seen: of the tumours as they are."""
    assert seen.radiomics is not None
    table = shuffled_features(cohort, patients)
    return Inputs(
        pd.Index(patients),
        cohort.predictors.loc[patients],
        radiomics=table.reindex(columns=seen.radiomics.columns),
        centre=None if cohort.centre is None else cohort.centre[patients],
        voxels=_shuffled(seen, patients, cohort.study.seed),
    )


def _inputs_of_folds(
    cohort: Cohort, training: TrainedStudy, outer: list[Context], patients: list[str]
) -> dict[str, Inputs]:
    """Outer fold → inputs of shuffled tumours, on its own standard scale where it has one."""
    seen = training.provenance.inputs
    if not seen.fits:
        every = _inputs(cohort, seen, patients)
        return {context.name: every for context in outer}
    known = set(patients)
    return {
        context.name: _inputs(
            with_standard_scale(cohort, context.learn),
            seen.of_fit(context.name),
            sorted(known & {*context.learn, *context.score}),
        )
        for context in outer
    }


def _of_shuffled(context: Context, shuffled: set[str]) -> Context:
    """The context with those of its patients whose tumours were shuffled."""
    return replace(context, score=tuple(each for each in context.score if each in shuffled))


def _learns_centres(model: ConfiguredModel) -> bool:
    """True if it learns what a new centre does from all its patients, labelled or not."""
    harmonisation = getattr(model.settings, "harmonisation", None)
    return harmonisation is not None and harmonisation["new_centre"] == "estimate"


def shuffled_voxels(cohort: Cohort, training: TrainedStudy) -> ShuffledVoxels | None:
    """Volume, shape and the histogram of a tumour survive the shuffling, its texture does not.

    None without radiomics.
    """
    study, scores = cohort.study, training.fitted.scores
    if (
        study.radiomics is None
        or study.radiomics.table is not None
        or not training.fitted.models
        or training.provenance.inputs.radiomics is None
    ):
        return None
    name = training.fitted.chosen["final"][RADIOMICS.id]
    patients = list(cohort.labelled("training"))
    outer = [
        context for context in scores.contexts.values() if context.outer and context.repeat == 1
    ]
    known = set(patients)
    model = training.fitted.models[name]
    if _learns_centres(model):
        scored = {patient for context in outer for patient in context.score}
        patients += sorted(scored - known)
    inputs = _inputs_of_folds(cohort, training, outer, patients)
    store = FitStore(study.seed, study.cache_folder / "fits", code_digest())
    work = [
        (
            FitTask(
                (model,),
                _of_shuffled(context, set(patients)),
                inputs=inputs[context.name],
                label=cohort.label,
                store=store,
            ),
        )
        for context in outer
    ]
    fits = in_parallel(fit_one, work, "models of shuffled voxels", study.jobs)
    real = [scores.fits[name, context.name].scores for context in outer]
    return compared(
        name,
        _scores(
            [each[[patient for patient in each.index if patient in known]] for each in real],
            cohort.label,
        ),
        _scores([fit.scores for fit in fits], cohort.label),
        cohort.label,
    )


def shuffled_voxels_guard(found: ShuffledVoxels | None, has_radiomics: bool, wanted: bool) -> Guard:
    """Guard that compares the radiomics of the tumours with that of shuffled ones.

    It passes where the radiomics of the tumours as they are is better than that of shuffled ones;
    anything else is a note.

    Never an alarm: volume, shape and histogram outlast the shuffling, and a study without a signal
    has none to lose. What is not in the tumour at all (a mark of the mask, a header) outlasts it as
    well, so that the note says what to look for.
    """
    if found is None:
        if not has_radiomics:
            reason = "this study has none"
        elif not wanted:
            reason = "turned off in the study file, under controls"
        else:
            reason = "no images to shuffle"
        return Guard(
            "shuffled_voxels",
            TITLE,
            looked_at="no radiomics" if not has_radiomics else "0 tumours",
            finding=reason,
            verdict="not run",
        )
    words = (
        f"out-of-fold AUC {found.real:.3f}, with shuffled voxels {found.shuffled:.3f} (P ="
        f" {found.lost:.2g} of a loss)"
    )
    verdict: Verdict = "pass" if found.signal < NOTE_LEVEL and found.lost < NOTE_LEVEL else "note"
    if verdict == "note":
        words += (
            ": no signal was found that the shuffling could take away"
            if found.signal >= NOTE_LEVEL
            else (
                ": the model was not shown to know anything beyond volume, shape and histogram,"
                " unless it is something that is not in the tumour"
            )
        )
    return Guard(
        "shuffled_voxels",
        TITLE,
        looked_at=f"tumours of {counted(found.patients, 'training patient')}",
        finding=words,
        verdict=verdict,
    )
