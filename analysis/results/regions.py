"""Regions beside the tumour as results: their features, and what of them was cut."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.inputs.radiomics.region_of_feature import region_in_words, region_name
from analysis.inputs.radiomics.region_quality import cohort_region_quality
from analysis.inputs.radiomics.table import radiomics_table
from analysis.results import keys
from analysis.results.record import Records
from analysis.study import Study
from analysis.study.load import load_study
from analysis.study.regions import TUMOUR, split_region


def regions_of_features(study: Study, names: Iterable[str]) -> list[str]:
    """Region of each feature in words, `tumour` for the tumour itself."""
    return [region_in_words(study, name) for name in names]


def add_regions(records: Records, study: Study, names: list[str]) -> list[str]:
    """Add `features.tumour` and `features.region.*` of the features of a phase.

    names: of that phase's features. Returns those of the tumour, all where the study has no
    regions.
    """
    if not study.regions:
        return names
    of = {name: split_region(name, study.phases, study.regions)[0] for name in names}
    tumour = [name for name in names if of[name] is None]
    records.add(keys.features_tumour(), len(tumour), unit="features", source=radiomics_table)
    for name, region in study.regions.items():
        records.add(
            keys.features_region_n(name),
            sum(each == name for each in of.values()),
            unit="features",
            source=radiomics_table,
        )
        records.add(keys.features_region_label(name), region.words, source=load_study)
    return tumour


def _summary(part: pd.DataFrame) -> dict[str, float]:
    """Patients, those of whom a part was cut, and median and range of volume and share cut."""
    summary: dict[str, float] = {
        "patients": len(part),
        "cut": int((part["share_cut"] > 0).sum()),
    }
    for measure in ("volume_ml", "share_cut"):
        values = part[measure]
        summary |= {
            f"{measure}_median": values.median(),
            f"{measure}_low": values.min(),
            f"{measure}_high": values.max(),
        }
    return summary


def region_tables(records: Records, cohort: Cohort) -> dict[str, pd.DataFrame]:
    """Tables of the regions' size and of what was cut; nothing without regions.

    `tables/region_quality` (patients × phases × regions) and `tables/region_quality_by_phase`
    (median, lowest and highest volume and share that was cut; patients of whom any was).

    Records: `regions.<region>.cut.n`, patients of whom a part was cut in a phase at least, and
    `regions.<region>.cut.median`, the median of the largest share among them.
    """
    if not cohort.study.regions:
        return {}
    frame = pd.DataFrame(cohort_region_quality(cohort))
    for name, part in frame.groupby("region", sort=False):
        largest = part.groupby("patient_id")["share_cut"].max()
        cut = largest[largest > 0]
        records.add(
            keys.regions_cut_n(str(name)),
            len(cut),
            n=len(largest),
            unit="patients",
            method="cut in any phase",
            source=cohort_region_quality,
        )
        if len(cut):
            records.add(
                keys.regions_cut_median(str(name)),
                float(cut.median()),
                n=len(cut),
                unit="proportion",
                method="largest share over phases",
                source=cohort_region_quality,
            )
    summary = [
        {"region": region, "phase": phase, **_summary(part)}
        for (region, phase), part in frame.groupby(["region", "phase"], sort=False)
    ]
    return {
        "tables/region_quality": frame,
        "tables/region_quality_by_phase": pd.DataFrame(summary),
    }


def with_region_warnings(quality: pd.DataFrame, regions: pd.DataFrame) -> pd.DataFrame:
    """Quality of images and masks, the regions' warnings added to those of patient and phase."""
    added = (
        regions[regions["warnings"] != ""]
        .groupby(["patient_id", "phase"])["warnings"]
        .agg("; ".join)
    )
    more = pd.MultiIndex.from_frame(quality[["patient_id", "phase"]]).map(added.to_dict())
    both = [
        "; ".join(each for each in (before, after) if isinstance(each, str) and each)
        for before, after in zip(quality["warnings"], more, strict=True)
    ]
    return quality.assign(warnings=both)


def selection_by_region(
    records: Records, study: Study, left: Mapping[str, Sequence[str]]
) -> dict[str, pd.DataFrame]:
    """Features of the tumour and of each region left after each step of the final selection.

    left: step → features left, in the order of the steps. `selection_by_region`: order, step,
    region (in words), features; nothing without regions. `features.region.<region>.selected.n`:
    after the last step.
    """
    if not study.regions:
        return {}
    words = {TUMOUR: TUMOUR} | {name: region.words for name, region in study.regions.items()}
    counts = {
        step: Counter(region_name(study, name) for name in names) for step, names in left.items()
    }
    last = counts[list(counts)[-1]]
    for name in study.regions:
        records.add(
            keys.features_region_selected_n(name),
            last[name],
            n=last.total(),
            unit="features",
            source=selection_by_region,
        )
    rows = [
        (order, step, words[name], found[name])
        for order, (step, found) in enumerate(counts.items())
        for name in words
    ]
    table = pd.DataFrame(rows, columns=["order", "step", "region", "features"])
    return {"selection_by_region": table}
