"""Faults of a study file's habitats: what they are made of, and names that would be theirs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analysis.core.short_lists import listed
from analysis.study.fault import Fault, section_of
from analysis.study.habitats import PREFIX
from analysis.study.registration_faults import registration_targets

HABITATS = ("radiomics", "habitats")


def habitat_faults(plain: dict[str, Any]) -> Iterator[Fault]:
    """Faults of `radiomics.habitats`, (place, message)."""
    radiomics = section_of(plain, "radiomics")
    if radiomics.get("habitats") is None:
        return
    habitats, phases = section_of(plain, *HABITATS), section_of(plain, "phases")
    if radiomics.get("table"):
        yield (
            HABITATS,
            "features come as a table, and no image is read; habitats need images and masks",
        )
    regions = section_of(plain, "radiomics", "regions")
    region, reference = habitats.get("region"), habitats.get("reference_phase")
    if region is not None and region not in regions:
        yield (
            (*HABITATS, "region"),
            f"there is no region '{region}' (radiomics: regions has"
            f" {listed(list(map(str, regions)), 4) or 'none'}); leave it out for the tumour",
        )
    if reference is not None and reference not in phases:
        yield (
            (*HABITATS, "reference_phase"),
            f"there is no phase '{reference}' (phases: {listed(list(map(str, phases)), 4)})",
        )
    else:
        yield from _unlike_registration(plain, reference)
    for name in phases:
        if str(name) == PREFIX or str(name).startswith(f"{PREFIX}_"):
            yield (
                ("phases", str(name)),
                f"features of habitats are named {PREFIX}_…; give the phase another name",
            )
    if section_of(plain, "fusion").get("method") == "features":
        yield (
            ("fusion", "method"),
            "features of habitats are made anew in each fold and can't enter a fusion one by one;"
            " choose chosen or stacking",
        )


def _unlike_registration(plain: dict[str, Any], reference: str | None) -> Iterator[Fault]:
    """A reference phase that is not the one that others are registered to.

    They would be registered to it anew, which no check and no table of registrations sees.
    reference: as the file has it; left out, it is the networks', else the first phase.
    """
    phases = section_of(plain, "phases")
    named = reference or section_of(plain, "deep_learning").get("reference_phase")
    chosen = named or next(iter(phases), None)
    registered = registration_targets(plain)
    apart = {name: to for name, to in registered.items() if to != chosen}
    if apart:
        pairs = listed([f"{name} to {to}" for name, to in apart.items()], 4)
        targets = sorted(set(registered.values()))
        remedy = (
            f"write reference_phase: {targets[0]}"
            if len(targets) == 1
            else "register all phases to one, and name that as reference_phase"
        )
        yield (
            (*HABITATS, "reference_phase"),
            f"habitats would lie on the grid of {chosen}, and phases are registered to another"
            f" ({pairs}); {remedy}",
        )
