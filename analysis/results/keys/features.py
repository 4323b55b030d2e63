"""Radiomic features and images: declarations of results."""

from __future__ import annotations

from analysis.results.keys.parts import (
    of_delta,
    of_feature_class,
    of_nothing,
    of_own_features,
    of_perturbation,
    of_phase,
    of_region,
    of_step,
)
from analysis.results.keys.quantity import declare

features_total = declare(
    of_nothing, "features.total", "Radiomic features", "features", needs="images"
)
features_per_phase = declare(
    of_nothing, "features.per_phase", "Radiomic features of a phase", "features", needs="images"
)
features_of_phase = declare(
    of_phase,
    "features.of_phase.{phase}",
    "Features of a phase by PyRadiomics, where phases have different ones",
    "features",
    needs="images",
)
features_given = declare(
    of_nothing, "features.given", "File of features that were extracted elsewhere", needs="images"
)
features_recognised = declare(
    of_nothing,
    "features.recognised",
    "Features named as PyRadiomics names them",
    "features",
    needs="images",
)
features_lesions = declare(
    of_nothing,
    "features.lesions",
    "Rule for several lesions of a patient in the feature table",
    needs="images",
)
features_of_class = declare(
    of_feature_class,
    "features.{feature_class}",
    "Radiomic features of a class",
    "features",
    name="features_of_class",
    needs="images",
)
features_pyradiomics = declare(
    of_nothing,
    "features.pyradiomics",
    "Features of a phase by PyRadiomics, where there are others of the study's own code",
    "features",
    needs="images",
)
features_own_n = declare(
    of_own_features,
    "features.own.{own_features}.n",
    "Features of a phase by the study's own code",
    "features",
    needs="images",
)
features_own_label = declare(
    of_own_features,
    "features.own.{own_features}.label",
    "Label of features of the study's own code",
    needs="images",
)
features_tumour = declare(
    of_nothing,
    "features.tumour",
    "Features of the tumour in a phase, where there are those of other regions",
    "features",
    needs="images",
)
features_region_n = declare(
    of_region,
    "features.region.{region}.n",
    "Features of a region in a phase",
    "features",
    needs="images",
)
features_region_label = declare(
    of_region, "features.region.{region}.label", "What a region is called", needs="images"
)
features_region_selected_n = declare(
    of_region,
    "features.region.{region}.selected.n",
    "Features of a region that the final radiomics model uses",
    "features",
    rests_on="training",
    needs="models",
)
features_delta_total = declare(
    of_nothing,
    "features.delta.total",
    "Features that compare two phases",
    "features",
    needs="images",
)
features_comparison_n = declare(
    of_delta,
    "features.comparison.{delta}.n",
    "Features of a comparison of two phases",
    "features",
    needs="images",
)
features_comparison_label = declare(
    of_delta,
    "features.comparison.{delta}.label",
    "What a comparison of two phases is",
    needs="images",
)
features_delta_selected_n = declare(
    of_nothing,
    "features.delta.selected.n",
    "Features comparing two phases that the final radiomics model uses",
    "features",
    rests_on="training",
    needs="models",
)
features_delta_left_out_n = declare(
    of_nothing,
    "features.delta.left_out.n",
    "Quotients of two phases that the final fit left out, as their denominator is near zero",
    "features",
    rests_on="training",
    needs="models",
)
features_delta_filled_n = declare(
    of_nothing,
    "features.delta.filled.n",
    "Patients in whom a quotient that the final model uses has a denominator near zero",
    "patients",
    rests_on="training",
    needs="models",
)
regions_cut_n = declare(
    of_region,
    "regions.{region}.cut.n",
    "Patients of whom a part of a region was cut in any phase",
    "patients",
    needs="images",
)
regions_cut_median = declare(
    of_region,
    "regions.{region}.cut.median",
    "Median share of a region that was cut, of patients of whom any was",
    "proportion",
    needs="images",
)
features_after = declare(
    of_step,
    "features.after.{step}",
    "Features left after a step of the selection, in the final fit",
    "features",
    rests_on="training",
    needs="models",
)
features_stable_n = declare(
    of_nothing,
    "features.stable.n",
    meaning="Features that agree over delineations",
    unit="features",
    method="intraclass correlation",
    needs="images",
)
agreement_form = declare(
    of_nothing, "agreement.form", "Form of the intraclass correlation", needs="images"
)
agreement_icc_threshold = declare(
    of_nothing,
    "agreement.icc_threshold",
    "Intraclass correlation that a feature needs",
    needs="images",
)
agreement_icc_median = declare(
    of_nothing, "agreement.icc_median", "Median intraclass correlation", "ICC", needs="images"
)
agreement_patients_n = declare(
    of_nothing,
    "agreement.patients.n",
    "Patients with a second delineation",
    "patients",
    needs="images",
)
agreement_judged_by = declare(
    of_nothing,
    "agreement.judged_by",
    "What of the intraclass correlation is compared with the threshold",
    needs="images",
)
agreement_perturbations = declare(
    of_nothing, "agreement.perturbations", "Perturbations of the masks, in words", needs="images"
)
agreement_lost_n = declare(
    of_perturbation,
    "agreement.lost.{perturbation}.n",
    "Patients whose perturbed mask could not be used",
    "patients",
    needs="images",
)
agreement_unchanged_n = declare(
    of_perturbation,
    "agreement.unchanged.{perturbation}.n",
    "Patients whose mask the perturbation did not change",
    "patients",
    needs="images",
)
dictionary_fits_n = declare(
    of_nothing,
    "dictionary.fits.n",
    "Outer folds that selections were counted in",
    "folds",
    needs="features",
)
quality_patients_n = declare(
    of_nothing,
    "quality.patients.n",
    "Patients whose images and masks were examined",
    "patients",
    needs="images",
)
quality_warned_n = declare(
    of_nothing,
    "quality.warned.n",
    "Patients with a warning in any phase",
    "patients",
    needs="images",
)
quality_least_voxels = declare(
    of_nothing,
    "quality.least_voxels",
    "Voxels below which a mask is warned of",
    "voxels",
    needs="images",
)
quality_regridded_n = declare(
    of_nothing,
    "quality.regridded.n",
    "Patients of whom a phase was resampled to another's grid",
    "patients",
    needs="images",
)
quality_regridded_phases = declare(
    of_nothing,
    "quality.regridded.phases",
    "Phases that were resampled",
    kind="list",
    needs="images",
)
quality_regridded_target = declare(
    of_nothing,
    "quality.regridded.target",
    "Phases to whose grid they were resampled",
    kind="list",
    needs="images",
)
crop_beyond = declare(
    of_phase,
    "crop.beyond.{phase}",
    meaning="Share of the crop that networks see beyond the phase's image",
    unit="proportion",
    method="median, lowest and highest over patients",
    rests_on="nothing",
    needs="images",
)
crop_over_tenth_n = declare(
    of_phase,
    "crop.over_tenth.{phase}.n",
    "Patients of whose crop more than a tenth lies beyond the phase's image",
    "patients",
    rests_on="nothing",
    needs="images",
)
crop_over_half_n = declare(
    of_phase,
    "crop.over_half.{phase}.n",
    "Patients of whose crop more than half lies beyond the phase's image",
    "patients",
    rests_on="nothing",
    needs="images",
)
crop_padding_auc = declare(
    of_nothing,
    "crop.padding.auc",
    meaning="AUC of the share of the crop beyond the images, in the direction that is above .5",
    unit="AUC",
    method="training patients; Mann-Whitney",
    rests_on="nothing",
    needs="images",
)
crop_padding_direction = declare(
    of_nothing,
    "crop.padding.direction",
    "Whether that share is larger or smaller in patients with the event",
    rests_on="nothing",
    needs="images",
)
registration_unused_n = declare(
    of_phase,
    "registration.unused.{phase}.n",
    "Patients in whom the registration of a phase was not used",
    "patients",
    needs="images",
)
registration_shift = declare(
    of_phase,
    "registration.shift.{phase}",
    "Median over patients of the shift of a phase in the tumour by its registration",
    "mm",
    needs="images",
)
registration_rigid_n = declare(
    of_phase,
    "registration.rigid.{phase}.n",
    "Patients in whom the deformation of a phase was not used, and the rigid transform alone was",
    "patients",
    needs="images",
)
registration_jacobian = declare(
    of_phase,
    "registration.jacobian.{phase}",
    "Jacobian determinant of the deformation of a phase in the tumour: volume as acquired over"
    " volume as read, median over patients of its mean",
    needs="images",
)
registration_jacobian_low = declare(
    of_phase,
    "registration.jacobian_low.{phase}",
    "The same, lowest of all patients' tumour voxels",
    needs="images",
)
registration_jacobian_high = declare(
    of_phase,
    "registration.jacobian_high.{phase}",
    "The same, highest of all patients' tumour voxels",
    needs="images",
)
standard_scale_moved = declare(
    of_phase,
    "standard_scale.moved.{phase}",
    "Largest distance of a landmark of the standard scale in an outer fold from that of the final"
    " fit",
    "intensity of the standard scale",
    needs="images",
)
standard_scale_extractions_n = declare(
    of_nothing,
    "standard_scale.extractions.n",
    "Extractions of features, of an image and region each, again in the outer folds",
    "extractions",
    needs="images",
)
quality_masks_resampled = declare(
    of_nothing, "quality.masks_resampled", "Rule by which masks were resampled", needs="images"
)
quality_masks_resampled_n = declare(
    of_nothing,
    "quality.masks_resampled.n",
    "Patients of whom a mask was resampled",
    "patients",
    needs="images",
)
quality_gaps_filled = declare(
    of_nothing, "quality.gaps_filled", "Rule by which gaps of masks were filled", needs="images"
)
quality_gaps_filled_n = declare(
    of_nothing,
    "quality.gaps_filled.n",
    "Patients of whom a gap was filled",
    "patients",
    needs="images",
)
images_examination = declare(
    of_nothing, "images.examination", "How one of several examinations was chosen"
)
images_examination_date = declare(
    of_nothing, "images.examination.date", "Date by which it was chosen"
)
lesions_rule = declare(
    of_nothing, "lesions.rule", "Rule for several lesions of a patient", needs="images"
)
lesions_several_n = declare(
    of_nothing, "lesions.several.n", "Patients with several lesions", "patients", needs="images"
)
lesions_least_voxels = declare(
    of_nothing,
    "lesions.least_voxels",
    "Voxels below which a lesion is left out",
    "voxels",
    needs="images",
)
