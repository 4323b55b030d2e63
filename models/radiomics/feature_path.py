"""Path from features to what a classifier reads, and the patients that it is fitted on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.preprocessing import StandardScaler

from models.habitats.fitted import FittedHabitats, fitted_habitats
from models.habitats.settings import HabitatSettings
from models.radiomics.components import PrincipalComponents
from models.radiomics.harmonisation import harmoniser
from models.radiomics.selection import FeatureSelection
from models.voxels import Voxels


@dataclass(frozen=True)
class TrainingData:
    """Patients that a model learns from.

    values: patients × features. label: 0 and 1. centre: of each patient, None without
    harmonisation. group: in a bootstrap resample the original patient of each row, whose copies
    stay on one side of every fold. covariates: patients × numbers whose effects harmonisation
    keeps. voxels: of each patient, None without habitats.
    """

    values: np.ndarray
    label: np.ndarray
    centre: np.ndarray | None = None
    group: np.ndarray | None = None
    voxels: Voxels | None = None
    covariates: np.ndarray | None = None

    def rows(self, rows: np.ndarray) -> TrainingData:
        """Data of these rows."""
        return TrainingData(
            self.values[rows],
            self.label[rows],
            None if self.centre is None else self.centre[rows],
            None if self.group is None else self.group[rows],
            voxels=None if self.voxels is None else self.voxels.take(rows),
            covariates=None if self.covariates is None else self.covariates[rows],
        )


class FeaturePath:
    """All that precedes a classifier: harmonisation (where asked for), scaling and selection.

    components: share of variance of the principal components that take the place of the selected
    features; None leaves the features. number: of the components, in the place of the share.
    habitats: whose features come after the others, clustered in the patients of the fit; None
    without.
    """

    def __init__(
        self,
        selection: Mapping[str, Any],
        harmonisation: Mapping[str, Any] | None = None,
        components: float | None = None,
        number: int | None = None,
        habitats: HabitatSettings | None = None,
    ):
        self.selection, self.harmonisation = selection, harmonisation
        self.components, self.number, self.habitats = components, number, habitats
        self.habitats_: FittedHabitats | None = None

    def fit(self, data: TrainingData) -> FeaturePath:
        """Fit habitats, harmonisation, scaling, selection and components."""
        if self.habitats is not None:
            assert data.voxels is not None
            self.habitats_ = fitted_habitats(self.habitats, data.voxels)
        values = self.offered(data.values, data.voxels)
        self.harmonise = None
        if self.harmonisation is not None:
            self.harmonise = harmoniser(self.harmonisation).fit(
                values, centre=data.centre, covariates=data.covariates
            )
            values = self.harmonise.transform(values, data.centre, data.covariates)
        self.scale = StandardScaler().fit(values)
        scaled = self.scale.transform(values)
        self.select = FeatureSelection(**self.selection).fit(scaled, data.label, groups=data.group)
        self.reduce = None
        if self.components is not None:
            self.reduce = PrincipalComponents(self.components, self.number).fit(
                scaled[:, self.select.support_]
            )
        return self

    def offered(self, values: np.ndarray, voxels: Voxels | None) -> np.ndarray:
        """Features with those of the fitted habitats after them, a row a patient."""
        if self.habitats_ is None:
            return values
        assert voxels is not None
        return np.hstack([values, self.habitats_.transform(voxels)])

    def transform(self, data: TrainingData) -> np.ndarray:
        """Harmonised, scaled and selected features, or their components, a row a patient."""
        values = self.offered(data.values, data.voxels)
        if self.harmonise is not None:
            values = self.harmonise.transform(values, data.centre, data.covariates)
        selected = self.scale.transform(values)[:, self.select.support_]
        return selected if self.reduce is None else self.reduce.transform(selected)
