"""Models, and what training chose: declarations of results."""

from __future__ import annotations

from analysis.results.keys.parts import (
    of_level,
    of_model,
    of_model_level,
    of_name,
    of_nothing,
    of_number,
    of_part,
    of_term,
    of_variable,
)
from analysis.results.keys.quantity import declare

models_included = declare(of_nothing, "models.included", "Models of the study", kind="list")
models_headline = declare(of_nothing, "models.headline", "Models of the main table", kind="list")
models_additional = declare(
    of_nothing, "models.additional", "Models of the authors' own", kind="list"
)
models_comparators = declare(
    of_nothing, "models.comparators", "Staging systems and indexes", kind="list"
)
models_comparators_best = declare(
    of_nothing,
    "models.comparators.best",
    "Staging systems and indexes with the highest out-of-fold AUC, which figures compare",
    kind="list",
)
models_supplement = declare(
    of_nothing, "models.supplement", "Scores of the supplement alone", kind="list"
)
predictions_given = declare(
    of_nothing, "predictions.given", "File of predictions that were made elsewhere"
)
best_model = declare(
    of_nothing,
    "best.model",
    "Best model",
    method="highest out-of-fold AUC in training",
    rests_on="best",
)
best_model_label = declare(
    of_nothing, "best.model.label", "Name of the best model", rests_on="best"
)
label = declare(of_name, "label.{name}", "Name of a model, a way of judging or a cohort")
label_term = declare(
    of_term,
    "label.term.{term}",
    "Name of a term of the regression",
    rests_on="training",
    needs="clinical values",
)
description = declare(
    of_model,
    "description.{model}",
    "Description of a model of the authors' own",
    rests_on="nothing",
    needs="words of the authors",
)
radiomics_best = declare(
    of_nothing,
    "radiomics.best",
    "Chosen classifier, by name",
    method="highest out-of-fold AUC in training",
    rests_on="training",
    needs="models",
)
radiomics_best_id = declare(
    of_nothing, "radiomics.best.id", "Chosen classifier", rests_on="training", needs="models"
)
radiomics_chosen_in_folds = declare(
    of_nothing,
    "radiomics.chosen_in_folds",
    "Classifiers chosen in the outer folds, by name",
    kind="list",
    rests_on="training",
    needs="models",
)
radiomics_path = declare(
    of_nothing,
    "radiomics.path",
    "Path from features to the chosen classifier, of those that the study names",
    method="highest mean AUC in the tuning folds",
    rests_on="training",
    needs="models",
)
radiomics_path_in_folds = declare(
    of_nothing,
    "radiomics.path.in_folds",
    "Paths of the classifiers chosen in the outer folds",
    kind="list",
    rests_on="training",
    needs="models",
)
radiomics_uncalibrated_n = declare(
    of_nothing,
    "radiomics.uncalibrated.n",
    "Fits of classifiers that kept their own probabilities",
    "folds",
    rests_on="training",
    needs="models",
)
deep_best = declare(
    of_nothing,
    "deep.best",
    "Chosen network, by name",
    method="highest out-of-fold AUC in training",
    rests_on="training",
    needs="models",
)
deep_best_id = declare(
    of_nothing, "deep.best.id", "Chosen network", rests_on="training", needs="models"
)
deep_chosen_in_folds = declare(
    of_nothing,
    "deep.chosen_in_folds",
    "Networks chosen in the outer folds, by name",
    kind="list",
    rests_on="training",
    needs="models",
)
features_selected = declare(
    of_number,
    "features.selected.{number}",
    "Feature of the chosen radiomics model",
    rests_on="training",
    needs="images",
)
features_selected_n = declare(
    of_nothing,
    "features.selected.n",
    "Features of the chosen radiomics model",
    "features",
    rests_on="training",
    needs="images",
)
features_components_n = declare(
    of_nothing,
    "features.components.n",
    "Principal components that the chosen radiomics model reads",
    "components",
    rests_on="training",
    needs="models",
)
coefficient = declare(
    of_part,
    "coefficient.{model}.{part}",
    "Coefficient of a fusion's part",
    "log odds ratio per standard deviation",
    rests_on="training",
    needs="models",
)
chosen_fallback_final = declare(
    of_nothing,
    "chosen.fallback.final",
    "P-value of the one variable kept although the rule kept none",
    "likelihood-ratio test",
    needs="models",
)
chosen_fallback_outer = declare(
    of_nothing,
    "chosen.fallback.outer",
    "Outer folds in which the rule kept no variable",
    "folds",
    needs="models",
)
chosen_cr = declare(
    of_variable,
    "chosen.cr.{variable}",
    "How often a variable was chosen",
    "proportion",
    needs="models",
)
chosen_cr_basis = declare(
    of_nothing,
    "chosen.cr.basis",
    "What those frequencies are over: bootstrap or outer_folds",
    needs="models",
)
chosen_radiomics_ever = declare(
    of_level,
    "chosen.radiomics.ever.{level}",
    "Features chosen in at least one fold",
    "features",
    rests_on="training",
    needs="models",
)
chosen_radiomics_always = declare(
    of_level,
    "chosen.radiomics.always.{level}",
    "Features chosen in all folds",
    "features",
    rests_on="training",
    needs="models",
)
stability = declare(
    of_model_level,
    "stability.{model}.{level}",
    meaning="Agreement of the folds on what is chosen",
    unit="index",
    method="Nogueira's index",
    needs="models",
)
tuning_edge_n = declare(
    of_nothing,
    "tuning.edge.n",
    "Chosen parameters at an end of their grid",
    "values",
    rests_on="training",
    needs="models",
)
tuning_contexts_n = declare(
    of_nothing,
    "tuning.contexts.n",
    "Fits in which settings were tuned",
    "folds",
    rests_on="training",
    needs="models",
)
instability = declare(
    of_model,
    "instability.{model}",
    meaning="Difference of a patient's probability over bootstrap resamples",
    unit="probability difference",
    method="Riley and Collins 2023",
    rests_on="training",
    needs="models",
)
training_precision = declare(
    of_nothing, "training.precision", "Precision in which networks are trained", needs="models"
)
training_device = declare(
    of_nothing, "training.device", "Device on which networks are trained", needs="models"
)
training_epochs = declare(
    of_model, "training.epochs.{model}", "Epoch whose weights were taken", "epochs", needs="models"
)
pretrained_file = declare(
    of_model, "pretrained.{model}.file", "File of pretrained weights", needs="models"
)
pretrained_sha256 = declare(
    of_model, "pretrained.{model}.sha256", "SHA-256 of pretrained weights", needs="models"
)
pretrained_source = declare(
    of_model, "pretrained.{model}.source", "Source of pretrained weights", needs="models"
)
pretrained_first_convolution = declare(
    of_model,
    "pretrained.{model}.first_convolution",
    "How the first convolution was fitted to the phases",
    needs="models",
)
