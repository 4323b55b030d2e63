"""Faults of an image and its mask; each pair is read once and remembered by its content."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import SimpleITK as sitk

from analysis.core.cache import cached, digest, source_digest
from analysis.core.word_lists import counted
from analysis.imaging.reading import ImageSource, MaskSource, reading_code
from analysis.imaging.reading.examinations import study_day
from analysis.imaging.reading.headers import Remark
from analysis.imaging.reading.mask_placing import binary_image
from analysis.imaging.reading.resampling import grid_difference
from analysis.inputs.checks.extraction import (
    can_be_tried,
    may_lose_voxels,
    of_mask_alone,
    sigmas_fit,
)
from analysis.inputs.checks.finding import Finding, Grid, Seen
from analysis.inputs.checks.masks import are_few, extent, separate_pieces, try_features
from analysis.inputs.checks.volumes import checked_image, checked_mask, image_values, said_of
from analysis.inputs.radiomics.engine_identity import settings_content
from analysis.inputs.radiomics.table import extraction_code
from analysis.study import Extraction

RESAMPLE = (
    "let masks be resampled to their image (masks: {resampling: nearest} or signed_distance in the"
    " study file)"
)
# Voxels below this share of the image's range are air; a tumour that reaches no further was not
# imaged.
BACKGROUND_SHARE = 0.05


def _grid(image: sitk.Image) -> Grid:
    return Grid(
        image.GetSize(),
        tuple(round(each, 6) for each in image.GetSpacing()),
        tuple(round(each, 4) for each in image.GetOrigin()),
        tuple(round(each, 6) for each in image.GetDirection()),
    )


def _same_grid(image: sitk.Image, mask: sitk.Image, found: list[Finding]) -> bool:
    difference = grid_difference(mask, image)
    if difference is None:
        return True
    if difference.what == "grid":
        found.append(
            Finding(
                "error",
                "mask",
                f"its grid is {_times(mask.GetSize())}, its image's {_times(image.GetSize())}",
                f"name the image that it was drawn on, or {RESAMPLE}",
            )
        )
        return False
    shown = [_three(each) for each in (difference.ours, difference.theirs)]
    turned = "; one of them is flipped or rotated" if difference.what == "direction" else ""
    far = (
        f", so that voxels lie up to {counted(f'{difference.voxels:.2g}', 'voxel')}"
        f" ({difference.mm:.2g} mm) from the image's"
    )
    found.append(
        Finding(
            "error",
            "mask",
            f"its {difference.what} is {shown[0]}, its image's {shown[1]}{far}{turned}",
            "export image and mask from the same series; if only the header is wrong, copy the"
            f" image's; if the mask was drawn on another series, {RESAMPLE}",
        )
    )
    return False


def _times(size: tuple[int, ...]) -> str:
    return " × ".join(map(str, size))


def _three(values: tuple[float, ...]) -> str:
    return "(" + ", ".join(f"{each:.4g}" for each in values) + ")"


def _brightness(
    values: np.ndarray, inside: np.ndarray, found: list[Finding]
) -> tuple[float, float] | None:
    """Medians of what was imaged and of the tumour.

    The result is None where the tumour lies in the background or there is no telling.
    """
    tumour, brightness = values[inside], None
    low, high = (float(each) for each in np.percentile(values, (0, 99.5)))
    background = low + BACKGROUND_SHARE * (high - low)
    varies = len(tumour) > 0 and tumour.min() < tumour.max()
    if high > low and np.percentile(tumour, 90) < background and varies:
        found.append(
            Finding(
                "warning",
                "mask",
                "it lies in the background of its image, where nothing was imaged",
                "look at both: was the mask drawn on another image, or on another patient?",
            )
        )
    elif (values > background).any():
        brightness = (float(np.median(values[values > background])), float(np.median(tumour)))
    if len(tumour) > 1 and not varies:
        found.append(
            Finding(
                "warning",
                "image",
                f"all voxels of the tumour have the value {tumour[0]:g}",
                "look at it: is the mask beside the tumour, or the image cut off at a value?",
            )
        )
    return brightness


def look_at(
    image_source: ImageSource, mask_source: MaskSource, extraction: Extraction | None
) -> Seen:
    """Findings on one image and its mask: everything that can be said of them.

    extraction: of the features that are taken from it, if any are.
    """
    found: list[Finding] = []
    image = checked_image(image_source, found)
    mask, inside = checked_mask(mask_source, image, found)
    values = None if image is None else image_values(image, image_source.path, found)
    if inside is not None:
        extent(inside, extraction is not None, found)
        if mask is not None:
            separate_pieces(
                binary_image(inside, mask),
                1 if mask_source.lesions.rule == "all" else mask_source.lesions.least_voxels,
                found,
            )
    brightness = None
    if (
        image is not None
        and mask is not None
        and _same_grid(image, mask, found)
        and values is not None
        and inside is not None
        and values.min() < values.max()
    ):
        brightness = _brightness(values, inside, found)
        failed = any(finding.level == "error" for finding in found)
        if (
            extraction is not None
            and not failed
            and can_be_tried(extraction)
            and sigmas_fit(image, extraction, found)
        ):
            if are_few(inside, mask, extraction):
                try_features(image_source, mask_source, extraction, found)
            elif may_lose_voxels(extraction):
                try_features(image_source, mask_source, of_mask_alone(extraction), found)
    return Seen(
        tuple(found),
        None if image is None else _grid(image),
        content=digest(image_source),
        mask_content="" if mask is None else digest(*mask_source.files()),
        brightness=brightness,
        examination=_examination(image_source) if image is not None else "",
    )


def _examination(source: ImageSource) -> str:
    series = source.dicom()
    if series is None or not (study := series.instances[0].study):
        return ""
    day = study_day(series)
    return f"{digest(study)} {digest(study, day.isoformat()) if day else ''}"


def seen(
    image: ImageSource, mask: MaskSource, extraction: Extraction | None, code: str, folder: Path
) -> Seen:
    """look_at, remembered by content: an unchanged pair is not read again."""
    try:
        key = digest(
            "seen",
            image,
            mask,
            image.path.suffixes,
            mask.path.suffixes,
            None if extraction is None else settings_content(extraction),
            code,
        )
    except (ValueError, RuntimeError, OSError) as error:
        return Seen(
            (
                Finding(
                    "error",
                    "image",
                    f"the study can't read it: {said_of(error, image.path, mask.path)}",
                    "export it again, or correct series, segment and the patterns of its phase",
                ),
            ),
            None,
            f"unreadable {image.path}",
        )
    return _with_passed_over(cached(folder, key, lambda: look_at(image, mask, extraction)), image)


def _with_passed_over(known: Seen, image: ImageSource) -> Seen:
    """Findings with a note for files of the image's folder that are not read.

    They are in no key, so they are looked for each time.
    """
    if not image.path.is_dir() or known.grid is None:
        return known
    said: list[Remark] = []
    image.found(said)
    return replace(
        known,
        findings=(*known.findings, *(Finding(each.level, "image", each.text) for each in said)),
    )


def checks_code() -> str:
    """Digest of all code that a finding on an image or mask depends on.

    Kept findings of other code are stale.
    """
    return digest(
        source_digest(
            *(
                Path(__file__).with_name(f"{name}.py")
                for name in ("images", "volumes", "masks", "extraction", "finding")
            )
        ),
        reading_code(),
        extraction_code(),
    )
