"""Bad study files."""

import numpy as np

from tests.robustness.bad_input.case import STUDY, Case
from tests.robustness.bad_input.spoiled_tables import (
    cells,
    cohort_of,
    no_feature,
    table,
    without_validation_events,
)
from tests.support.small_cohort import (
    clinical_study,
    edit_study,
    predictions_study,
    table_study,
)

STUDY_CASES = [
    Case(
        "all patients with the event",
        STUDY,
        clinical_study,
        cohort_of("recurrence"),
        "error",
        ("the training cohort needs patients with and without the event", "labels 1"),
    ),
    Case(
        "no patient with the event",
        STUDY,
        clinical_study,
        cohort_of("censored"),
        "error",
        ("the training cohort needs patients with and without the event", "labels 0"),
    ),
    Case(
        "fewer events than folds",
        STUDY,
        clinical_study,
        lambda study: edit_study(study, validation={"outer_folds": 20, "inner_folds": 3}),
        "error",
        ("folds need at least", "lower outer_folds"),
    ),
    Case(
        "one patient",
        STUDY,
        lambda folder: clinical_study(folder, 1),
        lambda study: None,
        "error",
        ("training cohort needs patients with and without", "1 patient, labels"),
    ),
    Case(
        "10 patients",
        STUDY,
        lambda folder: clinical_study(folder, 10),
        lambda study: None,
        "warning",
        ("its intervals will be wide",),
    ),
    Case(
        "validation without events",
        STUDY,
        clinical_study,
        table(without_validation_events),
        "error",
        ("the validation cohort needs patients with and without the event",),
    ),
    Case(
        "a feature is all missing",
        STUDY,
        table_study,
        no_feature,
        "warning",
        (
            "1 feature is missing for some patients and is left out",
            "arterial_original_glcm_Contrast",
        ),
    ),
    Case(
        "a candidate is all missing",
        STUDY,
        clinical_study,
        table(lambda frame: frame.assign(ast="")),
        "error",
        ("ast is missing for all training patients",),
    ),
    Case(
        "centre with one patient",
        STUDY,
        clinical_study,
        cells(centre={3: "Q"}),
        "warning",
        ("centre Q has one patient",),
        "P04",
    ),
    Case(
        "perfect separation",
        STUDY,
        clinical_study,
        table(
            lambda frame: frame.assign(
                ast=np.where(frame["event_type"] == "recurrence", "90", "30")
            )
        ),
        "warning",
        ("perfect separation", "ast"),
    ),
    Case(
        "predictions that are all the same, so that no cut-off is defined",
        STUDY,
        lambda folder: predictions_study(folder, lambda event, _: np.full(len(event), 0.5)),
        lambda study: None,
        "warning",
        ("same value for everybody", "Mine"),
    ),
    Case(
        "a probability of 150 %",
        STUDY,
        lambda folder: predictions_study(folder, lambda event, _: np.where(event, 1.5, 0.2)),
        lambda study: None,
        "error",
        ("1.5 is no probability",),
        "P00",
    ),
]
