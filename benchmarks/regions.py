"""A peritumoral ring beside the distance transform of the whole image: time and memory; and its
features beside the tumour's."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
import SimpleITK as sitk
from scipy import ndimage

from analysis.imaging.reading import MaskSource
from analysis.imaging.reading.sources import RegionSource
from analysis.imaging.regions import carved
from analysis.inputs.radiomics.engine.mask import forget
from analysis.inputs.radiomics.engine_choice import image_features
from analysis.study import Extraction
from analysis.study.regions import Region
from benchmarks.phantoms import phantom

MILLIMETRES = 5.0
RING = Region(ring={"from_mm": 0, "to_mm": MILLIMETRES})


def _ours(image: sitk.Image, mask: sitk.Image, air: str) -> np.ndarray:
    source = MaskSource(Path("mask.nii"), region=RegionSource("ring", RING, air=air))
    return sitk.GetArrayFromImage(carved(source, image, mask).mask) > 0


def _whole(image: sitk.Image, mask: sitk.Image) -> np.ndarray:
    """As a script has it: distances of all voxels."""
    inside, spacing = sitk.GetArrayFromImage(mask) > 0, mask.GetSpacing()[::-1]
    distance = ndimage.distance_transform_edt(~inside, sampling=spacing) - min(spacing) / 2
    return ~inside & (distance <= MILLIMETRES + 1e-6)


def cost(call: Callable[[], object], turns: int) -> tuple[float, float]:
    """Median seconds of the processor, and the peak of memory in MiB."""
    seconds = []
    for _ in range(turns):
        start = time.process_time()
        call()
        seconds.append(time.process_time() - start)
    tracemalloc.start()
    call()
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return median(seconds), peak


def cost_row(
    name: str, ours: tuple[float, float], other: tuple[float, float], words: str
) -> list[str]:
    return [
        name,
        f"{ours[0]:.2f} s, {ours[1]:.0f} MiB",
        f"{other[0]:.2f} s, {other[1]:.0f} MiB ({words})",
        f"{other[0] / ours[0]:.1f}×",
        "",
        "",
        "",
    ]


def rows(diameter_cm: float = 5, turns: int = 5, **volume) -> list[list[str]]:
    """Rows as benchmarks.radiomics has them. Raises AssertionError where the voxels differ."""
    pair = phantom(10 * diameter_cm, **volume)
    ring, settings = _ours(*pair, "none"), Extraction()
    if not np.array_equal(ring, _whole(*pair)):
        raise AssertionError("the ring differs from that of the whole image's distances")
    mask = sitk.GetImageFromArray(ring.astype(np.uint8))
    mask.CopyInformation(pair[0])

    def features(inside: sitk.Image) -> tuple[float, float]:
        forget()
        return cost(lambda: image_features(pair[0], inside, settings), 1)

    # Compiled code is loaded before anything is timed.
    image_features(pair[0], mask, settings)
    title = f"ring of {MILLIMETRES:g} mm around a tumour of {diameter_cm:g} cm"
    whole = cost(lambda: _whole(*pair), turns)
    return [
        cost_row(title, cost(lambda: _ours(*pair, "none"), turns), whole, "whole image"),
        cost_row(
            "the same, cut at air of an MRI",
            cost(lambda: _ours(*pair, "mr"), turns),
            whole,
            "whole image, not cut",
        ),
        cost_row("its features at 1 mm", features(mask), features(pair[1]), "of the tumour"),
    ]
