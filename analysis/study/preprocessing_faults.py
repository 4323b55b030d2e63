"""Faults of a study file's preprocessing: what would undo it, nothing to compare."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analysis.study.fault import Fault, Place, extraction_as_written, section_of
from analysis.study.network_input import BY_IMAGE
from analysis.study.sections import Study


def preprocessing_faults(plain: dict[str, Any]) -> Iterator[Fault]:
    """Faults between preprocessing and other sections of a study file, (place, message)."""
    whole, phases = plain.get("preprocessing"), plain.get("phases")
    radiomics = section_of(plain, "radiomics")
    yield from _nothing_to_compare(radiomics, [whole, *_own_sections(phases)])
    if whole is not None and not isinstance(phases, dict):
        yield ("preprocessing",), "is of images, and this study has none; take it out"
        return
    scaled = _scaled_phases(plain)
    extracted = isinstance(plain.get("radiomics"), dict) and not radiomics.get("table")
    undone: dict[Place, list[str]] = {}
    for name, place in scaled.items():
        if extracted and _normalises(extraction_as_written(plain, name)):
            undone.setdefault(place, []).append(name)
    for place, names in undone.items():
        yield place, _undone(names, plain)
    if scaled and isinstance(radiomics.get("habitats"), dict):
        yield from _undone_for_habitats(radiomics["habitats"], list(scaled))


def parameter_file_faults(study: Study) -> Iterator[Fault]:
    """Scales that are undone by what PyRadiomics's parameter file of a phase says.

    study: as it was validated, which is when such a file is read.
    """
    if study.radiomics is None or study.radiomics.table is not None:
        return
    for name, settings in study.preprocessing_of.items():
        extraction = study.written_extraction_of(name)
        if settings.intensity is None or extraction.parameters is None or not extraction.normalise:
            continue
        own = study.phases[name].preprocessing is not None
        place: Place = ("phases", name, "preprocessing") if own else ("preprocessing",)
        yield (
            (*place, "intensity"),
            f"phase {name} is normalised by its own mean and standard deviation afterwards, by"
            f" {extraction.parameters}, which undoes any other scale; write normalize: false there,"
            " or take intensity out",
        )


def matching_faults(study: Study) -> Iterator[Fault]:
    """Faults of histogram matching: nobody who sees it, or networks that need its scale.

    study: as it was validated.
    """
    for name in study.matched_phases:
        own = study.phases[name].preprocessing is not None
        place: Place = ("phases", name, "preprocessing") if own else ("preprocessing",)
        place = (*place, "intensity", "method")
        if study.radiomics is None or study.radiomics.table is not None:
            yield (
                place,
                "nyul is for radiomics features that are extracted here, and this study extracts"
                " none; take it out (networks put each crop on a scale of its own)",
            )
            return
        scale = study.network_inputs().get(name)
        if scale is not None and scale.normalisation not in BY_IMAGE:
            yield (
                place,
                f"nyul learns its scale anew in each fit, which networks do not see; with"
                f" normalisation: {scale.normalisation} they would read phase {name} as it is"
                " stored. Take normalisation: crop or volume for it, or method: organ or"
                " white_stripe",
            )


def _scaled_phases(plain: dict[str, Any]) -> dict[str, Place]:
    """Phase → where its scale of intensities stands; only phases with one."""
    found: dict[str, Place] = {}
    for name, phase in section_of(plain, "phases").items():
        if not isinstance(phase, dict):
            continue
        own = phase.get("preprocessing")
        section = plain.get("preprocessing") if own is None else own
        if isinstance(section, dict) and section.get("intensity"):
            place: Place = () if own is None else ("phases", name)
            found[name] = (*place, "preprocessing", "intensity")
    return found


def _undone(phases: list[str], plain: dict[str, Any]) -> str:
    own = [name for name in phases if section_of(plain, "phases", name).get("extraction")]
    places = [f"phases.{name}.extraction" for name in own]
    if len(own) < len(phases):
        places.append("radiomics.extraction")
    return (
        f"{'phase' if len(phases) == 1 else 'each of the phases'} {', '.join(phases)} is normalised"
        " by its own mean and standard deviation afterwards, which undoes any other scale; set"
        f" normalise: false in {' and '.join(places)}, or take intensity out"
    )


def _undone_for_habitats(habitats: dict[str, Any], phases: list[str]) -> Iterator[Fault]:
    """Each image's own z-score; that of the region compares voxels within a tumour, on purpose."""
    if habitats.get("normalisation", "image") == "image":
        yield (
            ("radiomics", "habitats", "normalisation"),
            "image, the default, puts each phase on mean 0 and standard deviation 1 of its whole"
            f" image, which undoes preprocessing.intensity ({', '.join(phases)}); write none, which"
            " keeps that scale, or region, to compare the voxels of a tumour with each other alone",
        )


def _own_sections(phases: Any) -> list[Any]:
    """What phases have as their own preprocessing."""
    found = phases.values() if isinstance(phases, dict) else ()
    return [phase.get("preprocessing") for phase in found if isinstance(phase, dict)]


def _nothing_to_compare(radiomics: dict[str, Any], sections: list[Any]) -> Iterator[Fault]:
    if not section_of(radiomics, "perturbation").get("compare_preprocessing"):
        return
    if not any(sections):
        yield (
            ("radiomics", "perturbation", "compare_preprocessing"),
            "compares with and without preprocessing, and this study has none; name it, or take"
            " this out",
        )


def _normalises(extraction: Any) -> bool:
    """True if settings of an extraction, as the file has them, normalise.

    False for PyRadiomics's parameter file, whose content `parameter_file_faults` sees.
    """
    if isinstance(extraction, dict):
        return not extraction.get("parameters") and extraction.get("normalise", True) is True
    return extraction is None
