"""`early-recurrence convert`: where private files lie, and what is said at the end."""

from __future__ import annotations

import argparse
import csv
import io
import os
import sys
from pathlib import Path

import pandas as pd

from analysis.core.cache import write_atomically
from analysis.core.word_lists import counted
from analysis.imaging.convert.convert import ConvertError, convert
from analysis.imaging.convert.pseudonyms import Keys, read_salt
from analysis.imaging.convert.rules import load_rules
from analysis.workflow.convert.patient_file import read_ids


def _private(path: Path, folder: Path, option: str) -> Path:
    """A path outside of the study's folder, which gets shared."""
    if path.resolve().is_relative_to(folder.resolve()):
        raise ConvertError(
            f"{option} {path} lies in the study's folder, which gets shared; keep it elsewhere"
        )
    return path


def _write_private(path: Path, text: str) -> None:
    write_atomically(path, text)
    os.chmod(path, 0o600)


def _link(patients: list[tuple[str, str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([("PatientID", "patient_id"), *patients])
    return text.getvalue()


def study_lines(manifest: pd.DataFrame) -> str:
    """Section `phases:` of a study file for what was converted.

    A phase without a mask of its own takes the grid of one that has.
    """
    images = manifest[manifest["kind"] == "image"]
    masks = (
        manifest[manifest["kind"] != "image"]
        .groupby("phase", sort=False)["kind"]
        .agg(lambda kinds: sorted(set(kinds)))
    )
    names = {
        phase: (kinds[0] if "mask" not in kinds else "mask", kinds)
        for phase, kinds in masks.items()
    }
    lines = ["phases:"]
    for phase in images["phase"].unique():
        owner = phase if phase in names else next(iter(names), None)
        lines.append(f"  {phase}:\n    image: images/{{patient_id}}/{phase}.nii.gz")
        if owner is None:
            lines.append("    mask: images/{patient_id}/mask.nii.gz  # none was converted")
            continue
        first, kinds = names[owner]
        lines.append(
            f"    mask: images/{{patient_id}}/{owner}_{first}.nii.gz"
            + (f"\n    resample_to: {owner}" if owner != phase else "")
        )
        others = [kind for kind in kinds if kind != first]
        if others:
            lines.append(
                "    repeat_masks: {"
                + ", ".join(
                    f'{kind}: "images/{{patient_id}}/{owner}_{kind}.nii.gz"' for kind in others
                )
                + "}"
            )
    return "\n".join(lines)


def run_convert(options: argparse.Namespace) -> int:
    """Convert, and print what the study file needs.

    0 though patients were left out with --partial; they are listed.
    """
    rules = load_rules(options.rules)
    beside = options.folder.resolve()
    salt = _private(
        options.salt or beside.with_name(beside.name + ".salt"), options.folder, "--salt"
    )
    link = _private(options.link, options.folder, "--link") if options.link else None
    keys = Keys(read_salt(salt), read_ids(options.patients) if options.patients else None)
    listed = salt.with_name(f"{beside.name}.passed_over.csv")
    try:
        done = convert(
            options.export,
            options.folder,
            rules=rules,
            keys=keys,
            partial=options.partial,
            jobs=options.jobs,
        )
    except ConvertError as error:
        if error.passed is not None:
            _write_private(listed, error.passed.table())
        raise
    if link is not None:
        _write_private(link, _link(sorted(done.patients.items())))
    for problem in done.problems:
        print(f"left out: {problem}", file=sys.stderr)
    for note in done.notes:
        print(f"note: {note}", file=sys.stderr)
    patients = done.manifest["patient_id"].nunique()
    print(
        f"{options.folder / 'manifest.csv'}: {counted(patients, 'patient')},"
        f" {counted(done.written, 'file')} written, {done.current} were current"
        + (f", {counted(len(done.problems), 'problem')}" if done.problems else "")
    )
    _write_private(listed, done.passed.table())
    for line in done.passed.lines():
        print(f"passed over: {line}", file=sys.stderr)
    print(
        f"What was passed over is listed in {listed}, which is private."
        if done.passed.lines()
        else "Nothing was passed over."
    )
    print(
        f"The salt in {salt} is private: keep it, and do not share it with the images.\n\nFor"
        f" study.yml:\n\n{study_lines(done.manifest)}"
    )
    return 0
