"""Numbers and words that describe the study: its cohort, features, settings and software."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError

import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.cohort.endpoint import label_at_horizon, outcome_of
from analysis.cohort.exclusion import reason_counts
from analysis.cohort.split import split_of
from analysis.cohort.tables.detection_limits import with_limits
from analysis.cohort.tables.feature_columns import feature_phases, recognised
from analysis.cohort.tables.feature_table import read_features
from analysis.core.cache import versions
from analysis.inputs.radiomics import FORM, RadiomicsTable, feature_classes, feature_reproducibility
from analysis.inputs.radiomics.definitions import own_class
from analysis.inputs.radiomics.own_features import extractors_of, load_extractor, own_features
from analysis.inputs.radiomics.table import radiomics_table
from analysis.results import keys
from analysis.results.delta import add_deltas
from analysis.results.record import Records
from analysis.results.regions import add_regions
from analysis.study import Study
from analysis.study.load import load_study
from analysis.study.regions import split_region
from analysis.units.dates import months_between

SOFTWARE = (
    "torch",
    "monai",
    "scikit-learn",
    "xgboost",
    "statsmodels",
    "lifelines",
    "pingouin",
    "SimpleITK",
    "numpy",
    "scipy",
    "pandas",
    "matplotlib",
)


def add_cohort(records: Records, cohort: Cohort) -> None:
    """`cohort.*`: numbers of patients and events, in all and by cohort."""
    study, label = cohort.study, cohort.label
    records.add(keys.cohort_n(), len(cohort.patients), unit="patients", source=add_cohort)
    records.add(
        keys.cohort_labelled_n(), int(label.notna().sum()), unit="patients", source=outcome_of
    )
    records.add(
        keys.cohort_unknown_n(), int(label.isna().sum()), unit="patients", source=outcome_of
    )
    records.add(keys.cohort_events_n(), int((label == 1).sum()), unit="patients", source=outcome_of)
    records.add(
        keys.cohort_non_events_n(), int((label == 0).sum()), unit="patients", source=outcome_of
    )
    for name in study.cohorts:
        part = label[cohort.cohort == name]
        for what, count in {
            "n": part.notna().sum(),
            "events": (part == 1).sum(),
            "non_events": (part == 0).sum(),
            "unknown": part.isna().sum(),
        }.items():
            records.add(
                keys.named(f"{what}_of_cohort")(name), int(count), unit="patients", source=split_of
            )
    if study.split.external:
        records.add(keys.cohorts_external(), list(study.split.external), source=load_study)
    if study.cohort.centre is not None:
        records.add(
            keys.cohort_centres_n(),
            int(cohort.clinical[study.cohort.centre].nunique()),
            unit="centres",
            source=add_cohort,
        )
    records.add(
        keys.cohort_synthetic(),
        study.study.synthetic or study.cohort.demo is not None,
        source=load_study,
    )
    if study.endpoint.horizon_months is not None:
        records.add(
            keys.endpoint_horizon_months(),
            study.endpoint.horizon_months,
            unit="months",
            source=load_study,
        )
    add_preparation(records, cohort)


def add_preparation(records: Records, cohort: Cohort) -> None:
    """Add what was done to the table's values beyond reading them; nothing where nothing was."""
    endpoint, outcome = cohort.study.endpoint, cohort.outcome
    if endpoint.start is not None:
        records.add(keys.preparation_calendar_months(), True, source=months_between)
    if endpoint.horizon_tolerance_days:
        counted = (outcome["label"] == 0) & (outcome["time_months"] < endpoint.horizon_months)
        records.add(
            keys.preparation_horizon_tolerance_days(),
            endpoint.horizon_tolerance_days,
            unit="days",
            source=load_study,
        )
        records.add(
            keys.preparation_horizon_tolerance_n(),
            int(counted.sum()),
            unit="patients",
            method="event-free and last seen before the horizon",
            source=label_at_horizon,
        )
    for name, found in cohort.limited.items():
        assert cohort.dictionary is not None
        records.add(
            keys.preparation_limited(name),
            cohort.dictionary.variables[name].label,
            source=with_limits,
        )
        records.add(keys.preparation_limited_rule(name), found.rule, source=with_limits)
        for side, patients in (("below", found.below), ("above", found.above)):
            records.add(
                keys.preparation_limited_n(name, side),
                len(set(patients) & set(cohort.patients)),
                unit="patients",
                source=with_limits,
            )


def add_screening(records: Records, study: Study) -> None:
    """`screened.*`: patients before the clinical table; nothing where the authors gave none."""
    part = study.screening
    if part is None:
        return
    records.add(keys.screened_n(), part.screened, unit="patients", source=load_study)
    records.add(
        keys.screened_excluded_n(),
        part.screened - part.left,
        n=part.screened,
        unit="patients",
        source=load_study,
    )
    for number, (reason, count) in enumerate(part.excluded.items(), start=1):
        records.add(
            keys.screened_excluded(f"{number:02d}"),
            count,
            unit="patients",
            source=load_study,
        )
        records.add(keys.screened_reason(f"{number:02d}"), reason, source=load_study)


def add_exclusions(records: Records, cohort: Cohort) -> None:
    """Add exclusions: patients of the table who are not in the cohort, with reasons."""
    if cohort.excluded:
        records.add(
            keys.excluded_n(),
            len(cohort.excluded),
            n=len(cohort.excluded) + len(cohort.patients),
            unit="patients",
            method="left out by --keep-going",
            source=add_exclusions,
        )
        records.add(
            keys.excluded_listed(),
            len(cohort.excluded) + len(cohort.patients),
            unit="patients",
            method="of the clinical table",
            source=add_exclusions,
        )
    for reason, count in reason_counts(cohort.excluded).items():
        records.add(
            keys.excluded(reason),
            count,
            unit="patients",
            source=reason_counts,
        )


def add_features(records: Records, cohort: Cohort, table: RadiomicsTable) -> None:
    """`features.*`: numbers of radiomic features, in all, a phase and a class."""
    names = list(table.features.columns)
    records.add(keys.features_total(), len(names), unit="features", source=radiomics_table)
    phases = feature_phases(cohort.study) or sorted({name.partition("_")[0] for name in names})
    counts = _by_phase(names, phases)
    records.add(
        keys.features_per_phase(), len(counts[phases[0]]), unit="features", source=radiomics_table
    )
    given = cohort.study.radiomics.table if cohort.study.radiomics is not None else None
    known = [
        name
        for name in counts[phases[0]]
        if given is None or recognised(name.removeprefix(f"{phases[0]}_"))
    ]
    if given is not None:
        records.add(
            keys.features_given(),
            str(given.file),
            method="features extracted elsewhere",
            source=read_features,
        )
        records.add(
            keys.features_recognised(),
            len(known),
            n=len(counts[phases[0]]),
            unit="features",
            method="PyRadiomics names, first phase",
            source=recognised,
        )
        if given.lesions is not None:
            records.add(
                keys.features_lesions(),
                given.lesions.rule,
                method="rule for several lesions of a patient",
                source=load_study,
            )
    add_deltas(records, cohort.study, names)
    known = add_regions(records, cohort.study, known)
    known = _add_own_features(records, cohort, phases[0], known)
    if given is None:
        _add_differing_phases(records, cohort, counts)
    for kind, count in feature_classes(known).items():
        records.add(keys.features_of_class(kind), count, unit="features", source=feature_classes)
    training = cohort.patients[cohort.cohort == "training"]
    part = cohort.study.radiomics
    if table.delineations and part is not None:
        reproducibility = feature_reproducibility(
            table, training, part.icc_judged_by, cohort.study.statistics.confidence_level
        )
        stable = reproducibility["smallest"] >= part.icc_threshold
        records.add(
            keys.features_stable_n(),
            int(stable.sum()),
            n=len(names),
            unit="features",
            method=f"{part.icc_judged_by.replace('_', ' ')} of {FORM}; smallest over delineations",
            source=feature_reproducibility,
        )
        records.add(keys.agreement_icc_threshold(), part.icc_threshold, source=load_study)
        records.add(
            keys.agreement_icc_median(),
            float(reproducibility["smallest"].median()),
            unit="ICC",
            source=feature_reproducibility,
        )
    if table.repeats and part is not None:
        records.add(
            keys.agreement_patients_n(),
            max(int(repeat.index.isin(training).sum()) for repeat in table.repeats.values()),
            unit="patients",
            source=radiomics_table,
        )


def _by_phase(names: list[str], phases: list[str]) -> dict[str, list[str]]:
    """Features of each phase; of two phases that a name fits, the longer one's."""
    found: dict[str, list[str]] = {phase: [] for phase in phases}
    longest_first = sorted(phases, key=len, reverse=True)
    for name in names:
        phase = next((each for each in longest_first if name.startswith(f"{each}_")), None)
        if phase is not None:
            found[phase].append(name)
    return found


def _add_differing_phases(records: Records, cohort: Cohort, features: dict[str, list[str]]) -> None:
    """`features.of_phase.*`, where settings of their own give phases different features.

    features: phase -> names of its features; those of regions beside the tumour are not counted.
    """
    labels = {name: each.label for name, each in extractors_of(cohort.study).items()}

    def of_tumour(phase: str, name: str) -> bool:
        return (
            own_class(name, [phase], labels) is None
            and split_region(name, [phase], cohort.study.regions)[0] is None
        )

    of_phases = {
        phase: [name.removeprefix(f"{phase}_") for name in names if of_tumour(phase, name)]
        for phase, names in features.items()
    }
    first = next(iter(of_phases.values()), [])
    if all(names == first for names in of_phases.values()):
        return
    for phase, names in of_phases.items():
        records.add(
            keys.features_of_phase(phase), len(names), unit="features", source=radiomics_table
        )


def _add_own_features(records: Records, cohort: Cohort, phase: str, names: list[str]) -> list[str]:
    """Add records of the own features and of PyRadiomics's features of a phase.

    The records are `features.own.*` and `features.pyradiomics`, of the features `names` of a phase.
    Returns those that are PyRadiomics's, all where the study has no own ones.
    """
    extractors = extractors_of(cohort.study)
    if not extractors:
        return names
    labels = {name: each.label for name, each in extractors.items()}
    of = {name: own_class(name, [phase], labels) for name in names}
    theirs = [name for name in names if of[name] is None]
    records.add(keys.features_pyradiomics(), len(theirs), unit="features", source=radiomics_table)
    for extractor, label in labels.items():
        records.add(
            keys.features_own_n(extractor),
            sum(each == extractor for each in of.values()),
            unit="features",
            method=f"{extractors[extractor].reference}, original image",
            source=own_features,
        )
        records.add(keys.features_own_label(extractor), label, source=load_extractor)
    return theirs


def add_mirp(records: Records, study: Study) -> None:
    """`software.mirp`, of a study with a phase of `engine: ibsi`."""
    if study.ibsi_phases:
        records.add(keys.software("mirp"), versions(["mirp"])["mirp"], source=versions)


def add_software(records: Records) -> None:
    """`software.*`: versions of Python and of the packages that computed the results."""
    records.add(keys.software("python"), platform.python_version(), source=platform.python_version)
    for name, version in versions(SOFTWARE).items():
        records.add(keys.software(name), version, source=versions)
    for name in ("pyradiomics-bhklab", "pyradiomics"):
        try:
            records.add(keys.software("pyradiomics"), versions([name])[name], source=versions)
            break
        except PackageNotFoundError:
            continue


def baseline_variables(cohort: Cohort) -> pd.DataFrame:
    """Columns that Table 1 describes: predictors of the dictionary, of labelled patients."""
    if cohort.dictionary is None:
        return pd.DataFrame(index=cohort.patients)
    names = [
        name
        for name, variable in cohort.dictionary.variables.items()
        if variable.role == "predictor" and name in cohort.clinical
    ]
    return cohort.clinical[names]
