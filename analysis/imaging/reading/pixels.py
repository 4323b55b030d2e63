"""Voxel values of DICOM frames: decompressed, and rescaled as the header says."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import pydicom
from pydicom.pixels import apply_modality_lut, get_decoder
from pydicom.uid import UID

from analysis.imaging.reading.frames import Frame
from analysis.imaging.reading.headers import ReadingError, read_data_set

EXTRA = "pip install 'hcc-early-recurrence[dicom]'"


def check_decoder(syntax: UID, path: Path) -> None:
    """Raises ReadingError if no installed package decompresses this transfer syntax."""
    if not syntax.is_compressed or not syntax.is_encapsulated:
        return
    try:
        available = get_decoder(syntax).is_available
    except NotImplementedError:
        raise ReadingError(
            f"{path}: images in transfer syntax '{syntax.name}' can't be read; export them"
            " uncompressed"
        ) from None
    if not available:
        raise ReadingError(
            f"{path}: the image is compressed ({syntax.name}) and no installed package decompresses"
            f" that; {EXTRA}, or export the series uncompressed"
        )


@lru_cache(maxsize=1)
def _stored(path: Path, changed: int) -> tuple[pydicom.Dataset, np.ndarray]:
    """Data set and all frames of a DICOM file, kept in memory.

    All frames of a file are kept while the frames of a multi-frame file are taken one by one.
    changed: its time of change.
    """
    dataset = read_data_set(path)
    check_decoder(dataset.file_meta.TransferSyntaxUID, path)
    if not {"PixelData", "FloatPixelData", "DoubleFloatPixelData"} & set(dataset.dir()):
        raise ReadingError(f"{path}: the file has a header and no pixels; export it again")
    if (
        "PixelData" in dataset
        and dataset["PixelData"].is_undefined_length
        and not dataset.file_meta.TransferSyntaxUID.is_compressed
    ):
        raise ReadingError(
            f"{path}: the pixels are compressed, and the file does not say how (it has no file meta"
            " information); export it again"
        )
    try:
        return dataset, dataset.pixel_array
    except Exception as error:
        raise ReadingError(
            f"{path}: the pixels can't be read ({error}); export the file again"
        ) from error


def _whole(values: np.ndarray) -> np.ndarray:
    """Whole numbers as int32 where all of them fit; else as they are.

    Every later step takes int32; the others stay as they are so that none wraps.
    """
    limits = np.iinfo(np.int32)
    fits = values.size == 0 or (values.min() >= limits.min and values.max() <= limits.max)
    return values.astype(np.int32) if fits else values


def frame_values(frame: Frame) -> np.ndarray:
    """Rows × columns of real values.

    They are whole numbers (int32, or int64 where they need it) where slope and intercept are, else
    float64.
    """
    path = frame.instance.path
    dataset, stored = _stored(path, path.stat().st_mtime_ns)
    values = stored[frame.index] if stored.ndim == 3 else stored
    if frame.slope is None and "ModalityLUTSequence" in dataset:
        return np.asarray(apply_modality_lut(values, dataset))
    slope, intercept = (1.0 if frame.slope is None else frame.slope), frame.intercept or 0.0
    if slope == 1 and intercept.is_integer() and np.issubdtype(values.dtype, np.integer):
        return _whole(values.astype(np.int64) + int(intercept))
    return values.astype(np.float64) * slope + intercept
