"""What each case of images and masks gives: its right value, or one message."""

from __future__ import annotations

from pathlib import Path

import SimpleITK as sitk

from analysis.imaging.reading import ImageSource, read_image, read_mask
from tests.support.hospital_cases import in_words, sound, told, with_phases
from tests.support.small_cohort import PHASES, edit_study

# Each phase with the tumour's segment of 3D Slicer's file, by its name.
BY_SEGMENT_NAME = {
    phase: {
        "image": f"images/{{patient_id}}/{phase}.nii.gz",
        "mask": "images/{patient_id}/mask.seg.nrrd",
        "segment": "tumour",
    }
    for phase in PHASES
}


def dicom_no_preamble(folder: Path) -> str:
    return f"read: {len(sound(folder / 'study.yml').patients)} patients"


def dicom_uint32(folder: Path) -> str:
    values = sitk.GetArrayFromImage(read_image(ImageSource(folder / "series")))
    assert values.min() >= 0
    assert values.max() > 2**31
    return f"values from {values.min():.0f} to {values.max():.0f}"


def seg_nrrd_one_layer(folder: Path) -> str:
    with_phases(folder, lambda number: f"P{number:02d}", mask=False)
    study = folder / "study.yml"
    by_value = sound(study)
    inside = sitk.GetArrayFromImage(_mask(by_value))
    by_name = sound(edit_study(study, phases=BY_SEGMENT_NAME))
    assert inside.any()
    assert (sitk.GetArrayFromImage(_mask(by_name)) == inside).all()
    return f"segment 2 and segment 'tumour' are the same {int((inside != 0).sum())} voxels"


def _mask(cohort) -> sitk.Image:
    return read_mask(
        cohort.mask_source("P01", "arterial"), read_image(cohort.image_source("P01", "arterial"))
    )


def two_years_to_the_day(folder: Path) -> str:
    cohort = sound(folder / "study.yml")
    assert cohort.label.notna().all()
    assert (cohort.label == 0).sum() == 20
    return "20 patients last seen two calendar years after resection are event-free at 24 months"


def rtstruct_every_other_slice(folder: Path) -> str:
    kinds, _ = told(folder / "study.yml")
    assert len(kinds) == 1, in_words(kinds)
    assert kinds[0].problems[0].patient == "P06", in_words(kinds)
    assert "1.20 mm from the nearest" in str(kinds[0]), in_words(kinds)
    warnings = in_words(told(folder / "study.yml", "warning")[0])
    assert "between drawn ones" in warnings
    assert "apart from the largest" in warnings
    return in_words(kinds)


def seg_nrrd_layers(folder: Path) -> str:
    study = with_phases(folder, lambda number: f"P{number:02d}", mask=False) / "study.yml"
    kinds, _ = told(study)
    assert len(kinds) == 1, in_words(kinds)
    assert len(kinds[0].problems) == 12, in_words(kinds)
    assert "segment:" in str(kinds[0]), in_words(kinds)
    assert "'tumour'" in str(kinds[0]), in_words(kinds)
    cohort = sound(edit_study(study, phases=BY_SEGMENT_NAME))
    assert sitk.GetArrayFromImage(_mask(cohort)).any()
    return in_words(kinds)
