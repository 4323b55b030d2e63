"""Registration of phases in the methods: how, to what, whose masks, and how often not used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from analysis.core.word_lists import listed
from analysis.imaging.registration import effort
from analysis.reporting.manuscript import Results
from analysis.reporting.rendering.escaping import literal
from analysis.reporting.sentences.preprocessing import SETTINGS
from analysis.results import keys
from analysis.study import Study
from analysis.study.phase_label import phase_labels
from analysis.study.registration import Registration


def registered_phases(r: Results) -> dict[str, str]:
    """Registered phase → the phase that it is registered to."""
    return {
        name: str(phase.resample_to)
        for name, phase in r.study.phases.items()
        if phase.registration is not None
    }


def registration(r: Results) -> str:
    """Sentences on the registration; empty where no phase is registered."""
    pairs = registered_phases(r)
    if not pairs:
        return ""
    labels = phase_labels(r.study)
    to: dict[str, list[str]] = {}
    for phase, target in pairs.items():
        to.setdefault(target, []).append(phase)
    which = listed(
        [
            f"{listed([literal(labels[each]) for each in phases])} to {literal(labels[target])}"
            for target, phases in to.items()
        ]
    )
    limits = sorted(
        {each.registration.furthest_mm for each in r.study.phases.values() if each.registration}
    )
    within = r.stated(" or ".join(f"{each:g}" for each in limits), SETTINGS)
    found = [
        f"Images were registered ({which}) by a rigid transform that maximised Mattes mutual"
        " information [@mattes2003] (SimpleITK [@lowekamp2013]) from coarse to fine resolution, and"
        " put on the grid of the phase that they were registered to by cubic B-splines, in one"
        " interpolation with the transform; the mask of that phase was used.",
        "A registration was not used where the images were less alike with it or its median shift"
        f" over the image was beyond {within} mm; the image then stayed where it was acquired.",
    ]
    found += _deformation(r, labels)
    found += [_numbers(r, name, literal(labels[name])) for name in pairs]
    return " ".join(filter(None, found))


def deformed_phases(study: Study) -> dict[str, Registration]:
    """Phases that are deformed, and how."""
    return {
        name: phase.registration
        for name, phase in study.phases.items()
        if phase.registration is not None and phase.registration.deforms
    }


def _stated(r: Results, values: Iterable[float]) -> str:
    """Different values of a setting, as the study file gives them."""
    return r.stated(" or ".join(f"{each:g}" for each in sorted(set(values))), SETTINGS)


def _deformation(r: Results, labels: Mapping[str, str]) -> list[str]:
    """Sentences on the deformations: how they were found, and when not used."""
    phases = deformed_phases(r.study)
    if not phases:
        return []
    apart = _stated(r, (each.spacing_mm for each in phases.values()))
    within = _stated(r, (each.furthest_mm for each in phases.values()))
    images = listed([literal(labels[each]) for each in phases])
    samples, each, iterations = (
        r.stated(f"{getattr(effort, name):,}", f"{effort.__name__}:{name}")
        for name in ("LEAST_SAMPLES", "SAMPLES_EACH", "ITERATIONS")
    )
    return [
        f"The {images} images were then deformed by a cubic B-spline [@rueckert1999] with control"
        f" points about {apart} mm apart (an even number of equal parts of each axis), which"
        " maximised the same mutual information by L-BFGS-B [@byrd1995], first on a mesh of twice"
        f" that spacing (at most {iterations} iterations on each mesh; a sample of about {samples}"
        f" voxels, or of {each} for each coefficient where these are more).",
        "A deformation was not used where it folded the image (Jacobian determinant of 0 or less at"
        f" any voxel), moved a voxel by more than {within} mm or made the images less alike; the"
        " rigid transform alone was then used.",
    ]


def _volume(r: Results, phase: str) -> str:
    """In how many patients a phase was not deformed, and what it did to the tumours' volume."""
    rigid, volume = keys.registration_rigid_n(phase), keys.registration_jacobian(phase)
    if rigid not in r.records:
        return ""
    found = f" The rigid transform alone was used in {{{rigid}|patient}}."
    if volume in r.records:
        low, high = keys.registration_jacobian_low(phase), keys.registration_jacobian_high(phase)
        found += (
            " The Jacobian determinant in the tumour, the volume as acquired over the volume as"
            f" read, was {{{volume}}} (median of patients' means; range over voxels {{{low}}} to"
            f" {{{high}}})."
        )
    return found


def _numbers(r: Results, phase: str, words: str) -> str:
    """How far a phase was shifted, and in how many patients it was not; empty if not known."""
    unused, shift = keys.registration_unused_n(phase), keys.registration_shift(phase)
    if unused not in r.records:
        return ""
    moved = (
        f"The {words} images were shifted by a median of {{{shift}}} mm in the tumour;"
        if shift in r.records
        else f"For the {words} images"
    )
    not_used = f"{moved} the registration was not used in {{{unused}|patient}}."
    return not_used + _volume(r, phase)
