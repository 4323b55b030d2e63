"""Settings of the study file: declarations of results."""

from __future__ import annotations

from analysis.results.keys.parts import (
    of_checklist,
    of_model,
    of_model_in,
    of_nothing,
    of_printed,
)
from analysis.results.keys.quantity import VARIES, declare

settings_protocol = declare(
    of_nothing, "settings.protocol", "Protocol of the study: full or demonstration"
)
settings_demo = declare(
    of_nothing,
    "settings.demo",
    "Whether the settings are those of a demonstration",
    kind="yes or no",
)
settings_confidence_level = declare(
    of_nothing, "settings.confidence_level", "Confidence level of the intervals"
)
settings_outer_folds = declare(of_nothing, "settings.outer_folds", "Outer folds")
settings_inner_folds = declare(of_nothing, "settings.inner_folds", "Inner folds")
settings_repeats = declare(of_nothing, "settings.repeats", "Repeats of the folds")
settings_seed = declare(of_nothing, "settings.seed", "Seed of all random numbers")
settings_bootstrap_resamples = declare(
    of_nothing, "settings.bootstrap_resamples", "Bootstrap resamples"
)
settings_sensitivity = declare(
    of_nothing, "settings.sensitivity", "Sensitivity asked of the second cut-off"
)
settings_equivalence_margin = declare(
    of_nothing, "settings.equivalence_margin", "Margin within which two AUCs are equivalent"
)
settings_proportion_interval = declare(
    of_nothing, "settings.proportion_interval", "Interval of proportions: exact, wilson or another"
)
settings_calibration_band_low = declare(
    of_nothing,
    "settings.calibration_band_low",
    "Lower end of the band in which calibration is called good",
)
settings_calibration_band_high = declare(
    of_nothing, "settings.calibration_band_high", "Upper end of that band"
)
settings_target_prevalence = declare(
    of_nothing,
    "settings.target_prevalence",
    "Prevalence for which net benefit is given beside the observed one",
    "proportion",
)
settings_clinical_candidates = declare(
    of_nothing,
    "settings.clinical_candidates",
    "Candidate variables of the clinical-radiological model",
)
settings_entry_p = declare(
    of_nothing, "settings.entry_p", "P-value below which a candidate goes on"
)
settings_classifiers = declare(
    of_nothing, "settings.classifiers", "Classifiers of the radiomics models", kind="list"
)
settings_univariable_features = declare(
    of_nothing, "settings.univariable_features", "Features that go on from the univariable ranking"
)
settings_correlation_limit = declare(
    of_nothing,
    "settings.correlation_limit",
    "Spearman's correlation above which a feature is left out",
)
settings_selected_features = declare(
    of_nothing, "settings.selected_features", "Most features that a radiomics model may have"
)
settings_tuning_folds = declare(of_nothing, "settings.tuning_folds", "Folds of tuning")
settings_bin_count = declare(
    of_nothing, "settings.bin_count", "Grey levels of the discretised image"
)
settings_bin_width = declare(of_nothing, "settings.bin_width", "Width of a grey level")
settings_log_sigmas = declare(
    of_nothing, "settings.log_sigmas", "Sigmas of the Laplacian of Gaussian", "mm", kind="list"
)
settings_wavelet = declare(of_nothing, "settings.wavelet", "Wavelet of the filtered images")
settings_networks = declare(of_nothing, "settings.networks", "Networks", kind="list")
settings_crop = declare(
    of_nothing, "settings.crop", "Side of the crop that networks see, in pixels"
)
settings_epochs = declare(of_nothing, "settings.epochs", "Epochs of training")
settings_slices = declare(of_nothing, "settings.slices", "Slices that networks see")
settings_field_of_view = declare(of_nothing, "settings.field_of_view", "Side of the crop, in mm")
settings_batch_size = declare(of_nothing, "settings.batch_size", "Images of a training step")
settings_learning_rate = declare(of_nothing, "settings.learning_rate", "Learning rate")
settings_reference_phase = declare(
    of_nothing, "settings.reference_phase", "Phase on whose grid the crops lie"
)
decision_threshold_low = declare(
    of_nothing,
    "decision.threshold_low",
    "Lowest threshold probability of the decision curves",
    "probability",
)
decision_threshold_high = declare(
    of_nothing,
    "decision.threshold_high",
    "Highest threshold probability of the decision curves",
    "probability",
)
decision_reported_threshold = declare(
    of_nothing,
    "decision.reported_threshold",
    "Threshold probability that the text reports",
    "probability",
)
decision_claim_low = declare(
    of_nothing,
    "decision.claim_low",
    "Lowest threshold probability of a claim of net benefit",
    "probability",
)
decision_claim_high = declare(
    of_nothing,
    "decision.claim_high",
    "Highest threshold probability of a claim of net benefit",
    "probability",
)
decision_net_benefit_tolerance = declare(
    of_nothing,
    "decision.net_benefit_tolerance",
    "Net benefit below which a gain is called none",
    "setting",
)
published_source = declare(
    of_nothing, "published.source", "Source of the numbers printed by the reproduced paper"
)
published_events = declare(
    of_nothing, "published.events", "Events that the reproduced paper prints", "patients"
)
published_non_events = declare(
    of_nothing,
    "published.non_events",
    "Patients without the event that the reproduced paper prints",
    "patients",
)
published = declare(
    of_printed,
    "published.{model}.{cohort}.{statistic}",
    "Number that the reproduced paper prints",
    VARIES,
    rests_on="nothing",
)
published_fits = declare(
    of_model_in,
    "published.fits.{model}.{cohort}",
    meaning="Two-by-two tables that round to the printed proportions",
    unit="tables",
    method="accuracy, sensitivity and specificity",
    rests_on="nothing",
)
published_fits_events = declare(
    of_model_in,
    "published.fits.{model}.{cohort}.events",
    "Events of the only table that fits",
    "patients",
    rests_on="nothing",
)
published_fits_non_events = declare(
    of_model_in,
    "published.fits.{model}.{cohort}.non_events",
    "Patients without the event of the only table that fits",
    "patients",
    rests_on="nothing",
)
published_fits_all_events = declare(
    of_model,
    "published.fits.{model}.events",
    "Events of the only tables that fit, over cohorts",
    "patients",
    name="published_fits_all_events",
    rests_on="nothing",
)
published_fits_all_non_events = declare(
    of_model,
    "published.fits.{model}.non_events",
    "Patients without the event of the only tables that fit, over cohorts",
    "patients",
    name="published_fits_all_non_events",
    rests_on="nothing",
)
checklist_metrics_score = declare(
    of_nothing,
    "checklist.metrics.score",
    meaning="METRICS score",
    unit="proportion",
    method="weights of items answered yes over weights of items that apply",
    needs="answers of people",
)
checklist_metrics_score_at_most = declare(
    of_nothing,
    "checklist.metrics.score_at_most",
    "METRICS score if every open item were answered yes",
    "proportion",
    needs="answers of people",
)
checklist_metrics_band = declare(
    of_nothing,
    "checklist.metrics.band",
    "Quality band of the METRICS score",
    needs="answers of people",
)
checklist_n = declare(
    of_checklist,
    "checklist.{checklist}.{status}.n",
    "Items of a checklist with this answer",
    "items",
    needs="answers of people",
)
