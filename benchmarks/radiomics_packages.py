"""Features of the original image by the fast engine, PyRadiomics, pictologics and Flash-Radiomics.

All get the same image on a grid of 1 mm, so that no package's resampling is timed or compared, and
one thread. pictologics computes the families that PyRadiomics has too, and Flash-Radiomics the 107
features, without the file that it would write of them. pictologics merges the directions of
co-occurrences and runs where PyRadiomics averages features over them, and has no counterpart of the
maximal correlation coefficient, whose eigenvalues take a quarter of the engine's time for a small
tumour.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import SimpleITK as sitk
import yaml

from analysis.inputs.radiomics.agreement import largest_relative_difference
from analysis.inputs.radiomics.engine.region import region_of
from analysis.inputs.radiomics.pyradiomics_engine import stock_extractor
from analysis.study import Extraction
from benchmarks.phantoms import phantom
from benchmarks.radiomics import ISOTROPIC, _cpu, _ours, _stock

Pair = tuple[sitk.Image, sitk.Image]
Features = dict[str, float]
CODES = yaml.safe_load((Path(__file__).parent / "pictologics_codes.yml").read_text())
FAMILIES = ["intensity", "morphology", "glcm", "glrlm", "glszm", "ngtdm", "ngldm"]
# What each of the others can be installed on.
PYTHON = {"pictologics": "Python 3.12 or newer", "flash-radiomics": "Python 3.10 to 3.14"}
# Times as many turns beside pictologics, as times of milliseconds are the least steady.
TURNS = 12
# Both have the kurtosis less that of a normal distribution.
NORMAL_KURTOSIS = 3.0


def _unfiltered(**bins: Any) -> Extraction:
    return Extraction(
        normalise=False, resampled_spacing_mm=None, wavelet=None, log_sigma_mm=[], **bins
    )


# Bins of 5, or 32 of them.
BINS = {"bins of 5": _unfiltered(bin_width=5.0), "32 bins": _unfiltered(bin_count=32)}


def resampled(pair: Pair) -> Pair:
    """A pair's surroundings of the mask, normalised and on a grid of 1 mm."""
    region = region_of(*pair, ISOTROPIC)
    image = sitk.GetImageFromArray(region.image)
    mask = sitk.GetImageFromArray(region.mask.astype(np.uint8))
    for each in (image, mask):
        each.SetSpacing(region.spacing)
    return image, mask


def _pictologics(pair: Pair, settings: Extraction) -> Callable[[], Features]:
    """What computes features by name as `pictologics_codes.yml` has them, and all others."""
    from pictologics.loader import Image
    from pictologics.pipeline import RadiomicsPipeline

    image, mask = (
        Image(
            array=np.ascontiguousarray(sitk.GetArrayFromImage(each).transpose()),
            spacing=each.GetSpacing(),
            origin=each.GetOrigin(),
        )
        for each in pair
    )
    if settings.bin_count is None:
        low, width = image.array[mask.array > 0].min(), settings.bin_width
        bins = {"method": "FBS", "bin_width": width, "min_val": low - low % width}
    else:
        bins = {"method": "FBN", "n_bins": settings.bin_count}
    steps = [
        {"step": "discretise", "params": bins},
        {"step": "extract_features", "params": {"families": FAMILIES}},
    ]
    pipeline = RadiomicsPipeline().add_config("original", steps)
    # Named, as a pipeline has standard configurations of its own that would run as well.
    return lambda: pipeline.run(image, mask, config_names=["original"])["original"].to_dict()


def _of_pictologics(found: Features) -> Features:
    """Its values of the features that mean the same, under PyRadiomics's names."""
    by_code = {name.rsplit("_", 1)[1]: value for name, value in found.items()}
    same = {
        f"original_{kind}_{name}": by_code[code]
        for kind, codes in CODES.items()
        for name, code in codes.items()
    }
    same["original_firstorder_Kurtosis"] += NORMAL_KURTOSIS
    return same


def _flash(pair: Pair, settings: Extraction, names: list[str]) -> Callable[[], Features]:
    """What computes the features that are named."""
    import flash_radiomics

    flash_radiomics.logger.setLevel(logging.CRITICAL)
    stock = stock_extractor(settings)
    wanted: dict[str, list[str]] = {}
    for kind, name in {tuple(each.split("_")[1:]): None for each in names}:
        wanted.setdefault(kind, []).append(name)

    def call() -> Features:
        # A new extractor, as it remembers an image that it has seen.
        extractor = flash_radiomics.RadiomicsFeatureExtractor(
            backend="cpu", num_threads=1, segmentClassWorkers=1, **stock.settings
        )
        extractor.disableAllImageTypes()
        for kind, own in stock.enabledImagetypes.items():
            extractor.enableImageTypeByName(kind, customArgs=own)
        extractor.disableAllFeatures()
        extractor.enableFeaturesByName(**wanted)
        return extractor.extract_from_preprocessed(extractor.preprocess_case(*pair, label=1))

    return call


def _of_flash(found: Features) -> Features:
    return {
        name: float(value) + NORMAL_KURTOSIS * name.endswith("_Kurtosis")
        for name, value in found.items()
    }


def _time(seconds: float) -> str:
    return f"{1000 * seconds:.1f} ms" if seconds < 1 else f"{seconds:.1f} s"


def _row(
    title: str,
    other: str,
    calls: tuple[Callable[[], Features], Callable[[], Features]],
    *,
    same: Callable[[Features], Features] = dict,
    target: float | None = None,
    repeats: int = 5,
) -> list[str]:
    """A row as benchmarks.radiomics has it: turn by turn, after one that isn't counted.

    same: the other's features that mean the same as ours, under our names. The difference is the
    largest of them.
    """
    ours, theirs = calls[0](), same(calls[1]())
    both = {name: value for name, value in ours.items() if name in theirs}
    difference = largest_relative_difference(both, {name: theirs[name] for name in both})
    seconds: tuple[list[float], list[float]] = ([], [])
    for _ in range(repeats):
        for call, taken in zip(calls, seconds, strict=True):
            taken.append(_cpu(call))
    mine, others = (median(taken) for taken in seconds)
    ratio = others / mine
    return [
        title,
        _time(mine),
        f"{_time(others)} ({other})",
        f"{ratio:.1f}×" if ratio >= 2 else f"{ratio:.2f}×",
        f"≥ {target:g}×" if target else "",
        "" if target is None else "yes" if ratio >= target else "NO",
        f"{difference:.0e}, of {len(both)} features",
    ]


def _titled(package: str) -> str | None:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return None


def _absent(title: str, package: str) -> list[str]:
    return [title, "", f"{package} is not installed (needs {PYTHON[package]})", "", "", "", ""]


def _of_original(
    title: str, pair: Pair, settings: Extraction, repeats: int, target: float | None
) -> list[list[str]]:
    def ours() -> Features:
        return _ours(*pair, settings)

    names = list(ours())
    made = [
        _row(
            title,
            "PyRadiomics",
            (ours, lambda: _stock(*pair, settings)),
            repeats=repeats,
        )
    ]
    other = _titled("pictologics")
    made.append(
        _row(
            title,
            other,
            (ours, _pictologics(pair, settings)),
            same=_of_pictologics,
            target=target,
            repeats=TURNS * repeats,
        )
        if other
        else _absent(title, "pictologics")
    )
    other = _titled("flash-radiomics")
    made.append(
        _row(title, other, (ours, _flash(pair, settings, names)), same=_of_flash, repeats=repeats)
        if other
        else _absent(title, "flash-radiomics")
    )
    return made


def _of_all_images(title: str, pair: Pair, repeats: int) -> list[list[str]]:
    """Flash-Radiomics on filtered images too, and how many of its features agree to 1e-6."""
    other = _titled("flash-radiomics")
    if other is None:
        return [_absent(title, "flash-radiomics")]

    def ours() -> Features:
        return _ours(*pair, ISOTROPIC)

    mine = ours()
    flash = _flash(pair, ISOTROPIC, list(mine))
    theirs = _of_flash(flash())
    close = sum(
        np.isclose(mine[name], theirs[name], rtol=1e-6, atol=0, equal_nan=True) for name in mine
    )
    made = _row(title, other, (ours, flash), same=_of_flash, repeats=repeats)
    return [[*made[:-1], f"{close} of {len(mine)} within 1e-06"]]


def rows(
    diameters_cm: tuple[float, ...] = (2, 5, 8),
    repeats: int = 5,
    target: float | None = 0.77,
    **volume: Any,
) -> list[list[str]]:
    """Original image, 107 features, of each diameter; and all 1037 by Flash-Radiomics.

    target: pictologics's time over ours; 0.77 is ours within 1.3 times of its.
    """
    made = []
    for diameter in diameters_cm:
        whole = phantom(10 * diameter, **volume)
        pair = resampled(whole)
        for name, settings in BINS.items():
            title = f"tumour of {diameter:g} cm, original image alone, {name}"
            made += _of_original(title, pair, settings, repeats, target)
        made += _of_all_images(
            f"tumour of {diameter:g} cm, 1 mm, bins of 5, 1037 features", whole, repeats
        )
    return made
