"""Region that a feature is of, in words, by its name."""

from __future__ import annotations

from analysis.study import Study
from analysis.study.regions import TUMOUR, split_region
from models.habitats.names import is_habitat_feature


def region_name(study: Study, feature: str) -> str:
    """Name of the region of a feature, `tumour` for the tumour itself.

    Features of habitats are of the region that the study clusters.
    """
    if study.habitats is not None and is_habitat_feature(feature):
        return study.habitats.region or TUMOUR
    found, _ = split_region(feature, study.name_beginnings, study.regions)
    return found or TUMOUR


def region_in_words(study: Study, feature: str) -> str:
    """The same in words."""
    name = region_name(study, feature)
    return study.regions[name].words if name in study.regions else name
