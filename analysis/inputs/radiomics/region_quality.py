"""Regions in and around each patient's tumour: how large they are, and what of them was cut."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import SimpleITK as sitk

from analysis.cohort.cohort import Cohort
from analysis.core.cache import cached, digest, source_digest
from analysis.core.progress import in_parallel
from analysis.imaging.reading import (
    ImageSource,
    MaskSource,
    read_image,
    read_lesions,
    read_mask,
    reading_code,
)
from analysis.imaging.regions import Carved, regions_of
from analysis.inputs.radiomics.quality import LEAST_VOXELS

# A region of which more than this was cut is another than the study file asks for.
MUCH_CUT = 0.5


@dataclass(frozen=True)
class RegionQuality:
    """Region of one patient in one phase, of all analysed lesions together.

    voxels: that are left, on the image's own grid; smallest: of the lesion whose region has fewest.
    beyond_image, other_lesions, beyond_border: voxels that were cut, each counted once, in this
    order. share_cut: of the whole region. warnings: in words, joined by semicolons.
    """

    voxels: int
    smallest: int
    volume_ml: float
    beyond_image: int
    other_lesions: int
    beyond_border: int
    share_cut: float
    warnings: str


def lesion_regions(image: ImageSource, mask: MaskSource) -> list[Carved]:
    """Regions of the analysed lesions, the largest lesion first.

    mask: with its region. Raises ValueError, naming the files, where image or masks can't be read,
    and EmptyRegion for a region without an area.
    """
    volume = read_image(image, sitk.sitkFloat64)
    several = mask.lesions.rule in ("mean", "max")
    drawn = read_lesions(mask, volume) if several else [read_mask(mask, volume)]
    return regions_of(mask, volume, drawn)


def region_quality(image: ImageSource, mask: MaskSource) -> RegionQuality:
    """Size of a region and what was cut; raises as lesion_regions."""
    assert mask.region is not None
    found = lesion_regions(image, mask)
    unit = float(np.prod(found[0].mask.GetSpacing())) / 1000
    voxels, cut = sum(each.voxels for each in found), sum(each.cut for each in found)
    words = mask.region.region.words
    smallest = min(each.voxels for each in found)
    warnings = [f"{words} under {LEAST_VOXELS} voxels"] if smallest < LEAST_VOXELS else []
    share = cut / (voxels + cut)
    warnings += [f"over {MUCH_CUT:.0%} of the {words} cut"] if share > MUCH_CUT else []
    return RegionQuality(
        voxels,
        smallest,
        voxels * unit,
        beyond_image=sum(each.beyond_image for each in found),
        other_lesions=sum(each.other_lesions for each in found),
        beyond_border=sum(each.beyond_border for each in found),
        share_cut=share,
        warnings="; ".join(warnings),
    )


def kept_quality(image: ImageSource, mask: MaskSource, folder: Path) -> RegionQuality:
    """region_quality, remembered by content."""
    code = digest(reading_code(), source_digest(Path(__file__)))
    label = mask.region.region.words if mask.region is not None else ""
    key = digest("region quality", image, mask, label, code)
    return cached(folder, key, lambda: region_quality(image, mask))


def cohort_region_quality(cohort: Cohort) -> list[dict[str, Any]]:
    """A row a patient, phase and region: patient_id, cohort, phase, region, RegionQuality's."""
    study = cohort.study
    work = [
        (patient, block)
        for patient in cohort.patients
        for block in study.blocks
        if block.region is not None
    ]
    arguments = [
        (
            cohort.image_source(patient, block.phase),
            cohort.block_mask(patient, block),
            study.cache_folder / "quality",
        )
        for patient, block in work
    ]
    found = in_parallel(kept_quality, arguments, "quality of regions", study.jobs)
    return [
        {
            "patient_id": patient,
            "cohort": cohort.cohort[patient],
            "phase": block.phase,
            "region": block.region,
            **asdict(row),
        }
        for (patient, block), row in zip(work, found, strict=True)
    ]
