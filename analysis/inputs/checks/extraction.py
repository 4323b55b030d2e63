"""Checks of the settings of an extraction: by which engine, and against each image and mask."""

from __future__ import annotations

import SimpleITK as sitk

from analysis.core.problems import Problems
from analysis.core.word_lists import listed
from analysis.inputs.checks.finding import Finding
from analysis.inputs.radiomics.ibsi_engine import is_installed
from analysis.study import Extraction, Study
from analysis.study.extraction_parts import FeatureClass
from analysis.study.extraction_reach import check_sigmas
from analysis.study.fast_engine import left_to_pyradiomics


def check_engine(study: Study, problems: Problems) -> None:
    """An error where the engine of a phase is not installed.

    Beside it a note on phases whose features PyRadiomics computes in the fast engine's stead.
    """
    if study.radiomics is None or study.radiomics.table is not None:
        return
    if study.ibsi_phases and not is_installed():
        problems.error(
            f"features of {listed(study.ibsi_phases)} can't be computed: the package MIRP is not"
            " installed",
            f"{study.path.name}, radiomics.extraction.engine",
            mend='pip install "hcc-early-recurrence[ibsi]", or take engine: fast',
        )
    phases: dict[tuple[str, ...], list[str]] = {}
    for phase in study.phases:
        settings = study.written_extraction_of(phase)
        left = left_to_pyradiomics(settings) if settings.engine == "fast" else []
        if left:
            phases.setdefault(tuple(left), []).append(phase)
    for lacking, names in phases.items():
        problems.note(
            f"PyRadiomics itself computes the features of {listed(names)}, several times slower"
            f" than the fast engine, which does not have {listed(list(lacking))}",
            f"{study.path.name}, radiomics.extraction",
        )


def sigmas_fit(image: sitk.Image, extraction: Extraction, found: list[Finding]) -> bool:
    """Whether the voxels of an image can show the Laplacians of Gaussians that are asked for."""
    try:
        check_sigmas(extraction.log_sigma_mm, extraction.spacing_of(image.GetSpacing()))
    except ValueError as error:
        found.append(Finding("error", "image", str(error), "change log_sigma_mm in the study file"))
        return False
    return True


def can_be_tried(extraction: Extraction) -> bool:
    """True if features can be computed here, so that a mask can be held against them."""
    return extraction.engine != "ibsi" or is_installed()


def may_lose_voxels(extraction: Extraction) -> bool:
    """True if settings drop voxels of the mask, or refuse masks by their size or their slices."""
    return bool(losing_keys(extraction))


def losing_keys(extraction: Extraction) -> list[str]:
    """Keys of these settings that drop voxels of a mask, or refuse it by its size or its slices."""
    ibsi = extraction.ibsi
    given = {
        "resegment": extraction.resegment is not None,
        "ibsi.outlier_sigma": ibsi is not None and ibsi.outlier_sigma is not None,
        "minimum_voxels": extraction.minimum_voxels is not None,
        "minimum_dimensions": extraction.minimum_dimensions > 2,
        "features.shape2D": "shape2D" in extraction.classes(),
    }
    return [key for key, loses in given.items() if loses]


def likely_reason(reason: str, extraction: Extraction) -> str:
    """Reason why features of a mask failed; of MIRP with what it likely means, which it hides.

    MIRP gives no value, or NaN, where a class of features has no voxel, or too few.
    """
    if extraction.engine != "ibsi":
        return reason
    keys = " or ".join(key for key in losing_keys(extraction))
    few = f"too few voxels are left in it after resampling{f' and {keys}' if keys else ''}"
    if "NoneType" in reason:
        return f"MIRP gives no value: likely no voxel is left, or {few}"
    return f"{reason}; likely {few}" if "not finite" in reason else reason


def of_mask_alone(extraction: Extraction) -> Extraction:
    """The least settings that tell whether a mask can have features."""
    features: dict[FeatureClass, list[str]] = {"firstorder": ["Mean"]}
    if "shape2D" in extraction.classes():
        features["shape2D"] = ["PixelSurface"]
    return extraction.model_copy(
        update={
            "features": features,
            "original": True,
            "wavelet": None,
            "log_sigma_mm": [],
            "filters": [],
            "lbp_2d": None,
            "lbp_3d": None,
            "by_image": {},
        }
    )
