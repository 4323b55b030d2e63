"""Parser of `early-recurrence convert`, which loads no library of images."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_convert_command(commands: argparse._SubParsersAction) -> None:
    """Its parser, beside the others."""
    convert = commands.add_parser(
        "convert",
        help=(
            "turn a PACS export (folders of DICOM) into a study's images, without anything of their"
            " headers"
        ),
    )
    convert.add_argument(
        "export", type=Path, help="folder with DICOM files of any number of patients"
    )
    convert.add_argument(
        "folder",
        type=Path,
        help=(
            "the study's folder; images/<patient>/<phase>.nii.gz and manifest.csv are written there"
        ),
    )
    convert.add_argument(
        "--rules",
        type=Path,
        required=True,
        metavar="FILE",
        help="which series is which phase, and which segments are the tumour (YAML)",
    )
    convert.add_argument(
        "--patients",
        type=Path,
        metavar="FILE",
        help=(
            "CSV of PatientID, new name, and columns that the rules name, such as a date of"
            " treatment (default: new names are salted hashes)"
        ),
    )
    convert.add_argument(
        "--salt",
        type=Path,
        metavar="FILE",
        help=(
            "private file that hashes are made with (default: beside the study's folder; made if"
            " absent)"
        ),
    )
    convert.add_argument(
        "--link",
        type=Path,
        metavar="FILE",
        help="write a private CSV of PatientID and new name, to bring clinical data along",
    )
    convert.add_argument(
        "--partial",
        action="store_true",
        help=(
            "convert the patients without a problem though others have one; of these nothing is"
            " written"
        ),
    )
    convert.add_argument("--jobs", type=int, default=-1, help="processes (default: all cores)")
