"""Locked model, which scores patients and learns nothing.

It is one part, or a fusion of parts with prepared clinical variables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from models.clinical import ClinicalDesign, ClinicalModel
from models.fusion import FusionModel, as_score
from models.inputs import Inputs
from models.locked.clinical import (
    design_description,
    design_of,
    regression_description,
    regression_of,
)
from models.locked.folder import LockedModelError
from models.locked.fusion import fusion_description, fusion_of

if TYPE_CHECKING:
    from models.deep import DeepModel
    from models.habitats.fitted import FittedHabitats
    from models.locked.radiomics import LockedRadiomics
    from models.radiomics.denominators import Denominators


def _is_networks(part: LockedRadiomics | DeepModel) -> bool:
    """Whether a part is networks, which is asked without loading PyTorch."""
    return hasattr(part, "tensors")


def _covariates(part: LockedRadiomics | DeepModel) -> list[str]:
    """Clinical variables whose effects the harmonisation of a part keeps."""
    return list(getattr(part, "covariates", None) or ())


@dataclass(frozen=True)
class LockedModel:
    """Locked model with its parts.

    parts: name → radiomics model or networks, whose log odds are columns of the fusion under that
    name. regression: the CR model, where it is the model itself. design, variables: clinical
    variables that enter a fusion. features: radiomics features that enter it as they are. fusion:
    None where the model is its only part.
    """

    parts: Mapping[str, LockedRadiomics | DeepModel] = field(default_factory=dict)
    regression: ClinicalModel | None = None
    design: ClinicalDesign | None = None
    variables: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    fusion: FusionModel | None = None

    @property
    def needed_features(self) -> list[str]:
        """Radiomics features that the model reads, but for those of habitats, which it makes."""
        return list(
            dict.fromkeys(
                [
                    *[
                        name
                        for part in self.parts.values()
                        if not _is_networks(part)
                        for name in cast("LockedRadiomics", part).read_features
                    ],
                    *self.features,
                ]
            )
        )

    @property
    def denominators(self) -> list[Denominators]:
        """Denominators of the quotients of two phases' features that each part reads."""
        parts = [part for part in self.parts.values() if not _is_networks(part)]
        return [cast("LockedRadiomics", part).denominators for part in parts]

    @property
    def habitats(self) -> FittedHabitats | None:
        """Habitats that the model makes features of; None where it makes none."""
        radiomics = (part for part in self.parts.values() if not _is_networks(part))
        made = (cast("LockedRadiomics", part).habitats for part in radiomics)
        return next((each for each in made if each is not None), None)

    @property
    def needs_images(self) -> bool:
        """Whether networks see the tumour region."""
        return any(map(_is_networks, self.parts.values()))

    @property
    def needed_variables(self) -> list[str]:
        """Clinical variables that must be known or imputable.

        An iterative imputation reads all that it was fitted on.
        """
        design = self.regression.design_ if self.regression is not None else self.design
        used = self.regression.selected_ if self.regression is not None else self.variables
        if design is not None and design.imputer_ is not None:
            used = design.variables_
        kept = [name for part in self.parts.values() for name in _covariates(part)]
        return list(dict.fromkeys([*(() if design is None else used), *kept]))

    def knowing(self, inputs: Inputs) -> LockedModel:
        """The model, which has learnt of patients of new centres what these do, where it may.

        Raises ValueError where they are too few.
        """
        parts = {
            name: part if _is_networks(part) else cast("LockedRadiomics", part).knowing(inputs)
            for name, part in self.parts.items()
        }
        return replace(self, parts=parts)

    @property
    def centres(self) -> set[str] | None:
        """Centres that it knows and may learn others beside; None where it does not learn any."""
        found = [
            set(combat.location_)
            for part in self.parts.values()
            if (combat := getattr(part, "combat", None)) is not None
            and combat.new_centre == "estimate"
        ]
        return set.intersection(*found) if found else None

    def part_probabilities(self, inputs: Inputs) -> pd.DataFrame:
        """Patients × parts: what each part says by itself."""
        return pd.DataFrame(
            {name: part.predict(inputs) for name, part in self.parts.items()}, index=inputs.patients
        )

    def columns(self, inputs: Inputs) -> pd.DataFrame:
        """Columns of the fusion: patients × columns.

        They are log odds of the parts, features, and prepared clinical variables.
        """
        assert self.fusion is not None
        scores = self.part_probabilities(inputs).apply(as_score)
        pieces = [scores]
        if self.features:
            assert inputs.radiomics is not None
            pieces.append(inputs.radiomics[list(self.features)])
        if self.variables:
            assert inputs.clinical is not None
            assert self.design is not None
            pieces.append(self.design.matrix(inputs.clinical, list(self.variables)))
        return pd.concat(pieces, axis=1)[self.fusion.columns_]

    def predict(self, inputs: Inputs) -> pd.Series:
        """Probability of the event, by patient."""
        if self.fusion is not None:
            return self.fusion.predict(self.columns(inputs))
        if self.regression is not None:
            return self.regression.predict(inputs)
        return next(iter(self.part_probabilities(inputs).items()))[1]

    def linear_terms(self, inputs: Inputs) -> pd.DataFrame | None:
        """Terms of the first patient's linear predictor.

        term, value (as it enters: standardised, log odds), coefficient, contribution of the first
        patient to the log odds; None for a model that is no sum of terms. Their sum and the
        intercept give the probability.
        """
        if self.fusion is not None:
            values = self.columns(inputs).iloc[0]
            formula = self.fusion.formula
            slopes = np.array([formula.slopes[name] for name in values.index])
        elif self.regression is not None:
            values = self.regression.used_values(inputs).iloc[0]
            slopes = self.regression.coefficients_
        else:
            return None
        return pd.DataFrame(
            {
                "term": list(values.index),
                "value": values.to_numpy(dtype=float),
                "coefficient": slopes,
                "contribution": slopes * values.to_numpy(dtype=float),
            }
        )

    @property
    def intercept(self) -> float | None:
        """Intercept of the linear predictor whose terms `linear_terms` gives."""
        if self.fusion is not None:
            return self.fusion.formula.intercept
        return None if self.regression is None else self.regression.intercept_

    def description(self) -> tuple[dict[str, Any], dict[str, bytes]]:
        """Plain values, and the files that they name."""
        files: dict[str, bytes] = {}
        parts = {}
        for name, part in self.parts.items():
            if _is_networks(part):
                # Imported here: a model without networks is written and read without PyTorch.
                import safetensors.torch

                networks = cast("DeepModel", part)
                parts[name] = {**networks.description(), "weights": f"{name}.safetensors"}
                files[f"{name}.safetensors"] = safetensors.torch.save(networks.tensors())
            else:
                parts[name] = cast("LockedRadiomics", part).description(name, files)
        design = self.regression.design_ if self.regression is not None else self.design
        return {
            "parts": parts,
            "design": None if design is None else design_description(design, files),
            "variables": list(self.variables),
            "features": list(self.features),
            "regression": (
                None if self.regression is None else regression_description(self.regression)
            ),
            "fusion": None if self.fusion is None else fusion_description(self.fusion),
        }, files

    @classmethod
    def from_description(
        cls, description: Mapping[str, Any], files: Mapping[str, bytes]
    ) -> LockedModel:
        """The model again. Raises LockedModelError for a part of an unknown kind.

        PyTorch and scikit-learn's archives load where a part needs them, and not before.
        """
        parts: dict[str, LockedRadiomics | DeepModel] = {}
        for name, part in description["parts"].items():
            if part["kind"] == "deep":
                # Imported here: as above.
                import safetensors.torch

                from models.deep import DeepModel

                parts[name] = DeepModel.from_description(
                    part, safetensors.torch.load(files[part["weights"]])
                )
            elif part["kind"] == "radiomics":
                # Imported here: a model without radiomics is read without scikit-learn.
                from models.locked.radiomics import LockedRadiomics

                parts[name] = LockedRadiomics.from_description(part, files)
            else:
                raise LockedModelError(f"part {name} is of the unknown kind '{part['kind']}'")
        design = None if description["design"] is None else design_of(description["design"], files)
        regression = description["regression"]
        return cls(
            parts,
            None if regression is None or design is None else regression_of(regression, design),
            design=design,
            variables=tuple(description["variables"]),
            features=tuple(description["features"]),
            fusion=None if description["fusion"] is None else fusion_of(description["fusion"]),
        )
