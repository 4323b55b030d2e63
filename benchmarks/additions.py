"""What additions to a study cost: each beside the same without it, in seconds and memory."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import SimpleITK as sitk

from analysis.core.memory import give_memory_back
from analysis.imaging.reading import ImageSource, read_image
from analysis.imaging.reading import registered as kept
from analysis.imaging.reading.sources import Preparation
from analysis.inputs.radiomics.engine.mask import forget
from analysis.inputs.radiomics.engine_choice import image_features
from analysis.inputs.radiomics.extraction import extract_features
from analysis.inputs.radiomics.realisation import Realisation
from analysis.study import Extraction, Perturbation
from analysis.study.preprocessing import BiasCorrection, Preprocessing
from analysis.study.registration import Registration
from benchmarks.nested_cross_validation import simulated
from benchmarks.phantoms import phantom
from models.radiomics import RadiomicsModel

# Extents as of a liver, in voxels that a registration has done with in seconds.
VOLUME = {"shape": (40, 80, 96), "spacing": (2.0, 2.0, 3.0)}
MOVED_MM = (3.0, -2.0, 1.5)
CHAIN = Perturbation(
    volume=0.1,
    noise=1.0,
    translation=0.25,
    rotation_degrees=5.0,
    chains={"all": ["volume", "noise", "translation", "rotation"]},
    alone=False,
)
# Left to PyRadiomics; the values of the other features are the same.
SLOW = Extraction(gldm_alpha=1)


@dataclass(frozen=True)
class Cost:
    """Seconds of the processor, and how far the process's memory grew meanwhile, MiB."""

    seconds: float
    memory: float

    def __str__(self) -> str:
        return f"{self.seconds:.2f} s, {self.memory:.0f} MiB"


def memory(of: str) -> float:
    """MiB of this process: VmRSS now, VmHWM at its peak."""
    said = Path("/proc/self/status").read_text()
    return int(re.search(rf"{of}:\s+(\d+) kB", said)[1]) / 1024


def forget_peak() -> None:
    """The peak of the process's memory begins anew."""
    Path("/proc/self/clear_refs").write_text("5")


def cost(call: Callable[[], object]) -> Cost:
    """Cost of one call. What ITK allocates counts as well, which tracemalloc doesn't see."""
    # What earlier calls have freed would be taken again, and not count.
    give_memory_back()
    forget_peak()
    before, start = memory("VmRSS"), time.process_time()
    call()
    return Cost(time.process_time() - start, max(0.0, memory("VmHWM") - before))


def _row(name: str, with_it: Cost, without: Cost, words: str) -> list[str]:
    more = f"{with_it.seconds - without.seconds:.2f} s"
    times = with_it.seconds / max(without.seconds, 1e-3)
    return [
        name,
        str(with_it),
        f"{without} ({words})",
        f"{more}, {times:.{int(times < 10)}f} times",
    ]


def perturbation(image: Path, mask: Path, diameter_cm: float) -> list[list[str]]:
    """One repeat of a chain of perturbations beside the features of the image as it is."""

    def plain() -> None:
        forget()
        extract_features(image, mask, Extraction())

    def perturbed() -> None:
        forget()
        drawn = Realisation(CHAIN, "all", 0, Extraction())
        extract_features(image, mask, Extraction(), alter=drawn.alter, redraw=drawn.redraw)
        if not drawn.changed:
            raise AssertionError("the perturbation changed nothing")

    plain()  # compiled code is loaded before anything is timed
    title = f"a repeat of volume, noise, shift and turn, tumour of {diameter_cm:g} cm"
    return [_row(title, cost(perturbed), cost(plain), "features of the image as it is")]


def left_to_pyradiomics(pair: tuple[sitk.Image, sitk.Image], diameter_cm: float) -> list[list[str]]:
    """A setting that the fast engine lacks beside the default. Raises AssertionError if not so."""

    def features(settings: Extraction) -> dict[str, float]:
        forget()
        return image_features(*pair, settings)

    fast, slow = features(Extraction()), features(SLOW)
    # Of nothing but the classes that the setting is of may values be others.
    if any(
        not np.isclose(fast[name], slow[name], rtol=1e-6, atol=1e-9)
        for name in fast
        if "_gldm_" not in name
    ):
        raise AssertionError("features that gldm_alpha is not of differ")
    title = f"features with gldm_alpha: 1, by PyRadiomics, tumour of {diameter_cm:g} cm"
    return [
        _row(
            title,
            cost(partial(features, SLOW)),
            cost(partial(features, Extraction())),
            "default, by the fast engine",
        )
    ]


def registration(fixed: Path, moving: Path) -> list[list[str]]:
    """Reading of an image that is registered, rigidly and deformably, beside resampling alone."""
    plain = ImageSource(moving, resample_to=ImageSource(fixed))
    voxels = " × ".join(map(str, read_image(fixed).GetSize()))
    without, found = cost(lambda: read_image(plain)), []
    for transform in ("rigid", "deformable"):
        source = replace(plain, registration=Registration(transform=transform))
        kept._remembered.clear()  # else the image would be registered already
        found.append(
            _row(
                f"reading with registration, {transform}, {voxels} voxels",
                cost(partial(read_image, source)),
                without,
                "resampled alone",
            )
        )
    return found


def bias_correction(image: Path) -> list[list[str]]:
    """Reading of an image with N4 bias correction beside reading it."""
    plain = ImageSource(image)
    settings = Preprocessing(bias_correction=BiasCorrection())
    corrected = replace(plain, preparation=Preparation(settings))
    voxels = " × ".join(map(str, read_image(plain).GetSize()))
    return [
        _row(
            f"reading with N4 bias correction, {voxels} voxels",
            cost(partial(read_image, corrected)),
            cost(partial(read_image, plain)),
            "read alone",
        )
    ]


def components(patients: int, features: int) -> list[list[str]]:
    """Fit of a block that principal components replace beside that of all of its features."""
    inputs, label = simulated(patients, features)

    def fit(selection: tuple[str, ...]) -> None:
        model = RadiomicsModel(
            "logistic", features=list(inputs.radiomics), selection=selection, seed=1
        )
        model.fit(inputs, label)

    fit(("variance",))
    title = f"fit of a block of {features} features by principal components, {patients} patients"
    return [
        _row(
            title,
            cost(partial(fit, ("pca",))),
            cost(partial(fit, ("variance",))),
            "all features",
        )
    ]


def rows(
    diameter_cm: float = 3, patients: int = 132, features: int = 1024, **volume
) -> list[list[str]]:
    """Rows of HEAD's columns. Raises AssertionError where an addition does not do what it is."""
    volume = volume or VOLUME
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pair = phantom(10 * diameter_cm, **volume)
        image, mask, moving = (folder / f"{what}.nii" for what in ("image", "mask", "moving"))
        for each, path in zip(pair, (image, mask), strict=True):
            sitk.WriteImage(each, str(path))
        moved = sitk.Cast(pair[0], sitk.sitkFloat32)
        moved = sitk.AdditiveGaussianNoise(moved, 12.0, 0.0, 1)
        moved.SetOrigin(MOVED_MM)
        sitk.WriteImage(moved, str(moving))
        return [
            *perturbation(image, mask, diameter_cm),
            *left_to_pyradiomics(pair, diameter_cm),
            *registration(image, moving),
            *bias_correction(image),
            *components(patients, features),
        ]


HEAD = ["addition", "with it", "without it", "how much more"]
NOTE = (
    "One turn each, one core; memory is how far that of the process grew. Registrations"
    " and bias fields are kept in a study's cache, and found once for each patient and phase."
)
