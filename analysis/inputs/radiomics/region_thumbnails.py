"""Regions beside the tumour on the pictures of the contact sheets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import SimpleITK as sitk

from analysis.cohort.cohort import Cohort
from analysis.core.cache import cached, digest, source_digest
from analysis.core.progress import in_parallel
from analysis.imaging.reading import ImageSource, MaskSource, read_image, read_mask, reading_code
from analysis.inputs.radiomics.quality import thumbnail_grid
from analysis.inputs.radiomics.region_quality import lesion_regions
from analysis.study.regions import Block


def region_thumbnail(image: ImageSource, mask: MaskSource) -> np.ndarray:
    """Region of the largest lesion on the picture of its tumour: uint8, 0 and 1.

    mask: with its region. Raises as lesion_regions.
    """
    grid = thumbnail_grid(read_mask(mask, read_image(image)))
    region = lesion_regions(image, mask)[0].mask
    shown = sitk.Resample(region, grid, sitk.Transform(), sitk.sitkNearestNeighbor, 0)
    return sitk.GetArrayFromImage(shown)[0].astype(np.uint8)


def _one(image: ImageSource, mask: MaskSource, code: str, folder: Path) -> np.ndarray:
    key = digest("region thumbnail", image, mask, code)
    return cached(folder, key, lambda: region_thumbnail(image, mask), "a picture of a region")


def region_thumbnails(cohort: Cohort) -> dict[str, dict[str, np.ndarray]]:
    """Patient → region → where it is on the picture of the reference phase; empty without any."""
    study = cohort.study
    phase = study.reference_phase
    work = [(patient, name) for patient in cohort.patients for name in study.regions]
    here = Path(__file__)
    code = digest(
        reading_code(),
        source_digest(
            here, *(here.with_name(f"{each}.py") for each in ("quality", "region_quality"))
        ),
    )
    arguments = [
        (
            cohort.image_source(patient, phase),
            cohort.block_mask(patient, Block(phase, name)),
            code,
            study.cache_folder / "quality",
        )
        for patient, name in work
    ]
    found: dict[str, dict[str, np.ndarray]] = {}
    shown = in_parallel(_one, arguments, "pictures of regions", study.jobs)
    for (patient, name), picture in zip(work, shown, strict=True):
        found.setdefault(patient, {})[name] = picture
    return found
