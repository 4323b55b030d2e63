"""The prepared clinical variables and the CR model as plain values, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from models.clinical import ClinicalDesign, ClinicalModel
from models.clinical.multiple_imputation import ChainedImputation
from models.locked.estimators import estimator_bytes, estimator_of


def design_description(design: ClinicalDesign, files: dict[str, bytes]) -> dict[str, Any]:
    """Description of everything that the design knows.

    A single imputation's regressions, if it has them, go into `files`; multiple ones are plain
    values.
    """
    description: dict[str, Any] = {
        "levels": {name: list(levels) for name, levels in design.levels.items()},
        "log": sorted(design.log),
        "splines": design.splines,
        "imputation": design.imputation,
        "variables": design.variables_,
        "fill": design.fill_,
        "scale": design.scale_,
        "knots": {name: knots.tolist() for name, knots in design.knots_.items()},
        "imputer": None,
    }
    if isinstance(design.imputer_, ChainedImputation):
        description["imputer"] = design.imputer_.description()
    elif design.imputer_ is not None:
        ending, content = estimator_bytes(design.imputer_)
        description["imputer"] = f"imputer.{ending}"
        files[description["imputer"]] = content
    return _plain(description)


def design_of(description: Mapping[str, Any], files: Mapping[str, bytes]) -> ClinicalDesign:
    """Fitted design of a locked clinical model from its description and files."""
    design = ClinicalDesign(
        description["levels"], description["log"], description["splines"], description["imputation"]
    )
    design.variables_, design.fill_, design.scale_ = (
        list(description["variables"]),
        dict(description["fill"]),
        dict(description["scale"]),
    )
    design.knots_ = {name: np.array(knots) for name, knots in description["knots"].items()}
    imputer = description["imputer"]
    if imputer is None:
        design.imputer_ = None
    elif isinstance(imputer, Mapping):
        design.imputer_ = ChainedImputation.from_description(imputer)
    else:
        design.imputer_ = estimator_of(imputer, files[imputer])
    return design


def regression_description(model: ClinicalModel) -> dict[str, Any]:
    """The linear predictor of the CR model on the design's columns."""
    return _plain(
        {
            "selected": model.selected_,
            "terms": model.terms_,
            "coefficients": model.coefficients_.tolist(),
            "intercept": model.intercept_,
            "method": model.method_,
        }
    )


def regression_of(description: Mapping[str, Any], design: ClinicalDesign) -> ClinicalModel:
    """Fitted clinical model from its description; design: as fitted."""
    model = ClinicalModel(
        design.variables_,
        design.levels,
        sorted(design.log),
        splines=design.splines,
        imputation=design.imputation,
    )
    model.design_, model.selected_, model.terms_ = (
        design,
        list(description["selected"]),
        list(description["terms"]),
    )
    model.coefficients_, model.intercept_, model.method_ = (
        np.array(description["coefficients"], dtype=float),
        float(description["intercept"]),
        description["method"],
    )
    return model


def _plain(value: Any) -> Any:
    """NumPy's numbers as Python's, at any depth."""
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value.item() if isinstance(value, np.generic) else value
