"""Crops of a cohort's tumours, and how much of each lies beyond its image; kept by content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.core.cache import cached, digest, source_digest
from analysis.core.progress import in_parallel
from analysis.imaging.reading import ImageSource, MaskSource, reading_code
from analysis.inputs.crops.crop import Crop, crop_sources, padded_crop, phase_inputs
from analysis.study import DeepLearning, NetworkInput

GEOMETRY = (
    "dimensions",
    "crop_pixels",
    "field_of_view_mm",
    "margin_mm",
    "slices",
    "slice_spacing_mm",
    "normalisation",
    "clip_percentiles",
)


@dataclass(frozen=True)
class CropWork:
    """What a patient's crop is made from.

    code: digest of the code that makes it; folder: of the cache.
    """

    images: tuple[ImageSource, ...]
    mask: MaskSource
    settings: DeepLearning
    inputs: tuple[NetworkInput, ...]
    code: str
    folder: Path

    @property
    def later(self) -> list[object]:
        """Settings that came later: nothing where they are as if there were none."""
        found: list[object] = []
        if self.settings.padding != "constant":
            found.append(["padding", self.settings.padding])
        if any(seen != self.settings.every_input or seen.keeps_scale for seen in self.inputs):
            found.append([seen.model_dump(mode="json") for seen in self.inputs])
        return found

    def key(self) -> str:
        """Key of the crop in the cache."""
        geometry = [getattr(self.settings, name) for name in GEOMETRY]
        return digest(*self.images, self.mask, self.mask.image, geometry, self.code, *self.later)


def _one(work: CropWork) -> Crop:
    return cached(
        work.folder,
        work.key(),
        lambda: padded_crop(work.images, work.mask, work.settings, work.inputs),
        "a tumour region",
    )


def _values(work: CropWork) -> np.ndarray:
    return _one(work).values


def _beyond(work: CropWork) -> tuple[float, ...]:
    return _one(work).beyond


def _beyond_if_made(work: CropWork) -> tuple[float, ...]:
    """The shares; none where the crop can't be made."""
    try:
        return _beyond(work)
    except (ValueError, RuntimeError, OSError):
        return ()


def crop_settings(cohort: Cohort) -> DeepLearning:
    """Settings of the crops.

    They are those of the networks; in a study without networks, whose tumours are shown all the
    same, they are the defaults on its first phase.
    """
    return cohort.study.deep_learning or DeepLearning.model_validate(
        {"reference_phase": cohort.study.reference_phase}
    )


def crops_code() -> str:
    """Digest of the code that makes crops."""
    own = [Path(__file__).with_name(f"{name}.py") for name in ("crop", "grid", "sampling", "scale")]
    return digest(source_digest(*own), reading_code())


def _work(cohort: Cohort, patients: Sequence[str], repeat: str | None) -> list[tuple[CropWork]]:
    settings, code = crop_settings(cohort), crops_code()
    folder = cohort.study.cache_folder / "crops"
    inputs = phase_inputs(cohort.files, settings)
    found = []
    for patient in patients:
        images, mask = crop_sources(cohort.files, patient, settings, repeat)
        work = CropWork(
            tuple(images), mask, settings=settings, inputs=inputs, code=code, folder=folder
        )
        found.append((work,))
    return found


def tumour_crops(
    cohort: Cohort, repeat: str | None = None, patients: list[str] | None = None
) -> np.ndarray:
    """Crops as patients × slices × phases × rows × columns, in the cohort's order.

    They are cached per patient by content.

    repeat: a repeated delineation, around which the patients who have it are cropped. patients:
    these alone.
    """
    if patients is None:
        patients = list(cohort.patients) if repeat is None else cohort.repeat_patients(repeat)
    return np.stack(
        in_parallel(
            _values,
            _work(cohort, patients, repeat),
            "tumour regions" if repeat is None else f"tumour regions, {repeat}",
            cohort.study.jobs,
            names=[f"patient {patient}" for patient in patients],
        )
    )


def crop_padding(
    cohort: Cohort, patients: Sequence[str] | None = None, made_alone: bool = False
) -> pd.DataFrame:
    """Share of each crop that lies beyond its image: patients × phases, from 0 to 1.

    The crops are those that networks see, made here or from the cache. patients: these alone.
    made_alone: patients whose crop can't be made are left out, in the place of an error.
    """
    wanted = list(cohort.patients if patients is None else patients)
    found = in_parallel(
        _beyond_if_made if made_alone else _beyond,
        _work(cohort, wanted, None),
        "tumour regions",
        cohort.study.jobs,
        names=[f"patient {patient}" for patient in wanted],
    )
    made = {patient: shares for patient, shares in zip(wanted, found, strict=True) if shares}
    return pd.DataFrame(
        list(made.values()),
        index=pd.Index(list(made), name="patient_id", dtype=cohort.patients.dtype),
        columns=list(cohort.study.phases),
        dtype=float,
    )
