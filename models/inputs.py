"""Inputs of models: three kinds on one key, the patients.

They are subset together so that a fold can't mix patients.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from models.voxels import Voxels


@dataclass(frozen=True)
class ImageFeatures:
    """What is made of images under a scale that a fit has learnt in its learning patients.

    radiomics: patients × features, of those whom the fit learns from or scores. voxels: of their
    tumours, in that order; None without habitats.
    """

    radiomics: pd.DataFrame
    voxels: Voxels | None = None


@dataclass(frozen=True)
class Inputs:
    """Inputs of models.

    clinical: patients × variables; radiomics: patients × features; blocks: patients × features of
    other people's tables, `{block}_{feature}`; images: patients × slices ×
    phases × rows × columns; NaN beyond the image of a phase that the model puts on the scale of the
    patients whom it learns from.

    centre: where each patient was examined. voxels: of each patient's tumour in all phases, for
    habitats. Each may be absent (None). All follow the order of `patients`.

    fits: outer fold → what takes the place of radiomics and voxels in it and its inner folds, where
    images are matched to a scale that is learnt; `radiomics` and `voxels` are then those of the
    final fit. Empty where nothing of an image depends on other patients.
    """

    patients: pd.Index
    clinical: pd.DataFrame | None = None
    radiomics: pd.DataFrame | None = None
    images: np.ndarray | None = None
    centre: pd.Series | None = None
    voxels: Voxels | None = None
    blocks: pd.DataFrame | None = None
    fits: Mapping[str, ImageFeatures] = field(default_factory=dict)

    def __sizeof__(self) -> int:
        """Bytes of tables and images, without those of `fits`, which no fit is given whole.

        Dask sends what is known to be large to each worker once and not with every task.
        """
        tables = (self.clinical, self.radiomics, self.blocks)
        return sum(sys.getsizeof(table) for table in tables if table is not None) + (
            (0 if self.images is None else self.images.nbytes)
            + (0 if self.voxels is None else self.voxels.values.nbytes)
        )

    @property
    def centres(self) -> np.ndarray:
        """Name of each patient's centre.

        Raises ValueError naming patients without one, or where no centre is known at all.
        """
        if self.centre is None:
            raise ValueError(
                "harmonisation needs each patient's centre; name its column as cohort.centre"
            )
        absent = self.patients[self.centre.isna().to_numpy()]
        if len(absent):
            raise ValueError(
                "harmonisation needs each patient's centre; it is empty for"
                f" {', '.join(map(str, absent[:5]))}"
            )
        return self.centre.astype(str).to_numpy(dtype=object)

    def of_fit(self, name: str) -> Inputs:
        """Inputs as the final fit (`final`) or an outer fold sees them.

        Of an outer fold they have its own patients alone, where `fits` has any. Raises KeyError for
        a fold that is not there.
        """
        if not self.fits or name == "final":
            return replace(self, fits={}) if self.fits else self
        own = self.fits[name]
        plain = replace(self, fits={}, radiomics=None, voxels=None)
        return replace(
            plain.subset(own.radiomics.index), radiomics=own.radiomics, voxels=own.voxels
        )

    def subset(self, patients: Sequence[str] | pd.Index) -> Inputs:
        """Inputs of these patients, in their order; those of outer folds (`fits`) stay whole.

        Raises KeyError naming patients that are not there.
        """
        positions = self.patients.get_indexer(pd.Index(patients))
        if (positions < 0).any():
            unknown = pd.Index(patients)[positions < 0]
            raise KeyError(f"no inputs for patients {', '.join(map(str, unknown[:5]))}")
        return replace(
            self,
            patients=self.patients[positions],
            clinical=None if self.clinical is None else self.clinical.iloc[positions],
            radiomics=None if self.radiomics is None else self.radiomics.iloc[positions],
            images=None if self.images is None else self.images[positions],
            centre=None if self.centre is None else self.centre.iloc[positions],
            voxels=None if self.voxels is None else self.voxels.take(positions),
            blocks=None if self.blocks is None else self.blocks.iloc[positions],
        )
