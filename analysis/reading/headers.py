"""DICOM files of a folder by their headers: pixels are not read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pydicom
from pydicom.errors import InvalidDicomError

MASK_MODALITIES = ("SEG", "RTSTRUCT")
# What is looked at before a series or mask is chosen and put in order; contours and other long parts are read when they are needed.
SCANNED = ("SOPClassUID", "SOPInstanceUID", "Modality", "PatientID", "PatientName", "PatientBirthDate", "PatientSex",
           "StudyInstanceUID", "StudyDate", "StudyTime", "SeriesDate", "SeriesTime", "AcquisitionDate",
           "AcquisitionTime", "AcquisitionDateTime", "ContentDate", "SeriesInstanceUID", "SeriesDescription",
           "SeriesNumber", "InstanceNumber", "AcquisitionNumber", "TemporalPositionIdentifier", "TriggerTime",
           "ImageType", "EchoTime", "EchoNumbers", "DiffusionBValue", "InversionTime", "FlipAngle", "SliceThickness",
           "FrameOfReferenceUID", "Rows", "Columns", "SamplesPerPixel", "PhotometricInterpretation", "NumberOfFrames",
           "ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing", "RescaleSlope", "RescaleIntercept",
           "SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence", "SegmentSequence",
           "ReferencedSeriesSequence", "ReferencedFrameOfReferenceSequence", "StructureSetROISequence")


class ReadingError(ValueError):
    """A file can't be used; the message names it, says what is wrong with it, and what to do."""


@contextmanager
def in_words(place: object) -> Iterator[None]:
    """Whatever a damaged file makes pydicom and others raise (a part that is absent, text for a number), as a ReadingError."""
    try:
        yield
    except (ReadingError, OSError, MemoryError):
        raise
    except Exception as error:
        raise ReadingError(f"{place}: a DICOM header is damaged, or lacks what an image needs ({str(error)[:160]}); export the files again") from error


@dataclass(frozen=True)
class Instance:
    """One DICOM file. header: its dataset without pixels."""

    path: Path
    header: pydicom.Dataset

    def text(self, keyword: str) -> str:
        """A value as stripped text, empty if it is absent; several values are joined by backslashes, as DICOM writes them."""
        try:
            value = self.header.get(keyword)
        except Exception:  # a damaged part (text for a number) is shown as it is, and harms nothing but itself
            raw = self.header.get_item(keyword).value
            value = raw.decode("latin-1").strip(" \0") if isinstance(raw, bytes) else raw
        return "" if value is None else "\\".join(map(str, value)).strip() if isinstance(value, pydicom.multival.MultiValue) else str(value).strip()

    @property
    def modality(self) -> str:
        return self.text("Modality")

    @property
    def series(self) -> str:
        return self.text("SeriesInstanceUID")

    @property
    def frame_of_reference(self) -> str:
        return self.text("FrameOfReferenceUID")

    @property
    def study(self) -> str:
        """The examination; by its date where it has no UID."""
        return self.text("StudyInstanceUID") or self.text("StudyDate")

    @property
    def is_image(self) -> bool:
        return "Rows" in self.header and self.modality not in MASK_MODALITIES


def read_header(path: Path, keywords: Sequence[str] | None = None) -> Instance | None:
    """The header of a DICOM file, or these parts of it; None for a file of another kind, or for a DICOMDIR."""
    try:
        header = pydicom.dcmread(path, stop_before_pixels=True, specific_tags=None if keywords is None else list(keywords))
    except InvalidDicomError:
        return None
    except Exception as error:
        raise ReadingError(f"{path}: the DICOM header can't be read ({error}); export the file again") from error
    return Instance(path, header) if "SeriesInstanceUID" in header else None


def is_dicom(path: Path) -> bool:
    """Whether a file has the DICOM preamble."""
    with path.open("rb") as file:
        return file.read(132)[128:] == b"DICM"


def scan_folder(folder: Path, more: Sequence[str] = ()) -> list[Instance]:
    """Every DICOM file below a folder, by the parts of its header that are SCANNED and `more`; files of other kinds are passed over."""
    found = (read_header(path, (*SCANNED, *more)) for path in sorted(folder.rglob("*")) if path.is_file())
    return [instance for instance in found if instance is not None]


def find_value(dataset: Any, keyword: str) -> Any:
    """A value of the dataset or of a sequence item below it (functional groups of a frame); None if it is nowhere."""
    if dataset is None:
        return None
    if keyword in dataset:
        return dataset[keyword].value
    for element in dataset:
        if element.VR == "SQ" and len(element.value) == 1:
            found = find_value(element.value[0], keyword)
            if found is not None:
                return found
    return None
