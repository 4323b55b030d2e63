"""Numbers and words that describe the study: its cohort, features, settings and software."""

from __future__ import annotations

import platform

import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.cohort.exclusion import reason_counts
from analysis.cohort.tables.feature_table import feature_phases, recognised
from analysis.core.cache import versions
from analysis.core.problem import REASONS
from analysis.core.word_lists import listed
from analysis.inputs.radiomics import FORM, RadiomicsTable, feature_classes, feature_reproducibility
from analysis.results.model_description import add_model_words
from analysis.results.record import Records
from analysis.study import Extraction, Statistics
from models.classifiers import CLASSIFIERS
from models.networks import NETWORKS
from models.registry import readable_scores
from models.staging import assumption_counts

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


def _extraction_words(settings: Extraction) -> str:
    """Extraction settings in words."""
    unit = " hundredths of the image's standard deviation" if settings.normalise else ""
    interpolation = {
        "sitkBSpline": "cubic B-splines",
        "sitkLinear": "linear interpolation",
        "sitkNearestNeighbor": "nearest neighbours",
    }[settings.interpolator]
    words = (
        ["intensities normalised by the image's mean and standard deviation"]
        if settings.normalise
        else []
    )
    words += (
        [
            f"resampled to {' × '.join(f'{each:g}' for each in settings.resampled_spacing_mm)} mm"
            f" by {interpolation}"
        ]
        if settings.resampled_spacing_mm
        else []
    )
    words += [
        (
            f"bins {settings.bin_width:g}{unit} wide"
            if settings.bin_width
            else f"{settings.bin_count} bins"
        ),
        f"wavelet {settings.wavelet}",
    ]
    words += (
        [f"sigma {listed([f'{sigma:g}' for sigma in settings.log_sigma_mm])} mm"]
        if settings.log_sigma_mm
        else []
    )
    return ", ".join([*words, f"filters with {settings.pad_distance} voxels around the mask"])


def add_cohort(records: Records, cohort: Cohort) -> None:
    """`cohort.*`: numbers of patients and events, in all and by cohort."""
    study, label = cohort.study, cohort.label
    records.add("cohort.n", len(cohort.patients), unit="patients", source="load_cohort")
    records.add("cohort.labelled.n", int(label.notna().sum()), unit="patients", source="outcome_of")
    records.add("cohort.unknown.n", int(label.isna().sum()), unit="patients", source="outcome_of")
    records.add("cohort.events.n", int((label == 1).sum()), unit="patients", source="outcome_of")
    records.add(
        "cohort.non_events.n", int((label == 0).sum()), unit="patients", source="outcome_of"
    )
    for name in study.cohorts:
        part = label[cohort.cohort == name]
        for what, count in {
            "n": part.notna().sum(),
            "events": (part == 1).sum(),
            "non_events": (part == 0).sum(),
            "unknown": part.isna().sum(),
        }.items():
            records.add(f"cohort.{name}.{what}", int(count), unit="patients", source="split_of")
    if study.split.external:
        records.add("cohorts.external", ",".join(study.split.external), source="load_study")
    if study.cohort.centre is not None:
        records.add(
            "cohort.centres.n",
            int(cohort.clinical[study.cohort.centre].nunique()),
            unit="centres",
            source="load_cohort",
        )
    records.add(
        "cohort.synthetic",
        "true" if study.study.synthetic or study.cohort.demo is not None else "false",
        source="load_study",
    )
    if study.endpoint.horizon_months is not None:
        records.add(
            "endpoint.horizon_months",
            study.endpoint.horizon_months,
            unit="months",
            source="load_study",
        )
    add_preparation(records, cohort)


def add_preparation(records: Records, cohort: Cohort) -> None:
    """What was done to the table's values beyond reading them; nothing where nothing was."""
    endpoint, outcome = cohort.study.endpoint, cohort.outcome
    if endpoint.start is not None:
        records.add("preparation.calendar_months", "true", source="months_between")
    if endpoint.horizon_tolerance_days:
        counted = (outcome["label"] == 0) & (outcome["time_months"] < endpoint.horizon_months)
        records.add(
            "preparation.horizon_tolerance_days",
            endpoint.horizon_tolerance_days,
            unit="days",
            source="load_study",
        )
        records.add(
            "preparation.horizon_tolerance.n",
            int(counted.sum()),
            unit="patients",
            method="event-free and last seen before the horizon",
            source="label_at_horizon",
        )
    for name, found in cohort.limited.items():
        assert cohort.dictionary is not None
        records.add(
            f"preparation.limited.{name}",
            cohort.dictionary.variables[name].label,
            method=found.rule,
            source="with_limits",
        )
        for side, patients in (("below", found.below), ("above", found.above)):
            records.add(
                f"preparation.limited.{name}.{side}.n",
                len(set(patients) & set(cohort.patients)),
                unit="patients",
                source="with_limits",
            )


def add_exclusions(records: Records, cohort: Cohort) -> None:
    """How many patients of the table are not in the cohort, and why; nothing where all are."""
    if cohort.excluded:
        records.add(
            "excluded.n",
            len(cohort.excluded),
            n=len(cohort.excluded) + len(cohort.patients),
            unit="patients",
            method="left out by --keep-going",
            source="load_cohort",
        )
        records.add(
            "excluded.listed",
            len(cohort.excluded) + len(cohort.patients),
            unit="patients",
            method="of the clinical table",
            source="load_cohort",
        )
    for reason, count in reason_counts(cohort.excluded).items():
        records.add(
            f"excluded.{reason}",
            count,
            unit="patients",
            method=REASONS[reason],
            source="reason_counts",
        )


def add_features(records: Records, cohort: Cohort, table: RadiomicsTable) -> None:
    """`features.*`: numbers of radiomic features, in all, a phase and a class."""
    names = list(table.features.columns)
    records.add("features.total", len(names), unit="features", source="radiomics_table")
    phases = feature_phases(cohort.study) or sorted({name.partition("_")[0] for name in names})
    counts = {phase: [name for name in names if name.startswith(f"{phase}_")] for phase in phases}
    records.add(
        "features.per_phase", len(counts[phases[0]]), unit="features", source="radiomics_table"
    )
    given = cohort.study.radiomics.table if cohort.study.radiomics is not None else None
    known = [
        name
        for name in counts[phases[0]]
        if given is None or recognised(name.removeprefix(f"{phases[0]}_"))
    ]
    if given is not None:
        records.add(
            "features.given",
            str(given.file),
            method="features extracted elsewhere",
            source="read_features",
        )
        records.add(
            "features.recognised",
            len(known),
            n=len(counts[phases[0]]),
            unit="features",
            method="named as PyRadiomics names them, of the first phase",
            source="recognised",
        )
        if given.lesions is not None:
            records.add(
                "features.lesions",
                given.lesions.rule,
                method="rule for several lesions of a patient",
                source="load_study",
            )
    for kind, count in feature_classes(known).items():
        records.add(f"features.{kind}", count, unit="features", source="feature_classes")
    training = cohort.patients[cohort.cohort == "training"]
    part = cohort.study.radiomics
    if table.delineations and part is not None:
        reproducibility = feature_reproducibility(
            table, training, part.icc_judged_by, cohort.study.statistics.confidence_level
        )
        stable = reproducibility["smallest"] >= part.icc_threshold
        records.add(
            "features.stable.n",
            int(stable.sum()),
            n=len(names),
            unit="features",
            method=f"{part.icc_judged_by.replace('_', ' ')} of {FORM}; smallest over delineations",
            source="feature_reproducibility",
        )
        records.add("agreement.icc_threshold", part.icc_threshold, source="load_study")
        records.add(
            "agreement.icc_median",
            float(reproducibility["smallest"].median()),
            unit="ICC",
            source="feature_reproducibility",
        )
    if table.repeats and part is not None:
        records.add(
            "agreement.patients.n",
            max(int(repeat.index.isin(training).sum()) for repeat in table.repeats.values()),
            unit="patients",
            source="radiomics_table",
        )


def add_claim_settings(records: Records, settings: Statistics) -> None:
    """What the rules of the claims read: `decision.claim_…`, `.net_benefit_tolerance` and
    `settings.calibration_band_…`."""
    for end, threshold, limit in zip(
        ("low", "high"), settings.claimed_thresholds, settings.calibration_band, strict=True
    ):
        records.add(f"decision.claim_{end}", threshold, unit="probability", source="load_study")
        records.add(f"settings.calibration_band_{end}", limit, source="load_study")
    records.add(
        "decision.net_benefit_tolerance",
        settings.net_benefit_tolerance,
        unit="setting",
        source="load_study",
    )


def add_settings(records: Records, cohort: Cohort) -> None:
    """Settings of the study file that the documents name, as results."""
    study = cohort.study
    words = {
        "title": study.study.title,
        "disease": study.study.disease,
        "event": study.study.event,
        "modality": study.study.modality,
        "phases": (
            listed([name.replace("_", " ") for name in feature_phases(study)])
            if feature_phases(study)
            else None
        ),
        "treatment": study.study.treatment,
        "name": study.study.name,
    }
    for name, text in words.items():
        if text is not None:
            records.add(f"study.{name}", text, source="load_study")
    records.add(
        "study.phases.labels",
        ",".join(name.replace("_", " ") for name in study.phases),
        source="load_study",
    )
    reads = [
        words
        for words, there in (
            (
                study.study.modality or "images",
                study.radiomics is not None or study.deep_learning is not None,
            ),
            ("clinical variables", study.clinical is not None),
        )
        if there
    ]
    records.add(
        "study.predictors",
        " and ".join(reads) or "what models of one's own read",
        method="what the models predict from",
        source="load_study",
    )
    records.add("study.phases.n", len(feature_phases(study)), unit="phases", source="load_study")
    records.add(
        "study.authors",
        listed(study.study.authors) if study.study.authors else "the authors",
        source="load_study",
    )
    for number, text in enumerate(study.study.assumptions, start=1):
        records.add(f"assumption.{number:02d}", text, source="load_study")
    for row in assumption_counts(
        cohort.clinical, study.assume, readable_scores(study)[0] if study.assume else {}
    ).itertuples():
        value = row.value if isinstance(row.value, str) else format(row.value, "g")
        records.add(
            f"assumption.{row.variable}",
            f"{row.variable.replace('_', ' ')} taken as {value} where it is missing ({row.patients}"
            " patients)",
            source="assumption_counts",
        )
    numbers = {
        "confidence_level": study.statistics.confidence_level,
        "outer_folds": study.validation.outer_folds,
        "inner_folds": study.validation.inner_folds,
        "repeats": study.validation.repeats,
        "seed": study.seed,
        "bootstrap_resamples": study.statistics.bootstrap_resamples,
        "sensitivity": study.statistics.sensitivity,
        "equivalence_margin": study.statistics.contrasts.equivalence_margin,
    }
    records.add(
        "settings.proportion_interval", study.statistics.proportion_interval, source="load_study"
    )
    if study.radiomics is not None:
        records.add(
            "settings.classifiers",
            listed([CLASSIFIERS[name].name for name in study.radiomics.classifiers]),
            source="load_study",
        )
        numbers |= {
            "univariable_features": study.radiomics.univariable_features,
            "correlation_limit": study.radiomics.correlation_limit,
            "selected_features": study.radiomics.selected_features,
            "tuning_folds": study.radiomics.tuning_folds,
        }
        extraction = study.radiomics.extraction
        if study.radiomics.table is None:
            numbers |= {"bin_count": extraction.bin_count, "bin_width": extraction.bin_width}
            records.add("settings.extraction", _extraction_words(extraction), source="load_study")
            records.add(
                "settings.log_sigmas",
                listed([f"{sigma:g}" for sigma in extraction.log_sigma_mm]) or "none",
                unit="mm",
                source="load_study",
            )
            records.add("settings.wavelet", extraction.wavelet, source="load_study")
        for phase, files in study.phases.items():
            if files.extraction is not None:
                records.add(
                    f"settings.extraction.{phase}",
                    f"{phase.replace('_', ' ')}: {_extraction_words(files.extraction)}",
                    source="load_study",
                )
    if study.deep_learning is not None:
        deep = study.deep_learning
        records.add(
            "settings.networks",
            listed([NETWORKS[name].label for name in deep.networks]),
            source="load_study",
        )
        numbers |= {
            "crop": deep.crop_pixels,
            "epochs": deep.epochs,
            "slices": deep.slices,
            "field_of_view": deep.field_of_view_mm,
            "batch_size": deep.batch_size,
            "learning_rate": deep.learning_rate,
        }
        records.add(
            "settings.reference_phase", deep.reference_phase.replace("_", " "), source="load_study"
        )
    if study.clinical is not None:
        numbers |= {
            "clinical_candidates": len(study.clinical.candidates),
            "entry_p": study.clinical.entry_p,
        }
    add_model_words(records, study)
    for name, setting in numbers.items():
        if setting is not None:
            records.add(f"settings.{name}", setting, source="load_study")
    records.add("settings.protocol", study.study.protocol, source="load_study")
    records.add(
        "settings.demo",
        "true" if study.study.protocol == "demonstration" else "false",
        source="load_study",
    )
    records.add(
        "decision.threshold_low",
        study.statistics.thresholds[0],
        unit="probability",
        source="load_study",
    )
    records.add(
        "decision.threshold_high",
        study.statistics.thresholds[1],
        unit="probability",
        source="load_study",
    )
    records.add(
        "decision.reported_threshold",
        study.statistics.reported_threshold,
        unit="probability",
        source="load_study",
    )
    add_claim_settings(records, study.statistics)
    if study.statistics.target_prevalence is not None:
        records.add(
            "settings.target_prevalence",
            study.statistics.target_prevalence,
            unit="proportion",
            source="load_study",
        )
    if study.published is not None:
        records.add("published.source", study.published.source, source="load_study")
        for model, cohorts in study.published.values.items():
            for name, statistics in cohorts.items():
                for statistic, printed in statistics.items():
                    records.add(
                        f"published.{model}.{name}.{statistic}",
                        printed,
                        unit="AUC" if statistic == "auc" else "proportion",
                        method="printed by the reproduced paper",
                        source="load_study",
                    )


def add_software(records: Records) -> None:
    """`software.*`: versions of Python and of the packages that computed the results."""
    records.add("software.python", platform.python_version(), source="platform")
    for name, version in versions(SOFTWARE).items():
        records.add(f"software.{name}", version, source="importlib.metadata")
    from importlib.metadata import PackageNotFoundError

    for name in ("pyradiomics-bhklab", "pyradiomics"):
        try:
            records.add("software.pyradiomics", versions([name])[name], source="importlib.metadata")
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
