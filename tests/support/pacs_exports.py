"""Small exports: every series has one value, by which its volume is known again."""

from __future__ import annotations

from pathlib import Path
from zlib import crc32

import nibabel as nib
import numpy as np
import pandas as pd

from analysis.imaging.convert.pseudonyms import Keys, read_salt
from tests.support.command_line import command
from tests.support.dicom_files import write_series, write_structures

SHAPE = (4, 6, 7)


def add_series(
    folder: Path, value: int, description: str, examined: str = "2019-03-02", **tags
) -> list[Path]:
    """Files of a series whose voxels are `value`. examined: the day; each patient's examination of
    a day has its own UID."""
    day = examined.replace("-", "")
    owner = tags.get("PatientID", "")
    study = f"1.2.826.0.1.3680043.99999.{crc32((owner + day).encode())}"
    shape = tags.pop("shape", SHAPE)
    known = {
        "StudyDate": day,
        "StudyInstanceUID": study,
        "SeriesTime": "081600",
        "SeriesDate": day,
        "name": f"s{value}_",
        "number": value,
    }
    return write_series(
        folder, np.full(shape, value, np.uint16), description=description, **(known | tags)
    )


def run_convert(folder: Path, rules: str, *more: str) -> int:
    (folder / "rules.yml").write_text(rules)
    return convert_export(folder, *more)


def convert_export(folder: Path, *more: str) -> int:
    """`convert` of folder/export into folder/study by folder/rules.yml; exit status."""
    return command(
        "convert",
        folder / "export",
        folder / "study",
        "--rules",
        folder / "rules.yml",
        "--jobs",
        "1",
        *more,
    )


def new_name(folder: Path, identifier: str) -> str:
    name = Keys(read_salt(folder / "study.salt")).patient(identifier)
    assert name is not None
    return name


def converted(folder: Path) -> dict[str, dict[str, int]]:
    """Patient -> phase -> the value of its series, as the files have it; masks are left out."""
    found: dict[str, dict[str, int]] = {}
    for path in (folder / "study" / "images").glob("*/*.nii.gz"):
        if path.name.endswith("_mask.nii.gz"):
            continue
        values = np.unique(np.asarray(nib.load(path).dataobj))
        assert len(values) == 1, path
        found.setdefault(path.parent.name, {})[path.name.removesuffix(".nii.gz")] = int(values[0])
    return found


def manifest(folder: Path) -> pd.DataFrame:
    return pd.read_csv(
        folder / "study" / "manifest.csv", dtype=str, keep_default_na=False
    ).set_index(["patient_id", "phase"])


def add_structures(path: Path, image: Path, **tags) -> None:
    """An RTSTRUCT with a tumour of 2 × 3 voxels in two slices."""
    mask = np.zeros(SHAPE, bool)
    mask[:2, 2:4, 2:5] = True
    write_structures(path, image, {"tumour": mask}, **tags)
