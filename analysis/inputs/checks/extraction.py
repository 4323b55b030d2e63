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
    return (
        "shape2D" in extraction.classes()
        or extraction.resegment is not None
        or (extraction.ibsi is not None and extraction.ibsi.outlier_sigma is not None)
        or extraction.minimum_voxels is not None
        or extraction.minimum_dimensions > 2
    )


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
