"""Quality and reproducibility in the results of a whole study: every patient is in them, and only
training patients are judged."""

import numpy as np
import pandas as pd
import pytest

from analysis.inputs.radiomics.definitions import feature_definitions
from analysis.results import read_records
from analysis.results.quality import unpack
from analysis.results.reproducibility import class_of
from analysis.workflow.check.load import load_cohort

pytestmark = pytest.mark.whole


def test_every_patient_and_phase_has_its_quality_and_every_patient_a_thumbnail(whole_study):
    cohort = load_cohort(whole_study)
    frame = pd.read_csv(whole_study.output_folder / "tables" / "quality.csv")
    assert sorted(zip(frame["patient_id"], frame["phase"], strict=True)) == sorted(
        (patient, phase) for patient in cohort.patients for phase in whole_study.phases
    )
    assert (frame["voxels"] > 0).all()
    assert (frame["grey_levels"] > 1).all()
    assert (frame["intensity_low"] < frame["intensity_high"]).all()
    small = frame["voxels"] < 64
    assert (frame["warnings"].str.contains("under 64 voxels", na=False) == small).all()
    thumbnails = pd.read_csv(whole_study.output_folder / "curves" / "thumbnails.csv")
    assert sorted(zip(thumbnails["patient_id"], thumbnails["phase"], strict=True)) == sorted(
        (patient, phase) for patient in cohort.patients for phase in whole_study.phases
    )
    assert sorted(thumbnails.loc[thumbnails["reference"], "patient_id"]) == sorted(cohort.patients)
    assert all(
        unpack(row.mask, row.side).any() and np.ptp(unpack(row.grey, row.side)) > 100
        for row in thumbnails.itertuples()
    )
    records = read_records(whole_study.output_folder / "results.json")
    assert records["quality.patients.n"].value == len(cohort.patients)
    assert (
        records["quality.warned.n"].value
        == frame.loc[frame["warnings"].notna(), "patient_id"].nunique()
    )
    assert {
        path.name for path in (whole_study.output_folder / "figures").glob("contact_sheet*.png")
    } == {"contact_sheet_training.png", "contact_sheet_validation.png"}


def test_iccs_by_class_count_every_feature(whole_study):
    records = read_records(whole_study.output_folder / "results.json")
    iccs = pd.read_csv(whole_study.output_folder / "curves" / "feature_icc.csv")
    by_class = pd.read_csv(whole_study.output_folder / "tables" / "feature_icc_by_class.csv")
    assert set(iccs["delineation"]) == {"reader1_repeat", "reader2"}
    assert (iccs["n"] == records["agreement.patients.n"].value).all()
    assert (
        by_class.groupby("delineation")["features"].sum().eq(records["features.total"].value).all()
    )
    assert set(by_class["class"]) == set(feature_definitions()) - {
        "shape2D"
    }  # which this study has not
    smallest = iccs.groupby("feature")["icc"].min()
    assert (smallest >= records["agreement.icc_threshold"].value).sum() == records[
        "features.stable.n"
    ].value
    known = iccs.dropna(subset=["icc"])  # a feature that is constant has none
    assert len(known) > 0.9 * len(iccs)
    assert (known["ci_low"] <= known["icc"] + 1e-12).all()
    assert (by_class["reached_by_lower_bound"] <= by_class["reached"]).all()
    assert "two-way random effects, absolute agreement" in records["agreement.form"].value


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("portal_venous_wavelet-LLH_glcm_Imc1", "glcm"),
        ("a_log-sigma-2-0-mm-3D_firstorder_Mean", "firstorder"),
        ("a_original_shape_VoxelVolume", "shape"),
    ],
)
def test_class_of_a_feature(name, expected):
    assert class_of(name) == expected
