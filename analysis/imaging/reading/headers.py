"""DICOM files of a folder by their headers: pixels are not read."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pydicom
from pydicom.uid import (
    UID,
    ColorPaletteStorage,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    HangingProtocolStorage,
    ImplicitVRLittleEndian,
    MediaStorageDirectoryStorage,
)
from pydicom.valuerep import VR

# What a damaged value harms is said in this package's own words; pydicom's name its source files.
warnings.filterwarnings("ignore", message="Invalid value for VR", category=UserWarning)

MASK_MODALITIES = ("SEG", "RTSTRUCT")
# What is looked at before a series or mask is chosen and put in order; contours and other long
# parts are read when they are needed.
SCANNED = (
    "SOPClassUID",
    "SOPInstanceUID",
    "Modality",
    "PatientID",
    "PatientName",
    "PatientBirthDate",
    "PatientSex",
    "StudyInstanceUID",
    "StudyDate",
    "StudyTime",
    "SeriesDate",
    "SeriesTime",
    "AcquisitionDate",
    "AcquisitionTime",
    "AcquisitionDateTime",
    "ContentDate",
    "SeriesInstanceUID",
    "SeriesDescription",
    "SeriesNumber",
    "InstanceNumber",
    "AcquisitionNumber",
    "TemporalPositionIdentifier",
    "TriggerTime",
    "ImageType",
    "EchoTime",
    "EchoNumbers",
    "DiffusionBValue",
    "InversionTime",
    "FlipAngle",
    "SliceThickness",
    "FrameOfReferenceUID",
    "Rows",
    "Columns",
    "SamplesPerPixel",
    "PhotometricInterpretation",
    "NumberOfFrames",
    "ImagePositionPatient",
    "ImageOrientationPatient",
    "PixelSpacing",
    "RescaleSlope",
    "RescaleIntercept",
    "SharedFunctionalGroupsSequence",
    "PerFrameFunctionalGroupsSequence",
    "SegmentSequence",
    "ReferencedSeriesSequence",
    "ReferencedFrameOfReferenceSequence",
    "StructureSetROISequence",
)


VALUE_REPRESENTATIONS = frozenset(each.value for each in VR if len(each.value) == 2)
# Objects that belong to no series by the standard (PS3.3, A and B): all others without one are
# damaged.
WITHOUT_SERIES = frozenset(
    {MediaStorageDirectoryStorage, HangingProtocolStorage, ColorPaletteStorage}
)
# Bytes of the first element of an implicit data set: a group length, a character set or an image
# type, none of them long.
LONGEST_FIRST = 1024


class ReadingError(ValueError):
    """A file can't be used; the message names it, says what is wrong with it, and what to do."""


class SharedPlaces(ReadingError):
    """A series has several images at one place: volumes of several times, perhaps."""


@dataclass(frozen=True)
class Remark:
    """Remark in words on something that reading did or passed over.

    kind: resampled and filled are what the study asked for.
    """

    text: str
    level: Literal["warning", "note"] = "note"
    kind: Literal["read", "resampled", "filled"] = "read"


@contextmanager
def in_words(place: object) -> Iterator[None]:
    """Context that raises a ReadingError for any error of a damaged file.

    Such an error is whatever a damaged file makes pydicom and others raise (a part that is absent,
    text for a number).
    """
    try:
        yield
    except (ReadingError, OSError, MemoryError):
        raise
    except Exception as error:
        raise ReadingError(
            f"{place}: a DICOM header is damaged, or lacks what an image needs"
            f" ({str(error)[:160]}); export the files again"
        ) from error


@dataclass(frozen=True)
class Instance:
    """One DICOM file. header: its dataset without pixels."""

    path: Path
    header: pydicom.Dataset

    def text(self, keyword: str) -> str:
        """Value as stripped text, empty if it is absent.

        Several values are joined by backslashes, as DICOM writes them.
        """
        try:
            value = self.header.get(keyword)
        except Exception:
            # A damaged part (text for a number) is shown as it is, and harms nothing but itself.
            raw = self.header.get_item(keyword).value
            value = raw.decode("latin-1").strip(" \0") if isinstance(raw, bytes) else raw
        if value is None:
            return ""
        if isinstance(value, pydicom.multival.MultiValue):
            return "\\".join(map(str, value)).strip()
        return str(value).strip()

    @property
    def modality(self) -> str:
        """DICOM modality, such as MR."""
        return self.text("Modality")

    @property
    def series(self) -> str:
        """UID of the series."""
        return self.text("SeriesInstanceUID")

    @property
    def frame_of_reference(self) -> str:
        """UID of the frame of reference."""
        return self.text("FrameOfReferenceUID")

    @property
    def study(self) -> str:
        """The examination; by its date where it has no UID."""
        return self.text("StudyInstanceUID") or self.text("StudyDate")

    @property
    def is_image(self) -> bool:
        """True if it holds pixels and is no mask."""
        return "Rows" in self.header and self.modality not in MASK_MODALITIES


def _starts_a_data_set(start: bytes) -> bool:
    """True if bytes are the start of a DICOM data set.

    They are where they hold the first element of a data set of group 0002 or 0008, explicit or
    implicit, little or big endian.
    """
    if len(start) < 8:
        return False
    explicit = start[4:6].decode("latin-1") in VALUE_REPRESENTATIONS
    if start[:2] == b"\x00\x08":  # big endian, which is explicit always
        return start[2] == 0 and explicit
    length = int.from_bytes(start[4:8], "little")
    return (
        start[:2] in (b"\x02\x00", b"\x08\x00")
        and start[3] == 0
        and (explicit or length <= LONGEST_FIRST)
    )


def has_preamble(path: Path) -> bool:
    """True if a file has the DICOM preamble (`DICM` at byte 128)."""
    with path.open("rb") as file:
        return file.read(132)[128:] == b"DICM"


def is_dicom(path: Path) -> bool:
    """True if a file is DICOM.

    It is told by its preamble, or by its first element where an archive left the preamble out.
    """
    with path.open("rb") as file:
        start = file.read(132)
    return start[128:] == b"DICM" or _starts_a_data_set(start)


def read_header(path: Path, keywords: Sequence[str] | None = None) -> Instance | None:
    """Header of a DICOM file, or these parts of it; None for another kind of file or a DICOMDIR.

    Raises ReadingError where the header can't be read, or ends before it names its series or an
    image's rows, as that of a file that was cut off.
    """
    if not is_dicom(path):
        return None
    try:
        header = pydicom.dcmread(
            path,
            stop_before_pixels=True,
            force=True,
            specific_tags=None if keywords is None else list(keywords),
        )
        found = "SeriesInstanceUID" in header
    except Exception as error:
        if not has_preamble(path):
            return None  # it only began like a data set
        raise ReadingError(
            f"{path}: the DICOM header can't be read ({error}); export the file again"
        ) from error
    cut = "the file is cut off, as it seems: export it again"
    kind = _storage_class(header)
    if found:
        if (
            "Image Storage" in kind.name
            and (keywords is None or "Rows" in keywords)
            and "Rows" not in header
        ):
            raise ReadingError(f"{path}: the DICOM header of an image names no rows; {cut}")
        return Instance(path, header)
    # Without a preamble, only the class of an image tells a data set from anything that begins like
    # one.
    if kind not in WITHOUT_SERIES and (has_preamble(path) or "Image Storage" in kind.name):
        raise ReadingError(f"{path}: the DICOM header names no series; {cut}")
    return None


def _storage_class(header: pydicom.Dataset) -> UID:
    """Storage class by file meta information, else by the data set; empty if neither says so."""
    meta = getattr(header, "file_meta", None) or pydicom.Dataset()
    return UID(str(meta.get("MediaStorageSOPClassUID") or header.get("SOPClassUID") or ""))


def transfer_syntax(dataset: pydicom.Dataset) -> UID:
    """Transfer syntax of a file, as the file says.

    A file without file meta information is in the encoding that its data set was found to have.
    """
    named = dataset.file_meta.get("TransferSyntaxUID")
    implicit, little = dataset.original_encoding
    if named:
        return named
    if implicit:
        return ImplicitVRLittleEndian
    return ExplicitVRLittleEndian if little else ExplicitVRBigEndian


def read_data_set(path: Path) -> pydicom.Dataset:
    """Whole DICOM file, with or without preamble and file meta information.

    Its transfer syntax is always named.
    """
    dataset = pydicom.dcmread(path, force=True)
    dataset.file_meta.TransferSyntaxUID = transfer_syntax(dataset)
    return dataset


def find_value(dataset: Any, keyword: str) -> Any:
    """Value of the dataset or of a sequence item below it; None if it is nowhere.

    Such items are, for example, the functional groups of a frame.
    """
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
