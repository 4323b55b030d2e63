"""The largest errors of the best model in validation, with their images."""

from __future__ import annotations

import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.inputs.crops import crop_settings, mask_crop, tumour_crops
from analysis.results import keys
from analysis.results.pictures import pixels, reference_slice, validation_scores
from analysis.results.record import Records
from analysis.study.load import load_study
from analysis.training import TrainedStudy


def gallery_pictures(
    records: Records, cohort: Cohort, training: TrainedStudy, model: str
) -> dict[str, pd.DataFrame]:
    """Pictures of the gallery: `gallery.n`, and two tables.

    They are `gallery` (pixels of each phase and the tumour) and `gallery_patients` (picture,
    patient, label, probability).

    Patients whose probability is farthest from their outcome, the farthest first; ties by their
    name. Nothing where the study has no images or asks for none.
    """
    study = cohort.study
    if not study.phases or not study.robustness.gallery:
        return {}
    scores = (
        validation_scores(training.predictions.table, model)
        .sort_index()
        .sort_values("error", ascending=False, kind="stable")
        .head(study.robustness.gallery)
    )
    shown, settings = list(scores.index), crop_settings(cohort)
    if not shown:
        return {}
    crops = tumour_crops(cohort, patients=shown)
    at = reference_slice(crops.shape[1])
    frames = [
        pixels(
            number,
            crop[at],
            list(study.phases),
            {
                "tumour": (
                    mask_crop(cohort.mask_source(patient, settings.reference_phase), settings)[
                        at
                    ].astype(int)
                )
            },
        )
        for number, (patient, crop) in enumerate(zip(shown, crops, strict=True), start=1)
    ]
    records.add(
        keys.gallery_n(),
        len(shown),
        unit="patients",
        method="validation patients with the largest distance of probability and outcome",
        source=gallery_pictures,
    )
    records.add(
        keys.gallery_field_of_view(), settings.field_of_view_mm, unit="mm", source=load_study
    )
    patients = scores.reset_index(names="patient_id").assign(
        picture=range(1, len(shown) + 1), model=model
    )
    return {
        "gallery": pd.concat(frames, ignore_index=True),
        "gallery_patients": patients[["picture", "patient_id", "model", "label", "probability"]],
    }
