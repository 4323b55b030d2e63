"""What features were held against for their reproducibility: segmentations, perturbations, both."""

from __future__ import annotations

from analysis.reporting.results_by_key import ResultsByKey
from analysis.results import keys


def _perturbed(results: ResultsByKey) -> str:
    """Perturbed masks, or images and masks; empty without any."""
    radiomics = results.study.radiomics
    if keys.agreement_perturbations() not in results.records or radiomics is None:
        return ""
    perturbation = radiomics.perturbation
    images = perturbation is not None and perturbation.images_changed
    return "perturbed images and masks" if images else "perturbed masks"


def perturbed_alone(results: ResultsByKey) -> bool:
    """True of a study without other segmentations."""
    return bool(_perturbed(results)) and keys.agreement_patients_n() not in results.records


def compared_masks(results: ResultsByKey) -> str:
    """They in words: `repeated segmentations`, `perturbed images and masks`, or both."""
    perturbed = _perturbed(results)
    if perturbed_alone(results):
        return perturbed
    return f"repeated segmentations and {perturbed}" if perturbed else "repeated segmentations"


def reproducible_in(results: ResultsByKey, usual: str) -> str:
    """In what features were reproducible, after `reproducible`.

    usual: `between segmentations` or a like word, of a study without perturbations.
    """
    perturbed = _perturbed(results)
    if perturbed_alone(results):
        return f"in {perturbed}"
    return f"{usual} and in {perturbed}" if perturbed else usual
