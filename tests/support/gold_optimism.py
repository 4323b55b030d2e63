"""Records of Harrell's optimism correction."""

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy.special import expit

from analysis import statistics as st
from tests.support.gold_data import data, resamples, value

tr = data("pima_tr")
PIMA = tr[["glu", "age", "bmi", "ped"]]


def newton(design, label):
    """Maximum-likelihood coefficients: bare, as hundreds of resamples need them."""
    beta = np.zeros(design.shape[1])
    for _ in range(60):
        p = expit(design @ beta)
        step = np.linalg.solve(design.T * (p * (1 - p)) @ design, design.T @ (label - p))
        beta = beta + step
        if np.abs(step).max() < 1e-11:
            return beta
    raise ValueError("no maximum was found")


def fit_logistic(patients, label, group):
    beta = newton(sm.add_constant(patients.to_numpy(dtype=float), has_constant="add"), label)
    return lambda new: expit(beta[0] + new.to_numpy(dtype=float) @ beta[1:])


def fit_selected(patients, label, group):
    """Backward selection in every resample, race as one factor."""
    kept = list(st.wald_aic_selection(patients, label))
    if not kept:
        return lambda new: np.full(len(new), label.mean())
    columns = st.design_matrix(patients[kept])[0]
    beta = newton(sm.add_constant(columns.to_numpy(), has_constant="add"), label)
    return lambda new: expit(beta[0] + st.design_matrix(new[kept])[0].to_numpy() @ beta[1:])


def measure(label, prediction, own_data):
    index = st.model_indexes(label, prediction, own_data)
    return {
        "Dxy": index.somers_d,
        "R2": index.r2,
        "Intercept": index.intercept,
        "Slope": index.slope,
        "D": index.d,
        "U": index.u,
        "Q": index.q,
        "B": index.brier,
        "g": index.g,
        "gp": index.gp,
    }


def validate(fit, patients, label, **options):
    table = st.optimism_correction(fit, measure, patients, label, **options).table
    # rms takes Emax from the mean intercept and slope, not as a mean over the resamples.
    for column in ("apparent", "training", "test", "corrected"):
        table.loc["Emax", column] = st.recalibration_emax(
            table.loc["Intercept", column], table.loc["Slope", column]
        )
    table.loc["Emax", "optimism"] = table.loc[
        "Emax", "corrected"
    ]  # rms prints it so, not as training - test
    table.loc["Emax", "n"] = table["n"].max()
    order = ["Dxy", "R2", "Intercept", "Slope", "Emax", "D", "U", "Q", "B", "g", "gp"]
    return table.loc[order, ["apparent", "training", "test", "optimism", "corrected", "n"]]


def validation(table, n=None):
    values = table.to_numpy()
    if n:
        values[:, -1] = n  # fewer resamples than in R, whose number is a column of its table
    return {
        "rows": list(table.index),
        "cols": ["index.orig", "training", "test", "optimism", "index.corrected", "n"],
        "values": values,
    }


def birth():
    table = data("birthwt")
    return table[["age", "lwt", "smoke", "ptl", "ht", "ui", "ftv"]].assign(
        race=pd.Categorical(
            table["race"].map({1: "white", 2: "black", 3: "other"}), ["white", "black", "other"]
        )
    ), table["low"].to_numpy(dtype=float)


def calibrate():
    grid = np.array(value("optimism.calibrate.mc")["predy"])

    def smooth(label, prediction, own_data):
        order = np.argsort(prediction)
        curve = np.interp(
            grid,
            prediction[order],
            st.smoothed_outcome(label, prediction, "lowess")[order],
            left=np.nan,
            right=np.nan,
        )
        return {str(place): each for place, each in enumerate(curve)}

    table = st.optimism_correction(fit_logistic, smooth, PIMA, tr["y"], resamples=300, seed=4).table
    return {"predy": grid, "apparent": table["apparent"], "corrected": table["corrected"]}


CASES = {
    "optimism.validate.seed7": lambda: validation(
        validate(fit_logistic, PIMA, tr["y"], indices=resamples("pima_tr"))
    ),
    "optimism.validate.mc": lambda: validation(
        validate(fit_logistic, PIMA, tr["y"], resamples=2000, seed=123), 1000
    ),
    "optimism.validate.bw.mc": lambda: validation(
        validate(fit_selected, *birth(), resamples=300, seed=6), 500
    ),
    "optimism.calibrate.mc": calibrate,
}
OMITTED = {}
