"""study.yml as checked types: habitats, parts of the tumour with like intensities."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from analysis.study.protocol import Name
from analysis.study.section import Section

Method = Literal["kmeans", "mixture"]
Criterion = Literal["silhouette", "calinski_harabasz", "bic"]
Kind = Literal["fractions", "first_order"]
Normalisation = Literal["image", "region", "none"]
Number = Annotated[int, Field(ge=2, le=10)]
DEFAULT_CRITERION: dict[Method, Criterion] = {"kmeans": "silhouette", "mixture": "bic"}
# What names of habitats' features begin with, which no phase may be called.
PREFIX = "habitats"


class Habitats(Section):
    """Habitats of the tumour: clusters of its voxels by their intensities over all phases.

    They are clustered in the training patients of each fit, tuning folds included, and applied to
    the others. method: k-means, or a mixture of Gaussians with full covariance. number: of
    habitats; left out, the one from number_from to number_to that is best by the criterion
    (silhouette or calinski_harabasz; of a mixture also bic, its default), which sees intensities
    alone. region: name of a region of `radiomics: regions` in the place of the tumour.
    reference_phase: on whose grid and mask the voxels lie, and by whose mean intensity habitats are
    numbered, the darkest first; the study's reference phase if left out. normalisation: of each
    phase to mean 0 and standard deviation 1 of the patient's own image or region, or none, where
    values have a unit. voxels_per_patient: drawn from each patient to cluster on. features:
    fractions of the volume, and first_order features of each habitat and phase.
    """

    method: Method = "kmeans"
    number: Number | None = None
    number_from: Number = 2
    number_to: Number = 5
    criterion: Criterion | None = None
    region: Name | None = None
    reference_phase: Name | None = None
    normalisation: Normalisation = "image"
    voxels_per_patient: Annotated[int, Field(ge=20, le=5000)] = 200
    features: Annotated[list[Kind], Field(min_length=1)] = ["fractions", "first_order"]

    @model_validator(mode="after")
    def _of_one_mind(self) -> Habitats:
        if self.criterion == "bic" and self.method == "kmeans":
            raise ValueError(
                "criterion: bic is of a mixture (method: mixture); k-means has no likelihood,"
                " choose silhouette or calinski_harabasz"
            )
        given = self.model_fields_set & {"number_from", "number_to", "criterion"}
        if self.number is not None and given:
            raise ValueError(
                f"number: {self.number} fixes the number of habitats, so that {min(given)} says"
                " nothing; leave one of the two out"
            )
        if self.number_to <= self.number_from:
            raise ValueError(
                f"number_to ({self.number_to}) must be larger than number_from"
                f" ({self.number_from}); a fixed number is written as number"
            )
        twice = sorted({each for each in self.features if self.features.count(each) > 1})
        if twice:
            raise ValueError(f"features: {', '.join(twice)} is named more than once")
        return self

    @property
    def clustered_by(self) -> Method:
        """What clusters the voxels."""
        return self.method

    @property
    def judged_by(self) -> Criterion:
        """Criterion of the number of habitats."""
        return self.criterion or DEFAULT_CRITERION[self.method]
