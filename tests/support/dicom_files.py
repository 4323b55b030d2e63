"""DICOM files as scanners and workstations write them, with whom and when in their headers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pydicom
from matplotlib.figure import Figure
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import (
    CTImageStorage,
    EnhancedMRImageStorage,
    ExplicitVRLittleEndian,
    MRImageStorage,
    RTStructureSetStorage,
    generate_uid,
)

IDENTIFIERS = {
    "PatientName": "Planted^Surname",
    "PatientID": "PLANTEDID77",
    "PatientBirthDate": "19630417",
    "AccessionNumber": "ACCPLANTED9",
    "InstitutionName": "Planted Hospital",
    "ReferringPhysicianName": "Planted^Doctor",
    "StudyDate": "20190302",
    "StudyTime": "081500",
}
ROOT_UID = "1.2.826.0.1.3680043.99999."


def oblique(tilt: float = 0.3, turn: float = 0.2) -> np.ndarray:
    """Direction as SimpleITK has it, in columns: row, column, normal."""
    a = np.array([[1, 0, 0], [0, np.cos(tilt), -np.sin(tilt)], [0, np.sin(tilt), np.cos(tilt)]])
    b = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]])
    return a @ b


def _base(
    storage: str, modality: str, series: str, description: str, frame: str, number: int, tags: dict
) -> Dataset:
    data = Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data.SOPClassUID = data.file_meta.MediaStorageSOPClassUID = storage
    data.SOPInstanceUID = data.file_meta.MediaStorageSOPInstanceUID = generate_uid(ROOT_UID)
    data.Modality, data.SeriesInstanceUID, data.SeriesDescription, data.SeriesNumber = (
        modality,
        series,
        description,
        number,
    )
    data.StudyInstanceUID = generate_uid(ROOT_UID, [tags.get("PatientID", ""), "study"])
    data.FrameOfReferenceUID = frame
    data.StudyID, data.PatientSex, data.Manufacturer, data.PositionReferenceIndicator = (
        "1",
        "F",
        "Planted Works",
        "",
    )
    for keyword, value in (IDENTIFIERS | tags).items():
        setattr(data, keyword, value)
    data.SeriesDate = data.get("SeriesDate", data.StudyDate)
    data.SeriesTime = data.get("SeriesTime", "081600")
    return data


def _pixels(data: Dataset, stored: np.ndarray) -> None:
    data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
    data.Rows, data.Columns = stored.shape[-2:]
    bits = 8 * stored.dtype.itemsize
    data.BitsAllocated, data.BitsStored, data.HighBit = bits, bits, bits - 1
    data.PixelRepresentation = 1 if stored.dtype.kind == "i" else 0
    data.PixelData = stored.tobytes()


def write_series(
    folder: Path,
    stored: np.ndarray,
    spacing=(0.8, 1.1, 2.5),
    origin=(-20.0, 11.0, 37.5),
    direction=None,
    description="arterial",
    number: int = 3,
    slope=1.0,
    intercept=0.0,
    modality="MR",
    shuffle: int = 0,
    name="image",
    series: str | None = None,
    frame: str | None = None,
    **tags,
) -> list[Path]:
    """One file a slice, in an order and with names that say nothing of the position; paths in order
    of position. slope: one, or one a slice."""
    direction = np.eye(3) if direction is None else direction
    series, frame = series or generate_uid(ROOT_UID), frame or generate_uid(ROOT_UID)
    folder.mkdir(parents=True, exist_ok=True)
    order = np.random.default_rng(shuffle).permutation(len(stored))
    slopes = np.broadcast_to(slope, len(stored))
    paths: list[Path] = [Path()] * len(stored)
    for place, index in enumerate(order):
        data = _base(
            CTImageStorage if modality == "CT" else MRImageStorage,
            modality,
            series,
            description,
            frame,
            number,
            tags,
        )
        _pixels(data, stored[index])
        data.PixelSpacing, data.SliceThickness = [spacing[1], spacing[0]], spacing[2]
        data.ImageOrientationPatient = [
            f"{value:.10g}" for value in [*direction[:, 0], *direction[:, 1]]
        ]
        data.ImagePositionPatient = [
            f"{value:.10g}" for value in np.array(origin) + direction[:, 2] * spacing[2] * index
        ]
        data.InstanceNumber = place + 1
        data.RescaleSlope, data.RescaleIntercept = f"{slopes[index]:g}", f"{intercept:g}"
        paths[index] = folder / f"{name}{place:03d}"
        data.save_as(paths[index], enforce_file_format=True)
    return paths


def write_enhanced(
    path: Path,
    stored: np.ndarray,
    spacing=(0.8, 1.1, 2.5),
    origin=(-20.0, 11.0, 37.5),
    direction=None,
    slope=1.0,
    intercept=0.0,
    temporal: list[int] | None = None,
    **tags,
) -> Path:
    """Slices (in the order given) as frames of one enhanced MR file; temporal: position in time of
    each, several to a place."""
    direction = np.eye(3) if direction is None else direction
    data = _base(
        EnhancedMRImageStorage,
        "MR",
        generate_uid(ROOT_UID),
        "dynamic",
        generate_uid(ROOT_UID),
        5,
        tags,
    )
    _pixels(data, stored)
    data.NumberOfFrames = len(stored)
    shared, measures, orientation, transformation = Dataset(), Dataset(), Dataset(), Dataset()
    measures.PixelSpacing, measures.SliceThickness = [spacing[1], spacing[0]], spacing[2]
    orientation.ImageOrientationPatient = [
        f"{value:.10g}" for value in [*direction[:, 0], *direction[:, 1]]
    ]
    transformation.RescaleSlope, transformation.RescaleIntercept, transformation.RescaleType = (
        f"{slope:g}",
        f"{intercept:g}",
        "US",
    )
    (
        shared.PixelMeasuresSequence,
        shared.PlaneOrientationSequence,
        shared.PixelValueTransformationSequence,
    ) = (
        [measures],
        [orientation],
        [transformation],
    )
    data.SharedFunctionalGroupsSequence = [shared]
    frames, seen = [], {}
    for index in range(len(stored)):
        time = temporal[index] if temporal else 1
        place = seen[time] = seen.get(time, -1) + 1
        frame, plane, content = Dataset(), Dataset(), Dataset()
        plane.ImagePositionPatient = [
            f"{value:.10g}" for value in np.array(origin) + direction[:, 2] * spacing[2] * place
        ]
        content.TemporalPositionIndex = time
        frame.PlanePositionSequence, frame.FrameContentSequence = [plane], [content]
        frames.append(frame)
    data.PerFrameFunctionalGroupsSequence = frames
    path.parent.mkdir(parents=True, exist_ok=True)
    data.save_as(path, enforce_file_format=True)
    return path


def without_preamble(path: Path) -> None:
    """The file as some archives write it: an implicit little-endian data set alone."""
    data = pydicom.dcmread(path)
    del data.file_meta
    data.preamble = None
    pydicom.dcmwrite(path, data, implicit_vr=True, little_endian=True, enforce_file_format=False)


def write_segmentation(
    path: Path, images: list[Path], masks: dict[str, np.ndarray], **tags
) -> Path:
    """A DICOM-SEG by highdicom: label -> slices × rows × columns, in the images' order."""
    from highdicom.seg import (
        SegmentAlgorithmTypeValues,
        Segmentation,
        SegmentationTypeValues,
        SegmentDescription,
    )
    from pydicom.sr.codedict import codes

    sources = [pydicom.dcmread(each) for each in images]
    described = [
        SegmentDescription(
            number,
            label,
            codes.SCT.MorphologicallyAbnormalStructure,
            codes.SCT.Neoplasm,
            SegmentAlgorithmTypeValues.MANUAL,
        )
        for number, label in enumerate(masks, start=1)
    ]
    segmentation = Segmentation(
        sources,
        np.stack(list(masks.values()), axis=-1).astype(np.uint8),
        SegmentationTypeValues.BINARY,
        described,
        generate_uid(ROOT_UID),
        90,
        generate_uid(ROOT_UID),
        1,
        "Planted Works",
        "model",
        "1",
        "serial",
        content_description="tumour",
    )
    for keyword, value in ({"SeriesDescription": "segmentation"} | tags).items():
        setattr(segmentation, keyword, value)
    path.parent.mkdir(parents=True, exist_ok=True)
    segmentation.save_as(path)
    return path


def outlines(mask: np.ndarray) -> list[tuple[int, np.ndarray]]:
    """Contours half-way between voxels inside and outside, as drawing programs export them: (slice,
    points × (x, y) in voxels)."""
    found = []
    axes = Figure().subplots()
    for place, plane in enumerate(mask):
        if plane.any():
            padded = np.pad(plane.astype(float), 1)
            found.extend(
                (place, points[:-1])
                for points in axes.contour(
                    np.arange(-1, plane.shape[1] + 1),
                    np.arange(-1, plane.shape[0] + 1),
                    padded,
                    levels=[0.5],
                ).allsegs[0]
            )
    return found


def write_structures(
    path: Path,
    image: Path,
    masks: dict[str, np.ndarray],
    spacing=(0.8, 1.1, 2.5),
    origin=(-20.0, 11.0, 37.5),
    direction=None,
    **tags,
) -> Path:
    """An RTSTRUCT: name -> mask whose outlines it draws, on the series that `image` is of."""
    direction = np.eye(3) if direction is None else direction
    source = pydicom.dcmread(image, stop_before_pixels=True)
    kept = {keyword: source.get(keyword) for keyword in IDENTIFIERS}
    data = _base(
        RTStructureSetStorage,
        "RTSTRUCT",
        generate_uid(ROOT_UID),
        "structures",
        str(source.FrameOfReferenceUID),
        91,
        kept | tags,
    )
    data.StructureSetLabel = "tumour"
    reference, study, series = Dataset(), Dataset(), Dataset()
    series.SeriesInstanceUID = source.SeriesInstanceUID
    (
        study.ReferencedSOPClassUID,
        study.ReferencedSOPInstanceUID,
        study.RTReferencedSeriesSequence,
    ) = (
        "1.2.840.10008.3.1.2.3.1",
        source.StudyInstanceUID,
        [series],
    )
    reference.FrameOfReferenceUID, reference.RTReferencedStudySequence = (
        source.FrameOfReferenceUID,
        [study],
    )
    data.ReferencedFrameOfReferenceSequence = [reference]
    structures, contoured = [], []
    for number, (name, mask) in enumerate(masks.items(), start=1):
        structure, drawn = Dataset(), Dataset()
        (
            structure.ROINumber,
            structure.ROIName,
            structure.ReferencedFrameOfReferenceUID,
            structure.ROIGenerationAlgorithm,
        ) = (
            number,
            name,
            source.FrameOfReferenceUID,
            "MANUAL",
        )
        drawn.ReferencedROINumber, drawn.ContourSequence = number, []
        for place, points in outlines(mask):
            indices = np.column_stack([points, np.full(len(points), place)])
            world = np.array(origin) + (indices * spacing) @ direction.T
            contour = Dataset()
            contour.ContourGeometricType, contour.NumberOfContourPoints = (
                "CLOSED_PLANAR",
                len(points),
            )
            contour.ContourData = [f"{value:.9g}" for value in world.ravel()]
            drawn.ContourSequence.append(contour)
        structures.append(structure)
        contoured.append(drawn)
    data.StructureSetROISequence, data.ROIContourSequence = structures, contoured
    path.parent.mkdir(parents=True, exist_ok=True)
    data.save_as(path, enforce_file_format=True)
    return path
