"""Registration of phases in the methods: how, to what, whose masks, and how often not used."""

from __future__ import annotations

from analysis.core.word_lists import listed
from analysis.reporting.manuscript import Results
from analysis.reporting.rendering.escaping import literal
from analysis.reporting.sentences.preprocessing import SETTINGS
from analysis.results import keys
from analysis.study.phase_label import phase_labels


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
    found += [_numbers(r, name, literal(labels[name])) for name in pairs]
    return " ".join(filter(None, found))


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
    return f"{moved} the registration was not used in {{{unused}|patient}}."
