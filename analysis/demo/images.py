"""Synthetic multi-phase liver MR images with a tumour, and the delineations of its readers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

PHASES = ("arterial", "portal_venous", "delayed")
# mean signal of liver, tumour, vessels (arbitrary units) and weight of the capsule, by phase
SIGNAL = {
    "arterial": (100.0, 128.0, 140.0, 0.0),
    "portal_venous": (150.0, 146.0, 205.0, 0.6),
    "delayed": (140.0, 124.0, 160.0, 1.0),
}


@dataclass(frozen=True)
class Scanner:
    """Imaging properties that differ between centres.

    They are the voxel spacing (mm), noise (standard deviation, in units of the signal), intensity
    scale and strength of the bias field (fraction).
    """

    spacing_mm: tuple[float, float, float]
    noise: float
    scale: float
    bias: float


@dataclass(frozen=True)
class Appearance:
    """What the image of one patient shows.

    ``texture`` and ``pattern`` are the standardised noisy copies of the aggressiveness; diameters
    are in cm. ``surround``: standardised strength of an enhancement that lies outside of the tumour
    alone; None for none.
    """

    diameter_cm: float
    texture: float
    pattern: float
    capsule: str
    margin: str
    washout: str
    satellites: int
    surround: float | None = None


@dataclass(frozen=True)
class Grid:
    """Voxel centres in mm around the middle of the field of view."""

    shape: tuple[int, int, int]
    spacing: tuple[float, float, float]

    def coordinates(self) -> list[np.ndarray]:
        """Coordinates of the voxels in mm from the centre of the grid.

        They are three arrays that broadcast to its shape.
        """
        axes = [
            (np.arange(n) - (n - 1) / 2) * s for n, s in zip(self.shape, self.spacing, strict=True)
        ]
        return list(np.meshgrid(*axes, indexing="ij", sparse=True))

    def smooth_field(self, length_mm: float, rng: np.random.Generator) -> np.ndarray:
        """Gaussian random field with this correlation length; mean 0, standard deviation 1."""
        sigma = [length_mm / s for s in self.spacing]
        field = ndimage.gaussian_filter(
            rng.standard_normal(self.shape), sigma, mode="wrap", truncate=3.0
        )
        field -= field.mean()
        return field / field.std()


def _radius(
    grid: Grid, appearance: Appearance, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, float]:
    """Fractional radius, direction cosine and mean radius of the tumour.

    The fractional radius is the distance from the tumour's centre as a fraction of its boundary.
    The cosine is that of the angle to a random in-plane direction. The mean radius is in mm.
    """
    half = appearance.diameter_cm * 5.0
    axes = half * np.array([1.0, rng.uniform(0.82, 0.97), rng.uniform(0.75, 0.92)])
    room = [max(0.0, n * s / 2 - half - 4.0) for n, s in zip(grid.shape, grid.spacing, strict=True)]
    shift = [rng.uniform(-1, 1) * min(4.0, r) for r in room]
    x, y, z = (c - s for c, s in zip(grid.coordinates(), shift, strict=True))
    turn, aim = rng.uniform(0, np.pi), rng.uniform(0, 2 * np.pi)
    u, v = x * np.cos(turn) + y * np.sin(turn), -x * np.sin(turn) + y * np.cos(turn)
    rough = 0.075 if appearance.margin == "non_smooth" else 0.045
    radius = np.sqrt((u / axes[0]) ** 2 + (v / axes[1]) ** 2 + (z / axes[2]) ** 2)
    radius = radius * (1 + rough * grid.smooth_field(max(5.0, half / 3), rng))
    in_plane = np.sqrt(x**2 + y**2) + 1e-6
    return radius, (x * np.cos(aim) + y * np.sin(aim)) / in_plane + 0 * radius, float(axes.mean())


def largest_piece(mask: np.ndarray) -> np.ndarray:
    """The largest connected piece of a mask, holes filled."""
    pieces, count = ndimage.label(mask)
    if count > 1:
        mask = pieces == 1 + np.argmax(np.bincount(pieces.ravel())[1:])
    return ndimage.binary_fill_holes(mask)


def _bump(distance: np.ndarray, centre: float, width: float) -> np.ndarray:
    return np.exp(-(((distance - centre) / width) ** 2))


def _surroundings(distance: np.ndarray, surround: float) -> np.ndarray:
    """Enhancement of the liver around a tumour; distance: mm from its edge, negative inside."""
    return 60.0 / (1 + np.exp(-1.5 * surround)) * _bump(distance, 3.0, 1.5) * (distance > 0)


def draw_images(
    grid: Grid, scanner: Scanner, appearance: Appearance, rng: np.random.Generator
) -> tuple[dict[str, np.ndarray], np.ndarray, np.ndarray]:
    """Draw the images of the three phases and the tumour mask.

    Returned are the three phases (int16, shape of the grid), the mask of reader 1 (uint8; the
    largest tumour) and the fractional radius that the masks are cut from.

    The texture inside the tumour gets finer and stronger with ``texture``; the arterial rim and the
    enhancement of the liver on one side of the tumour get stronger with ``pattern``; an arterial
    enhancement about 3 mm outside of its edge with ``surround``.
    """
    radius, cosine, half = _radius(grid, appearance, rng)
    distance = (radius - 1) * half  # mm, negative inside
    inside = 1 / (1 + np.exp(distance / 0.7))
    mask = largest_piece(radius < 1)

    length = 3.4 * np.exp(-0.25 * appearance.texture + 0.08 * rng.standard_normal())
    contrast = 11.0 * np.exp(0.38 * appearance.texture + 0.12 * rng.standard_normal())
    strength = 1 / (1 + np.exp(-2.0 * appearance.pattern))
    common = grid.smooth_field(length, rng)
    necrosis_edge = rng.normal(0.18, 0.07) + 0.03 * (appearance.diameter_cm - 3)
    necrosis = 1 / (
        1 + np.exp((radius - necrosis_edge + 0.08 * grid.smooth_field(4.0, rng)) / 0.04)
    )
    capsule = {"complete": 30.0, "incomplete": 18.0, "none": 0.0}[appearance.capsule] * _bump(
        distance, 0.0, 1.5
    )
    if appearance.capsule == "incomplete":
        capsule = capsule * (cosine < rng.uniform(-0.2, 0.6))
    washout = {"none": 14.0, "nonperipheral": 0.0, "peripheral": 6.0}[appearance.washout]
    one_side = np.clip(0.35 + cosine, 0, None) / 1.35
    corona = np.where(distance > 0, np.exp(-np.clip(distance, 0, None) / 7.0), 0.0) * one_side
    rim = _bump(distance, -2.0, 2.2)
    vessels = _bump(grid.smooth_field(7.0, rng), 0.0, 0.09) * _bump(
        grid.smooth_field(12.0, rng), 0.9, 0.6
    )
    vessels = vessels * (1 - inside)
    nodules = _satellites(grid, radius, appearance.satellites, rng)
    enhancement = rng.normal(0, 7.0)  # of the whole tumour; says nothing about the outcome
    bias = 1 + scanner.bias * grid.smooth_field(35.0, rng).clip(-2, 2)
    gain = scanner.scale * np.exp(0.08 * rng.standard_normal())

    images = {}
    for phase, (liver, tumour, vessel, capsule_weight) in SIGNAL.items():
        early = phase == "arterial"
        own = 0.8 * common + 0.6 * grid.smooth_field(length, rng)
        lesion = tumour + enhancement * (1.0 if early else 0.4) + (0.0 if early else washout)
        lesion = (
            lesion
            + contrast * own
            + (36.0 * strength * rim * (0.6 + 0.4 * one_side) if early else 0.0)
        )
        lesion = lesion - necrosis * (lesion - 70.0)
        signal = liver + 4.0 * grid.smooth_field(5.0, rng) + (vessel - liver) * vessels
        signal = signal + (80.0 * strength * corona if early else 14.0 * strength * corona)
        if early and appearance.surround is not None:
            signal = signal + _surroundings(distance, appearance.surround)
        signal = signal + nodules * (tumour - liver)
        signal = signal * (1 - inside) + lesion * inside + capsule_weight * capsule
        signal = (signal + scanner.noise * rng.standard_normal(grid.shape)) * bias * gain
        images[phase] = np.clip(np.rint(signal), 0, 32767).astype(np.int16)
    return images, mask.astype(np.uint8), radius


def _satellites(grid: Grid, radius: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Weights (0 to 1) of further small nodules.

    They lie outside the main tumour, where the field of view has room.
    """
    weights = np.zeros(grid.shape)
    places = np.argwhere((radius > 1.45) & (radius < 2.4))
    for _ in range(count if len(places) else 0):
        centre = places[rng.integers(len(places))]
        size = rng.uniform(3.5, 6.5)
        squared = sum(
            ((np.arange(n) - c) * s).reshape([-1 if i == axis else 1 for i in range(3)]) ** 2
            for axis, (n, c, s) in enumerate(zip(grid.shape, centre, grid.spacing, strict=True))
        )
        weights = np.maximum(weights, 1 / (1 + np.exp((np.sqrt(squared) - size) / 0.7)))
    return weights * (radius > 1.1)


def redraw_mask(
    grid: Grid, radius: np.ndarray, disagreement: float, rng: np.random.Generator
) -> np.ndarray:
    """Another delineation of the tumour (uint8).

    The boundary moves by a smooth field with this standard deviation (fraction of the radius), and
    as a whole by half of it.
    """
    moved = radius + disagreement * (grid.smooth_field(6.0, rng) + 0.5 * rng.standard_normal())
    return largest_piece(moved < 1).astype(np.uint8)
