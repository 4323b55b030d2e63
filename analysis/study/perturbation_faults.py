"""Faults of a study file's perturbations: moved grids, which no engine but PyRadiomics's has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analysis.study.fault import Fault, extraction_as_written, section_of
from analysis.study.perturbation import KEYS, OF_GRID

PERTURBATION = ("radiomics", "perturbation")


def perturbation_faults(plain: dict[str, Any]) -> Iterator[Fault]:
    """Faults of `radiomics.perturbation`, (place, message).

    The moved grid has PyRadiomics's alignment and mask; the IBSI's grid is aligned with the
    image's centre and its mask interpolated linearly, so that features would differ by the grid
    where nothing is moved.
    """
    given = section_of(plain, *PERTURBATION)
    written = {name: extraction_as_written(plain, name) for name in section_of(plain, "phases")}
    of_ibsi = [
        str(name)
        for name, each in written.items()
        if isinstance(each, dict) and each.get("engine") == "ibsi"
    ]
    if not of_ibsi or section_of(plain, "radiomics").get("table"):
        return
    for key in (KEYS[kind] for kind in OF_GRID):
        if given.get(key) is not None:
            yield (
                (*PERTURBATION, key),
                "moves PyRadiomics's grid, and engine: ibsi has a grid and a mask of its own"
                f" ({', '.join(of_ibsi)}), so that their difference would count as the"
                " perturbation's; leave it out (noise, volume and outlines can be perturbed), or"
                " take engine: fast",
            )
