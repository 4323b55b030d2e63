"""Grad-CAM of the best network: where it looked.

It is that of the locked network on validation patients, and how much of it lies in the tumour.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.core.cache import cached, digest, source_digest
from analysis.inputs.crops import mask_crop
from analysis.results import keys
from analysis.results.pictures import pixels, reference_slice, validation_scores
from analysis.results.record import Records
from analysis.training import TrainedStudy
from analysis.training.predictions import train_all
from models.declared import DL

# Of either kind of error.
LARGEST_ERRORS = 1
# Why a patient is shown: the highest and the lowest probability with the event and without it.
SUREST_EVENT, MISSED_EVENT = "highest_with_event", "lowest_with_event"
FALSE_ALARM, SUREST_OTHER = "highest_without_event", "lowest_without_event"


def chosen_patients(scores: pd.DataFrame) -> pd.DataFrame:
    """scores: label and probability by patient.

    The surest of each outcome, and the largest error of each: reason, by patient.

    A patient who is both, as where all of an outcome are misjudged, is shown once.
    """
    found: dict[str, str] = {}
    events, others = (
        scores[scores["label"] == 1].sort_index(),
        scores[scores["label"] == 0].sort_index(),
    )
    for rows, rising, sure, wrong in (
        (events, True, SUREST_EVENT, MISSED_EVENT),
        (others, False, SUREST_OTHER, FALSE_ALARM),
    ):
        ordered = rows.sort_values("probability", ascending=not rising, kind="stable").index
        if len(ordered):
            found.setdefault(ordered[0], sure)
            for patient in list(ordered[::-1][:LARGEST_ERRORS]):
                found.setdefault(patient, wrong)
    order = [SUREST_EVENT, SUREST_OTHER, FALSE_ALARM, MISSED_EVENT]
    return (
        pd.Series(found, name="reason")
        .rename_axis("patient_id")
        .reset_index()
        .sort_values("reason", key=lambda each: each.map(order.index), kind="stable")
    )


def _maps(model: object, images: np.ndarray) -> tuple[np.ndarray, str]:
    # Imported here: a study without networks must not wait for PyTorch.
    from models.deep.saliency import grad_cam

    return grad_cam(model, images)  # type: ignore[arg-type]


def grad_cam_pictures(
    records: Records, cohort: Cohort, training: TrainedStudy
) -> dict[str, pd.DataFrame]:
    """Grad-CAM maps of validation patients, and their share within the tumour.

    `grad_cam.inside`, the median over validation patients of the share of the map within the
    tumour, beside `grad_cam.tumour_area`, the share of the picture that it fills; and two tables,
    `grad_cam` (pixels) and `grad_cam_patients`.

    Nothing where the study has no network, or no validation patient of known outcome; no tables
    where it shows no images.
    """
    study = cohort.study
    if DL.id not in training.fitted.chosen["final"] or study.deep_learning is None:
        return {}
    name = training.fitted.chosen["final"][DL.id]
    model = training.fitted.fit(name).model
    scores = validation_scores(training.predictions.table, DL.id)
    if model is None or scores.empty:
        return {}
    images = training.provenance.inputs.subset(list(scores.index)).images
    assert images is not None
    key = digest(
        "grad_cam",
        images.tobytes(),
        *[
            part
            for each, value in sorted(model.tensors().items())
            for part in (each, value.numpy().tobytes())
        ],
        source_digest(Path(__file__).parents[2] / "models" / "deep"),
    )
    maps, layer = cached(study.cache_folder / "grad_cam", key, lambda: _maps(model, images))
    at = reference_slice(images.shape[1])
    settings = study.deep_learning
    tumours = np.stack(
        [
            mask_crop(cohort.mask_source(patient, settings.reference_phase), settings)[at]
            for patient in scores.index
        ]
    )
    heat = maps[:, at]
    inside = pd.Series(
        np.divide(
            (heat * tumours).sum(axis=(1, 2)),
            heat.sum(axis=(1, 2)),
            out=np.full(len(heat), np.nan),
            where=heat.sum(axis=(1, 2)) > 0,
        ),
        index=scores.index,
    )
    area = pd.Series(tumours.mean(axis=(1, 2)), index=scores.index)
    for what, values in (("inside", inside), ("tumour_area", area)):
        known = values.dropna()
        records.add(
            keys.named(f"grad_cam_{what}")(),
            float(known.median()) if len(known) else None,
            ci_low=float(known.quantile(0.25)) if len(known) else None,
            ci_high=float(known.quantile(0.75)) if len(known) else None,
            n=len(known),
            unit="proportion",
            method="reference slice; median and quartiles of validation patients",
            source=grad_cam_pictures,
        )
    records.add(keys.grad_cam_network(), name, source=train_all)
    records.add(
        keys.grad_cam_layer(),
        layer.removeprefix("layer"),
        method="HiResCAM, deepest residual stage with a map of at least 8 × 8 cells",
        source="models.deep.saliency:deepest_layer",
    )
    if not study.robustness.gallery:
        return {}
    shown = chosen_patients(scores).assign(picture=lambda frame: range(1, len(frame) + 1))
    records.add(keys.grad_cam_n(), len(shown), unit="patients", source=chosen_patients)
    place = {patient: number for number, patient in enumerate(scores.index)}
    frames = [
        pixels(
            row.picture,
            images[place[row.patient_id], at],
            list(study.phases),
            {
                "heat": np.rint(100 * heat[place[row.patient_id]]).astype(int),
                "tumour": tumours[place[row.patient_id]].astype(int),
            },
        )
        for row in shown.itertuples()
    ]
    patients = shown.join(scores, on="patient_id").assign(inside=shown["patient_id"].map(inside))
    return {
        "grad_cam": pd.concat(frames, ignore_index=True),
        "grad_cam_patients": patients[
            ["picture", "patient_id", "reason", "label", "probability", "inside"]
        ],
    }
