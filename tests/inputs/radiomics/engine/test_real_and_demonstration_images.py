"""Both engines on images of the demonstration cohort and, where they are, on real tumours."""

import pytest
import SimpleITK as sitk

from analysis.demo import make_demo_cohort
from analysis.study import Extraction
from tests.conftest import ROOT
from tests.support.engine_agreement import assert_equal, by_the_fast_engine

SARCOMA = ROOT.parent / "shared" / "real" / "sarcoma" / "images"
# A sample that takes seconds: small tumours of both modalities. MR: intensities normalised by their
# publishers; PET: SUV.
SAMPLE = [("STS_025", "MR_T1"), ("STS_019", "MR_T1"), ("STS_025", "PET"), ("STS_028", "PET")]
OF_MODALITY = {
    "MR_T1": [
        Extraction(),
        Extraction(normalise=False, bin_count=32, resampled_spacing_mm=(2.0, 2.0, 2.0)),
    ],
    "PET": [
        Extraction(
            normalise=False,
            bin_width=0.5,
            resampled_spacing_mm=(4.0, 4.0, 4.0),
            log_sigma_mm=[4.0, 6.0],
        ),
        Extraction(resampled_spacing_mm=None),
    ],
}

# Fewer images, and steps that change intensities or the mask: 40% of the largest SUV is a usual
# limit of PET.
FURTHER = {"wavelet": None, "log_sigma_mm": []}
CHANGED = {
    "MR_T1": Extraction(
        resampled_spacing_mm=(2.0, 2.0, 2.0),
        remove_outliers=3,
        resegment={"range": [-3, 3], "mode": "sigma"},
        filters=["square", "gradient"],
        **FURTHER,
    ),
    "PET": Extraction(
        normalise=False,
        bin_width=0.5,
        resampled_spacing_mm=(4.0, 4.0, None),
        resegment={"range": [0.4], "mode": "relative", "shape": True},
        filters=["square_root"],
        by_image={"square_root": {"bin_count": 16}},
        **FURTHER,
    ),
}


def _read(image_path, mask_path):
    image = sitk.ReadImage(str(image_path), sitk.sitkFloat64)
    mask = sitk.Cast(sitk.ReadImage(str(mask_path)) > 0, sitk.sitkUInt8)
    mask.CopyInformation(image)
    return image, mask


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory):
    return make_demo_cohort(
        tmp_path_factory.mktemp("demonstration"),
        patients=8,
        events=4,
        validation=2,
        censored=0,
        repeats=1,
        jobs=1,
        progress=False,
    )


@pytest.mark.parametrize(
    "settings",
    [Extraction(bin_width=25.0), Extraction(resampled_spacing_mm=None, bin_count=32)],
    ids=["study.yml", "own grid, 32 levels"],
)
def test_demonstration_images(demonstration, settings):
    for patient, phase in zip(
        sorted((demonstration / "images").iterdir()), ("arterial", "delayed"), strict=False
    ):
        pair = _read(patient / f"{phase}.nii.gz", patient / "mask.nii.gz")
        assert len(assert_equal(*pair, settings)) == 1037
        assert by_the_fast_engine(*pair, settings)


@pytest.mark.skipif(
    not SARCOMA.is_dir(),
    reason="the sarcoma cohort is not beside this checkout: real tumours were not compared",
)
@pytest.mark.parametrize(("patient", "modality"), SAMPLE)
def test_real_tumours(patient, modality):
    pair = _read(*(SARCOMA / patient / f"{modality}_{what}.nii.gz" for what in ("image", "mask")))
    for settings in OF_MODALITY[modality]:
        assert len(assert_equal(*pair, settings)) == 1037
        assert by_the_fast_engine(*pair, settings)
    changed = CHANGED[modality]
    assert len(assert_equal(*pair, changed)) == 14 + 93 * len(changed.image_types)
    assert by_the_fast_engine(*pair, changed)
