"""Inputs of models: three kinds on one key, the patients.

They are subset together so that a fold can't mix patients.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from models.voxels import Voxels


@dataclass(frozen=True)
class Inputs:
    """Inputs of models.

    clinical: patients × variables; radiomics: patients × features; blocks: patients × features of
    other people's tables, `{block}_{feature}`; images: patients × slices ×
    phases × rows × columns; NaN beyond the image of a phase that the model puts on the scale of the
    patients whom it learns from.

    centre: where each patient was examined. voxels: of each patient's tumour in all phases, for
    habitats. Each may be absent (None). All follow the order of `patients`.
    """

    patients: pd.Index
    clinical: pd.DataFrame | None = None
    radiomics: pd.DataFrame | None = None
    images: np.ndarray | None = None
    centre: pd.Series | None = None
    voxels: Voxels | None = None
    blocks: pd.DataFrame | None = None

    def __sizeof__(self) -> int:
        """Bytes of tables and images.

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

    def subset(self, patients: Sequence[str] | pd.Index) -> Inputs:
        """Inputs of these patients, in their order.

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
