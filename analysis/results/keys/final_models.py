"""The final models in full: nomogram, specification, contributions: declarations of results."""

from __future__ import annotations

from analysis.results.keys.parts import (
    of_model,
    of_nothing,
    of_part,
    of_term,
)
from analysis.results.keys.quantity import declare

nomogram_model = declare(
    of_nothing, "nomogram.model", "Model of the nomogram", rests_on="training", needs="models"
)
nomogram_intercept = declare(
    of_nothing,
    "nomogram.intercept",
    "Intercept of the nomogram",
    "log odds",
    rests_on="training",
    needs="models",
)
contributions_base = declare(
    of_nothing,
    "contributions.base",
    "Probability by the fused model where every term is at its mean in training",
    "probability",
    rests_on="training",
    needs="models",
)
contributions_probability = declare(
    of_nothing,
    "contributions.probability",
    "Probability of the patient whose SHAP values are shown one by one",
    "probability",
    rests_on="training",
    needs="models",
)
nomogram_example_points = declare(
    of_nothing,
    "nomogram.example.points",
    "Total points of the made-up patient who is read off the nomogram",
    "points",
    rests_on="training",
    needs="terms of the models",
)
nomogram_example_risk = declare(
    of_nothing,
    "nomogram.example.risk",
    "Risk of the made-up patient who is read off the nomogram",
    "probability",
    rests_on="training",
    needs="terms of the models",
)
nomogram_clip = declare(
    of_nothing,
    "nomogram.clip",
    "Limit of a part's probability before its log odds are taken",
    "probability",
    rests_on="training",
    needs="models",
)
nomogram_slope = declare(
    of_term,
    "nomogram.slope.{term}",
    "Slope of a term of the nomogram",
    "log odds",
    rests_on="training",
    needs="models",
)
nomogram_scale = declare(
    of_term,
    "nomogram.scale.{term}",
    "What the slope of a term is per: unit, doubling, or level against the reference",
    rests_on="training",
    needs="models",
)
nomogram_reference = declare(
    of_term,
    "nomogram.reference.{term}",
    "Reference level of a term that is a level of a factor",
    rests_on="training",
    needs="models",
)
specification_intercept = declare(
    of_model,
    "specification.{model}.intercept",
    "Intercept of a final logistic model, in the units of its terms",
    "log odds",
    rests_on="training",
    needs="models",
)
specification_slope = declare(
    of_part,
    "specification.{model}.slope.{part}",
    "Coefficient of a term of a final logistic model, in the term's unit",
    "log odds",
    rests_on="training",
    needs="models",
)
nomogram_not_drawn = declare(
    of_nothing,
    "nomogram.not_drawn",
    "Variables for which the nomogram has no straight axis",
    kind="list",
    rests_on="training",
    needs="models",
)
