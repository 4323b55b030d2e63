"""Perturbed images have known answers: noise of a known size, grids moved by known amounts, volumes
of a known number of voxels; draws are the same twice."""

import numpy as np
import pandas as pd
import pytest
import SimpleITK as sitk
from scipy import ndimage

from analysis.inputs.radiomics import RadiomicsTable, feature_iccs, feature_reproducibility
from analysis.inputs.radiomics.extraction import Altered, extract_from_images
from analysis.inputs.radiomics.image_noise import noise_around, noise_sd, with_noise
from analysis.inputs.radiomics.mask_perturbation import NothingLeft, perturb_mask
from analysis.inputs.radiomics.perturbation import perturbed_features
from analysis.inputs.radiomics.realisation import Realisation, drawn_amounts, normalised
from analysis.inputs.radiomics.regridding import Move, centroid, regridded
from analysis.statistics import icc_2_1
from analysis.study import Extraction, Perturbation, load_study
from analysis.workflow.check.load import load_cohort
from tests.conftest import small_study

SPACING = (0.8, 0.8, 2.0)
FEW = {"firstorder": ["Mean", "Entropy"], "shape": ["VoxelVolume"], "glcm": ["Contrast"]}


def _image(array, spacing=SPACING):
    image = sitk.GetImageFromArray(np.asarray(array))
    image.SetSpacing(spacing)
    image.SetOrigin((3.0, -7.0, 11.0))
    return image


def _tumour(shape=(16, 40, 40)):
    z, y, x = np.indices(shape)
    ball = (x - 20) ** 2 + (y - 18) ** 2 + (2 * (z - 8)) ** 2 <= 9**2
    smooth = ndimage.gaussian_filter(np.random.default_rng(3).standard_normal(shape), 2)
    return _image(1000 * smooth + 50.0 * ball), _image(ball.astype(np.uint8))


def test_noise_is_estimated_whatever_it_is_on():
    random = np.random.default_rng(1)
    shape = (12, 60, 60)
    z, y, x = np.indices(shape)
    smooth = 300 + 100 * np.sin(x / 8) * np.cos(y / 9) + 5 * z
    for sd in (2.0, 20.0):
        noisy = smooth + sd * random.standard_normal(shape)
        assert noise_sd(noisy) == pytest.approx(sd, rel=0.05)
        # A background of zeros, as of a masked image, says nothing of the noise.
        noisy[:, :40] = 0
        assert noise_sd(noisy) == pytest.approx(sd, rel=0.07)
    assert noise_sd(np.full(shape, 7.3)) == 0
    assert noise_sd(np.zeros((1, 3, 3))) == 0


def test_noise_is_that_around_the_mask():
    random = np.random.default_rng(2)
    values = random.standard_normal((20, 120, 120)) * np.where(np.arange(120) < 60, 3.0, 30.0)
    mask = np.zeros(values.shape, np.uint8)
    mask[8:12, 50:60, 20:28] = 1
    found = noise_around(_image(values, (1, 1, 1)), _image(mask, (1, 1, 1)))
    assert found == pytest.approx(3.0, rel=0.1)


def test_noise_that_is_added_has_its_size_and_is_the_same_twice():
    image, _ = _tumour()
    first, again, other = (with_noise(image, 4.0, seed) for seed in (1, 1, 2))
    added = sitk.GetArrayFromImage(first) - sitk.GetArrayFromImage(image)
    assert added.std() == pytest.approx(4.0, rel=0.03)
    assert sitk.Hash(first) == sitk.Hash(again) != sitk.Hash(other)


@pytest.mark.parametrize("spacing", [(1.0, 1.0, 1.0), None])
@pytest.mark.parametrize("normalise", [True, False])
def test_a_grid_that_is_not_moved_changes_no_feature(spacing, normalise):
    image, mask = _tumour()
    settings = Extraction(
        resampled_spacing_mm=spacing, normalise=normalise, log_sigma_mm=[2.0], features=FEW
    )
    still = Move(centroid(mask))
    moved, inside = regridded(image, mask, settings, still)
    scaled = None
    if normalise:
        scaled, _ = regridded(normalised(image, settings), mask, settings, still)
    found = Altered(moved, inside, scaled).features(settings)
    assert found == pytest.approx(extract_from_images(image, mask, settings), rel=1e-6, abs=1e-6)


def test_a_shifted_grid_sees_a_ramp_shifted_by_its_fraction_of_a_voxel():
    x = np.indices((12, 30, 30))[2]
    mask = np.zeros(x.shape, np.uint8)
    mask[4:8, 10:20, 10:20] = 1
    ramp, mask = _image(10.0 * x), _image(mask)
    settings = Extraction(resampled_spacing_mm=None, pad_distance=0)
    still, _ = regridded(ramp, mask, settings, Move(centroid(mask)))
    moved, _ = regridded(ramp, mask, settings, Move(centroid(mask), (0.25, 0.0, 0.0)))
    size = min(still.GetSize()[0], moved.GetSize()[0])
    difference = (
        sitk.GetArrayFromImage(moved)[4:8, 5:9, 5 : size - 5]
        - sitk.GetArrayFromImage(still)[4:8, 5:9, 5 : size - 5]
    )
    np.testing.assert_allclose(difference, 2.5, atol=1e-6)


def test_a_quarter_turn_turns_the_slices_about_the_masks_centroid():
    random = np.random.default_rng(5)
    values = random.standard_normal((8, 31, 31))
    inside = np.zeros(values.shape, np.uint8)
    inside[2:6, 13:18, 12:19] = 1
    image, mask = _image(values, (1, 1, 3)), _image(inside, (1, 1, 3))
    settings = Extraction(resampled_spacing_mm=None, pad_distance=3)
    turned, area = regridded(image, mask, settings, Move(centroid(mask), degrees=90))
    array, outline = sitk.GetArrayFromImage(turned), sitk.GetArrayFromImage(area) > 0
    assert outline.sum() == inside.sum()
    # Across becomes along: 5 × 7 voxels become 7 × 5.
    assert [np.ptp(each) + 1 for each in np.nonzero(outline)] == [4, 7, 5]
    expected = np.rot90(values[2:6, 13:18, 12:19], axes=(1, 2))
    tops = [int(each.min()) for each in np.nonzero(outline)]
    part = array[tops[0] : tops[0] + 4, tops[1] : tops[1] + 7, tops[2] : tops[2] + 5]
    assert any(
        np.allclose(part, candidate, atol=1e-6) for candidate in (expected, expected[:, ::-1, ::-1])
    )


@pytest.mark.parametrize("share", [-0.2, -0.05, 0.1, 0.3])
def test_the_volume_changes_by_its_share_from_the_outline(share):
    _, mask = _tumour()
    settings = Perturbation(volume=[share])
    changed = perturb_mask(mask, "volume", settings)
    before, after = (sitk.GetArrayFromImage(each) > 0 for each in (mask, changed))
    assert after.sum() == round((1 + share) * before.sum())
    assert (after <= before).all() if share < 0 else (before <= after).all()
    assert sitk.Hash(changed) == sitk.Hash(perturb_mask(mask, "volume", settings))
    one = np.zeros((3, 3, 3), np.uint8)
    one[1, 1, 1] = 1
    with pytest.raises(NothingLeft, match="volume -80% leaves nothing of 1 voxel"):
        perturb_mask(_image(one), "volume", settings, amount=-0.8)


def test_repeats_take_all_combinations_in_an_order_of_the_masks_own():
    _, mask = _tumour()
    settings = Perturbation(
        rotation_degrees=[-5, 5],
        translation=[0.25, 0.75],
        noise=1,
        chains={"all": ["rotation", "noise", "translation"]},
        repeats=16,
    )
    draws = [drawn_amounts(settings, "all", repeat, mask) for repeat in range(16)]
    assert len({str(each) for each in draws}) == 16
    assert list(draws[0]) == ["noise", "translation", "rotation"]
    assert draws[0] == drawn_amounts(settings, "all", 16, mask)
    other = perturb_mask(mask, "volume", Perturbation(volume=0.1))
    assert draws != [drawn_amounts(settings, "all", repeat, other) for repeat in range(16)]
    repeats = {name: settings.repeats_of(name) for name in settings.tried}
    assert repeats == {"noise": 16, "translation": 8, "rotation": 2, "all": 16}


def test_a_chain_moves_the_mask_then_adds_noise_then_moves_the_grid():
    image, mask = _tumour()
    settings = Perturbation(
        volume=0.1, rotation_degrees=5, noise=1, chains={"both": ["rotation", "noise", "volume"]}
    )
    extraction = Extraction(resampled_spacing_mm=None, features=FEW, log_sigma_mm=[], wavelet=None)

    def realised(repeat):
        drawn = Realisation(settings, "both", repeat, extraction)
        grown = drawn.redraw(mask)
        return drawn, grown, drawn.alter(image, grown)

    drawn, grown, found = realised(0)
    assert drawn.changed
    assert sitk.Hash(grown) == sitk.Hash(perturb_mask(mask, "volume", settings, 0.1))
    voxels = [sitk.GetArrayFromImage(each).sum() for each in (grown, found.mask)]
    assert voxels[1] == pytest.approx(voxels[0], rel=0.05)
    assert found.features(extraction) == realised(0)[2].features(extraction)
    assert found.features(extraction) != realised(1)[2].features(extraction)


def test_an_image_without_noise_is_told_to_be_unchanged():
    image, mask = _image(np.full((8, 20, 20), 5.0)), _image(np.ones((8, 20, 20), np.uint8))
    drawn = Realisation(Perturbation(noise=1), "noise", 0, Extraction())
    drawn.alter(image, drawn.redraw(mask))
    assert not drawn.changed


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"volume": 0}, "changes nothing or too much"),
        ({"translation": [0.5, 0.5]}, "twice"),
        ({"noise": 1, "chains": {"both": ["noise", "rotation"]}}, "needs rotation_degrees"),
        ({"noise": 1, "rotation_degrees": 5, "chains": {"noise": ["noise", "rotation"]}}, "kind"),
        ({"noise": 1, "alone": False}, "leaves nothing to try"),
    ],
)
def test_keys_that_make_no_sense_are_refused(keys, words):
    with pytest.raises(ValueError, match=words):
        Perturbation(**keys)


def test_settings_of_masks_alone_are_digested_as_before():
    assert Perturbation(erosion_mm=2, patients=9).model_dump(mode="json") == {
        "erosion_mm": 2.0,
        "dilation_mm": None,
        "contour_noise_mm": None,
        "contour_noise_length_mm": 10.0,
        "patients": 9,
        "seed": 0,
    }


def test_all_repeats_are_raters():
    random = np.random.default_rng(1)
    patients = [f"P{i:02d}" for i in range(12)]
    first, *repeats = (
        pd.DataFrame(
            base + 0.3 * random.standard_normal((12, 2)), index=patients, columns=["a", "b"]
        )
        for base in [random.standard_normal((12, 2))] * 4
    )
    table = RadiomicsTable(
        first,
        {},
        {"noise": repeats[0].iloc[2:]},
        {},
        further={"noise": [each.iloc[2:] for each in repeats[1:]]},
    )
    found = feature_iccs(table)
    raters = np.stack([each.iloc[2:].to_numpy().T for each in (first, *repeats)], axis=-1)
    np.testing.assert_allclose(found["icc"], icc_2_1(raters).icc)
    assert set(found["n"]) == {10}


def test_a_quotient_without_a_value_in_one_repeat_has_no_icc():
    random = np.random.default_rng(2)
    patients = [f"P{i:02d}" for i in range(12)]
    first, one, two = (
        pd.DataFrame(random.standard_normal((12, 2)), index=patients, columns=["a", "q"])
        for _ in range(3)
    )
    further = {"noise": [two[["a"]]]}
    table = RadiomicsTable(first, {}, {"noise": one}, {}, further=further)
    assert feature_iccs(table)["feature"].tolist() == ["a"]
    assert feature_reproducibility(table)["smallest"].isna().to_dict() == {"a": False, "q": True}


def test_a_study_tries_its_kinds_and_chains_and_takes_repeats_from_the_cache(tmp_path):
    path = small_study(
        tmp_path,
        radiomics={
            "perturbation": {
                "noise": 1,
                "translation": [0.25, 0.75],
                "chains": {"both": ["noise", "translation"]},
                "alone": False,
                "repeats": 2,
                "patients": 3,
            },
            "extraction": {"features": FEW, "log_sigma_mm": [], "wavelet": None},
            "regions": {"rim": {"rim": {"width_mm": 3}}},
        },
        jobs=1,
    )
    study = load_study(path)
    cohort = load_cohort(study)
    found = perturbed_features(cohort, "code")
    assert list(found.tables) == list(found.further) == ["both"]
    tables = [found.tables["both"], *found.further["both"]]
    assert len(tables) == 2
    assert found.unchanged == {"both": 0}
    assert not np.allclose(*(each.filter(like="Mean") for each in tables))
    assert tables[0].filter(like="_rim_").shape[1] > 0
    pieces = sorted(study.cache_folder.rglob("*.pickle"))
    again = perturbed_features(cohort, "code")
    pd.testing.assert_frame_equal(again.tables["both"], found.tables["both"])
    assert sorted(study.cache_folder.rglob("*.pickle")) == pieces
