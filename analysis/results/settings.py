"""Settings of the study file, as numbers and words of the results."""

from __future__ import annotations

from analysis.cohort.cohort import Cohort
from analysis.cohort.tables.feature_columns import feature_phases
from analysis.results import keys
from analysis.results.record import Records
from analysis.study import DeepLearning, Extraction, Published, Radiomics, Statistics, Study
from analysis.study.load import load_study
from analysis.study.phase_label import phase_labels
from models.classifiers import CLASSIFIERS
from models.networks import NETWORKS
from models.registry import readable_scores
from models.staging import assumption_counts


def add_claim_settings(records: Records, settings: Statistics) -> None:
    """Add the settings that the rules of the claims read.

    They are `decision.claim_…`, `.net_benefit_tolerance` and `settings.calibration_band_…`.
    """
    for end, threshold, limit in zip(
        ("low", "high"), settings.claimed_thresholds, settings.calibration_band, strict=True
    ):
        records.add(
            keys.named(f"decision_claim_{end}")(), threshold, unit="probability", source=load_study
        )
        records.add(keys.named(f"settings_calibration_band_{end}")(), limit, source=load_study)
    records.add(
        keys.decision_net_benefit_tolerance(),
        settings.net_benefit_tolerance,
        unit="setting",
        source=load_study,
    )


def add_settings(records: Records, cohort: Cohort) -> None:
    """Settings of the study file that the documents name, as results."""
    study = cohort.study
    _add_about(records, study)
    _add_assumptions(records, cohort)
    _add_validation_settings(records, study)
    if study.radiomics is not None:
        _add_radiomics_settings(records, study, study.radiomics)
    if study.deep_learning is not None:
        _add_network_settings(records, study, study.deep_learning)
    if study.clinical is not None:
        _add_numbers(
            records,
            {
                "clinical_candidates": len(study.clinical.candidates),
                "entry_p": study.clinical.entry_p,
            },
        )
    demonstration = study.study.protocol == "demonstration"
    records.add(keys.settings_protocol(), study.study.protocol, source=load_study)
    records.add(keys.settings_demo(), demonstration, source=load_study)
    _add_thresholds(records, study.statistics)
    add_claim_settings(records, study.statistics)
    if study.published is not None:
        _add_published(records, study.published)


def _add_numbers(records: Records, numbers: dict[str, float | int | None]) -> None:
    """`settings.<name>`; one that the study file leaves out has none."""
    for name, setting in numbers.items():
        if setting is not None:
            records.add(keys.named(f"settings_{name}")(), setting, source=load_study)


def _add_about(records: Records, study: Study) -> None:
    """Add the study's subject, in the study file's words."""
    about, phases = study.study, feature_phases(study)
    words = {
        "title": about.title,
        "disease": about.disease,
        "event": about.event,
        "modality": about.modality,
        "treatment": about.treatment,
        "name": about.name,
    }
    for name, text in words.items():
        if text is not None:
            records.add(keys.named(f"study_{name}")(), text, source=load_study)
    if phases:
        names = list(phase_labels(study, phases).values())
        records.add(keys.study_phases(), names, source=load_study)
    shown = list(phase_labels(study).values())
    records.add(keys.study_phases_labels(), shown, source=load_study)
    for name, phase in study.phases.items():
        if phase.label:
            records.add(keys.study_phase_label(name), phase.label, source=load_study)
    records.add(keys.study_phases_n(), len(phases), unit="phases", source=load_study)


def _add_assumptions(records: Records, cohort: Cohort) -> None:
    """Add assumptions in the authors' words, and values taken where they are missing."""
    study = cohort.study
    for number, text in enumerate(study.study.assumptions, start=1):
        records.add(keys.assumption(f"{number:02d}"), text, source=load_study)
    scores = readable_scores(study)[0] if study.assume else {}
    for row in assumption_counts(cohort.clinical, study.assume, scores).itertuples():
        value = row.value if isinstance(row.value, str) else format(row.value, "g")
        records.add(keys.assumed_value(row.variable), value, source=assumption_counts)
        records.add(
            keys.assumed_patients(row.variable),
            row.patients,
            unit="patients",
            source=assumption_counts,
        )


def _add_validation_settings(records: Records, study: Study) -> None:
    _add_numbers(
        records,
        {
            "confidence_level": study.statistics.confidence_level,
            "outer_folds": study.validation.outer_folds,
            "inner_folds": study.validation.inner_folds,
            "repeats": study.validation.repeats,
            "seed": study.seed,
            "bootstrap_resamples": study.statistics.bootstrap_resamples,
            "sensitivity": study.statistics.sensitivity,
            "equivalence_margin": study.statistics.contrasts.equivalence_margin,
        },
    )
    records.add(
        keys.settings_proportion_interval(), study.statistics.proportion_interval, source=load_study
    )


def _add_radiomics_settings(records: Records, study: Study, radiomics: Radiomics) -> None:
    classifiers = [CLASSIFIERS[name].name for name in radiomics.classifiers]
    records.add(keys.settings_classifiers(), classifiers, source=load_study)
    _add_numbers(
        records,
        {
            "univariable_features": radiomics.univariable_features,
            "correlation_limit": radiomics.correlation_limit,
            "selected_features": radiomics.selected_features,
            "tuning_folds": radiomics.tuning_folds,
        },
    )
    if radiomics.table is None:
        _add_extraction(records, radiomics.extraction)


def _add_extraction(records: Records, extraction: Extraction) -> None:
    bins = {"bin_count": extraction.bin_count, "bin_width": extraction.bin_width}
    _add_numbers(records, bins)
    sigmas = [f"{sigma:g}" for sigma in extraction.log_sigma_mm]
    records.add(keys.settings_log_sigmas(), sigmas, unit="mm", source=load_study)
    if extraction.wavelet is not None:
        records.add(keys.settings_wavelet(), extraction.wavelet, source=load_study)


def _add_network_settings(records: Records, study: Study, deep: DeepLearning) -> None:
    networks = [NETWORKS[name].label for name in deep.networks]
    records.add(keys.settings_networks(), networks, source=load_study)
    _add_numbers(
        records,
        {
            "crop": deep.crop_pixels,
            "epochs": deep.epochs,
            "slices": deep.slices,
            "field_of_view": deep.field_of_view_mm,
            "batch_size": deep.batch_size,
            "learning_rate": deep.learning_rate,
        },
    )
    phase = phase_labels(study, [deep.reference_phase])[deep.reference_phase]
    records.add(keys.settings_reference_phase(), phase, source=load_study)


def _add_thresholds(records: Records, settings: Statistics) -> None:
    """Add thresholds of the decision curves, and the prevalence of predictive values."""
    low, high = settings.thresholds[0], settings.thresholds[1]
    for name, threshold in (
        ("threshold_low", low),
        ("threshold_high", high),
        ("reported_threshold", settings.reported_threshold),
    ):
        records.add(
            keys.named(f"decision_{name}")(), threshold, unit="probability", source=load_study
        )
    if settings.target_prevalence is not None:
        records.add(
            keys.settings_target_prevalence(),
            settings.target_prevalence,
            unit="proportion",
            source=load_study,
        )


def _add_published(records: Records, published: Published) -> None:
    """Numbers that the reproduced paper prints."""
    records.add(keys.published_source(), published.source, source=load_study)
    printed = [
        (model, name, statistics)
        for model, cohorts in published.values.items()
        for name, statistics in cohorts.items()
    ]
    for model, name, statistics in printed:
        for statistic, value in statistics.items():
            records.add(
                keys.published(model, name, statistic),
                value,
                unit="AUC" if statistic == "auc" else "proportion",
                method="printed by the reproduced paper",
                source=load_study,
            )
