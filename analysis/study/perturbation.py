"""study.yml as checked types: perturbed delineations and images, for the repeatability of features.

Kinds and chains are those of Zwanenburg et al. (Sci Rep 2019, doi 10.1038/s41598-018-36938-4).
"""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_serializer, model_validator

from analysis.core.word_lists import listed
from analysis.study.later_keys import without_defaults
from analysis.study.protocol import Name
from analysis.study.section import Section

Kind = Literal["erosion", "dilation", "contour_noise", "volume", "noise", "translation", "rotation"]
# Kind -> its key in the study file, in the order in which a chain applies them: the mask is moved,
# then the image gets noise, then both are put on another grid.
KEYS: dict[Kind, str] = {
    "erosion": "erosion_mm",
    "dilation": "dilation_mm",
    "contour_noise": "contour_noise_mm",
    "volume": "volume",
    "noise": "noise",
    "translation": "translation",
    "rotation": "rotation_degrees",
}
# Kinds that read or move the image; the others are of the mask alone.
OF_GRID: tuple[Kind, ...] = ("translation", "rotation")
OF_IMAGES: tuple[Kind, ...] = ("noise", *OF_GRID)
LATER = (
    *("volume", "noise", "translation", "rotation_degrees"),
    *("chains", "alone", "repeats", "compare_preprocessing"),
)
Values = Annotated[list[float], Field(min_length=1)]


class Perturbation(Section):
    """Other masks, and other images, made from the first ones, of training patients.

    Each is held against the first one by ICC like another reader's.

    erosion_mm, dilation_mm: the outline moved in or out. contour_noise_mm: standard deviation of a
    smooth random displacement of the outline, contour_noise_length_mm over which it varies. volume:
    shares by which the mask's volume grows (or shrinks, below 0). noise: Gaussian noise is added to
    the image, so many times the standard deviation of its own. translation: shifts of the grid in
    fractions of a voxel, along each axis; rotation_degrees: turns of the grid about the mask's
    centroid, in the axial plane. chains: name -> kinds that are applied together; alone: whether
    each kind is tried by itself beside them. repeats: how often each is drawn.
    compare_preprocessing: all is done once more without the images' preprocessing. patients: so
    many, drawn by `seed`; all if left out.
    """

    erosion_mm: Annotated[float, Field(gt=0)] | None = None
    dilation_mm: Annotated[float, Field(gt=0)] | None = None
    contour_noise_mm: Annotated[float, Field(gt=0)] | None = None
    contour_noise_length_mm: Annotated[float, Field(gt=0)] = 10.0
    volume: Values | None = None
    noise: Annotated[float, Field(gt=0, le=10)] | None = None
    translation: Values | None = None
    rotation_degrees: Values | None = None
    chains: dict[Name, Annotated[list[Kind], Field(min_length=2)]] = {}
    alone: bool = True
    repeats: Annotated[int, Field(ge=1, le=100)] = 1
    compare_preprocessing: bool = False
    patients: Annotated[int, Field(ge=3)] | None = None
    seed: int = 0

    @field_validator("volume", "translation", "rotation_degrees", mode="before")
    @classmethod
    def _one_or_several(cls, given: Any) -> Any:
        return [given] if isinstance(given, int | float) else given

    @field_validator("volume", "translation", "rotation_degrees")
    @classmethod
    def _in_range(cls, values: list[float] | None, info: Any) -> list[float] | None:
        low, high = {"volume": (-0.9, 2.0), "translation": (-1.0, 1.0)}.get(
            info.field_name, (-180.0, 180.0)
        )
        for value in values or []:
            if value == 0 or not low < value < high:
                raise ValueError(
                    f"{value:g} changes nothing or too much; give values between {low:g} and"
                    f" {high:g}, without 0"
                )
        if len(set(values or [])) < len(values or []):
            raise ValueError("names a value twice")
        return values

    @model_validator(mode="after")
    def _does_something(self) -> Perturbation:
        if not self.kinds:
            raise ValueError(f"give at least one of {', '.join(KEYS.values())}")
        for name, chain in self.chains.items():
            if name in KEYS:
                raise ValueError(f"chains: {name} is the name of a kind; choose another name")
            if len(set(chain)) < len(chain):
                raise ValueError(f"chains.{name}: names a kind twice")
            for kind in chain:
                if kind not in self.kinds:
                    raise ValueError(f"chains.{name}: {kind} needs {KEYS[kind]}: how much of it")
        if not self.alone and not self.chains:
            raise ValueError("alone: false leaves nothing to try without chains")
        return self

    def idle_keys(self) -> set[str]:
        """Keys that came later and are at their default: no list has them."""
        return set(LATER) - set(without_defaults(self, dict.fromkeys(LATER), LATER))

    @model_serializer(mode="wrap")
    def _as_before(self, serialise: Any) -> dict[str, Any]:
        """Perturbations of masks alone are digested as they were before there were others."""
        return without_defaults(self, serialise(self), LATER)

    @property
    def kinds(self) -> list[Kind]:
        """Kinds that have an amount, in the order in which a chain applies them."""
        return [kind for kind, key in KEYS.items() if getattr(self, key) is not None]

    def values(self, kind: Kind) -> list[float]:
        """Amounts of a kind: mm, shares, fractions of a voxel, degrees, or times the noise."""
        given = getattr(self, KEYS[kind])
        return given if isinstance(given, list) else [given]

    @property
    def tried(self) -> dict[str, tuple[Kind, ...]]:
        """Name -> kinds that are applied together: each kind by itself, then the chains."""
        single: dict[str, tuple[Kind, ...]] = {kind: (kind,) for kind in self.kinds}
        together = {
            name: tuple(kind for kind in KEYS if kind in chain)
            for name, chain in self.chains.items()
        }
        return {**(single if self.alone else {}), **together}

    def repeats_of(self, name: str) -> int:
        """How often one of `tried` is drawn: no more often than there are different draws."""
        different = math.prod(self._draws(kind) for kind in self.tried[name])
        return min(self.repeats, different)

    def _draws(self, kind: Kind) -> int:
        """Number of different draws of a kind; what is drawn from a distribution has no end."""
        if kind in ("noise", "contour_noise"):
            return self.repeats
        return len(self.values(kind)) ** (3 if kind == "translation" else 1)

    @property
    def images_changed(self) -> bool:
        """True if any kind changes the image, not the mask alone."""
        return any(kind in OF_IMAGES for kind in self.kinds)

    def words(self, name: str) -> str:
        """One of `tried` with its amounts, for the article: `erosion 2 mm`, say."""
        parts = [self._words(kind) for kind in self.tried[name]]
        if name in KEYS:
            return parts[0]
        return f"{name.replace('_', ' ')}: {parts[0]} with {listed(parts[1:])}"

    def words_with_repeats(self, name: str) -> str:
        """The same, with the number of its repeats where there are several."""
        repeats = self.repeats_of(name)
        return self.words(name) + (f", {repeats} repeats" if repeats > 1 else "")

    @property
    def words_of_all(self) -> str:
        """All of `tried` in a row; semicolons part them where one has a comma."""
        words = [self.words_with_repeats(name) for name in self.tried]
        return ("; " if any("," in each for each in words) else ", ").join(words)

    def _words(self, kind: Kind) -> str:
        values = self.values(kind)
        if kind == "noise":
            return f"noise {values[0]:g} SD"
        if kind == "volume":
            return f"volume {_list(f'{100 * each:+g}' for each in values)}%"
        if kind == "translation":
            return f"translation {_list(f'{each:g}' for each in values)} voxel"
        if kind == "rotation":
            return f"rotation {_list(f'{each:+g}' for each in values)}°"
        return f"{kind.replace('_', ' ')} {values[0]:g} mm"


def _list(words: Any) -> str:
    return "/".join(words).replace("-", "−")
