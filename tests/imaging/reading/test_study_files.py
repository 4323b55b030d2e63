"""A study whose phases are DICOM folders and whose masks are DICOM-SEG: the cohort reads them as it
reads NIfTI."""

import dataclasses

import numpy as np
import pytest
import SimpleITK as sitk

from analysis.cohort.cohort import Cohort
from analysis.core.problem import CohortError
from analysis.core.problems import Problems
from analysis.imaging.reading import read_image, read_mask
from analysis.inputs.checks.files import check_files
from analysis.inputs.crops.crop import tumour_crop
from analysis.study import Phase, StudyError, load_study
from analysis.workflow.check.load import load_cohort
from tests.conftest import small_study
from tests.support.dicom_files import without_preamble, write_segmentation, write_series


def refuse(cohort: Cohort) -> None:
    problems = Problems()
    check_files(cohort, problems)
    problems.raise_errors()


def test_a_cohort_of_dicom_folders(tmp_path):
    study = load_study(small_study(tmp_path))
    cohort = load_cohort(study)
    patient = cohort.patients[0]
    image = sitk.ReadImage(str(cohort.image(patient, "arterial")))
    drawn = sitk.GetArrayFromImage(sitk.ReadImage(str(cohort.mask(patient, "arterial"))))
    folder = study.cohort_folder / "dicom" / patient
    geometry = {
        "spacing": image.GetSpacing(),
        "origin": image.GetOrigin(),
        "direction": np.array(image.GetDirection()).reshape(3, 3),
    }
    images = write_series(
        folder / "series", sitk.GetArrayFromImage(image), shuffle=1, description="art", **geometry
    )
    write_series(
        folder / "series",
        sitk.GetArrayFromImage(image)[:4],
        name="other",
        description="localiser",
        **geometry,
    )
    write_segmentation(folder / "seg.dcm", images, {"tumour": drawn, "liver": np.ones_like(drawn)})
    phases = {
        "arterial": Phase(
            image="dicom/{patient_id}/series",
            mask="dicom/{patient_id}/seg.dcm",
            series={"description": "art*"},
            segment="tumour",
        )
    }
    one = dataclasses.replace(
        cohort,
        study=study.model_copy(update={"phases": phases}),
        clinical=cohort.clinical.loc[[patient]],
    )
    refuse(one)
    for number, path in enumerate(images):
        (path.with_name(f"copy of {path.name}")).write_bytes(path.read_bytes())
        if number % 2:
            without_preamble(path)
    (folder / "series" / "export.log").write_text("sent")
    for _ in range(2):  # remembered checks say it again
        problems = Problems()
        check_files(one, problems)
        assert not problems.of("error")
        assert any(
            f"{len(images) + 1} files are passed over: {len(images)} identical copy of another file"
            in note.what
            and "1 no DICOM (export.log)" in note.what
            for note in problems.of("note")
        )
        assert any(
            "1 other series of the folder: 'localiser'" in note.what for note in problems.of("note")
        )
    volume = read_image(one.image_source(patient, "arterial"))
    np.testing.assert_array_equal(sitk.GetArrayFromImage(volume), sitk.GetArrayFromImage(image))
    np.testing.assert_array_equal(
        sitk.GetArrayFromImage(read_mask(one.mask_source(patient, "arterial"), volume)), drawn
    )
    crops = [
        tumour_crop(
            [each.image_source(patient, "arterial")],
            each.mask_source(patient, "arterial"),
            study.deep_learning,
        )
        for each in (cohort, one)
    ]
    np.testing.assert_allclose(*crops, atol=1e-4)
    for path in images:
        path.unlink()
    for path in (folder / "series").iterdir():
        path.unlink()
    with pytest.raises(CohortError, match="dicom/(.|\n)*no DICOM image in this folder"):
        refuse(one)


def test_faults_of_the_new_keys_are_listed_with_their_lines(tmp_path):
    path = small_study(tmp_path)
    text = path.read_text().replace(
        "  delayed:", "  delayed:\n    resample_to: late\n    series: {where: {NoSuchKeyword: 1}}"
    )
    path.write_text(text + "lesions: {rule: smallest}\n")
    with pytest.raises(StudyError) as caught:
        load_study(path)
    message = str(caught.value)
    line = next(
        number
        for number, content in enumerate(path.read_text().splitlines(), start=1)
        if "resample_to" in content
    )
    assert (
        f"line {line}: phases.delayed.resample_to: must name another phase that is not resampled"
        " itself (found: 'late')" in message
    )
    assert "NoSuchKeyword: no such DICOM keyword" in message
    assert "must be all, largest, mean or max (found: 'smallest')" in message
