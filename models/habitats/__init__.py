"""Habitats: parts of the tumour with like intensities, clustered anew in every fold."""

from models.habitats.clustering import Clustering
from models.habitats.features import habitat_of_name, habitat_values, is_habitat_feature
from models.habitats.fitted import FittedHabitats, fitted_habitats
from models.habitats.settings import HabitatSettings

__all__ = [
    "Clustering",
    "FittedHabitats",
    "HabitatSettings",
    "fitted_habitats",
    "habitat_of_name",
    "habitat_values",
    "is_habitat_feature",
]
