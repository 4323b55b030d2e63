"""The standard scale of matched histograms as results, and how far it moves between folds."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.inputs.standard_scale import cohort_landmarks, final_learning, scale_of
from analysis.results import keys
from analysis.results.record import Records
from analysis.training import TrainedStudy
from analysis.training.contexts import outer_folds
from analysis.training.features_of_fits import fold_extractions


def standard_scale_tables(
    records: Records, cohort: Cohort, training: TrainedStudy
) -> dict[str, pd.DataFrame]:
    """Table of the standard scale: phase, percentile, standard, lowest, highest.

    `tables/standard_scale`: the scale of the final fit, and the lowest and highest value of each
    landmark in the outer folds; nothing where no histogram is matched.

    Records: `standard_scale.moved.<phase>`, the largest distance of a landmark in an outer fold
    from that of the final fit, and `standard_scale.extractions.n`, extractions of
    features in the outer folds besides.
    """
    study = cohort.study
    outer = outer_folds(list(training.fitted.scores.contexts.values()))
    if not study.matched_phases or not outer:
        return {}
    landmarks = cohort_landmarks(cohort, final_learning(cohort))
    final = scale_of(cohort, landmarks, final_learning(cohort))
    folds = [scale_of(cohort, landmarks, context.learn) for context in outer]
    frames = []
    for phase, scale in final.items():
        each = np.array([fold[phase] for fold in folds])
        frames.append(
            pd.DataFrame(
                {
                    "phase": phase,
                    "percentile": landmarks[phase].columns,
                    "standard": scale,
                    "lowest": each.min(axis=0),
                    "highest": each.max(axis=0),
                }
            )
        )
        records.add(
            keys.standard_scale_moved(phase),
            float(np.abs(each - np.array(scale)).max()),
            n=len(outer),
            unit="intensity of the standard scale",
            method="largest over landmarks and outer folds",
            source=scale_of,
        )
    records.add(
        keys.standard_scale_extractions_n(),
        fold_extractions(cohort, outer),
        n=len(outer),
        unit="extractions",
        source=fold_extractions,
    )
    return {"tables/standard_scale": pd.concat(frames, ignore_index=True)}
