"""Images and masks as users spoil them."""

import shutil

import nibabel as nib
import numpy as np
import pydicom
import SimpleITK as sitk

from tests.support.small_cohort import (
    PHASES,
    SHAPE,
    edit_study,
    tumour_values,
    volume,
)


def image(change, phase="arterial", patient="P03"):
    """Change one image: an array, a SimpleITK image or bytes; None takes it away."""

    def spoil(study):
        path = study.parent / "data" / "images" / patient / f"{phase}.nii.gz"
        made = change(sitk.ReadImage(str(path)) if phase != "raw" else path)
        if made is None:
            path.unlink()
        elif isinstance(made, bytes):
            path.write_bytes(made)
        else:
            sitk.WriteImage(made if isinstance(made, sitk.Image) else volume(made), str(path))

    return spoil


def mask(change, patient="P03"):
    return image(change, "mask", patient)


def with_values(change):
    """Change an image's array in place, its geometry stays."""

    def apply(image_):
        values = sitk.GetArrayFromImage(image_)
        changed = change(values)
        made = sitk.GetImageFromArray(values if changed is None else changed)
        made.CopyInformation(image_)
        return made

    return apply


def set_at(place, value):
    def change(values):
        values[place] = value

    return with_values(change)


def both(*spoils):
    def spoil(study):
        for each in spoils:
            each(study)

    return spoil


def packed(cut):
    """An image's file with its bytes changed."""

    def spoil(study):
        path = study.parent / "data" / "images" / "P03" / "arterial.nii.gz"
        path.write_bytes(cut(path.read_bytes()))

    return spoil


def damaged(data):
    plain = bytearray(data)
    plain[len(plain) // 2 : len(plain) // 2 + 8] = b"\x00" * 8
    return bytes(plain)


def swapped(study):
    folder = study.parent / "data" / "images" / "P03"
    for source, target in (("arterial", "x"), ("delayed", "arterial"), ("x", "delayed")):
        (folder / f"{source}.nii.gz").rename(folder / f"{target}.nii.gz")


def other_mask(study):
    images = study.parent / "data" / "images"
    shutil.copy(images / "P04" / "mask.nii.gz", images / "P05" / "mask.nii.gz")


def flipped(image_):
    return sitk.Flip(image_, [True, False, False])


def moved(image_):
    image_.SetOrigin((0.0, 0.0, 40.0))
    return image_


def finer(image_):
    """The same place on another grid."""
    reference = sitk.Image([20, 24, 6], sitk.sitkFloat32)
    reference.SetSpacing((0.5, 0.5, 3.0))
    reference.SetOrigin((-0.25, -0.25, 0.0))
    return sitk.Resample(image_, reference, sitk.Transform(), sitk.sitkLinear, 5.0)


def own_masks(study):
    """A mask for each phase, so that grids may differ."""
    for folder in (study.parent / "data" / "images").iterdir():
        for phase in PHASES:
            shutil.copy(folder / "mask.nii.gz", folder / f"{phase}_mask.nii.gz")
    edit_study(
        study,
        phases={
            phase: {
                "image": f"images/{{patient_id}}/{phase}.nii.gz",
                "mask": f"images/{{patient_id}}/{phase}_mask.nii.gz",
            }
            for phase in PHASES
        },
    )


def regridded(study):
    own_masks(study)
    folder = study.parent / "data" / "images" / "P03"
    for name, interpolator in (
        ("delayed", sitk.sitkLinear),
        ("delayed_mask", sitk.sitkNearestNeighbor),
    ):
        read = sitk.ReadImage(str(folder / f"{name}.nii.gz"))
        sitk.WriteImage(
            sitk.Resample(read, finer(read), sitk.Transform(), interpolator, 0.0),
            str(folder / f"{name}.nii.gz"),
        )


def elsewhere(study):
    own_masks(study)
    for name in ("delayed", "delayed_mask"):
        path = str(study.parent / "data" / "images" / "P03" / f"{name}.nii.gz")
        sitk.WriteImage(moved(sitk.ReadImage(path)), path)
    edit_study(
        study,
        deep_learning={"reference_phase": "arterial", "crop_pixels": 16, "slices": 1, "epochs": 1},
    )


def slices(study, patient="P03"):
    return sorted(
        (study.parent / "data" / "images" / patient / "arterial").iterdir(),
        key=lambda path: float(
            pydicom.dcmread(path, stop_before_pixels=True).ImagePositionPatient[2]
        ),
    )


def dicom(change, number=2, patient="P03", file=None):
    """Change one slice's dataset, or delete or add files."""

    def spoil(study):
        path = (
            slices(study, patient)[number]
            if file is None
            else study.parent / "data" / "images" / patient / file
        )
        dataset = pydicom.dcmread(path)
        change(dataset, path)
        if path.exists():
            dataset.save_as(path)

    return spoil


def remove(_, path):
    path.unlink()


def contour_again(dataset, _):
    contours = dataset.ROIContourSequence[0].ContourSequence
    contours.append(contours[0])


def header(change):
    """Change the affine matrix of an image's NIfTI header."""

    def spoil(study):
        path = study.parent / "data" / "images" / "P03" / "arterial.nii.gz"
        read = nib.load(path)
        made = nib.Nifti1Image(np.asanyarray(read.dataobj), None, read.header)
        change(made.header, read.affine.copy())
        nib.save(made, path)

    return spoil


def _shear(header_, affine):
    affine[0, 1] += 0.5
    header_.set_sform(affine, 1)
    header_.set_qform(None, 0)


def _shift(header_, affine):
    header_.set_sform(affine, 1)
    affine[1, 3] += 2
    header_.set_qform(affine, 1)


def doubled(dataset, path):
    """A second volume under the same series, as dynamic examinations have."""
    again = pydicom.dcmread(path)
    again.SOPInstanceUID = again.file_meta.MediaStorageSOPInstanceUID = (
        f"{dataset.SOPInstanceUID}.9"
    )
    again.save_as(path.with_name("again"))


def copied(dataset, path):
    shutil.copy(path, path.with_name("copy"))


def another_series(dataset, path):
    dataset.SeriesInstanceUID, dataset.SeriesDescription = "1.2.3.4", "localiser"


def compressed(syntax):
    def change(dataset, path):
        dataset.file_meta.TransferSyntaxUID = syntax
        dataset.PixelData = pydicom.encaps.encapsulate([b"\xff\x4f\xff\x51" + bytes(20)])
        dataset["PixelData"].VR, dataset["PixelData"].is_undefined_length = "OB", True

    return change


def colour(dataset, path):
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation, dataset.PlanarConfiguration = (
        3,
        "RGB",
        0,
    )
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = (
        8,
        8,
        7,
        0,
    )
    dataset.PixelData = bytes(3 * dataset.Rows * dataset.Columns)


def other_frame(dataset, path):
    for item in [*dataset.ReferencedFrameOfReferenceSequence]:
        item.FrameOfReferenceUID = "1.2.3.4.5"
    for item in dataset.StructureSetROISequence:
        item.ReferencedFrameOfReferenceUID = "1.2.3.4.5"


def foreign_segmentation(study):
    from tests.support.dicom_files import write_segmentation, write_series

    images = write_series(
        study.parent / "elsewhere", np.zeros(SHAPE, np.int16), (1.0, 1.0, 3.0), (0.0, 0.0, 0.0)
    )
    write_segmentation(
        study.parent / "data" / "images" / "P03" / "mask.dcm",
        images,
        {"tumour": tumour_values(3).astype(bool)},
    )


def set_one():
    values = np.zeros(SHAPE, np.uint8)
    values[2, 5, 4] = 1
    return values


def in_air():
    values = np.zeros(SHAPE, np.uint8)
    values[1:5, 1:11, 0] = 1
    return values


sheared, two_places = header(_shear), header(_shift)
