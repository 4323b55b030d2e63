"""Faults of a study file's regions: what ends them, and names that would be other features'."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from analysis.study.fault import Fault, section_of
from analysis.study.own_names import LATER_WORDS, PYRADIOMICS_WORDS

REGIONS = ("radiomics", "regions")


def region_faults(plain: dict[str, Any]) -> Iterator[Fault]:
    """Faults of `radiomics.regions` and of what ends them, (place, message)."""
    regions, phases = section_of(plain, *REGIONS), section_of(plain, "phases")
    yield from _of_borders(phases, regions)
    if regions and section_of(plain, "radiomics").get("table"):
        yield (
            REGIONS,
            "features come as a table, and no image is read; add features of regions to the table",
        )
    own: dict[str, str] = {}
    for section in (("radiomics",), *(("phases", phase) for phase in phases)):
        place = (*section, "extraction", "own")
        own |= {str(name): ".".join(place) for name in section_of(plain, *place)}
    for name in map(str, regions):
        taken = _taken(name, list(phases), own)
        if taken is not None:
            yield (*REGIONS, name), f"the name '{name}' {taken}; choose another"


def _of_borders(phases: dict[str, Any], regions: dict[str, Any]) -> Iterator[Fault]:
    """Phases whose regions around the tumour would end nowhere, or at two things."""
    reaching = [
        name
        for name, region in regions.items()
        if isinstance(region, dict) and (region.get("ring") or region.get("expanded"))
    ]
    for name in phases:
        phase = section_of(phases, name)
        organ, air = phase.get("organ"), phase.get("air")
        place = ("phases", name)
        if isinstance(organ, str) and "{patient_id}" not in organ:
            yield (*place, "organ"), f"must contain {{patient_id}} (found: {organ!r})"
        if organ and air:
            yield (
                (*place, "air"),
                "regions end at the organ's border where there is a mask of it; give organ or air",
            )
        if phase.get("organ_segment") is not None and not organ:
            yield (*place, "organ_segment"), "says which part of organ, and there is no organ"
        if reaching and not organ and not air:
            yield (
                place,
                f"region '{reaching[0]}' reaches out of the tumour: say where it ends, at the"
                ' border of an organ (organ: "images/{patient_id}/liver.nii.gz") or at air (air:'
                " ct, air: mr, or air: none for the image's border alone)",
            )


def _taken(name: str, phases: list[str], own: dict[str, str]) -> str | None:
    """Why features of a region would be taken for others; None where they would not."""
    if name == "tumour":
        return "is that of the tumour, which is always there"
    words = (PYRADIOMICS_WORDS | LATER_WORDS) & set(name.split("_"))
    if words:
        return f"has '{min(words)}' in it, which PyRadiomics's features have"
    for phase, other in product(phases, phases):
        block, longer = f"{phase}_{name}_", f"{other}_"
        begins = block.startswith(longer) or longer.startswith(block)
        if other == name or (other.startswith(f"{phase}_") and begins):
            return f"clashes with the phase {other}"
    for other, place in own.items():
        if f"{other}_".startswith(f"{name}_") or f"{name}_".startswith(f"{other}_"):
            return f"clashes with the features of your own code '{other}' ({place})"
    return None
