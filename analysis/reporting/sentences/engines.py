"""Which software extracted the features, and how it keeps to the standard of the IBSI."""

from __future__ import annotations

from analysis.core.word_lists import listed
from analysis.reporting.manuscript import Results
from analysis.reporting.rendering.escaping import literal
from analysis.study.phase_label import phase_labels

PYRADIOMICS = "PyRadiomics {software.pyradiomics} [@vangriethuysen2017]"
MIRP = "MIRP {software.mirp} [@zwanenburg2024]"
STANDARD = "the Image Biomarker Standardisation Initiative (IBSI) [@zwanenburg2020]"


def extraction_software(r: Results) -> str:
    """Software with version and citation; where phases differ in it, each with its phases."""
    by_mirp = r.study.ibsi_phases
    if not by_mirp:
        return PYRADIOMICS
    if len(by_mirp) == len(r.study.phases):
        return MIRP
    labels = phase_labels(r.study)
    others = [literal(labels[each]) for each in r.study.phases if each not in by_mirp]
    return (
        f"{PYRADIOMICS} ({listed(others)}) and"
        f" {MIRP} ({listed([literal(labels[each]) for each in by_mirp])})"
    )


def ibsi_deviations(r: Results) -> str:
    """A sentence on the definitions of each software that was used, beside those of the IBSI."""
    by_mirp = r.study.ibsi_phases
    follows = f"MIRP has the definitions and the image processing of {STANDARD}"
    if len(by_mirp) == len(r.study.phases):
        return f"{follows}."
    deviates = (
        "kurtosis is not the excess, axis lengths use the population covariance, bins of a fixed"
        " width start at a multiple of it, and the grid of resampled images and the interpolation"
        " of masks are its own"
    )
    if by_mirp:
        return f"{follows}. PyRadiomics deviates from it: {deviates}."
    return f"PyRadiomics has the definitions of {STANDARD}, with deviations: {deviates}."
