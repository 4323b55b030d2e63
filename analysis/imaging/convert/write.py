"""Writing of one patient's files: all of them, or none."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import SimpleITK as sitk

from analysis.core.cache import file_sha256
from analysis.imaging.convert.mask_plan import MaskJob
from analysis.imaging.convert.phase_plan import PhaseJob
from analysis.imaging.convert.pseudonyms import Keys
from analysis.imaging.reading.dicom import read_series
from analysis.imaging.reading.headers import ReadingError, Remark, read_header
from analysis.imaging.reading.mask_placing import IN_THE_STUDY
from analysis.imaging.reading.masks import dicom_masks
from analysis.imaging.reading.series import series_of
from analysis.study.images import Masks

IN_THE_RULES = "(resampling: nearest or signed_distance beside the mask's segment in the rules)"


@dataclass(frozen=True)
class Written:
    """Result of writing a patient's files.

    rows: of the manifest, none where there is a problem. problems: in words. count: files made now.
    """

    rows: tuple[dict[str, Any], ...]
    problems: tuple[str, ...]
    count: int


def _compact(image: sitk.Image) -> sitk.Image:
    """Image in a compact pixel type.

    Whole numbers are int16 where they fit, others are float32: seven digits of what a scanner
    stored in twelve to sixteen bits.
    """
    if "float" in image.GetPixelIDTypeAsString():
        return sitk.Cast(image, sitk.sitkFloat32)
    values = sitk.GetArrayViewFromImage(image)
    return (
        sitk.Cast(image, sitk.sitkInt16)
        if values.min() >= -(2**15) and values.max() < 2**15
        else image
    )


def _label_map(masks: list[sitk.Image]) -> tuple[sitk.Image, int]:
    """One label a lesion, and how many voxels belonged to several; these are the first one's."""
    stack = np.stack([sitk.GetArrayFromImage(mask) > 0 for mask in masks])
    labels = np.where(stack.any(axis=0), stack.argmax(axis=0) + 1, 0).astype(
        np.uint8 if len(masks) < 256 else np.uint16
    )
    image = sitk.GetImageFromArray(labels)
    image.CopyInformation(masks[0])
    return image, int((stack.sum(axis=0) > 1).sum())


def _labels_on(
    mask: MaskJob, picture: Callable[[], sitk.Image]
) -> tuple[sitk.Image, dict[str, Any]]:
    """Labels of a mask on the picture's grid; the picture is read when they are wanted."""
    return _labels(mask, picture())


def _labels(mask: MaskJob, picture: sitk.Image) -> tuple[sitk.Image, dict[str, Any]]:
    instance = read_header(mask.path)
    assert instance is not None
    said: list[Remark] = []
    rules = Masks(resampling=mask.resampling)
    masks = dicom_masks(instance, list(mask.segments), image=picture, said=said, rules=rules)
    empty = [
        number
        for number, each in zip(mask.segments, masks, strict=True)
        if not sitk.GetArrayViewFromImage(each).any()
    ]
    if empty:
        raise ReadingError(f"{mask.path}: segment {empty[0]} is empty")
    labels, overlap = _label_map(masks)
    return labels, {
        "lesions": len(masks),
        "overlap_voxels": overlap,
        "remarks": "; ".join(remark.text for remark in said),
    }


class _Draft:
    """Files of a patient while they are made in a folder of their own.

    before: earlier rows of the manifest by file.
    """

    def __init__(
        self,
        patient: str,
        folder: Path,
        draft: Path,
        code: str,
        keys: Keys,
        before: dict[str, dict[str, str]],
    ) -> None:
        self.patient, self.folder, self.draft, self.code, self.keys, self.before = (
            patient,
            folder,
            draft,
            code,
            keys,
            before,
        )
        self.rows: list[dict[str, Any]] = []
        self.problems: list[str] = []
        self.made: list[tuple[Path, Path]] = []

    def add(
        self,
        name: str,
        sources: Sequence[Path],
        settings: list,
        make: Callable[[], tuple[sitk.Image, dict[str, Any]]],
        facts: dict[str, Any],
    ) -> None:
        """Add a file, unless the one that is there was made from the same content.

        Where it can't be made, there is a problem in words.
        """
        relative = f"images/{self.patient}/{name}.nii.gz"
        target = self.folder / relative
        source = self.keys.hashed(
            json.dumps([sorted(map(file_sha256, sources)), settings, self.code]), 32
        )
        known = self.before.get(relative)
        if (
            known is not None
            and known["source"] == source
            and target.is_file()
            and file_sha256(target) == known["sha256"]
        ):
            self.rows.append(known | facts)
            return
        try:
            image, more = make()
        except Exception as error:
            self.problems.append(
                str(error).replace(IN_THE_STUDY, IN_THE_RULES)
                if isinstance(error, ReadingError)
                else f"{sources[0]}: {type(error).__name__}: {error}"
            )
            return
        # Made from an array, it has no header but its geometry.
        path = self.draft / f"{name}.nii.gz"
        sitk.WriteImage(image, str(path), useCompression=True)
        os.chmod(path, 0o644)
        self.made.append((path, target))
        self.rows.append(
            {
                "patient_id": self.patient,
                "file": relative,
                "size": " ".join(map(str, image.GetSize())),
                "spacing_mm": " ".join(f"{each:.6g}" for each in image.GetSpacing()),
                "lesions": "",
                "overlap_voxels": "",
                "remarks": "",
                **facts,
                **more,
                "source": source,
                "sha256": file_sha256(path),
            }
        )

    def add_phase(self, job: PhaseJob) -> None:
        """The image of a phase and its masks."""
        read: list[sitk.Image] = []

        def picture() -> sitk.Image:  # read once, and only where a file is not current
            if not read:
                read.append(read_series(series_of(job.paths), job.rule))
            return read[0]

        before, rule = len(self.problems), job.rule.model_dump(mode="json")
        times = {
            "seconds_since_first_phase": job.times.seconds,
            "days_since_first_phase": job.times.days,
            "days_to_treatment": job.times.to_treatment,
        }
        self.add(
            job.phase,
            job.paths,
            settings=[rule],
            make=lambda: (_compact(picture()), {}),
            facts={
                "kind": "image",
                "phase": job.phase,
                "series": self.keys.hashed("series " + job.series),
                "modality": job.modality,
                "files": len(job.paths),
                "why": job.why,
                **times,
            },
        )
        for mask in job.masks if len(self.problems) == before else ():
            self.add(
                f"{job.phase}_{mask.name}",
                [mask.path, *job.paths],
                settings=[rule, mask.segments, mask.resampling],
                make=partial(_labels_on, mask, picture),
                facts={
                    "kind": mask.name,
                    "phase": job.phase,
                    "series": self.keys.hashed("series " + mask.series),
                    "modality": mask.modality,
                    "files": 1,
                    "why": mask.why,
                    **times,
                },
            )


def write_patient(
    patient: str,
    jobs: Sequence[PhaseJob],
    folder: Path,
    salt: bytes,
    code: str,
    before: dict[str, dict[str, str]],
) -> Written:
    """Write the files of a patient.

    They are put in place when all of the patient's are made; with a problem none is, and what was
    there stays.
    """
    images = folder / "images"
    images.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=images, prefix=".") as draft:
        files = _Draft(
            patient, folder, draft=Path(draft), code=code, keys=Keys(salt), before=before
        )
        for job in jobs:
            files.add_phase(job)
        if files.problems:
            return Written((), tuple(files.problems), 0)
        (images / patient).mkdir(exist_ok=True)
        for path, target in files.made:
            os.replace(path, target)
    return Written(tuple(files.rows), (), len(files.made))


def remove_files(folder: Path, rows: Sequence[dict[str, str]]) -> int:
    """Files of an earlier conversion that are as it left them; how many went."""
    gone = 0
    for row in rows:
        path = folder / row["file"]
        if path.is_file() and file_sha256(path) == row["sha256"]:
            path.unlink()
            gone += 1
        if path.parent.is_dir() and not any(path.parent.iterdir()):
            path.parent.rmdir()
    return gone
