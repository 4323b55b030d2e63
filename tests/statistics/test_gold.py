"""Every statistic that the project has, against R: one function a record, each at the record's own tolerance."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import statistics as st

GOLD = Path(__file__).resolve().parents[1] / "gold"
RECORDS = json.loads((GOLD / "reference.json").read_text())["records"]
DATA = {name: pd.read_csv(GOLD / f"{name}.csv") for name in ("asah", "pima_te", "lung", "birthwt", "endometrial", "shrout_fleiss")}
ASAH, PIMA, LUNG = DATA["asah"], DATA["pima_te"], DATA["lung"]
BIRTH = DATA["birthwt"].assign(raceblack=lambda t: t.race == 2, raceother=lambda t: t.race == 3, ptd=lambda t: t.ptl > 0).astype(float)


def _auc(score):
    result = st.delong_interval(ASAH["y"], ASAH[score])
    return {"auc": result.auc, "var": result.variance, "ci": [result.ci_low, result.ci_high]}


def _paired(first, second):
    result = st.delong_test(ASAH["y"], ASAH[first], ASAH[second])
    return {"z": result.z, "p": result.p, "ci_diff": [result.ci_low, result.ci_high]}


def _unpaired():
    result = st.delong_test_unpaired(ASAH["y"], ASAH["wfns"], ASAH["y"], ASAH["s100b"])
    return {"D": result.z, "p": result.p}


def _youden(score):
    result = st.youden_cutoff(ASAH["y"], ASAH[score])
    metrics = st.classification_metrics(ASAH["y"], ASAH[score], result.value)
    return {"threshold": result.value, "sensitivity": result.sensitivity, "specificity": result.specificity,
            **{name: metrics[name].value for name in ("accuracy", "ppv", "npv")}}


def _exact():
    rows = {"26of41": (26, 41), "0of13": (0, 13), "33of33": (33, 33)}
    result = {}
    for name, (count, of) in rows.items():
        # Everybody is an event, so that sensitivity is count / of.
        score = np.r_[np.ones(count), np.zeros(of - count)]
        estimate = st.classification_metrics(np.ones(of), score, 0.5)["sensitivity"]
        result[name] = [estimate.ci_low, estimate.ci_high]
    return result


def _large():
    result = st.calibration_in_the_large(PIMA["y"], PIMA["p1"])
    return {"intercept": result.value, "wald_ci": [result.ci_low, result.ci_high]}


def _slope():
    result = st.calibration_slope(PIMA["y"], PIMA["p1"])
    return {"slope": result.value, "wald_ci_slope": [result.ci_low, result.ci_high]}


def _decision():
    grid = RECORDS["dca.base"]["value"]["thresholds"]
    return {"p0": st.net_benefit(PIMA["y"], PIMA["p0"], grid), "p1": st.net_benefit(PIMA["y"], PIMA["p1"], grid), "all": st.net_benefit_treat_all(PIMA["y"], grid)}


def _icc():
    agreement, consistency = st.icc_2_1(DATA["shrout_fleiss"]), st.icc_3_1(DATA["shrout_fleiss"])
    return {"ICC21": agreement.icc[0], "ICC21_ci": [agreement.ci_low[0], agreement.ci_high[0]],
            "ICC31": consistency.icc[0], "ICC31_ci": [consistency.ci_low[0], consistency.ci_high[0]]}


def _kaplan_meier():
    result = st.kaplan_meier(LUNG["time"], LUNG["status"] - 1)
    at = [np.searchsorted(result.time, time, side="right") - 1 for time in RECORDS["km.lung"]["value"]["times"]]
    return {"surv": result.survival[at]}


def _log_rank():
    result = st.log_rank(LUNG["time"], LUNG["status"] - 1, LUNG["sex"])
    return {"chisq": result.statistic, "p": result.p}


def _logistic(columns):
    fit = st.logistic_regression(BIRTH[columns], BIRTH["low"])
    assert not fit.separated
    names = {"coefficient": "coef", "standard_error": "se", "p": "p", "odds_ratio": "OR", "ci_low": "wald_lo", "ci_high": "wald_hi"}
    return {r_name: fit.terms[name].to_numpy() for name, r_name in names.items()}


def _firth():
    table = DATA["endometrial"]
    fit = st.logistic_regression(table[["NV", "PI", "EH"]].astype(float), table["HG"])
    assert fit.separated and "Firth" in fit.method
    return {"coef": fit.terms["coefficient"].to_numpy(), "pl_lo": np.log(fit.terms["ci_low"].to_numpy()), "pl_hi": np.log(fit.terms["ci_high"].to_numpy()), "pl_p": fit.terms["p"].to_numpy()}


CASES = {
    "roc.auc.wfns": lambda: _auc("wfns"), "roc.auc.s100b": lambda: _auc("s100b"),
    "roc.cov.wfns_s100b": lambda: st.delong_covariance(ASAH["y"], ASAH[["wfns", "s100b"]])[1][0, 1],
    "delong.paired.wfns_s100b": lambda: _paired("wfns", "s100b"), "delong.paired.wfns_ndka": lambda: _paired("wfns", "ndka"),
    "delong.paired.identical": lambda: {key: _paired("wfns", "wfns")[key] for key in ("z", "p")},
    "delong.unpaired.wfns_s100b": _unpaired,
    "youden.s100b": lambda: _youden("s100b"), "youden.wfns": lambda: _youden("wfns"), "youden.ndka": lambda: _youden("ndka"),
    "ci.binom.exact": _exact, "cal.large": _large, "cal.slope": _slope, "cal.brier": lambda: {"brier": st.brier_score(PIMA["y"], PIMA["p1"])},
    "dca.base": _decision, "icc.irr.sf": _icc, "km.lung": _kaplan_meier, "logrank.lung": _log_rank,
    **{f"logit.uni.{name}": (lambda name=name: _logistic([name])) for name in ("age", "lwt", "smoke", "ht", "ui")},
    "logit.multi": lambda: _logistic(["age", "lwt", "raceblack", "raceother", "smoke", "ptd", "ht", "ui"]),
    "firth.logistf.endo": _firth,
}


@pytest.mark.parametrize("name", sorted(CASES))
def test_against_r(name):
    record, found = RECORDS[name], CASES[name]()
    # The profile interval of the Firth fit is found by root search in both, to four digits.
    rtol = 1e-3 if name.startswith("firth") else record["rtol"]
    expected = record["value"]
    if not isinstance(expected, dict):
        found, expected = {"value": found}, {"value": expected}
    compared = 0
    for part, value in found.items():
        if part in expected:
            reference = np.asarray(expected[part], dtype=float)
            # R's tables begin with the intercept.
            reference = reference[1:] if name.startswith(("logit", "firth")) else reference
            np.testing.assert_allclose(value, reference, rtol=rtol, atol=max(record["atol"], 1e-12), err_msg=f"{name}.{part}")
            compared += 1
    assert compared == len(found), f"{name}: {sorted(set(found) - set(expected))} are not in the record"
