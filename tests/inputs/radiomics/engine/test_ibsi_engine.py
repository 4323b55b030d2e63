"""`engine: ibsi` against the consensus values of the Image Biomarker Standardisation Initiative.

Digital phantom and values: Zwanenburg et al., Radiology 2020, doi 10.1148/radiol.2020191145 (the
phantom CC BY 4.0). The CT phantom is not free for commercial use, so it is not here: where
IBSI_CT_PHANTOM names its folder (https://github.com/theibsi/data_sets,
ibsi_1_ct_radiomics_phantom), one configuration is held to its values as well; `python -m
benchmarks.ibsi` runs all.
"""

import logging
import os
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from joblib import Parallel, delayed

from analysis.imaging.reading import ImageSource, MaskSource
from analysis.imaging.reading.sources import RegionSource
from analysis.inputs.radiomics import engine_identity, ibsi_engine
from analysis.inputs.radiomics.engine_choice import image_features
from analysis.inputs.radiomics.extraction import (
    extract_features,
    extract_from_images,
    feature_classes,
)
from analysis.inputs.radiomics.ibsi_engine import MATRICES, MissingPackage
from analysis.inputs.radiomics.ibsi_features import ibsi_features
from analysis.inputs.radiomics.ibsi_grid import surroundings
from analysis.inputs.radiomics.spatial_autocorrelation import spatial_autocorrelation
from analysis.study import Extraction
from analysis.study.delta import DeltaPair, deltas_of
from analysis.study.regions import Region
from benchmarks import ibsi
from tests.inputs.radiomics.engine.test_ibsi_phantom import PHANTOM
from tests.support.engine_agreement import volume

pytest.importorskip("mirp")
CT_PHANTOM = os.environ.get("IBSI_CT_PHANTOM")


def digital(aggregation: str) -> Extraction:
    """Grey levels are the phantom's intensities: bins of width 1 from 1 on."""
    return Extraction(
        engine="ibsi",
        normalise=False,
        resampled_spacing_mm=None,
        resegment={"range": [1]},
        bin_width=1,
        ibsi={"aggregation": aggregation, "round_intensities": True},
    )


@pytest.fixture(scope="module")
def phantom():
    # The local intensity peak sees what lies around the region of interest.
    values = np.where(PHANTOM > 0, PHANTOM, 1)
    values[2, 2, 2] = 9
    return volume(values, PHANTOM > 0, (2.0, 2.0, 2.0))


@pytest.mark.parametrize("aggregation", MATRICES)
def test_all_consensus_values_of_the_digital_phantom(phantom, aggregation):
    found = image_features(*phantom, digital(aggregation))
    values = ibsi.of_aggregation(ibsi.consensus("digital"), aggregation)
    assert len(values) == len(found) == 169
    assert ibsi.misses(found, values) == []


def test_every_feature_has_a_code_and_a_consensus_value():
    features = ibsi_features()
    assert len({each.code for each in features}) == len(features) == 169
    assert len({(each.kind, each.name) for each in features}) == 169
    for configuration in ("digital", *ibsi.CONFIGURATIONS):
        codes = {(each.kind, each.name) for each in ibsi.consensus(configuration)}
        assert codes <= {(each.kind, each.name) for each in features}
    assert len(ibsi.consensus("digital")) == 74 + 6 * 41 + 3 * 54


@pytest.fixture(scope="module")
def pair():
    random = np.random.default_rng(3)
    values = random.normal(60, 12, (10, 22, 20))
    inside = np.zeros_like(values)
    inside[2:8, 5:16, 4:15] = 1
    return volume(values, inside > 0, (1.1, 1.1, 2.5))


MRI = Extraction(engine="ibsi")


def test_defaults_are_of_the_unfiltered_image(pair):
    found = extract_from_images(*pair, MRI)
    assert MRI.bin_count == 32
    assert MRI.bin_width is None
    assert len(found) == 169
    assert feature_classes(f"art_{name}" for name in found) == {
        "shape": 21,
        "intensity_weighted": 4,
        "first_order": 2 + 18 + 23 + 6,
        "texture": 25 + 16 + 16 + 16 + 5 + 17,
    }
    # 6 x 11 x 11 voxels, on a grid of 1 mm by linear interpolation of the mask.
    assert found["original_shape_VoxelVolume"] == pytest.approx(6 * 2.5 * (11 * 1.1) ** 2, rel=0.1)


def test_same_bytes_twice_and_where_the_image_lies_is_no_matter(pair):
    first = image_features(*pair, MRI)
    image, mask = (sitk.Image(each) for each in pair)
    for each in (image, mask):
        each.SetOrigin((-31.3, 12.7, 404.1))
        each.SetDirection((0, 1, 0, -1, 0, 0, 0, 0, 1))
    again = image_features(image, mask, MRI)
    assert np.array(list(first.values())).tobytes() == np.array(list(again.values())).tobytes()


def test_another_process_computes_the_same_bytes(pair):
    def computed(image, mask):
        return list(image_features(image, mask, MRI).values())

    here = np.array(computed(*pair)).tobytes()
    there = Parallel(n_jobs=2)(delayed(computed)(*pair) for _ in range(2))
    assert {np.array(each).tobytes() for each in there} == {here}


def test_normalisation_is_that_of_the_other_engines(pair):
    plain = {"resampled_spacing_mm": None, "bin_count": 32}
    ours = image_features(*pair, Extraction(engine="ibsi", **plain))
    theirs = image_features(
        *pair, Extraction(log_sigma_mm=[], wavelet=None, features={"firstorder": None}, **plain)
    )
    for name in ("Mean", "Variance", "Median", "Minimum", "Energy"):
        key = f"original_firstorder_{name}"
        assert ours[key] == pytest.approx(theirs[key], rel=1e-5), name
    key = "original_firstorder_Kurtosis"
    assert ours["original_firstorder_ExcessKurtosis"] == pytest.approx(theirs[key] - 3, abs=1e-4)


def test_mirp_leaves_the_process_as_it_was(pair, capfd):
    before = logging.root.handlers[:], logging.root.level, np.geterr(), dict(os.environ)
    image_features(*pair, MRI)
    assert (logging.root.handlers, logging.root.level, np.geterr(), dict(os.environ)) == before
    assert capfd.readouterr() == ("", "")


def test_a_mask_without_voxels_after_resegmentation_is_told(pair):
    settings = Extraction(engine="ibsi", normalise=False, resegment={"range": [1000, 2000]})
    with pytest.raises(ValueError, match="MIRP failed|not finite"):
        extract_from_images(*pair, settings)


def test_without_the_package_the_message_says_what_to_install(pair, monkeypatch):
    monkeypatch.setattr(ibsi_engine, "find_spec", lambda name: None)
    with pytest.raises(MissingPackage, match=r'pip install "hcc-early-recurrence\[ibsi\]"'):
        extract_from_images(*pair, MRI)


def test_keys_of_the_cache_know_the_version_of_mirp(monkeypatch):
    assert engine_identity.settings_content(Extraction()) == Extraction().model_dump(mode="json")
    before = engine_identity.settings_content(MRI)
    monkeypatch.setattr(engine_identity, "versions", lambda names: {names[0]: "another"})
    assert engine_identity.settings_content(MRI) != before


@pytest.mark.skipif(CT_PHANTOM is None, reason="IBSI_CT_PHANTOM names no folder")
def test_consensus_values_of_the_ct_phantom():
    found = image_features(
        *ibsi.read_phantom(Path(CT_PHANTOM)), ibsi.ibsi_settings("D", "3D_merged")
    )
    values = ibsi.shared(found, ibsi.of_aggregation(ibsi.consensus("D"), "3D_merged"))
    assert len(values) == 169
    assert ibsi.misses(found, values) == []


@pytest.mark.parametrize(
    ("wanted", "order"), [((1, 1, 1), 3), ((2, 2, 2), 1), ((2.5, 2, 2), 1), ((1.5, 0.7, 3), 0)]
)
def test_the_grid_around_the_tumour_is_that_of_the_whole_image(wanted, order):
    from mirp._images.generic_image import GenericImage
    from mirp._masks.base_mask import BaseMask

    random, spacing = np.random.default_rng(1), (2.5, 1.1, 1.1)
    values = random.normal(size=(12, 40, 40))
    inside = np.zeros(values.shape, dtype=bool)
    inside[5:8, 15:22, 16:24] = random.random((3, 7, 8)) < 0.8
    grid = {
        "image_modality": "generic",
        "image_spacing": spacing,
        "image_origin": (0.0, 0.0, 0.0),
        "image_orientation": np.eye(3),
        "image_dimensions": values.shape,
    }
    image = GenericImage(image_data=values, **grid)
    mask = BaseMask(roi_name="tumour", image_data=inside, **grid)
    image.separate_slices = mask.roi.separate_slices = False
    usual = {"anti_aliasing": False, "anti_aliasing_smoothing_beta": 1.0}
    image.interpolate(interpolate=True, new_spacing=wanted, spline_order=order, **usual)
    mask.register(image=image, spline_order=1, **usual)
    whole, where = image.get_voxel_grid(), mask.roi.get_voxel_grid()
    found = surroundings(values, inside, spacing, wanted, order)
    assert found.image.size < whole.size
    assert found.mask.sum() == where.sum() > 0
    np.testing.assert_allclose(found.image[found.mask], whole[where], rtol=0, atol=1e-9)


def test_autocorrelation_is_that_of_all_pairs():
    random, spacing = np.random.default_rng(2), np.array([2.0, 1.0, 1.5])
    values = random.normal(size=(5, 6, 4)).cumsum(axis=1)
    inside = random.random(values.shape) < 0.6
    places, z = np.argwhere(inside) * spacing, values[inside] - values[inside].mean()
    distance = np.linalg.norm(places[:, None] - places[None], axis=-1)
    weight = np.divide(1, distance, out=np.zeros_like(distance), where=distance > 0)
    moran = len(z) * (weight * np.outer(z, z)).sum() / (weight.sum() * (z**2).sum())
    apart = (weight * (z[:, None] - z[None]) ** 2).sum()
    geary = (len(z) - 1) * apart / (2 * weight.sum() * (z**2).sum())
    found = spatial_autocorrelation(values, inside, spacing)
    assert found == pytest.approx((moran, geary), abs=1e-12)
    assert spatial_autocorrelation(np.ones_like(values), inside, spacing) == (1, 1)


def test_what_is_weighted_by_intensities_is_no_shape(pair, tmp_path):
    """Regions leave out shape, which follows from the tumour's outline; these four do not."""
    weighted = ["CentreOfMassShift", "IntegratedIntensity", "MoransI", "GearysC"]
    names = [f"original_intensitymorphology_{name}" for name in weighted]
    for each, name in zip(pair, ("image", "mask"), strict=True):
        sitk.WriteImage(each, str(tmp_path / f"{name}.nii.gz"))
    image = ImageSource(tmp_path / "image.nii.gz")
    region = RegionSource("rim", Region(rim={"width_mm": 3}))
    mask = MaskSource(tmp_path / "mask.nii.gz", image=image, region=region)
    found = extract_features(image, mask, MRI)
    assert set(names) <= set(found)
    assert not [name for name in found if "_shape_" in name]
    both = DeltaPair(
        phase="late", reference="early", measures=["difference"], features=["original_*"]
    )
    (delta,) = deltas_of([both])
    assert all(map(delta.takes, names))
    assert not delta.takes("original_shape_Sphericity")
