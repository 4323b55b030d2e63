"""Reproducibility of the features between delineations, by class.

It uses training patients only; no outcome is seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.inputs.radiomics import FORM, RadiomicsTable, feature_iccs
from analysis.inputs.radiomics.definitions import CLASSES, NO_LABELS, own_class
from analysis.inputs.radiomics.own_features import extractors_of
from analysis.inputs.radiomics.perturbation import perturbed_features
from analysis.results import keys
from analysis.results.preprocessing_effect import preprocessing_tables
from analysis.results.record import Records
from analysis.results.regions import regions_of_features
from analysis.study.load import load_study
from analysis.study.phase_label import in_spaces
from analysis.study.regions import TUMOUR

OTHER = "other"


def class_of(feature: str, phases: Iterable[str] = (), own: Mapping[str, str] = NO_LABELS) -> str:
    """Class of a feature, from its name.

    It is the class in a name `{phase}_{filter}_{class}_{feature}`, or the label of own features;
    `OTHER` for a name that no class of PyRadiomics is in. own: name of own features -> label.
    """
    extractor = own_class(feature, phases, own)
    if extractor is not None:
        return own[extractor]
    return next((name for name in CLASSES if f"_{name}_" in feature), OTHER)


def reproducibility_tables(
    records: Records, cohort: Cohort, table: RadiomicsTable | None
) -> dict[str, pd.DataFrame]:
    """Tables of the intraclass correlation of features between delineations.

    `feature_icc` (feature, class, delineation, icc, ci_low, ci_high, n) and
    `tables/feature_icc_by_class`; nothing without other delineations. Both tell regions beside the
    tumour apart where the study has any.

    Records: `agreement.form`, `agreement.judged_by`, `agreement.perturbations`, and training
    patients of whom a perturbation left nothing (`agreement.lost.<kind>.n`) or changed nothing
    (`agreement.unchanged.<kind>.n`).
    """
    settings = cohort.study.radiomics
    if table is None or settings is None or not table.delineations:
        return {}
    training = cohort.patients[cohort.cohort == "training"]
    iccs = feature_iccs(table, training, cohort.study.statistics.confidence_level)
    if iccs.empty:
        return {}
    own = {name: each.label for name, each in extractors_of(cohort.study).items()}
    phases = cohort.study.name_beginnings
    iccs.insert(1, "class", iccs["feature"].map(lambda name: class_of(name, phases, own)))
    by = ["class", "delineation"]
    if cohort.study.regions:
        by = ["region", *by]
        iccs.insert(1, "region", regions_of_features(cohort.study, iccs["feature"]))
    records.add(keys.agreement_form(), FORM, source=feature_iccs)
    records.add(keys.agreement_judged_by(), in_spaces(settings.icc_judged_by), source=load_study)
    if settings.perturbation is not None:
        perturbation = settings.perturbation
        records.add(
            keys.agreement_perturbations(),
            perturbation.words_of_all,
            source=load_study,
        )
        wanted = min(len(training), perturbation.patients or len(training))
        for kind in perturbation.tried:
            records.add(
                keys.agreement_lost_n(kind),
                wanted - len(table.perturbed[kind]),
                n=wanted,
                unit="patients",
                source=perturbed_features,
            )
            records.add(
                keys.agreement_unchanged_n(kind),
                table.unchanged[kind],
                n=wanted,
                unit="patients",
                source=perturbed_features,
            )
    rows = []
    for names, part in iccs.groupby(by, sort=False):
        # A feature without an ICC (constant over patients) reaches no threshold and has no place
        # among quartiles.
        rows.append(
            {
                **dict(zip(by, names, strict=True)),
                "patients": int(part["n"].iloc[0]),
                "features": len(part),
                "median": part["icc"].median(),
                "quartile_1": part["icc"].quantile(0.25),
                "quartile_3": part["icc"].quantile(0.75),
                "median_lower_bound": part["ci_low"].median(),
                "reached": float((part["icc"] >= settings.icc_threshold).mean()),
                "reached_by_lower_bound": float((part["ci_low"] >= settings.icc_threshold).mean()),
            }
        )
    by_class = pd.DataFrame(rows)
    by_class = by_class.sort_values(
        "class",
        key=lambda names: names.map((*CLASSES, *dict.fromkeys(own.values()), OTHER).index),
        kind="stable",
        ignore_index=True,
    )
    if cohort.study.regions:
        order = [TUMOUR, *(region.words for region in cohort.study.regions.values())]
        by_class = by_class.sort_values(
            "region", key=lambda names: names.map(order.index), kind="stable", ignore_index=True
        )
    return {
        "feature_icc": iccs,
        "tables/feature_icc_by_class": by_class,
        **preprocessing_tables(table, settings.icc_threshold),
    }
