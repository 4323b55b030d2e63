"""Records of decision curves and net benefit."""

import numpy as np
import pandas as pd

from analysis import statistics as st
from tests.support.gold_data import data, value

te, pbc = data("pima_te"), data("pbc")
Y, P0, P1 = te["y"].to_numpy(), te["p0"].to_numpy(), te["p1"].to_numpy()


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


CASES = {
    "dca.base": decision,
    "dca.dcurves": decision_table,
    "dca.dcurves.surv": decision_survival,
    "dca.surv.univ": decision_survival_univariable,
    "dca.rmda.ci.mc": decision_bootstrap,
}
OMITTED = {}
