"""Habitats: declarations of results."""

from __future__ import annotations

from analysis.results.keys.parts import of_nothing
from analysis.results.keys.quantity import declare

habitats_n = declare(
    of_nothing,
    "habitats.n",
    "Habitats of the final radiomics model",
    "habitats",
    rests_on="training",
    needs="models",
)
habitats_phase = declare(
    of_nothing,
    "habitats.phase",
    "Phase on whose grid habitats lie, and by whose intensity they are numbered",
    needs="images",
)
habitats_features_n = declare(
    of_nothing,
    "habitats.features.n",
    "Features of habitats that the final radiomics model chose among",
    "features",
    rests_on="training",
    needs="models",
)
habitats_selected_n = declare(
    of_nothing,
    "habitats.selected.n",
    "Features of habitats that the final radiomics model uses",
    "features",
    rests_on="training",
    needs="models",
)
habitats_folds_least = declare(
    of_nothing,
    "habitats.folds.least",
    "Fewest habitats of an outer fold",
    "habitats",
    rests_on="training",
    needs="models",
)
habitats_folds_most = declare(
    of_nothing,
    "habitats.folds.most",
    "Most habitats of an outer fold",
    "habitats",
    rests_on="training",
    needs="models",
)
habitats_left_out_n = declare(
    of_nothing,
    "habitats.left_out.n",
    "Patients of whom voxels lie beyond the image of a phase and are in no habitat",
    "patients",
    needs="images",
)
