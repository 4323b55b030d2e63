"""Settings of habitats, as plain values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class HabitatSettings:
    """Settings of habitats.

    method: kmeans or mixture (of Gaussians with full covariance). reference: phase by whose mean
    intensity habitats are numbered. number: of habitats; None chooses one from `least` to `most` by
    the criterion (silhouette, calinski_harabasz: the highest; bic: the lowest). voxels_per_patient:
    drawn from each patient to cluster on, so that patients count alike. features: fractions,
    first_order. seed: of the draw and of the starts.
    """

    method: str
    reference: str
    number: int | None = None
    least: int = 2
    most: int = 5
    criterion: str = "silhouette"
    voxels_per_patient: int = 200
    features: tuple[str, ...] = ("fractions", "first_order")
    seed: int = 0

    @property
    def numbers(self) -> list[int]:
        """Numbers of habitats to choose from."""
        return list(range(self.least, self.most + 1)) if self.number is None else [self.number]
