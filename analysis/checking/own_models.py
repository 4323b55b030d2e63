"""Models of one's own, before anything is fitted: whether they can be loaded, and whether the article can say what they are."""

from __future__ import annotations

from analysis.checking.problem import Problems
from analysis.study import Study
from models.additional import description_of, load_model_class


def check_own_models(study: Study, problems: Problems) -> None:
    """An error for each class that can't be used, and for each that could be the study's best model without a word on how it works."""
    for name, model in study.additional_models.items():
        where = f"{study.path.name}, additional_models, {name}"
        try:
            found = load_model_class(model.model, study.root)
        except ValueError as error:
            problems.error(str(error), where, "correct the reference or the class")
            continue
        if not getattr(found, "yardstick", False) and description_of(model.description, found) is None:
            problems.error("the model has no description, and the methods could not say what it is", where,
                           "give description: a sentence on how it is fitted and what it predicts from, here or as an attribute of the class")
