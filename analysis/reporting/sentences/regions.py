"""Regions beside the tumour: what they are, where they end and what was cut, in the methods."""

from __future__ import annotations

from analysis.core.word_lists import listed
from analysis.reporting.manuscript import Results
from analysis.results import keys
from analysis.study.phase_label import phase_label, phase_labels

BORDERS = {
    "organ": "the border of the organ's mask",
    "ct": "air (below −400 HU)",
    "mr": (
        "air (darker than a tenth of the way from the image's lowest intensity to the tumour's"
        " median, and joined with the border of the image by such voxels)"
    ),
    "none": "the border of the image",
}


def region_features(r: Results) -> str:
    """Part of the sentence on features: what else they were taken from; empty without regions."""
    regions = r.study.regions
    if not regions:
        return ""
    differing = r.all_of(keys.features_of_phase)  # whose numbers are those of one phase alone
    names = listed(
        [
            f"the {{{keys.features_region_label(name)}}}"
            + ("" if differing else f" ({{{keys.features_region_n(name)}|feature}} per phase)")
            for name in regions
        ]
    )
    return f"; features other than shape were also taken from {names}"


def region_rules(r: Results) -> str:
    """Sentences on how regions were made and cut; empty without regions."""
    regions = r.study.regions
    if not regions:
        return ""
    made = (
        "Regions beside the tumour were made from its mask by Euclidean distance from its outline"
        " in millimetres, on the image's own grid; for another segmentation or a perturbed mask"
        " they were made anew."
    )
    if r.records[keys.features_of_class("shape")].value != 0:
        made += " Shape was described for the tumour alone."
    out = [region.words for region in regions.values() if region.reaches_out]
    if not out:
        return made
    return " ".join(
        [
            made,
            f"Outside of the tumour they ended at {_borders(r)} and left out other lesions.",
            *(_cut(name, r) for name, region in regions.items() if region.reaches_out),
        ]
    ).strip()


def _borders(r: Results) -> str:
    """Where regions end; the phases of each where phases differ."""
    labels = phase_labels(r.study)
    of: dict[str, list[str]] = {}
    for name, phase in r.study.phases.items():
        of.setdefault("organ" if phase.organ else phase.air or "none", []).append(name)
    if len(of) == 1:
        return BORDERS[next(iter(of))]
    return listed(
        [
            f"{BORDERS[border]} in {listed([phase_label(each, labels) for each in names])}"
            for border, names in of.items()
        ]
    )


def _cut(name: str, r: Results) -> str:
    """How much of a region was cut in how many patients; empty where none was."""
    if keys.regions_cut_median(name) not in r.records:
        return ""
    return (
        f"A part of the {{{keys.features_region_label(name)}}} was cut in"
        f" {{{keys.regions_cut_n(name)}|patient}}, a median of"
        f" {{{keys.regions_cut_median(name)}:percent}} of it."
    )
