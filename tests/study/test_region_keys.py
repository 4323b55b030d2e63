"""Regions in the study file: what is taken and refused, their names, and digests without them."""

import pytest
from pydantic import ValidationError

from analysis.core.cache import digest
from analysis.study import DemoCohort, Phase, Radiomics, StudyError, load_study
from analysis.study.regions import Region, blocks_of, split_region
from tests.support.small_cohort import FEW_FEATURES, image_study

RING = {"ring": {"from_mm": 0, "to_mm": 5}}
PATTERNS = {"image": "images/{patient_id}/a.nii.gz", "mask": "images/{patient_id}/mask.nii.gz"}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (RING, "peritumoral ring (0–5 mm)"),
        ({"ring": {"from_mm": 2.5, "to_mm": 10}}, "peritumoral ring (2.5–10 mm)"),
        ({"expanded": {"by_mm": 5}}, "tumour and surroundings (5 mm)"),
        ({"core": {"margin_mm": 3}}, "tumour core (without 3 mm)"),
        ({"rim": {"width_mm": 3}}, "tumour rim (3 mm)"),
        ({"rim": {"width_mm": 3}, "label": "margin"}, "margin"),
    ],
)
def test_a_region_says_what_it_is(given, words):
    region = Region(**given)
    assert region.words == words
    assert region.reaches_out == (region.kind in ("ring", "expanded"))
    assert set(region.model_dump()) == set(given)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "give exactly one of ring, expanded, core and rim"),
        (RING | {"core": {"margin_mm": 3}}, "(found: ring, core)"),
        ({"ring": {"from_mm": 5, "to_mm": 5}}, "to_mm (5) must be larger than from_mm (5)"),
        ({"rim": {"width_mm": 0}}, "greater than 0"),
        ({"ring": {"from_mm": 0, "to": 5}}, "Extra inputs are not permitted"),
    ],
)
def test_what_is_no_region_is_refused(given, message):
    with pytest.raises(ValidationError) as error:
        Region(**given)
    assert message in str(error.value)


def test_names_lead_back_to_their_region():
    phases, regions = ["late", "late_art"], ["ring", "ring_outer"]
    assert [block.prefix for block in blocks_of(phases, regions)] == [
        *("late", "late_ring", "late_ring_outer"),
        *("late_art", "late_art_ring", "late_art_ring_outer"),
    ]
    for phase in phases:
        for region in regions:
            name = f"{phase}_{region}_wavelet-LLH_glcm_Contrast"
            assert split_region(name, phases, regions) == (
                region,
                f"{phase}_wavelet-LLH_glcm_Contrast",
            )
        name = f"{phase}_original_glcm_Contrast"
        assert split_region(name, phases, regions) == (None, name)


def study(folder, regions, own=None, **phase):
    radiomics = FEW_FEATURES | {"regions": regions}
    if own:
        radiomics["extraction"] = {"own": {own: "my.py:Mine"}}
    name = phase.pop("name", "late")
    phases = {name: PATTERNS | phase, f"{name}_art": PATTERNS | phase}
    return load_study(image_study(folder, radiomics=radiomics, phases=phases))


@pytest.mark.parametrize(
    ("regions", "more", "message"),
    [
        ({"mine": RING}, {}, "region 'mine' reaches out of the tumour: say where it ends"),
        ({"mine": RING}, {"organ": "liver.nii.gz"}, "must contain {patient_id}"),
        ({"mine": RING}, {"organ": "{patient_id}.nii", "air": "mr"}, "give organ or air"),
        ({"mine": RING}, {"air": "mr", "organ_segment": 1}, "there is no organ"),
        ({"tumour": RING}, {"air": "mr"}, "the name 'tumour' is that of the tumour"),
        ({"log": RING}, {"air": "mr"}, "the name 'log' has 'log' in it"),
        ({"art": RING}, {"air": "mr"}, "the name 'art' clashes with the phase late_art"),
        ({"art_ring": RING}, {"air": "mr"}, "'art_ring' clashes with the phase late_art"),
        ({"late": RING}, {"air": "mr"}, "the name 'late' clashes with the phase late"),
        ({"mine": RING}, {"air": "mr", "own": "mine_too"}, "features of your own code 'mine_too'"),
    ],
)
def test_faults_between_sections_are_named(tmp_path, regions, more, message):
    with pytest.raises(StudyError) as error:
        study(tmp_path, regions, **more)
    assert message in str(error.value)


def test_regions_inside_of_the_tumour_need_no_border(tmp_path):
    found = study(tmp_path, {"core": {"core": {"margin_mm": 2}}, "rim": {"rim": {"width_mm": 2}}})
    assert list(found.regions) == ["core", "rim"]


def test_without_them_a_study_is_digested_as_before():
    assert "regions" not in Radiomics().model_dump()
    assert set(Phase(**PATTERNS).model_dump()) == {
        *("image", "mask", "repeat_masks", "series", "segment", "resample_to", "extraction"),
    }
    assert "surround" not in DemoCohort().model_dump()
    regions = Radiomics(regions={"mine": RING}).model_dump(mode="json")["regions"]
    assert regions == {"mine": {"ring": {"from_mm": 0.0, "to_mm": 5.0}}}
    assert digest(regions) != digest({})
