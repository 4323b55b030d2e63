"""DICOM series: geometry and values as independent readers have them; what is no grid is refused
with its place."""

import shutil

import highdicom
import nibabel as nib
import numpy as np
import pydicom
import pytest
import SimpleITK as sitk
from pydicom.uid import JPEG2000Lossless, JPEGLSLossless, RLELossless

from analysis.core.cache import digest
from analysis.imaging.reading import ImageSource, ReadingError, read_image
from analysis.imaging.reading.pixels import check_decoder
from analysis.study import SeriesRule
from tests.support.dicom_files import oblique, write_enhanced, write_series

SPACING, ORIGIN = (0.8, 1.1, 2.5), (-20.0, 11.0, 37.5)


def _stored(seed: int = 0, shape=(7, 12, 15), kind=np.int16) -> np.ndarray:
    return (
        np.random.default_rng(seed)
        .integers(0 if kind == np.uint16 else -500, 1500, shape)
        .astype(kind)
    )


def _has_geometry(image: sitk.Image, direction: np.ndarray) -> None:
    np.testing.assert_allclose(image.GetSpacing(), SPACING, rtol=1e-6)
    np.testing.assert_allclose(image.GetOrigin(), ORIGIN, atol=1e-6)
    np.testing.assert_allclose(np.array(image.GetDirection()).reshape(3, 3), direction, atol=1e-6)


@pytest.mark.parametrize("kind", [np.int16, np.uint16])
def test_an_oblique_series_is_what_other_readers_read(tmp_path, kind):
    direction, stored = oblique(), _stored(kind=kind)
    write_series(
        tmp_path, stored, direction=direction, slope=2.5, intercept=-10.0, modality="CT", shuffle=4
    )
    image = read_image(tmp_path)
    _has_geometry(image, direction)
    np.testing.assert_array_equal(sitk.GetArrayFromImage(image), stored * 2.5 - 10)

    reader = sitk.ImageSeriesReader()  # GDCM
    reader.SetFileNames(reader.GetGDCMSeriesFileNames(str(tmp_path)))
    judged = reader.Execute()
    np.testing.assert_allclose(sitk.GetArrayFromImage(judged), sitk.GetArrayFromImage(image))
    for what in ("Spacing", "Origin", "Direction"):
        np.testing.assert_allclose(
            getattr(image, f"Get{what}")(), getattr(judged, f"Get{what}")(), atol=1e-5
        )

    volume = highdicom.get_volume_from_series(
        [pydicom.dcmread(path) for path in tmp_path.iterdir()]
    )
    for z, y, x in np.argwhere(np.ones(stored.shape))[::97]:
        place = image.TransformIndexToPhysicalPoint((int(x), int(y), int(z)))
        index = np.round(volume.map_reference_to_indices(np.array([place]))).astype(int)[0]
        assert volume.array[tuple(index)] == pytest.approx(stored[z, y, x] * 2.5 - 10)


def test_a_written_nifti_has_the_same_places(tmp_path):
    direction, stored = oblique(), _stored()
    write_series(tmp_path / "series", stored, direction=direction)
    sitk.WriteImage(read_image(tmp_path / "series"), str(tmp_path / "a.nii.gz"))
    judged = nib.load(tmp_path / "a.nii.gz")
    affine = np.diag([-1, -1, 1, 1]) @ judged.affine  # RAS to LPS
    np.testing.assert_allclose(affine[:3, :3], direction * SPACING, atol=1e-5)
    np.testing.assert_allclose(affine[:3, 3], ORIGIN, atol=1e-4)
    np.testing.assert_array_equal(judged.get_fdata().T, stored)
    again = read_image(tmp_path / "a.nii.gz")
    np.testing.assert_allclose(
        again.GetDirection(), read_image(tmp_path / "series").GetDirection(), atol=1e-6
    )


def test_order_and_names_of_files_do_not_matter(tmp_path):
    stored = _stored()
    for seed in range(3):
        write_series(
            tmp_path / str(seed),
            stored,
            shuffle=seed,
            name=f"n{seed}",
            series="1.2.3",
            frame="1.2.4",
        )
    first, *others = [read_image(tmp_path / str(seed)) for seed in range(3)]
    assert all(sitk.Hash(first) == sitk.Hash(other) for other in others)
    renamed = tmp_path / "renamed"
    renamed.mkdir()
    for number, path in enumerate(sorted((tmp_path / "0").iterdir(), reverse=True)):
        shutil.copy(path, renamed / f"{number}.dcm")
    assert (
        digest(ImageSource(renamed))
        == digest(ImageSource(tmp_path / "0"))
        != digest(ImageSource(tmp_path / "1"))
    )


def test_values_of_each_slice_have_its_own_slope(tmp_path):
    stored = _stored()
    slopes = np.linspace(0.5, 2.0, len(stored))
    write_series(tmp_path, stored, slope=slopes, intercept=3)
    np.testing.assert_allclose(
        sitk.GetArrayFromImage(read_image(tmp_path)), stored * slopes[:, None, None] + 3, atol=0.01
    )


def test_one_of_several_series_is_chosen_by_rule(tmp_path):
    early, late = _stored(1), _stored(2, (9, 12, 15))
    write_series(
        tmp_path, early, description="ax T1 arterial", number=3, name="a", SeriesTime="081600"
    )
    write_series(
        tmp_path, late, description="ax T1 portal", number=4, name="b", SeriesTime="081800"
    )
    (tmp_path / "notes.txt").write_text("no DICOM")
    wanted = {
        "b": [
            SeriesRule(description="*PORTAL*"),
            SeriesRule(number=4),
            SeriesRule(exclude="*arterial*"),
            SeriesRule(description="*T1*", choose="last"),
            SeriesRule(choose="most_slices"),
            SeriesRule(uid=pydicom.dcmread(tmp_path / "b000").SeriesInstanceUID),
        ],
        "a": [SeriesRule(description="*T1*", choose="first")],
    }
    for name, rules in wanted.items():
        for rule in rules:
            assert sitk.GetArrayFromImage(read_image(ImageSource(tmp_path, rule))).shape[0] == (
                9 if name == "b" else 7
            ), rule
    with pytest.raises(
        ReadingError,
        match="2 DICOM series fit the rule .any series.*\n.*ax T1 arterial.*\n.*ax T1 portal",
    ):
        read_image(tmp_path)
    with pytest.raises(
        ReadingError, match="(?s)no DICOM series fits the rule .description: .delayed.*ax T1 portal"
    ):
        read_image(ImageSource(tmp_path, SeriesRule(description="*delayed*")))
    with pytest.raises(ValueError, match="TemporalPosition: no such DICOM keyword"):
        SeriesRule(where={"TemporalPosition": 2})


def test_several_volumes_in_one_series_are_told_apart(tmp_path):
    first, second = _stored(1), _stored(2)
    write_series(
        tmp_path,
        first,
        series="1.2.3",
        frame="1.2.4",
        name="a",
        AcquisitionNumber=1,
        ImageType=["ORIGINAL", "PRIMARY", "WATER"],
    )
    write_series(
        tmp_path,
        second,
        series="1.2.3",
        frame="1.2.4",
        name="b",
        AcquisitionNumber=2,
        ImageType=["ORIGINAL", "PRIMARY", "FAT"],
    )
    with pytest.raises(
        ReadingError,
        match=(
            r"duplicate positions \(7\), first .* at .* mm.*several"
            r" volumes.*where.*AcquisitionNumber"
        ),
    ):
        read_image(tmp_path)
    for where, expected in (({"AcquisitionNumber": 2}, second), ({"ImageType": "*water*"}, first)):
        np.testing.assert_array_equal(
            sitk.GetArrayFromImage(read_image(ImageSource(tmp_path, SeriesRule(where=where)))),
            expected,
        )
    with pytest.raises(
        ReadingError,
        match="no image of the series .* found AcquisitionNumber 1, AcquisitionNumber 2",
    ):
        read_image(ImageSource(tmp_path, SeriesRule(where={"AcquisitionNumber": 3})))


def _edit(path, **values):
    data = pydicom.dcmread(path)
    for keyword, value in values.items():
        setattr(data, keyword, value)
    data.save_as(path)


def _changed_copy(path):
    copy = shutil.copy(path, path.with_name("copy"))
    data = pydicom.dcmread(copy)
    _edit(copy, PixelData=data.PixelData[::-1])


def _shift(paths, index, shift):
    position = pydicom.dcmread(paths[index]).ImagePositionPatient
    _edit(
        paths[index],
        ImagePositionPatient=[
            float(value) + step for value, step in zip(position, shift, strict=True)
        ],
    )


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (
            lambda paths: paths[3].unlink(),
            (
                r"1 slice missing between image\d+ and image\d+, 5.00 mm apart where slices"
                r" are 2.50"
            ),
        ),
        (
            lambda paths: _changed_copy(paths[3]),
            (
                r"duplicate positions \(1\), first .* and .* at 45.00 mm.*same image"
                r" .SOPInstanceUID. with different contents"
            ),
        ),
        (lambda paths: _shift(paths, 3, (0, 0, 0.6)), r"unevenly spaced: image\d+ lies 0.\d+ mm"),
        (
            lambda paths: [_shift(paths, index, (0, 0.2 * index, 0)) for index in range(7)],
            "sheared .gantry tilt",
        ),
        (
            lambda paths: _edit(paths[2], ImageOrientationPatient=[0, 1, 0, 0, 0, 1]),
            "mixed orientation: image.* and image",
        ),
        (
            lambda paths: _edit(paths[2], PixelSpacing=[1.0, 1.0]),
            "voxels of image.* are .* mm wide",
        ),
        (lambda paths: _edit(paths[2], ImagePositionPatient=None), "no ImagePositionPatient"),
        (
            lambda paths: [
                _edit(
                    path, PhotometricInterpretation="RGB", SamplesPerPixel=3, PlanarConfiguration=0
                )
                for path in paths
            ],
            "colour image",
        ),
        (lambda paths: [path.unlink() for path in paths[1:]], "one slice only"),
        (lambda paths: [path.unlink() for path in paths], "no DICOM image in this folder"),
        (
            lambda paths: paths[2].write_bytes(paths[2].read_bytes()[:-100]),
            "the pixels can't be read",
        ),
    ],
)
def test_what_is_no_grid_is_refused_with_its_place(tmp_path, spoil, message):
    paths = write_series(tmp_path, _stored())
    spoil(paths)
    with pytest.raises(ReadingError, match=message):
        read_image(tmp_path)


def test_rounded_positions_are_no_fault(tmp_path):
    paths = write_series(tmp_path, _stored(), spacing=(0.8, 1.1, 3.3333))
    for index, path in enumerate(paths):
        _edit(path, ImagePositionPatient=[-20.0, 11.0, round(37.5 + 3.3333 * index, 2)])
    assert read_image(tmp_path).GetSpacing()[2] == pytest.approx(3.3333, abs=2e-3)


def test_enhanced_multi_frame(tmp_path):
    direction, stored = oblique(), _stored(kind=np.uint16)
    write_enhanced(tmp_path / "a.dcm", stored, direction=direction, slope=0.5, intercept=2)
    image = read_image(tmp_path / "a.dcm")
    _has_geometry(image, direction)
    np.testing.assert_array_equal(sitk.GetArrayFromImage(image), stored * 0.5 + 2)
    assert sitk.Hash(read_image(tmp_path)) == sitk.Hash(image)
    judged = highdicom.Image.from_dataset(pydicom.dcmread(tmp_path / "a.dcm")).get_volume()
    for z, y, x in np.argwhere(np.ones(stored.shape))[::97]:
        place = image.TransformIndexToPhysicalPoint((int(x), int(y), int(z)))
        index = np.round(judged.map_reference_to_indices(np.array([place]))).astype(int)[0]
        assert judged.array[tuple(index)] == pytest.approx(stored[z, y, x] * 0.5 + 2)


def test_phases_in_one_multi_frame_file(tmp_path):
    stored = _stored(shape=(12, 8, 9), kind=np.uint16)
    path = write_enhanced(
        tmp_path / "a.dcm", stored, temporal=[1 + index % 2 for index in range(12)]
    )
    with pytest.raises(
        ReadingError, match=r"duplicate positions \(6\), first a.dcm frame \d+ and a.dcm frame"
    ):
        read_image(path)
    image = read_image(ImageSource(path, SeriesRule(where={"TemporalPositionIndex": 2})))
    np.testing.assert_array_equal(sitk.GetArrayFromImage(image), stored[1::2])


@pytest.mark.parametrize(
    "syntax", [RLELossless, JPEGLSLossless, JPEG2000Lossless], ids=lambda syntax: syntax.name
)
def test_compressed(tmp_path, syntax):
    if syntax == JPEG2000Lossless:
        pytest.importorskip("openjpeg", reason="pylibjpeg-openjpeg (extra `dicom`) isn't installed")
    stored = _stored(shape=(4, 48, 40), kind=np.uint16)
    for path in write_series(tmp_path, stored):
        data = pydicom.dcmread(path)
        data.compress(syntax)
        data.save_as(path)
    np.testing.assert_array_equal(sitk.GetArrayFromImage(read_image(tmp_path)), stored)


def test_lossless_jpeg_as_gdcm_writes_it(tmp_path):
    pytest.importorskip("gdcm", reason="python-gdcm (extra `dicom`) isn't installed")
    stored = _stored(kind=np.uint16)
    for path in write_series(tmp_path, stored):
        plane = sitk.ReadImage(str(path))
        writer = sitk.ImageFileWriter()
        writer.KeepOriginalImageUIDOn()
        writer.SetImageIO("GDCMImageIO")
        writer.SetUseCompression(True)
        writer.SetCompressor("JPEG")
        path.unlink()
        writer.SetFileName(str(path.with_suffix(".dcm")))
        writer.Execute(plane)
    files = sorted(tmp_path.iterdir())
    assert pydicom.dcmread(files[0]).file_meta.TransferSyntaxUID.is_compressed
    np.testing.assert_array_equal(sitk.GetArrayFromImage(read_image(tmp_path)), stored)


def test_a_missing_decoder_is_named_with_what_to_install(tmp_path, monkeypatch):
    class Absent:
        is_available = False

    monkeypatch.setattr("analysis.imaging.reading.pixels.get_decoder", lambda syntax: Absent())
    with pytest.raises(
        ReadingError,
        match=(
            r"x.dcm: the image is compressed .JPEG-LS Lossless.*pip install"
            r" 'hcc-early-recurrence\[dicom\]'"
        ),
    ):
        check_decoder(JPEGLSLossless, tmp_path / "x.dcm")
