"""Check of the models of one's own, before anything is fitted.

It tells whether they can be loaded, and whether the article can say what they are.
"""

from __future__ import annotations

from analysis.core.problems import Problems
from analysis.study import Study
from models.additional import description_of, load_model_class, reads_of


def check_own_models(study: Study, problems: Problems) -> None:
    """Report the study's own models that can't be used or lack a description.

    There is an error for each class that can't be used, and for each that could be the study's best
    model without a word on how it works.
    """
    for name, model in study.additional_models.items():
        where = f"{study.path.name}, additional_models, {name}"
        try:
            found = load_model_class(model.model, study.root)
        except ValueError as error:
            problems.error(str(error), where, "correct the reference or the class")
            continue
        except Exception as error:  # whatever the author's own code raises when it is read
            problems.error(
                f"{model.model} can't be imported: {type(error).__name__}: {error}",
                where,
                "mend the file",
            )
            continue
        has = {
            "clinical": True,
            "radiomics": study.radiomics is not None,
            "images": study.deep_learning is not None,
        }
        absent = [each for each in reads_of(found) if not has[each]]
        if absent:
            sections = {"radiomics": "radiomics", "images": "deep_learning"}
            problems.error(
                f"{name} reads {' and '.join(absent)}, which this study does not have",
                where,
                f"add the section {' and '.join(sections[each] for each in absent)}, or take the"
                " model out",
            )
        try:
            found(seed=0, **model.settings)
        except Exception as error:
            problems.error(
                f"{model.model} can't be made with its settings: {type(error).__name__}: {error}",
                where,
                "a model takes seed and what settings names",
            )
        if (
            not getattr(found, "yardstick", False)
            and description_of(model.description, found) is None
        ):
            problems.error(
                "the model has no description, and the methods could not say what it is",
                where,
                "give description: a sentence on how it is fitted and what it predicts from, here"
                " or as an attribute of the class",
            )
