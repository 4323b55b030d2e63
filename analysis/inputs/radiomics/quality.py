"""Quality control before a patient's features are believed.

It looks at size, intensities, grey levels, resampling, and a picture.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import SimpleITK as sitk

from analysis.cohort.cohort import Cohort
from analysis.core.cache import cached, digest, source_digest
from analysis.core.progress import in_parallel
from analysis.core.word_lists import counted
from analysis.imaging.reading import (
    ImageSource,
    MaskSource,
    read_image,
    read_lesions,
    read_mask,
    reading_code,
)
from analysis.imaging.reading.headers import Remark
from analysis.imaging.reading.masks import pieces_of
from analysis.imaging.reading.read import not_imaged
from analysis.inputs.radiomics.pyradiomics_engine import stock_extractor
from analysis.inputs.radiomics.table import extraction_code
from analysis.study import Extraction

LEAST_VOXELS = 64
THUMBNAIL = 72


@dataclass(frozen=True)
class Quality:
    """Quality of one patient's image and mask in one phase.

    voxels: of the mask; analysed_voxels: after resampling. intensity_*: of the stored image within
    the mask. grey_levels: different ones after preprocessing and discretisation. factor_*: spacing
    of the image over that of the analysis (x, y, z). regridded: put on another phase's grid first.
    mask_resampled, gaps_filled: what the study lets be done to masks was done to this one.
    warnings: in words, joined by semicolons.
    """

    lesions: int
    voxels: int
    analysed_voxels: int
    volume_ml: float
    intensity_low: float
    intensity_median: float
    intensity_high: float
    grey_levels: int
    factor_x: float
    factor_y: float
    factor_z: float
    regridded: bool
    mask_resampled: bool
    gaps_filled: bool
    warnings: str


def _discretised(
    image: sitk.Image, mask: sitk.Image, settings: Extraction
) -> tuple[int, int, np.ndarray]:
    """Numbers of voxels and grey levels after discretisation, and resampling factors.

    Analysed voxels, different grey levels, and factors of resampling, by PyRadiomics's own steps
    before its features.
    """
    # Imported here: a study whose features are stored must not wait for PyRadiomics.
    from radiomics import imageoperations

    extractor = stock_extractor(settings)
    prepared, inside = extractor.loadImage(image, mask, None, **extractor.settings)
    if settings.resegment is not None:
        inside = imageoperations.resegmentMask(prepared, inside, **extractor.settings)
    values = sitk.GetArrayFromImage(prepared)
    places = np.nonzero(sitk.GetArrayFromImage(inside) == 1)
    levels, _ = imageoperations.binImage(values, places, **extractor.settings)
    return (
        len(places[0]),
        len(np.unique(levels[places])),
        np.divide(image.GetSpacing(), prepared.GetSpacing()),
    )


def patient_quality(image: ImageSource, mask: MaskSource, settings: Extraction) -> Quality:
    """Raises ValueError, naming the files, where the image can't be read or the mask is empty."""
    stored = replace(image, preparation=None)
    volume = read_image(stored, sitk.sitkFloat64)
    said: list[Remark] = []
    drawn = read_mask(mask, volume, said)
    done = {remark.kind for remark in said}
    inside = sitk.GetArrayFromImage(drawn) > 0
    values = sitk.GetArrayFromImage(volume)[inside]
    prepared = volume if image.preparation is None else read_image(image, sitk.sitkFloat64)
    analysed, levels, factors = _discretised(prepared, drawn, settings)
    places = np.argwhere(inside)
    warnings = [f"mask under {LEAST_VOXELS} voxels"] if len(places) < LEAST_VOXELS else []
    warnings += ["one grey level"] if levels == 1 else []
    warnings += (
        ["mask touches the border of the image"]
        if (places.min(axis=0) == 0).any()
        or (places.max(axis=0) == np.array(inside.shape) - 1).any()
        else []
    )
    pieces = len(pieces_of(drawn))
    warnings += [f"{counted(pieces, 'separate piece')} in one mask"] if pieces > 1 else []
    # What was not taken as it was drawn changes the features, so the supplement names the patients.
    warnings += [
        remark.text.replace(";", ",")
        for remark in said
        if remark.kind == "read" and remark.level == "warning"
    ]
    regridded = False
    if image.resample_to is not None:
        unseen = not_imaged(image, volume)
        regridded = unseen is not None
        beyond = 0 if unseen is None else int((inside & unseen).sum())
        warnings += (
            [f"{counted(beyond, 'voxel')} of the mask beyond the border of the image"]
            if beyond
            else []
        )
    lesions = len(read_lesions(mask, volume)) if mask.lesions.rule != "all" else 1
    factor_x, factor_y, factor_z = map(float, factors)
    return Quality(
        lesions,
        len(places),
        analysed_voxels=analysed,
        volume_ml=len(places) * float(np.prod(drawn.GetSpacing())) / 1000,
        intensity_low=float(values.min()),
        intensity_median=float(np.median(values)),
        intensity_high=float(values.max()),
        grey_levels=levels,
        factor_x=factor_x,
        factor_y=factor_y,
        factor_z=factor_z,
        regridded=regridded,
        mask_resampled="resampled" in done,
        gaps_filled="filled" in done,
        warnings="; ".join(warnings),
    )


def thumbnail_grid(mask: sitk.Image) -> sitk.Image:
    """Grid of the picture of a mask: its largest section, with as much around it."""
    inside = sitk.GetArrayFromImage(mask) > 0
    largest = int(inside.sum(axis=(1, 2)).argmax())
    rows, columns = np.nonzero(inside[largest])
    middle = mask.TransformContinuousIndexToPhysicalPoint(
        ((columns.min() + columns.max()) / 2, (rows.min() + rows.max()) / 2, float(largest))
    )
    spacing = mask.GetSpacing()
    side = max(20.0, 1.7 * max((np.ptp(columns) + 1) * spacing[0], (np.ptp(rows) + 1) * spacing[1]))
    step = side / THUMBNAIL
    grid = sitk.Image([THUMBNAIL, THUMBNAIL, 1], sitk.sitkFloat32)
    grid.SetSpacing((step, step, spacing[2]))
    grid.SetDirection(mask.GetDirection())
    across = np.array(mask.GetDirection()).reshape(3, 3) @ (
        np.array([step, step, 0]) * (THUMBNAIL - 1) / 2
    )
    grid.SetOrigin((np.array(middle) - across).tolist())
    return grid


def thumbnail(image: sitk.Image, mask: sitk.Image) -> tuple[np.ndarray, np.ndarray]:
    """Picture of the largest section of the mask, with as much around it.

    It is THUMBNAIL pixels square: grey (uint8, 1st to 99th percentile) and mask.
    """
    grid = thumbnail_grid(mask)
    grey = sitk.GetArrayFromImage(
        sitk.Resample(
            sitk.Cast(image, sitk.sitkFloat32),
            grid,
            sitk.Transform(),
            sitk.sitkLinear,
            float("nan"),
        )
    )[0]
    outline = sitk.GetArrayFromImage(
        sitk.Resample(mask, grid, sitk.Transform(), sitk.sitkNearestNeighbor, 0)
    )[0]
    low, high = np.nanpercentile(grey, [1, 99])
    scaled = np.clip(
        (np.nan_to_num(grey, nan=low) - low) / (high - low if high > low else 1.0), 0, 1
    )
    return np.rint(255 * scaled).astype(np.uint8), outline.astype(np.uint8)


def _one(
    image: ImageSource,
    mask: MaskSource,
    settings: Extraction,
    code: str,
    folder: Path,
) -> tuple[dict[str, Any], tuple[np.ndarray, np.ndarray]]:
    def compute() -> tuple[dict[str, Any], tuple[np.ndarray, np.ndarray]]:
        volume = read_image(replace(image, preparation=None))
        picture = thumbnail(volume, read_mask(mask, volume))
        return asdict(patient_quality(image, mask, settings)), picture

    key = digest("quality", image, mask, settings.model_dump(mode="json"), code)
    return cached(folder, key, compute)


def cohort_quality(
    cohort: Cohort,
) -> tuple[list[dict[str, Any]], dict[tuple[str, str], tuple[np.ndarray, np.ndarray]]]:
    """Image quality and a thumbnail of every patient and phase.

    There is one row a patient and phase (patient_id, cohort, phase, then what Quality has), and one
    thumbnail (patient, phase) → grey values and mask.
    """
    study = cohort.study
    code = digest(extraction_code(), reading_code(), source_digest(Path(__file__)))
    work = [(patient, phase) for patient in cohort.patients for phase in study.phases]
    arguments = [
        (
            cohort.prepared_source(patient, phase),
            cohort.mask_source(patient, phase),
            study.written_extraction_of(phase).without_own(),
            code,
            study.cache_folder / "quality",
        )
        for patient, phase in work
    ]
    rows, pictures = [], {}
    for (patient, phase), (row, picture) in zip(
        work, in_parallel(_one, arguments, "quality of images and masks", study.jobs), strict=True
    ):
        rows.append(
            {"patient_id": patient, "cohort": cohort.cohort[patient], "phase": phase, **row}
        )
        pictures[patient, phase] = picture
    return rows, pictures
