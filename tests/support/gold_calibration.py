"""Records of calibration, decision curves, reclassification and optimism."""

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy.special import expit, logit

from analysis import statistics as st
from tests.support.gold_data import data, resamples, value
from tests.support.r_interpolation import r_profile_interval

te, tr, pbc = data("pima_te"), data("pima_tr"), data("pbc")
Y, P0, P1 = te["y"].to_numpy(), te["p0"].to_numpy(), te["p1"].to_numpy()


def val_prob():
    index, errors, z = (
        st.model_indexes(Y, P1, recalibrated=False),
        st.calibration_errors(Y, P1, "lowess"),
        st.spiegelhalter_test(Y, P1),
    )
    rank = st.rank_correlation(Y, st.rms_groups(P1))
    return {
        "Dxy": rank.somers_d,
        "C (ROC)": rank.c,
        "R2": index.r2,
        "D": index.d,
        "D:Chi-sq": index.d * len(Y) + 1,
        "D:p": np.nan,
        "U": index.u,
        "U:Chi-sq": index.unreliability_statistic,
        "U:p": index.unreliability_p,
        "Q": index.q,
        "Brier": index.brier,
        "Intercept": index.intercept,
        "Slope": index.slope,
        "Emax": errors.emax,
        "E90": errors.e90,
        "Eavg": errors.ici,
        "S:z": z.statistic,
        "S:p": z.p,
    }


def large():
    result = st.calibration_in_the_large(Y, P1)
    return {
        "intercept": result.value,
        "wald_ci": [result.ci_low, result.ci_high],
        "se": (result.ci_high - result.ci_low) / (2 * 1.959963984540054),
    }


def slope():
    slope, intercept = st.calibration_slope(Y, P1), st.calibration_intercept(Y, P1)
    error = [(each.ci_high - each.ci_low) / (2 * 1.959963984540054) for each in (intercept, slope)]
    ours, theirs = (
        st.calibration_slope(Y, P1, interval="profile"),
        r_profile_interval(sm.add_constant(logit(P1)), Y, 1),
    )
    np.testing.assert_allclose([ours.ci_low, ours.ci_high], theirs, rtol=3e-4)
    return {
        "intercept": intercept.value,
        "slope": slope.value,
        "se": error,
        "wald_ci_slope": [slope.ci_low, slope.ci_high],
        "profile_ci_slope": theirs,
    }


def observed_expected():
    return {"O": Y.sum(), "E": P1.sum(), "OE": st.observed_expected_ratio(Y, P1).value}


def brier():
    return {
        "brier": st.brier_score(Y, P1),
        "scaled_by_meany": st.scaled_brier_score(Y, P1),
        "scaled_by_meanp": st.scaled_brier_score(Y, P1, "mean_probability"),
    }


def score():
    null = np.full(len(Y), Y.mean())
    areas = [st.delong_interval(Y, p) for p in (P0, P1)]
    delta = st.delong_test(Y, P1, P0)
    briers = {"Null model": null, "p0": P0, "p1": P1}
    intervals = [st.brier_interval(Y, p) for p in briers.values()]
    z = 1.959963984540054
    contrasts = [st.brier_difference(Y, a, b) for a, b in ((P0, null), (P1, null), (P1, P0))]
    return {
        "AUC": {
            "model": ["p0", "p1"],
            "AUC": [a.auc for a in areas],
            "se": [np.sqrt(a.variance) for a in areas],
            "lower": [a.ci_low for a in areas],
            "upper": [a.ci_high for a in areas],
        },
        "dAUC": {
            "model": "p1",
            "reference": "p0",
            "delta.AUC": delta.difference,
            "se": (delta.ci_high - delta.ci_low) / (2 * z),
            "lower": delta.ci_low,
            "upper": delta.ci_high,
            "p": delta.p,
        },
        "Brier": {
            "model": list(briers),
            "Brier": [b.value for b in intervals],
            "se": [(b.ci_high - b.ci_low) / (2 * z) for b in intervals],
            "lower": [b.ci_low for b in intervals],
            "upper": [b.ci_high for b in intervals],
            "IPA": [0, *[st.scaled_brier_score(Y, p) for p in (P0, P1)]],
        },
        "dBrier": {
            "model": ["p0", "p1", "p1"],
            "reference": ["Null model", "Null model", "p0"],
            "delta.Brier": [c.value for c in contrasts],
            "se": [c.standard_error for c in contrasts],
            "lower": [c.ci_low for c in contrasts],
            "upper": [c.ci_high for c in contrasts],
            "p": [c.p for c in contrasts],
        },
    }


def spiegelhalter():
    result = st.spiegelhalter_test(Y, P1)
    return {"z": result.statistic, "p": result.p}


def hosmer():
    return st.hosmer_lemeshow(Y, P1), st.hosmer_lemeshow(Y, P1, external=True)


def hosmer_by_hand():
    own, external = hosmer()
    return {"chisq": own.statistic, "groups": len(own.observed), "p_g2": own.p, "p_g": external.p}


def hosmer_resource_selection():
    own, _ = hosmer()
    # hoslem.test lists the patients without the event first.
    return {
        "chisq": own.statistic,
        "df": own.degrees_of_freedom,
        "p": own.p,
        "observed": np.r_[own.n_in_group - own.observed, own.observed],
        "expected": np.r_[own.n_in_group - own.expected, own.expected],
    }


def hosmer_development():
    result = st.hosmer_lemeshow(
        tr["y"], st.logistic_regression(tr[["glu", "age", "bmi", "ped"]], tr["y"]).fitted
    )
    return {"dev_chisq": result.statistic, "dev_df": result.degrees_of_freedom, "dev_p": result.p}


def errors(smoother, knots=4):
    result = st.calibration_errors(Y, P1, smoother, knots)
    return {
        "ICI": result.ici,
        "E50": result.e50,
        "E90": result.e90,
        "Emax": result.emax,
        "fitted5": result.smoothed[:5],
        "knots": st.spline_knots(logit(P1), knots),
    }


def spline_basis():
    x = np.arange(0, 10.5, 0.5)
    knots = st.spline_knots(x, 4)
    return {"knots": knots, "basis": st.restricted_cubic_spline(x, knots)}


def lowess():
    result = st.calibration_errors(Y, P1, "lowess")
    return {
        "Eavg": result.ici,
        "E90": result.e90,
        "Emax": result.emax,
        "y5": result.smoothed[np.argsort(P1, kind="stable")[:5]],
    }


def groups():
    result = st.calibration_groups(Y, P1)
    return {"n": result.n, "meanp": result.mean_probability, "obs": result.observed}


def decision():
    grid = value("dca.base")["thresholds"]
    return {
        "thresholds": grid,
        "p0": st.net_benefit(Y, P0, grid),
        "p1": st.net_benefit(Y, P1, grid),
        "all": st.net_benefit_treat_all(Y, grid),
    }


def decision_table():
    table = st.decision_curve(Y, {"p0": P0, "p1": P1}, value("dca.base")["thresholds"])
    return {
        "variable": table["model"],
        "threshold": table["threshold"],
        "net_benefit": table["net_benefit"],
        "nia_per100": table["interventions_avoided"],
        "tp_rate": table["true_positive_rate"],
        "fp_rate": table["false_positive_rate"],
    }


def decision_survival():
    record = value("dca.dcurves.surv")
    design, grid = (
        pd.DataFrame(
            {"log_bili": np.log(pbc["bili"]), "age": pbc["age"], "albumin": pbc["albumin"]}
        ),
        record["threshold"][:5],
    )
    risk = (
        1
        - st.predicted_survival(
            st.cox_regression(design, pbc["time"], pbc["dead"], ties="breslow"), design, [1825]
        )[:, 0]
    )
    curves = {"all": np.ones(len(risk)), "none": np.zeros(len(risk)), "risk": risk}
    found = [
        st.net_benefit_survival(pbc["time"], pbc["dead"], p, 1825, grid) for p in curves.values()
    ]
    return {
        "risk": risk,
        "variable": np.repeat(list(curves), 5),
        "threshold": grid * 3,
        "net_benefit": np.concatenate(found),
    }


def decision_survival_univariable():
    grid = [0.2, 0.4, 0.6]
    design = pd.DataFrame({"lb": np.log(pbc["bili"])})
    survival = st.predicted_survival(
        st.cox_regression(design, pbc["time"], pbc["dead"]), design, [1825]
    )[:, 0]
    # dcurves' as_probability takes survival for risk; giving it survival reproduces its inverted
    # curve, giving it risk does not.
    return {
        "threshold": grid,
        "net_benefit": st.net_benefit_survival(pbc["time"], pbc["dead"], 1 - survival, 1825, grid),
        "WRONG_as_probability": st.net_benefit_survival(
            pbc["time"], pbc["dead"], survival, 1825, grid
        ),
    }


def decision_bootstrap():
    grid = [0.1, 0.2, 0.3, 0.4, 0.5]
    intervals = st.net_benefit_interval(Y, P1, grid, resamples=2000, seed=5)
    return {
        "threshold": grid,
        "NB": [each.value for each in intervals],
        "lower": [each.ci_low for each in intervals],
        "upper": [each.ci_high for each in intervals],
        "sNB": st.standardized_net_benefit(Y, P1, grid),
    }


def improve_prob():
    nri, idi = st.net_reclassification(Y, P0, P1), st.integrated_discrimination(Y, P0, P1)
    gain = P1 - P0
    return {
        "nri": nri.total.value,
        "se.nri": nri.total.standard_error,
        "z.nri": nri.total.z,
        "nri.ev": nri.events.value,
        "se.nri.ev": nri.events.standard_error,
        "z.nri.ev": nri.events.z,
        "nri.ne": nri.non_events.value,
        "se.nri.ne": nri.non_events.standard_error,
        "z.nri.ne": nri.non_events.z,
        "idi": idi.value,
        "se.idi": idi.standard_error,
        "z.idi": idi.z,
        "improveSens": gain[Y == 1].mean(),
        "improveSpec": -gain[Y == 0].mean(),
        "pup.ev": nri.up_events,
        "pup.ne": nri.up_non_events,
        "pdown.ev": nri.down_events,
        "pdown.ne": nri.down_non_events,
    }


def nricens(label, old, new, cutoffs):
    nri = st.net_reclassification(label, old, new, cutoffs)
    return {
        "NRI": nri.total.value,
        "NRI+": nri.events.value,
        "NRI-": nri.non_events.value,
        "Pr(Up|Case)": nri.up_events,
        "Pr(Down|Case)": nri.down_events,
        "Pr(Down|Ctrl)": nri.down_non_events,
        "Pr(Up|Ctrl)": nri.up_non_events,
    }


CUTS = [0.2, 0.5]


def nri_bootstrap():
    total = st.net_reclassification(Y, P0, P1, CUTS, method="bootstrap", seed=11).total
    return {
        "est": total.value,
        "se": total.standard_error,
        "lower": total.ci_low,
        "upper": total.ci_high,
    }


def nri_manual():
    d = pbc[(pbc["time"] > 2000) | ((pbc["time"] < 2000) & (pbc["status"] == 2))]
    event = ((d["time"] < 2000) & (d["status"] == 2)).astype(int)
    old, new = (
        st.logistic_regression(d[columns], event).fitted
        for columns in (["age", "bili", "albumin"], ["age", "bili", "albumin", "protime"])
    )
    return nricens(event, old, new, [0.2, 0.4])


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


PIMA = tr[["glu", "age", "bmi", "ped"]]


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
    "cal.valprob": val_prob,
    "cal.large": large,
    "cal.slope": slope,
    "cal.oe": observed_expected,
    "cal.brier": brier,
    "cal.brier.score": score,
    "cal.spiegelhalter": spiegelhalter,
    "cal.hl10": hosmer_by_hand,
    "cal.hl10.rs": hosmer_resource_selection,
    "cal.hl10.epi": hosmer_development,
    "cal.ici.loess": lambda: errors("loess"),
    "cal.ici.loess.direct": lambda: errors("loess_direct"),
    "cal.ici.rcs3": lambda: errors("spline", 3),
    "cal.ici.rcs4": lambda: errors("spline", 4),
    "cal.rcspline.basis": spline_basis,
    "cal.lowess": lowess,
    "cal.groups": groups,
    "dca.base": decision,
    "dca.dcurves": decision_table,
    "dca.dcurves.surv": decision_survival,
    "dca.surv.univ": decision_survival_univariable,
    "dca.rmda.ci.mc": decision_bootstrap,
    "nri.improveProb": improve_prob,
    "nri.categorical.nricens": lambda: nricens(Y, P0, P1, CUTS),
    "nri.continuous.nricens": lambda: nricens(Y, P0, P1, None),
    "nri.nricens.bootci.mc": nri_bootstrap,
    "nri.nricens.manual": nri_manual,
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
