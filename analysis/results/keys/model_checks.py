"""Explanations and checks of the models, leakage among them: declarations of results."""

from __future__ import annotations

from analysis.results.keys.parts import (
    of_guard,
    of_model,
    of_nothing,
    of_verdict,
    of_voxels,
)
from analysis.results.keys.quantity import declare

explanation_left_out_n = declare(
    of_nothing,
    "explanation.left_out.n",
    "Outer folds whose radiomics model has too many features to explain each",
    "folds",
    rests_on="training",
    needs="models",
)
explanation_folds = declare(
    of_nothing,
    "explanation.folds",
    "Outer folds that SHAP values are from",
    "folds",
    rests_on="training",
    needs="models",
)
explanation_permutations = declare(
    of_nothing,
    "explanation.permutations",
    "Permutations of a feature's values",
    "permutations",
    rests_on="training",
    needs="models",
)
grad_cam_network = declare(
    of_nothing,
    "grad_cam.network",
    "Network of the Grad-CAM maps",
    rests_on="training",
    needs="images and models",
)
grad_cam_layer = declare(
    of_nothing,
    "grad_cam.layer",
    "Layer of the Grad-CAM maps",
    rests_on="training",
    needs="images and models",
)
grad_cam_inside = declare(
    of_nothing,
    "grad_cam.inside",
    meaning="Share of the Grad-CAM map within the tumour",
    unit="proportion",
    method="median and quartiles of validation patients",
    rests_on="training",
    needs="images and models",
)
grad_cam_tumour_area = declare(
    of_nothing,
    "grad_cam.tumour_area",
    meaning="Share of the picture that the tumour fills",
    unit="proportion",
    method="median and quartiles of validation patients",
    rests_on="training",
    needs="images and models",
)
grad_cam_n = declare(
    of_nothing,
    "grad_cam.n",
    "Patients shown with Grad-CAM maps",
    "patients",
    rests_on="training",
    needs="images and models",
)
gallery_n = declare(
    of_nothing, "gallery.n", "Patients shown with their scores", "patients", needs="images"
)
gallery_field_of_view = declare(
    of_nothing, "gallery.field_of_view", "Side of these pictures", "mm", needs="images"
)
guard = declare(
    of_guard,
    "guard.{guard}",
    "Verdict of a guard against leakage",
    rests_on="training",
    needs="images and models",
)
guards_n = declare(
    of_verdict,
    "guards.{verdict}.n",
    "Guards with this verdict",
    "guards",
    rests_on="training",
    needs="images and models",
)
guards_failed = declare(
    of_nothing,
    "guards.failed",
    "Guards that gave an alarm",
    rests_on="training",
    needs="images and models",
)
permuted = declare(
    of_model,
    "permuted.{model}",
    meaning="Mean AUC of the whole path on permuted outcomes",
    unit="AUC",
    method="permutation of the outcome",
    rests_on="training",
    needs="models",
)
permuted_observed = declare(
    of_model,
    "permuted_observed.{model}",
    meaning="AUC of the same path on the outcome as it is",
    unit="AUC",
    method="permutation of the outcome",
    rests_on="training",
    needs="models",
)
shuffled_voxels = declare(
    of_voxels,
    "shuffled_voxels.{voxels}",
    "Out-of-fold AUC of a classifier, with voxels as they are or shuffled",
    "AUC",
    rests_on="training",
    needs="images and models",
)
