"""Features of regions: their names, cache and checks, and the signal around a tumour."""

from dataclasses import replace

import numpy as np
import pytest
import SimpleITK as sitk

from analysis.core.cache import read_timings
from analysis.demo.images import Appearance, Grid, Scanner, draw_images
from analysis.imaging.reading import ImageSource, MaskSource
from analysis.imaging.reading.sources import Preparation, RegionSource
from analysis.imaging.regions import EmptyRegion
from analysis.inputs.radiomics import radiomics_table
from analysis.inputs.radiomics.extraction import Altered, extract_features, extract_from_images
from analysis.inputs.radiomics.mask_perturbation import perturb_mask
from analysis.inputs.radiomics.region_quality import region_quality
from analysis.study import Extraction, Perturbation, Preprocessing, load_study
from analysis.study.regions import Region
from analysis.workflow.check.command import problems_of
from analysis.workflow.check.load import load_cohort
from tests.support.small_cohort import FEW_FEATURES, edit_study, image_study, volume

RING = {"ring": {"from_mm": 0, "to_mm": 2}}
SETTINGS = Extraction(log_sigma_mm=[], bin_count=16, resampled_spacing_mm=None)
# Unfiltered images alone are looked at: a filter in the tumour sees beyond its edge.
PLAIN = ("original_firstorder_", "original_glcm_")


@pytest.fixture
def written(tmp_path):
    random = np.random.default_rng(1)
    mask = np.zeros((7, 20, 20), np.uint8)
    mask[2:5, 7:13, 7:12] = 1
    image = volume(random.normal(100, 10, mask.shape), (1.0, 1.0, 2.0))
    sitk.WriteImage(image, str(tmp_path / "image.nii.gz"))
    sitk.WriteImage(volume(mask, (1.0, 1.0, 2.0)), str(tmp_path / "mask.nii.gz"))
    return tmp_path


def sources(folder, region=None, **more):
    image = ImageSource(folder / "image.nii.gz")
    source = None if region is None else RegionSource("mine", Region(**region), **more)
    return image, MaskSource(folder / "mask.nii.gz", image=image, region=source)


def by_hand(folder, mask):
    image = sitk.ReadImage(str(folder / "image.nii.gz"), sitk.sitkFloat64)
    return extract_from_images(image, volume(mask.astype(np.uint8), (1.0, 1.0, 2.0)), SETTINGS)


def test_they_are_those_of_the_regions_mask_without_shape(written):
    found = extract_features(*sources(written, RING, air="none"), SETTINGS)
    tumour = sitk.GetArrayFromImage(sitk.ReadImage(str(written / "mask.nii.gz"))) > 0
    z, y, x = np.meshgrid(*map(np.arange, tumour.shape), indexing="ij")
    places = np.argwhere(tumour)
    grid = np.stack([z, y, x], axis=-1)
    steps = (grid[..., None, :] - places) * (2.0, 1.0, 1.0)
    distance = np.sqrt((steps**2).sum(axis=-1)).min(axis=-1) - 0.5
    expected = by_hand(written, ~tumour & (distance <= 2))
    assert found == {name: each for name, each in expected.items() if "_shape_" not in name}
    assert "original_shape_VoxelVolume" in extract_features(*sources(written), SETTINGS)


def test_a_perturbed_mask_has_the_region_of_that_mask(written):
    perturbation = Perturbation(dilation_mm=1.5)
    image, mask = sources(written, {"rim": {"width_mm": 1.5}})

    def redraw(drawn):
        return perturb_mask(drawn, "dilation", perturbation)

    found = extract_features(image, mask, SETTINGS, redraw=redraw)
    drawn = sitk.ReadImage(str(written / "mask.nii.gz"))
    grown = redraw(drawn)
    sitk.WriteImage(grown, str(written / "mask.nii.gz"))
    assert found == extract_features(image, mask, SETTINGS)
    assert found != extract_features(*sources(written), SETTINGS)


def test_its_key_has_the_regions_definition_and_borders_and_not_its_name(written):
    def content(region, name="mine", **more):
        source = RegionSource(name, Region(**region), **more)
        return MaskSource(written / "mask.nii.gz", region=source).content()

    plain = MaskSource(written / "mask.nii.gz").content()
    ring = content(RING, air="ct")
    assert ring[:-1] == plain
    assert content(RING | {"label": "another"}, "other", air="ct") == ring
    organ = MaskSource(written / "mask.nii.gz")
    others = [
        content(RING, air="mr"),
        content(RING, organ=organ),
        content({"rim": {"width_mm": 2}}),
    ]
    assert all(each != ring for each in others)


def test_an_empty_region_names_the_files(written):
    with pytest.raises(EmptyRegion, match=r"image.nii.gz with mask .*region 'mine' is empty"):
        extract_features(*sources(written, {"core": {"margin_mm": 9}}), SETTINGS)


def test_what_was_cut_is_counted(written):
    whole = region_quality(*sources(written, RING, air="none"))
    assert (whole.share_cut, whole.warnings) == (0, "")
    wide = region_quality(*sources(written, {"ring": {"from_mm": 0, "to_mm": 12}}, air="none"))
    assert wide.beyond_image > wide.voxels
    assert wide.warnings == "over 50% of the peritumoral ring (0–12 mm) cut"


def test_a_ring_ends_at_air_of_the_stored_image(written):
    """The ring of the features is that of `check`, whatever scale the intensities are put on."""
    values = sitk.GetArrayFromImage(sitk.ReadImage(str(written / "image.nii.gz")))
    values[:, :, 12:] = -500
    sitk.WriteImage(volume(values, (1.0, 1.0, 2.0)), str(written / "image.nii.gz"))
    image, mask = sources(written, RING, air="ct")
    scale = {"method": "organ", "mask": "{patient_id}.nii.gz", "scale": 1}
    preparation = Preparation(
        Preprocessing(intensity=scale), MaskSource(written / "mask.nii.gz", image=image)
    )
    seen = []

    def measured(volume, region):
        seen.append((sitk.GetArrayFromImage(volume).min(), sitk.GetArrayFromImage(region) > 0))
        return Altered(volume, region)

    for source in (image, replace(image, preparation=preparation)):
        extract_features(source, mask, SETTINGS, alter=measured)
    (lowest, stored), (scaled, prepared) = seen
    assert lowest < -400 < scaled
    assert np.array_equal(stored, prepared)
    quality = region_quality(image, mask)
    assert (quality.voxels, quality.beyond_border > 0) == (prepared.sum(), True)


def phases(**more):
    patterns = {"image": "images/{patient_id}/arterial.nii.gz"}
    return {"arterial": patterns | {"mask": "images/{patient_id}/mask.nii.gz"} | more}


def radiomics(regions):
    extraction = {"log_sigma_mm": [], "bin_count": 8, "resampled_spacing_mm": None}
    return FEW_FEATURES | {"extraction": extraction, "regions": regions}


def test_adding_a_ring_extracts_the_ring_alone(tmp_path):
    path = image_study(tmp_path, radiomics=radiomics({}), phases=phases(air="mr"))
    before = radiomics_table(load_cohort(load_study(path))).features
    study = load_study(edit_study(path, radiomics=radiomics({"ring": RING})))
    cohort = load_cohort(study)
    seen = len(read_timings(study.cache_folder))
    after = radiomics_table(cohort).features
    pieces = [each["what"] for each in read_timings(study.cache_folder, seen)]
    assert pieces.count("an image") == len(cohort.patients)
    assert after[before.columns].equals(before)
    added = [name for name in after if name not in before]
    assert added == [
        name.replace("arterial_", "arterial_ring_") for name in before if "_shape_" not in name
    ]


def faults(path):
    return [each for each in problems_of(load_study(path)) if "region" in each.what]


def test_check_tells_whose_region_is_empty_small_or_cut(tmp_path):
    regions = {"deep": {"core": {"margin_mm": 4}}, "wide": {"ring": {"from_mm": 0, "to_mm": 4}}}
    path = image_study(tmp_path, radiomics=radiomics(regions), phases=phases(air="mr"))
    found = faults(path)
    empty = [each for each in found if each.level == "error"]
    assert {each.patient for each in empty} == {f"P{number:02d}" for number in range(1, 13)}
    assert {each.what for each in empty} == {
        "region 'deep' is empty: the tumour is too small for tumour core (without 4 mm)"
    }
    assert empty[0].where.startswith("images/P01/mask.nii.gz")
    assert "choose fewer millimetres (radiomics.regions." in empty[0].mend
    assert {(each.patient, each.what) for each in found if each.patient == "P02"} == {
        ("P02", empty[0].what),
        ("P02", "54% of region 'wide' is cut"),
    }


def test_check_tells_of_a_missing_organ(tmp_path):
    organ = "images/{patient_id}/portal_venous.nii.gz"
    path = image_study(tmp_path, radiomics=radiomics({"ring": RING}), phases=phases(organ=organ))
    (tmp_path / "data/images/P03/portal_venous.nii.gz").unlink()
    missing = [each for each in problems_of(load_study(path)) if "organ" in each.what]
    assert [(each.patient, each.where) for each in missing] == [
        ("P03", "images/P03/portal_venous.nii.gz")
    ]


def drawn(surround):
    """Features of tumour and ring of a made image; the same image but for what surrounds it."""
    grid = Grid((28, 28, 10), (1.6, 1.6, 4.0))
    appearance = Appearance(2.4, 0.0, 0.0, "none", "smooth", "none", 0, surround)
    images, mask, _ = draw_images(
        grid, Scanner(grid.spacing, 4.0, 1.0, 0.02), appearance, np.random.default_rng(7)
    )
    return images["arterial"].astype(float).T, mask.T


def test_a_ring_sees_the_margins_signal_and_the_tumour_does_not(tmp_path):
    # Without normalisation, which sees the whole image.
    settings = SETTINGS.model_copy(update={"normalise": False})
    found = {}
    for surround in (-2.0, 2.0):
        image, mask = drawn(surround)
        sitk.WriteImage(volume(image, (1.6, 1.6, 4.0)), str(tmp_path / "image.nii.gz"))
        sitk.WriteImage(volume(mask, (1.6, 1.6, 4.0)), str(tmp_path / "mask.nii.gz"))
        for region in (None, {"ring": {"from_mm": 0, "to_mm": 5}}):
            found[surround, region is None] = extract_features(
                *sources(tmp_path, region, **({} if region is None else {"air": "mr"})), settings
            )
    name = "original_firstorder_Mean"
    assert found[2.0, False][name] > found[-2.0, False][name] + 10
    assert found[2.0, True][name] == pytest.approx(found[-2.0, True][name], rel=0.005)
    changes = {
        tumour: np.median(
            [
                abs(found[2.0, tumour][each] / value - 1)
                for each, value in found[-2.0, tumour].items()
                if each.startswith(PLAIN) and value
            ]
        )
        for tumour in (True, False)
    }
    assert changes[False] > 10 * changes[True]
