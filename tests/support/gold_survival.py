"""Records of survival."""

from contextlib import contextmanager

import numpy as np
import pandas as pd

from analysis import statistics as st
from analysis.statistics import time_dependent
from tests.support.gold_data import data, value
from tests.support.timeroc_ties import tied_one_by_one

lung, pbc = data("lung"), data("pbc")
TIME, EVENT = lung["time"].to_numpy(dtype=float), (lung["status"] == 2).to_numpy(dtype=float)
complete = lung.dropna(subset=["age", "sex", "ph.ecog"])


def curve(interval):
    result = st.kaplan_meier(TIME, EVENT, interval=interval)
    times = value("km.lung")["times"]
    at, median = result.at(times), st.survival_quantile(result)
    # R counts those at risk just before the time asked for, which needn't be a time of the curve.
    return {
        "times": times,
        "surv": result.survival[at],
        "se": result.standard_error[at],
        "lo": result.ci_low[at],
        "hi": result.ci_high[at],
        "nrisk": [(TIME >= time).sum() for time in times],
        "median": median.value,
        "median_ci": [median.ci_low, median.ci_high],
    }


def restricted_mean():
    results = [
        st.restricted_mean_survival(TIME[lung["sex"] == sex], EVENT[lung["sex"] == sex], 500)
        for sex in (1, 2)
    ]
    return {"rmean": [area.value for area, _ in results], "se": [error for _, error in results]}


def log_rank(rho):
    result = st.log_rank(TIME, EVENT, lung["sex"], rho)
    return {
        "chisq": result.statistic,
        "df": result.degrees_of_freedom,
        "p": result.p,
        "obs": result.observed,
        "exp": result.expected,
    }


def cox_fit():
    return st.cox_regression(
        complete[["age", "sex", "ph.ecog"]], complete["time"], (complete["status"] == 2).astype(int)
    )


def cox():
    fit = cox_fit()
    return {
        "term": list(fit.terms.index),
        "coef": fit.terms["coefficient"],
        "se": fit.terms["standard_error"],
        "z": fit.terms["z"],
        "p": fit.terms["p"],
        "HR_lo": fit.terms["ci_low"],
        "HR_hi": fit.terms["ci_high"],
        "loglik": [fit.null_log_likelihood, fit.log_likelihood],
        "concordance": fit.concordance.value,
        "concordance_se": fit.concordance.standard_error,
        "aic": fit.aic,
    }


def zph():
    test = st.proportional_hazards_test(cox_fit())
    return {"term": list(test.index), "chisq": test["statistic"], "p": test["p"]}


def baseline():
    times = value("cox.baseline")["times"]
    return {
        "times": times,
        "surv": st.predicted_survival(
            cox_fit(), pd.DataFrame({"age": [60], "sex": [1], "ph.ecog": [1]}), times
        )[0],
    }


def concordance():
    result = st.concordance_index(TIME, EVENT, lung["age"], method="wald")
    return {"survival_C": result.value, "se": result.standard_error, "hmisc_C": result.value}


@contextmanager
def timeroc_ties():
    own = time_dependent._through_weights
    time_dependent._through_weights = lambda time, event, horizon, share: (
        share @ tied_one_by_one(time, event, horizon)
    )
    yield
    time_dependent._through_weights = own


def time_roc():
    times = value("tdauc.timeROC.pbc")["times"]
    with timeroc_ties():
        results = [
            st.time_dependent_auc(pbc["time"], pbc["dead"], pbc["bili"], time, method="wald")
            for time in times
        ]
    record = value("tdauc.timeROC.pbc")
    # timeROC rounds its interval to .01 %.
    np.testing.assert_allclose([each.ci_low for each in results], record["ci_lo"], atol=1e-4)
    np.testing.assert_allclose([each.ci_high for each in results], record["ci_hi"], atol=1e-4)
    return {
        "times": times,
        "auc": [each.value for each in results],
        "se": [each.standard_error for each in results],
        "ci_lo": [round(each.ci_low, 4) for each in results],
        "ci_hi": [round(each.ci_high, 4) for each in results],
    }


def time_roc_compare():
    times = value("tdauc.timeROC.compare")["times"]
    first, second = (
        [st.time_dependent_auc(pbc["time"], pbc["dead"], marker, time).value for time in times]
        for marker in (pbc["bili"], -pbc["albumin"])
    )
    with timeroc_ties():
        p = [
            st.time_dependent_auc_difference(
                pbc["time"], pbc["dead"], pbc["bili"], -pbc["albumin"], time
            ).p
            for time in times
        ]
    return {"times": times, "auc_bili": first, "auc_alb": second, "p": p}


def score():
    times = [1000, 2000, 3000]
    design = pd.DataFrame(
        {"log_bili": np.log(pbc["bili"]), "age": pbc["age"], "albumin": pbc["albumin"]}
    )
    fit = st.cox_regression(design, pbc["time"], pbc["dead"])
    risk = 1 - st.predicted_survival(fit, design, times)
    whole = st.kaplan_meier(pbc["time"], pbc["dead"])
    null = np.tile(1 - whole.survival[whole.at(times)], (len(pbc), 1))
    areas = [
        st.time_dependent_auc(pbc["time"], pbc["dead"], risk[:, place], time, method="wald")
        for place, time in enumerate(times)
    ]
    briers = [
        st.ipcw_brier_score(pbc["time"], pbc["dead"], probability[:, place], time)
        for probability in (null, risk)
        for place, time in enumerate(times)
    ]
    # riskRegression integrates from the first time by steps to the left: the score of a time holds
    # until the next.
    ibs = [
        sum(each.value for each in briers[3 * model : 3 * model + place]) * 1000 / times[place]
        for model in (0, 1)
        for place in range(3)
    ]
    ipa = [1 - each.value / briers[place % 3].value for place, each in enumerate(briers)]
    return {
        "lp": fit.linear_predictor,
        "risk": risk,
        "AUC": {
            "model": ["cox"] * 3,
            "times": times,
            "AUC": [a.value for a in areas],
            "se": [a.standard_error for a in areas],
            "lower": [a.ci_low for a in areas],
            "upper": [a.ci_high for a in areas],
        },
        "Brier": {
            "model": ["Null model"] * 3 + ["cox"] * 3,
            "times": times * 2,
            "Brier": [b.value for b in briers],
            "se": [b.standard_error for b in briers],
            "lower": [b.ci_low for b in briers],
            "upper": [b.ci_high for b in briers],
            "IPA": ipa,
            "IBS": ibs,
        },
    }


def survival_roc():
    return {
        "KM": st.heagerty_auc(pbc["time"], pbc["dead"], pbc["bili"], 2000, "kaplan_meier"),
        "NNE": st.heagerty_auc(pbc["time"], pbc["dead"], pbc["bili"], 2000),
    }


CASES = {
    "km.lung": lambda: curve("log"),
    "km.lung.plain": lambda: curve("plain"),
    "rmst.lung": restricted_mean,
    "logrank.lung": lambda: log_rank(0),
    "logrank.lung.peto": lambda: log_rank(1),
    "cox.lung.efron": cox,
    "cox.zph": zph,
    "cox.baseline": baseline,
    "cindex.lung": concordance,
    "tdauc.timeROC.pbc": time_roc,
    "tdauc.timeROC.compare": time_roc_compare,
    "tdauc.Score.pbc": score,
    "tdauc.survivalROC": survival_roc,
}
OMITTED = {
    "tdauc.timeROC.pbc": {
        "ci_lo": (
            "rounded to .0001 by timeROC: compared at 1e-4 in the case itself, as the record's note"
            " asks"
        ),
        "ci_hi": (
            "rounded to .0001 by timeROC: compared at 1e-4 in the case itself, as the record's note"
            " asks"
        ),
    }
}
