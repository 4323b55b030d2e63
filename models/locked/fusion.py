"""A fitted fusion as plain values, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from models.fusion import FusionModel


def fusion_description(model: FusionModel) -> dict[str, Any]:
    """A fitted fusion as plain values for JSON."""
    scaler, regression = model.fitted_[0], model.fitted_[-1]
    return {
        "columns": model.columns_,
        "mean": scaler.mean_.tolist(),
        "scale": scaler.scale_.tolist(),
        "coefficients": regression.coef_[0].tolist(),
        "intercept": float(regression.intercept_[0]),
        "ranges": {name: list(limits) for name, limits in model.ranges_.items()},
        "linear_range": list(model.linear_range_),
    }


def fusion_of(description: Mapping[str, Any]) -> FusionModel:
    """Fitted fusion from its description."""
    scaler, regression = StandardScaler(), LogisticRegression(C=1.0)
    scaler.mean_, scaler.scale_ = np.array(description["mean"]), np.array(description["scale"])
    scaler.var_, scaler.n_features_in_ = scaler.scale_**2, len(scaler.mean_)
    regression.coef_, regression.intercept_ = (
        np.array([description["coefficients"]]),
        np.array([description["intercept"]]),
    )
    regression.classes_, regression.n_features_in_ = np.array([0, 1]), len(scaler.mean_)
    model = FusionModel()
    model.columns_, model.fitted_ = list(description["columns"]), make_pipeline(scaler, regression)
    model.ranges_ = {name: (limits[0], limits[1]) for name, limits in description["ranges"].items()}
    model.linear_range_ = (description["linear_range"][0], description["linear_range"][1])
    return model
