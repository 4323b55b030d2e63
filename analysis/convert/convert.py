"""The conversion: scan, plan, write what is not there yet, and say in the manifest what was chosen and why."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import SimpleITK as sitk
from tqdm import tqdm

from analysis.cache import write_atomically
from analysis.convert.keys import Keys
from analysis.convert.plan import MaskJob, PhaseJob, plan
from analysis.convert.rules import ConvertRules
from analysis.progress import in_parallel
from analysis.reading.dicom import read_series
from analysis.reading.headers import SCANNED, Instance, ReadingError, read_header
from analysis.reading.masks import dicom_masks
from analysis.reading.series import series_of
from analysis.reading.sources import reading_code

MANIFEST = "manifest.csv"
COLUMNS = ("patient_id", "file", "kind", "phase", "series", "modality", "files", "size", "spacing_mm", "lesions", "overlap_voxels", "why", "source", "sha256")


class ConvertError(ValueError):
    """Not everything can be converted; the message lists every problem."""


@dataclass(frozen=True)
class Conversion:
    """manifest: its rows. written, current: files made now, and those that were there already. problems: of patients left out.
    patients: PatientID -> new name, which is private."""

    manifest: pd.DataFrame
    written: int
    current: int
    problems: tuple[str, ...]
    patients: dict[str, str]


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _compact(image: sitk.Image) -> sitk.Image:
    """Whole numbers as int16 where they fit, others as float32: seven digits of what a scanner stored in twelve to sixteen bits."""
    if "float" in image.GetPixelIDTypeAsString():
        return sitk.Cast(image, sitk.sitkFloat32)
    values = sitk.GetArrayViewFromImage(image)
    return sitk.Cast(image, sitk.sitkInt16) if values.min() >= -(2**15) and values.max() < 2**15 else image


def _write(image: sitk.Image, path: Path) -> str:
    """Write a NIfTI, whole or not at all; returns its SHA-256. Made from an array, it has no header but its geometry."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".nii.gz")
    os.close(handle)
    try:
        sitk.WriteImage(image, temporary, useCompression=True)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return _sha256(path)


def _label_map(masks: list[sitk.Image]) -> tuple[sitk.Image, int]:
    """One label a lesion, and how many voxels belonged to several; these are the first one's."""
    stack = np.stack([sitk.GetArrayFromImage(mask) > 0 for mask in masks])
    labels = np.where(stack.any(axis=0), stack.argmax(axis=0) + 1, 0).astype(np.uint8)
    image = sitk.GetImageFromArray(labels)
    image.CopyInformation(masks[0])
    return image, int((stack.sum(axis=0) > 1).sum())


def _convert_phase(job: PhaseJob, folder: Path, salt: bytes, code: str, before: dict[str, dict[str, str]]) -> tuple[list[dict[str, Any]], list[str], int]:
    """Rows of the manifest, problems, and how many files were written. before: earlier rows by file."""
    keys = Keys(salt)
    rows, problems, written, image = [], [], 0, None

    def picture() -> sitk.Image:
        nonlocal image
        if image is None:
            image = read_series(series_of(job.paths), job.rule)
        return image

    def add(name: str, sources: list[Path], settings: list, make: Callable[[], tuple[sitk.Image, dict[str, Any]]], facts: dict[str, Any]) -> None:
        nonlocal written
        relative = f"images/{job.patient}/{name}.nii.gz"
        source = keys.hashed(json.dumps([sorted(map(_sha256, sources)), settings, code]), 32)
        known = before.get(relative)
        if known is not None and known["source"] == source and (folder / relative).is_file() and _sha256(folder / relative) == known["sha256"]:
            rows.append(known)
            return
        try:
            made, more = make()
        except Exception as error:
            problems.append(str(error) if isinstance(error, ReadingError) else f"{sources[0]}: {type(error).__name__}: {error}")
            return
        digest = _write(made, folder / relative)
        written += 1
        rows.append({"patient_id": job.patient, "file": relative, "phase": job.phase, "size": " ".join(map(str, made.GetSize())), "spacing_mm": " ".join(f"{each:.6g}" for each in made.GetSpacing()),
                     "lesions": "", "overlap_voxels": "", **facts, **more, "source": source, "sha256": digest})

    rule = job.rule.model_dump(mode="json")
    add(job.phase, list(job.paths), [rule], lambda: (_compact(picture()), {}),
        {"kind": "image", "series": keys.hashed("series " + job.series), "modality": job.modality, "files": len(job.paths), "why": job.why})
    for mask in [] if problems else job.masks:
        def draw(mask: MaskJob = mask) -> tuple[sitk.Image, dict[str, Any]]:
            instance = read_header(mask.path)
            assert instance is not None
            masks = dicom_masks(instance, list(mask.segments), picture())
            empty = [number for number, each in zip(mask.segments, masks, strict=True) if not sitk.GetArrayViewFromImage(each).any()]
            if empty:
                raise ReadingError(f"{mask.path}: segment {empty[0]} is empty")
            labels, overlap = _label_map(masks)
            return labels, {"lesions": len(masks), "overlap_voxels": overlap}
        add(f"{job.phase}_{mask.name}", [mask.path, *job.paths], [rule, mask.segments], draw,
            {"kind": mask.name, "series": keys.hashed("series " + mask.series), "modality": mask.modality, "files": 1, "why": mask.why})
    return rows, problems, written


def _scan(export: Path, keywords: tuple[str, ...]) -> tuple[list[Instance], list[str]]:
    instances, problems = [], []
    for path in tqdm(sorted(path for path in export.rglob("*") if path.is_file()), desc="headers", file=sys.stderr, mininterval=1.0, dynamic_ncols=True):
        try:
            instance = read_header(path, (*SCANNED, *keywords))
        except ReadingError as error:
            problems.append(str(error))
            continue
        if instance is not None:
            instances.append(instance)
    return instances, problems


def _refuse(problems: list[str], what: str) -> None:
    listing = "\n".join("  " + problem.replace("\n", "\n  ") for problem in problems)
    raise ConvertError(f"{len(problems)} problem(s); {what}:\n{listing}")


def convert(export: Path, folder: Path, rules: ConvertRules, keys: Keys, partial: bool = False, jobs: int = -1) -> Conversion:
    """Write `images/<patient>/<phase>.nii.gz`, `<phase>_<mask>.nii.gz` and manifest.csv below `folder`; what is there and current stays.

    Nothing of the headers is copied; patients of an earlier export keep their files and rows. partial: patients without a problem
    are converted though others have one. Raises ConvertError that lists all problems; without `partial` those found in headers
    keep anything from being written.
    """
    if not export.is_dir():
        raise ConvertError(f"{export}: no such folder")
    instances, unread = _scan(export, tuple({keyword for rule in rules.phases.values() for keyword in rule.where}))
    if not instances:
        raise ConvertError(f"{export}: no DICOM file in this folder")
    planned = plan(instances, rules, keys)
    problems = unread + [f"{patient or 'unknown patient'}: {problem}" for patient, problem in planned.problems]
    if problems and not partial:
        _refuse(problems, "nothing was written. Mend the rules or the export, or convert the other patients with --partial")
    path = folder / MANIFEST
    before = pd.read_csv(path, dtype=str, keep_default_na=False) if path.is_file() else pd.DataFrame(columns=list(COLUMNS))
    known = {row["file"]: row for row in before.to_dict("records")}
    code = reading_code()
    arguments = [(job, folder, keys.salt, code, {file: row for file, row in known.items() if file.startswith(f"images/{job.patient}/")}) for job in planned.jobs]
    rows, written = [], 0
    for job, (made, failed, count) in zip(planned.jobs, in_parallel(_convert_phase, arguments, "images and masks", jobs, names=[f"patient {job.patient}" for job in planned.jobs]), strict=True):
        rows += made
        problems += [f"{job.patient}: {problem}" for problem in failed]
        written += count
    kept = [row for row in before.to_dict("records") if row["patient_id"] not in set(planned.patients.values())]
    manifest = pd.DataFrame([*kept, *rows], columns=list(COLUMNS)).astype(str).sort_values(["patient_id", "file"], ignore_index=True)
    write_atomically(path, manifest.to_csv(index=False, lineterminator="\n"))
    if len(problems) > len(unread) + len(planned.problems) and not partial:
        _refuse(problems, f"{len(rows)} files are converted, and the same command goes on from there")
    return Conversion(manifest, written, len(rows) - written, tuple(problems), planned.patients)
