"""Perturbed masks move by the millimetres that were asked for, in training patients, and count like
other delineations."""

import numpy as np
import pandas as pd
import pytest
import SimpleITK as sitk

from analysis.imaging.reading import read_image, read_mask
from analysis.imaging.regions.distance import signed_distance
from analysis.inputs.radiomics import (
    RadiomicsTable,
    feature_iccs,
    feature_reproducibility,
    reproducible_features,
)
from analysis.inputs.radiomics.mask_perturbation import NothingLeft, perturb_mask
from analysis.inputs.radiomics.perturbation import perturbed_features
from analysis.study import Perturbation, load_study
from analysis.workflow.check.load import load_cohort
from tests.conftest import small_study

SPACING = (0.5, 0.5, 1.0)


def _ball(radius: float) -> sitk.Image:
    z, y, x = np.indices((40, 80, 80))
    mask = sitk.GetImageFromArray(
        (((x - 40) * 0.5) ** 2 + ((y - 40) * 0.5) ** 2 + (z - 20.0) ** 2 <= radius**2).astype(
            np.uint8
        )
    )
    mask.SetSpacing(SPACING)
    return mask


def _radius(mask: sitk.Image) -> float:
    return float(
        (3 * sitk.GetArrayFromImage(mask).sum() * np.prod(SPACING) / (4 * np.pi)) ** (1 / 3)
    )


@pytest.mark.parametrize(
    ("kind", "amount", "expected"),
    [
        ("erosion", 2.0, -2.0),
        ("dilation", 2.0, 2.0),
        ("dilation", 3.5, 3.5),
        ("contour_noise", 1.0, 0.0),
    ],
)
def test_the_outline_moves_by_millimetres_whatever_the_spacing(kind, amount, expected):
    ball = _ball(9.0)
    settings = Perturbation(**{f"{kind}_mm": amount})
    moved = perturb_mask(ball, kind, settings)
    assert _radius(moved) - _radius(ball) == pytest.approx(expected, abs=0.3)
    assert moved.GetSpacing() == ball.GetSpacing()
    before, after = (sitk.GetArrayFromImage(each) > 0 for each in (ball, moved))
    if kind == "contour_noise":
        distance = signed_distance(before, SPACING[::-1])
        assert 20 < (before != after).sum()
        assert np.abs(distance[before != after]).max() < 5 * amount
        assert (
            sitk.Hash(moved)
            == sitk.Hash(perturb_mask(ball, kind, settings))
            != sitk.Hash(perturb_mask(ball, kind, Perturbation(contour_noise_mm=amount, seed=1)))
        )
    else:
        assert (after <= before).all() if kind == "erosion" else (before <= after).all()
    with pytest.raises(NothingLeft, match="erosion by 10 mm leaves nothing"):
        perturb_mask(ball, "erosion", Perturbation(erosion_mm=10))


def test_settings_name_something():
    with pytest.raises(ValueError, match="at least one of erosion_mm"):
        Perturbation(patients=5)


def test_perturbations_are_of_training_patients_and_count_in_the_filter(tmp_path, monkeypatch):
    def volume_alone(image, mask, settings, alter, redraw):
        volume = read_image(image)
        return {
            "original_shape_VoxelVolume": float(
                sitk.GetArrayFromImage(redraw(read_mask(mask, volume))).sum()
            )
        }

    monkeypatch.setattr("analysis.inputs.radiomics.perturbation.extract_features", volume_alone)
    study = load_study(
        small_study(
            tmp_path, radiomics={"perturbation": {"erosion_mm": 2.0, "patients": 4}}, jobs=1
        )
    )
    cohort = load_cohort(study)
    found = perturbed_features(cohort, "code")
    training = set(cohort.patients[cohort.cohort == "training"])
    assert list(found.tables) == ["erosion"]
    assert len(found.tables["erosion"]) == 4
    assert set(found.tables["erosion"].index) <= training
    assert found.unchanged == {"erosion": 0}
    eroded = found.tables["erosion"]
    assert list(eroded) == [f"{phase}_original_shape_VoxelVolume" for phase in study.phases]
    assert eroded.notna().all(axis=None)
    for patient in eroded.index:
        whole = sitk.GetArrayFromImage(sitk.ReadImage(str(cohort.mask(patient, "arterial")))).sum()
        assert 0 < eroded.loc[patient, "arterial_original_shape_VoxelVolume"] < whole
    nothing = study.model_copy(
        update={
            "radiomics": study.radiomics.model_copy(
                update={"perturbation": Perturbation(dilation_mm=0.1, patients=3)}
            )
        }
    )
    with pytest.raises(ValueError, match="dilation by 0.1 mm changes no mask"):
        perturbed_features(load_cohort(nothing), "code")


def _table() -> RadiomicsTable:
    random = np.random.default_rng(1)
    patients = [f"P{i:02d}" for i in range(20)]
    first = pd.DataFrame(
        random.standard_normal((20, 3)),
        index=patients,
        columns=["p_original_glcm_A", "p_original_glcm_B", "p_original_shape_C"],
    )
    noise = pd.DataFrame(random.standard_normal((20, 3)), index=patients, columns=first.columns)
    return RadiomicsTable(
        first,
        {"again": first + noise * [0.1, 0.75, 0.0]},
        {"erosion": first + noise * [0.1, 0.1, 2.0]},
    )


def test_estimate_or_lower_bound_and_perturbations_in_one_filter():
    table = _table()
    iccs = feature_iccs(table).set_index(["delineation", "feature"])
    a, b, c = table.features.columns
    assert iccs.loc[("again", c), ["icc", "ci_low", "ci_high"]].tolist() == [1.0, 1.0, 1.0]
    row = iccs.loc[("again", b)]
    assert row["ci_low"] < 0.75 < row["icc"] < row["ci_high"]
    assert row["n"] == 20
    assert reproducible_features(table, 0.75) == [a, b]
    assert reproducible_features(table, 0.75, by="lower_bound") == [a]
    assert reproducible_features(RadiomicsTable(table.features, {}), 0.75) == [a, b, c]


def test_only_the_patients_named_have_a_say():
    """Patients outside of training could agree perfectly or not at all: nothing changes."""
    table = _table()
    training = list(table.features.index[:12])
    spoilt = {name: frame.copy() for name, frame in table.delineations.items()}
    for frame in spoilt.values():
        frame.iloc[12:] = 1e6
    other = RadiomicsTable(
        table.features, {"again": spoilt["again"]}, {"erosion": spoilt["erosion"]}
    )
    pd.testing.assert_frame_equal(feature_iccs(table, training), feature_iccs(other, training))
    assert not feature_reproducibility(table)["smallest"].equals(
        feature_reproducibility(other)["smallest"]
    )
    assert set(feature_iccs(table, training)["n"]) == {12}
