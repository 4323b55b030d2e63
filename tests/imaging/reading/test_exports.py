"""Folders as archives and disks export them: whatever the names, folders, copies and packing, the
volume is the same."""

import shutil

import numpy as np
import pydicom
import pytest
import SimpleITK as sitk
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.core.cache import digest
from analysis.imaging.reading import ImageSource, MaskSource, ReadingError, read_image, read_mask
from analysis.imaging.reading.headers import SCANNED, is_dicom, read_header
from analysis.imaging.reading.scan import scan_folder
from analysis.imaging.reading.series_choice import find_series
from tests.support.dicom_files import (
    oblique,
    without_preamble,
    write_segmentation,
    write_series,
    write_structures,
)

SHAPE = (6, 7, 9)


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """A series' files in order of position, and its volume."""
    folder = tmp_path_factory.mktemp("exported")
    stored = np.random.default_rng(5).integers(0, 900, SHAPE).astype(np.uint16)
    return write_series(folder, stored, direction=oblique(), slope=0.5), read_image(folder)


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_shuffled_duplicated_split_and_renamed_files_are_one_volume(
    exported, tmp_path_factory, data
):
    paths, volume = exported
    folder = tmp_path_factory.mktemp("again")
    names = data.draw(st.permutations(range(2 * len(paths))))
    copied = data.draw(st.sets(st.integers(0, len(paths) - 1)))
    bare = data.draw(st.sets(st.integers(0, 2 * len(paths) - 1)))
    written = [*paths, *(paths[index] for index in sorted(copied))]
    for number, path in enumerate(written):
        below = folder / data.draw(st.sampled_from([".", "CD/DICOM", "network"]))
        below.mkdir(parents=True, exist_ok=True)
        target = below / data.draw(
            st.sampled_from([f"{names[number]}", f"IM{names[number]:04d}.dcm"])
        )
        shutil.copy(path, target)
        if number in bare:
            without_preamble(target)
    (folder / "notes.txt").write_text("08 May")
    again = read_image(folder)
    assert sitk.Hash(again) == sitk.Hash(volume)
    assert (again.GetOrigin(), again.GetSpacing(), again.GetDirection()) == (
        volume.GetOrigin(),
        volume.GetSpacing(),
        volume.GetDirection(),
    )
    said = []
    find_series(folder, said=said)
    assert said[0].text.startswith(f"{1 + len(copied)} file")
    assert "1 no DICOM (notes.txt)" in said[0].text
    assert (f"{len(copied)} identical copy" in said[0].text) == bool(copied)


def test_a_copy_does_not_change_what_a_cache_knows(exported, tmp_path):
    paths, _ = exported
    for path in paths:
        shutil.copy(path, tmp_path / path.name)
        shutil.copy(path, tmp_path / f"copy of {path.name}")
    assert digest(ImageSource(tmp_path)) == digest(ImageSource(paths[0].parent))


def test_values_above_the_signed_range_do_not_wrap(tmp_path):
    stored = (
        np.array([0, 2**31 - 1, 2**31, 2**32 - 1] * 5, np.uint32).reshape(1, 4, 5).repeat(3, axis=0)
    )
    write_series(tmp_path, stored)
    image = read_image(tmp_path)
    np.testing.assert_array_equal(sitk.GetArrayFromImage(image), stored.astype(np.int64))
    sitk.WriteImage(image, str(tmp_path / "a.nii.gz"))
    np.testing.assert_array_equal(
        sitk.GetArrayFromImage(read_image(tmp_path / "a.nii.gz")), stored.astype(np.int64)
    )


@pytest.mark.parametrize("kind", [np.int16, np.uint16, np.int32])
def test_whole_numbers_that_fit_stay_32_bits_wide(tmp_path, kind):
    write_series(tmp_path, np.full((3, 4, 5), 7, kind), intercept=-10)
    image = read_image(tmp_path)
    assert image.GetPixelID() == sitk.sitkInt32
    assert set(sitk.GetArrayFromImage(image).ravel()) == {-3}


def test_an_intercept_does_not_wrap_either(tmp_path):
    write_series(tmp_path, np.full((3, 4, 5), 2**31 - 1, np.int32), intercept=100)
    assert set(sitk.GetArrayFromImage(read_image(tmp_path)).ravel()) == {2**31 + 99}


@pytest.mark.parametrize("make", [write_segmentation, write_structures])
def test_masks_without_a_preamble_are_read(tmp_path, make):
    mask = np.zeros((6, 12, 14), np.uint8)
    mask[2:5, 3:8, 4:9] = 1
    images = write_series(tmp_path / "series", np.ones(mask.shape, np.uint16))
    make(
        tmp_path / "drawn" / "mask",
        images if make is write_segmentation else images[0],
        {"tumour": mask},
    )
    without_preamble(tmp_path / "drawn" / "mask")
    shutil.copy(tmp_path / "drawn" / "mask", tmp_path / "drawn" / "copy")
    for path in images:
        without_preamble(path)
    source = MaskSource(tmp_path / "drawn", image=ImageSource(tmp_path / "series"))
    np.testing.assert_array_equal(
        sitk.GetArrayFromImage(read_mask(source, read_image(tmp_path / "series"))), mask
    )


def test_compressed_pixels_that_no_meta_information_explains_are_refused_in_words(tmp_path):
    for path in write_series(tmp_path, np.ones((3, 8, 8), np.uint16)):
        data = pydicom.dcmread(path)
        data.compress(pydicom.uid.RLELossless)
        del data.file_meta
        data.preamble = None
        pydicom.dcmwrite(
            path, data, implicit_vr=False, little_endian=True, enforce_file_format=False
        )
    with pytest.raises(
        ReadingError, match="the pixels are compressed, and the file does not say how"
    ):
        read_image(tmp_path)


def test_what_is_passed_over_is_counted_and_named(tmp_path):
    write_series(tmp_path / "a", np.ones((3, 4, 5), np.uint16), description="arterial")
    (tmp_path / "texts").mkdir()
    for name in "ab":
        (tmp_path / "texts" / f"{name}.txt").write_text(name)
    with pytest.raises(
        ReadingError,
        match=(
            r"no DICOM image in this folder \(2 files are passed over: 2 no DICOM \(a.txt,"
            r" b.txt\)\)"
        ),
    ):
        find_series(tmp_path / "texts")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ReadingError, match=r"no DICOM image in this folder \(it is empty\)"):
        find_series(tmp_path / "empty")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x08\x00",
        b"\x08\x00\x16\x00UI",
        b"\x08\x00\x05\x00\xff\xff\xff\x7f" * 40,
        b"\x08\x00\x16\x00\x04\x00\x00\x00" + bytes(range(256)),
        b"\x5c\x01\x00\x00" + bytes(400),
        b"NRRD0004\ntype: short\n",
        b"\x1f\x8b\x08\x00" + bytes(200),
    ],
)
def test_other_files_are_no_dicom(tmp_path, content):
    path = tmp_path / "file"
    path.write_bytes(content)
    assert read_header(path) is None
    assert [path] == [each for paths in scan_folder(tmp_path).passed.values() for each in paths]


def test_big_endian_and_explicit_data_sets_are_found_without_a_preamble(tmp_path, exported):
    data = pydicom.dcmread(exported[0][0])
    data.preamble = None
    del data.file_meta
    for name, little in (("little", True), ("big", False)):
        pydicom.dcmwrite(
            tmp_path / name,
            data,
            implicit_vr=False,
            little_endian=little,
            enforce_file_format=False,
        )
        assert is_dicom(tmp_path / name)
        assert read_header(tmp_path / name).series == data.SeriesInstanceUID


def test_a_slice_that_was_cut_off_is_no_dicomdir(tmp_path):
    """The last of six files ends before it names its series: without it five would pass for the
    whole."""
    paths = write_series(tmp_path / "series", np.zeros(SHAPE, np.uint16))
    content = paths[-1].read_bytes()
    paths[-1].write_bytes(content[: content.index(b"\x20\x00\x0d\x00")])
    with pytest.raises(ReadingError, match="names no series; the file is cut off"):
        scan_folder(tmp_path / "series")


@pytest.mark.parametrize(
    "storage", [None, "1.2.840.10008.5.1.4.1.1.1.1", "1.3.46.670589.11.0.0.12.1"]
)
@pytest.mark.parametrize("end", [b"\x02\x00\x02\x00", b"\x08\x00\x16\x00", b"\x20\x00\x0d\x00"])
def test_a_slice_of_any_class_that_ends_early_is_damaged(tmp_path, storage, end):
    """Also of a class whose name pydicom does not know, and before the file says its class."""
    path = write_series(tmp_path, np.zeros(SHAPE, np.uint16))[-1]
    if storage:
        data = pydicom.dcmread(path)
        data.SOPClassUID = data.file_meta.MediaStorageSOPClassUID = storage
        data.save_as(path)
    content = path.read_bytes()
    path.write_bytes(content[: content.index(end)])
    with pytest.raises(ReadingError, match="names no series; the file is cut off"):
        read_header(path, SCANNED)


def test_a_slice_that_ends_before_its_rows_is_damaged(tmp_path):
    path = write_series(tmp_path, np.zeros(SHAPE, np.uint16))[-1]
    content = path.read_bytes()
    path.write_bytes(content[: content.index(b"\x28\x00\x10\x00")])
    with pytest.raises(ReadingError, match="an image names no rows; the file is cut off"):
        read_header(path, SCANNED)
