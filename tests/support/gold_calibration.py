"""Records of calibration."""

import numpy as np
import statsmodels.api as sm
from scipy.special import logit

from analysis import statistics as st
from tests.support.gold_data import data
from tests.support.r_interpolation import r_profile_interval

te, tr = data("pima_te"), data("pima_tr")
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
}
OMITTED = {}
