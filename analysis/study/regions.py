"""study.yml as checked types: regions in and around the tumour that features are taken from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field, model_serializer, model_validator

from analysis.study.later_keys import without_unset
from analysis.study.section import Section

Millimetres = Annotated[float, Field(gt=0, le=100)]
Kind = Literal["ring", "expanded", "core", "rim"]
KINDS: tuple[Kind, ...] = ("ring", "expanded", "core", "rim")
Air = Literal["ct", "mr", "none"]
# What tables call the tumour itself beside its regions.
TUMOUR = "tumour"


class Ring(Section):
    """Ring around the tumour: farther than from_mm from its outline, and to_mm at most."""

    from_mm: Annotated[float, Field(ge=0, le=100)] = 0.0
    to_mm: Millimetres

    @model_validator(mode="after")
    def _has_width(self) -> Ring:
        if self.to_mm <= self.from_mm:
            raise ValueError(
                f"to_mm ({self.to_mm:g}) must be larger than from_mm ({self.from_mm:g})"
            )
        return self


class Expanded(Section):
    """The tumour and what lies at most by_mm outside of its outline."""

    by_mm: Millimetres


class Core(Section):
    """The tumour but for what lies less than margin_mm inside of its outline."""

    margin_mm: Millimetres


class Rim(Section):
    """The part of the tumour that lies less than width_mm inside of its outline."""

    width_mm: Millimetres


class Region(Section):
    """Region that features are taken from beside the tumour: one of ring, expanded, core, rim.

    Distances are in mm from the tumour's outline, on the image's own grid. label: what the article
    calls it; left out, a name made from its kind and its millimetres.
    """

    ring: Ring | None = None
    expanded: Expanded | None = None
    core: Core | None = None
    rim: Rim | None = None
    label: Annotated[str, Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Region:
        given = [kind for kind in KINDS if getattr(self, kind) is not None]
        if len(given) != 1:
            raise ValueError(
                "give exactly one of ring, expanded, core and rim, as in ring: {from_mm: 0, to_mm:"
                f" 5}} (found: {', '.join(given) or 'none'})"
            )
        return self

    @model_serializer(mode="wrap")
    def _given_alone(self, serialise: Any) -> dict[str, Any]:
        """The one kind that is given, and the label where there is one."""
        return without_unset(serialise(self), *KINDS, "label")

    @property
    def kind(self) -> Kind:
        """Which of the four it is."""
        return next(kind for kind in KINDS if getattr(self, kind) is not None)

    @property
    def reaches_out(self) -> bool:
        """True if it has voxels outside of the tumour, so that something must end it there."""
        return self.kind in ("ring", "expanded")

    @property
    def words(self) -> str:
        """What tables and figures call it, with its millimetres."""
        if self.label is not None:
            return self.label
        if self.ring is not None:
            return f"peritumoral ring ({self.ring.from_mm:g}–{self.ring.to_mm:g} mm)"
        if self.expanded is not None:
            return f"tumour and surroundings ({self.expanded.by_mm:g} mm)"
        if self.core is not None:
            return f"tumour core (without {self.core.margin_mm:g} mm)"
        assert self.rim is not None
        return f"tumour rim ({self.rim.width_mm:g} mm)"


@dataclass(frozen=True)
class Block:
    """Features of one phase and one region; region: its name, None for the tumour itself."""

    phase: str
    region: str | None = None

    @property
    def prefix(self) -> str:
        """What the names of its features begin with: `{phase}` or `{phase}_{region}`."""
        return self.phase if self.region is None else f"{self.phase}_{self.region}"

    @property
    def words(self) -> str:
        """Its name in messages."""
        return self.phase if self.region is None else f"{self.phase}, region {self.region}"


def blocks_of(phases: Iterable[str], regions: Iterable[str]) -> list[Block]:
    """Blocks of the feature table in their order: of each phase the tumour, then its regions."""
    names = [None, *regions]
    return [Block(phase, region) for phase in phases for region in names]


def block_of(name: str, blocks: Iterable[Block]) -> Block | None:
    """Block that a feature's name is of: the one with the longest prefix; None for none of them."""
    return max(
        (block for block in blocks if name.startswith(f"{block.prefix}_")),
        key=lambda block: len(block.prefix),
        default=None,
    )


def split_region(
    name: str, phases: Iterable[str], regions: Iterable[str]
) -> tuple[str | None, str]:
    """Region of a feature's name, and the name without it.

    `late_ring_original_glcm_Contrast` is `ring` and `late_original_glcm_Contrast`. The region is
    None for a feature of the tumour, whose name stays as it is.
    """
    of_regions = [each for each in blocks_of(phases, regions) if each.region is not None]
    found = block_of(name, of_regions)
    if found is None:
        return None, name
    return found.region, f"{found.phase}_{name.removeprefix(f'{found.prefix}_')}"
