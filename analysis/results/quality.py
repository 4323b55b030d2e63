"""Quality of images and masks.

It is what each patient's features rest on, and whom to look at before believing them.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.inputs.radiomics.quality import LEAST_VOXELS, cohort_quality
from analysis.inputs.radiomics.region_thumbnails import region_thumbnails
from analysis.results import keys
from analysis.results.crop_padding import add_crop_padding
from analysis.results.quality_measures import MEASURES
from analysis.results.record import Records
from analysis.results.regions import region_tables, with_region_warnings
from analysis.results.registration import registration_tables
from analysis.study import Study
from analysis.study.load import load_study


def pack(array: np.ndarray) -> str:
    """A picture as text, so that a table can hold it."""
    return base64.b64encode(
        zlib.compress(np.ascontiguousarray(array, np.uint8).tobytes(), 9)
    ).decode()


def unpack(text: str, side: int) -> np.ndarray:
    """Greyscale picture from its compressed text: side × side grey values of a byte."""
    return np.frombuffer(zlib.decompress(base64.b64decode(text)), np.uint8).reshape(side, side)


def _treated(records: Records, cohort: Cohort, frame: pd.DataFrame) -> pd.DataFrame:
    """Add what was done to masks, where the study lets anything be done.

    It adds `quality.masks_resampled` and `quality.gaps_filled`, each with `.n` of patients. Returns
    the table without columns of what was not asked for.
    """
    asked = {
        "mask_resampled": ("quality_masks_resampled", cohort.study.masks.resampling, "none"),
        "gaps_filled": ("quality_gaps_filled", cohort.study.masks.gaps, "keep"),
    }
    for column, (name, rule, off) in asked.items():
        if rule == off:
            frame = frame.drop(columns=column)
            continue
        records.add(keys.named(name)(), rule, source=load_study)
        records.add(
            keys.named(f"{name}_n")(),
            int(frame.loc[frame[column], "patient_id"].nunique()),
            n=len(cohort.patients),
            unit="patients",
            source=cohort_quality,
        )
    return frame


def _examinations(records: Records, study: Study) -> None:
    """Add `images.examination` and its date's column.

    They say how one of several examinations was chosen, where phases have one rule for it.
    """
    rules = {
        phase.series.examination for phase in study.phases.values() if phase.series is not None
    }
    rules = {rule for rule in rules if rule.choose not in ("only", "any")}
    if len(rules) == 1:
        rule = rules.pop()
        records.add(keys.images_examination(), rule.choose, source=load_study)
        if rule.choose in ("before", "nearest"):
            records.add(keys.images_examination_date(), str(rule.date), source=load_study)


def _outlines(study: Study, shown: Mapping[str, np.ndarray], phase: str) -> dict[str, str]:
    """Column of each region: its picture in the reference phase, empty in others."""
    reference = phase == study.reference_phase
    return {f"region_{name}": pack(each) if reference else "" for name, each in shown.items()}


def quality_tables(records: Records, cohort: Cohort) -> dict[str, pd.DataFrame]:
    """Tables of image quality, and thumbnails.

    `tables/quality` (patients × phases), `tables/quality_by_phase` (median, lowest, highest) and
    `thumbnails` (patients × phases; of the reference phase with `region_<name>` where there are
    regions), with tables of regions beside the tumour; nothing without images.

    The crops' padding is there where it is worth telling (`add_crop_padding`).

    Records: `quality.patients.n`, `quality.warned.n`, `quality.least_voxels`, and
    `quality.regridded.n`, patients of whom a phase was put on another's grid.
    """
    study = cohort.study
    if not study.reads_images:
        return {}
    rows, pictures = cohort_quality(cohort)
    frame = _treated(records, cohort, pd.DataFrame(rows))
    regions = region_tables(records, cohort)
    if regions:
        frame = with_region_warnings(frame, regions["tables/region_quality"])
    warned = frame[frame["warnings"] != ""]
    records.add(
        keys.quality_patients_n(),
        int(frame["patient_id"].nunique()),
        unit="patients",
        source=cohort_quality,
    )
    records.add(
        keys.quality_warned_n(),
        int(warned["patient_id"].nunique()),
        n=len(cohort.patients),
        unit="patients",
        method="patients with a warning in any phase",
        source=cohort_quality,
    )
    records.add(keys.quality_least_voxels(), LEAST_VOXELS, unit="voxels", source=cohort_quality)
    records.add(
        keys.quality_regridded_n(),
        int(frame.loc[frame["regridded"], "patient_id"].nunique()),
        n=len(cohort.patients),
        unit="patients",
        source=cohort_quality,
    )
    if any(files.resample_to for files in study.phases.values()):
        records.add(
            keys.quality_regridded_phases(),
            [phase for phase, files in study.phases.items() if files.resample_to],
            source=load_study,
        )
        records.add(
            keys.quality_regridded_target(),
            list(
                dict.fromkeys(
                    files.resample_to for files in study.phases.values() if files.resample_to
                )
            ),
            source=load_study,
        )
    _examinations(records, study)
    lesions = study.lesions
    records.add(
        keys.lesions_rule(),
        lesions.rule,
        method=f"lesions told apart by {lesions.separated_by}",
        source=load_study,
    )
    if lesions.rule != "all":
        first = frame[frame["phase"] == next(iter(study.phases))]
        records.add(
            keys.lesions_several_n(),
            int((first["lesions"] > 1).sum()),
            n=len(first),
            unit="patients",
            source=cohort_quality,
        )
        records.add(
            keys.lesions_least_voxels(), lesions.least_voxels, unit="voxels", source=load_study
        )
    summary = [
        {
            "phase": phase,
            "measure": measure,
            "median": part[measure].median(),
            "low": part[measure].min(),
            "high": part[measure].max(),
        }
        for phase, part in frame.groupby("phase", sort=False)
        for measure in MEASURES
    ]
    summary += [
        {
            "phase": phase,
            "measure": "warned",
            "median": (part["warnings"] != "").sum(),
            "low": 0,
            "high": 0,
        }
        for phase, part in frame.groupby("phase", sort=False)
    ]
    padding = add_crop_padding(records, cohort)
    summary += padding.rows
    outlines = region_thumbnails(cohort)
    thumbnails = [
        {
            "patient_id": patient,
            "cohort": cohort.cohort[patient],
            "phase": phase,
            "reference": phase == study.reference_phase,
            "warned": patient in set(warned["patient_id"]),
            "side": len(grey),
            "grey": pack(grey),
            "mask": pack(mask),
            **_outlines(study, outlines.get(patient, {}), phase),
        }
        for (patient, phase), (grey, mask) in pictures.items()
    ]
    return {
        "tables/quality": frame,
        "tables/quality_by_phase": pd.DataFrame(summary),
        "thumbnails": pd.DataFrame(thumbnails),
        **regions,
        **registration_tables(records, cohort),
        **padding.tables,
    }
