"""Wrong and extreme input of every function that takes patients: an error that names the argument,
or the value that its docstring states."""

import numpy as np
import pandas as pd
import pytest

from analysis import statistics as st
from tests.support.valid_calls import CALLS

PATIENT_COUNTS = {"counts", "knots", "penalties", "thresholds"}
# A missing label or value of a variable leaves that patient out of that variable's regression, as
# the docstring says.
PATIENTS_LEFT_OUT = {("univariable_logistic", "table")}
NUMERIC = [
    (name, argument)
    for name, call in CALLS.items()
    for argument, value in call.items()
    if isinstance(value, np.ndarray) and value.dtype.kind == "f" and argument not in PATIENT_COUNTS
]
TABLES = [
    (name, "table")
    for name, call in CALLS.items()
    if "table" in call and (name, "table") not in PATIENTS_LEFT_OUT
]
PROBABILITIES = [
    (name, argument) for name, argument in NUMERIC if argument.startswith("probability")
]
# Two groups may differ in size, and some take one vector alone.
OF_ANY_LENGTH = {"t_test", "mann_whitney_test", "cohens_d", "standardized_mean_difference"}
PAIRED = [
    (name, argument)
    for name, argument in NUMERIC
    if name not in OF_ANY_LENGTH
    and CALLS[name][argument].ndim == 1
    and sum(
        isinstance(value, np.ndarray | pd.DataFrame) and argument_ != "counts"
        for argument_, value in CALLS[name].items()
    )
    > 1
]


def spoilt(name, argument, value):
    call = dict(CALLS[name])
    bad = call[argument].copy()
    if isinstance(bad, pd.DataFrame):
        bad.iloc[3, 0] = value
    else:
        bad.flat[3] = value
    return call | {argument: bad}


@pytest.mark.parametrize("name", CALLS)
def test_the_valid_call_is_valid(name):
    assert getattr(st, name)(**CALLS[name]) is not None


@pytest.mark.parametrize(("name", "argument"), NUMERIC + TABLES)
def test_a_missing_value_is_named(name, argument):
    with pytest.raises(ValueError, match=rf"^{argument}(\[.*\])?: .*missing"):
        getattr(st, name)(**spoilt(name, argument, np.nan))


@pytest.mark.parametrize(("name", "argument"), NUMERIC + TABLES)
def test_an_infinite_value_is_named(name, argument):
    with pytest.raises(ValueError, match=rf"^{argument}(\[.*\])?: "):
        getattr(st, name)(**spoilt(name, argument, np.inf))


@pytest.mark.parametrize(("name", "argument"), PROBABILITIES)
@pytest.mark.parametrize("value", [-0.1, 1.2])
def test_a_probability_outside_0_to_1_is_named(name, argument, value):
    with pytest.raises(ValueError, match=rf"^{argument}: values must lie in \[0, 1\]"):
        getattr(st, name)(**spoilt(name, argument, value))


@pytest.mark.parametrize(("name", "argument"), PAIRED)
def test_vectors_of_unequal_length_are_an_error(name, argument):
    with pytest.raises(ValueError, match=r"\d"):
        getattr(st, name)(**CALLS[name] | {argument: CALLS[name][argument][:-1]})


@pytest.mark.parametrize(
    ("name", "argument"), [pair for pair in NUMERIC if CALLS[pair[0]][pair[1]].ndim == 1]
)
def test_nobody_is_an_error(name, argument):
    with pytest.raises(ValueError, match="non-empty|values for"):
        getattr(st, name)(**CALLS[name] | {argument: CALLS[name][argument][:0]})


# An outcome that may be any number is asked only to vary.
CONTINUOUS_OUTCOME = {"mrmr_ranking": "nothing correlates with it"}

# What one class alone gives, of events only; all others refuse it.
ONE_CLASS = {
    "diagnostic_odds_ratio": lambda found: np.isnan(found.value) and found.n == 40,
    "youden_index": lambda found: np.isnan(found.value),
    "reclassification_table": lambda found: found.loc[found["outcome"] == "event", "n"].sum() == 40,
    "confusion_matrix": lambda found: found.false_positive == found.true_negative == 0,
    "classification_metrics": lambda found: (
        np.isnan(found["specificity"].value)
        and found["specificity"].n == 0
        and found["sensitivity"].n == 40
    ),
    "no_information_test": lambda found: found.statistic == found.p == 1,
    "resample_counts": lambda found: (found.sum(axis=1) == 40).all(),
    "brier_score": lambda found: 0 < found < 1,
    "brier_interval": lambda found: found.ci_low < found.value < found.ci_high,
    "brier_difference": lambda found: found.ci_low < found.value < found.ci_high,
    "observed_expected_ratio": lambda found: found.value > 1 and np.isnan(found.ci_low),
    "spiegelhalter_test": lambda found: 0 <= found.p <= 1,
    "hosmer_lemeshow": lambda found: (found.observed == found.n_in_group).all(),
    "calibration_groups": lambda found: (found.observed == 1).all(),
    "net_benefit": lambda found: 0 <= found[0] <= 1,
    "net_benefit_gain": lambda found: (
        found.value <= 0 and found.ci_low < 0
    ),  # where everybody has the event, treating all can't be beaten
    "calibration_score_test": lambda found: found.p == 1 / 20,
    "net_benefit_treat_all": lambda found: found[0] == 1,
    "interventions_avoided": lambda found: found[0] <= 0,
    "net_benefit_interval": lambda found: (
        0 <= found[0].ci_low <= found[0].value <= found[0].ci_high <= 1
    ),
    "resampled_net_benefit": lambda found: ((0 <= found) & (found <= 1)).all(),
    "net_benefit_difference": lambda found: found.ci_low <= found.value <= found.ci_high,
}
WITH_CLASSES = [name for name, call in CALLS.items() if {"label", "outcome", "label_a"} & set(call)]


@pytest.mark.parametrize("name", WITH_CLASSES)
def test_a_single_class(name):
    argument = next(one for one in ("label", "outcome", "label_a") if one in CALLS[name])
    call = CALLS[name] | {argument: np.ones(40)}
    if name in ONE_CLASS:
        assert ONE_CLASS[name](getattr(st, name)(**call))
    else:
        with pytest.raises(
            ValueError,
            match=(
                rf"^{argument}: all 40 patients"
                rf" .*{CONTINUOUS_OUTCOME.get(name, 'both classes are needed')}"
            ),
        ):
            getattr(st, name)(**call)


# What a score that is the same for everybody gives; all others refuse it.
CONSTANT = {
    "diagnostic_odds_ratio": lambda found: np.isnan(found.value),
    "youden_index": lambda found: found.value == 0,
    "auc_interval": lambda found: (
        found.auc == 0.5
        and found.ci_low == pytest.approx(1 - found.ci_high)
        and 0.3 < found.ci_low < 0.5
    ),
    "auc": lambda found: found == 0.5,
    "roc_curve": lambda found: found.true_positive_rate.tolist() == [0, 1],
    "roc_band": lambda found: (
        found.ci_low.tolist() == found.ci_high.tolist() == found.false_positive_rate.tolist()
    ),
    "delong_interval": lambda found: (found.auc, found.ci_low, found.ci_high) == (0.5, 0.5, 0.5),
    "partial_auc": lambda found: found == 0.5,
    "rank_correlation": lambda found: (
        (found.c, found.somers_d, found.gamma, found.tau_a) == (0.5, 0, 0, 0)
    ),
    "auc_bootstrap": lambda found: (found.resampled == 0.5).all(),
    "resampled_auc": lambda found: (found == 0.5).all(),
    "confusion_matrix": lambda found: (found.true_positive, found.false_positive) == (20, 20),
    "classification_metrics": lambda found: (
        found["sensitivity"].value == 1
        and found["specificity"].value == 0
        and np.isnan(found["npv"].value)
    ),
    "no_information_test": lambda found: found.statistic == 0.5,
    "concordance_index": lambda found: found.value == 0.5,
    "heagerty_auc": lambda found: found == 0.5,
    "time_dependent_auc": lambda found: found.value == pytest.approx(0.5) and found.p == 1,
}


@pytest.mark.parametrize("name", [name for name, call in CALLS.items() if "score" in call])
def test_a_constant_score(name):
    call = CALLS[name] | {"score": np.full(40, 0.5)}
    if name in CONSTANT:
        assert CONSTANT[name](getattr(st, name)(**call))
    else:
        with pytest.raises(ValueError, match="^score: all patients have the same score"):
            getattr(st, name)(**call)


@pytest.mark.parametrize(
    "name",
    [
        "calibration_slope",
        "calibration_intercept",
        "calibration_curve",
        "hosmer_lemeshow",
        "model_indexes",
        "calibration_errors",
    ],
)
def test_a_constant_probability_has_no_calibration_curve_or_slope(name):
    with pytest.raises(ValueError, match="^(probability|groups): "):
        getattr(st, name)(**CALLS[name] | {"probability": np.full(40, 0.5)})


def test_one_patient():
    for function in (st.auc, st.delong_interval, st.youden_cutoff):
        with pytest.raises(ValueError, match="label: all 1 patient"):
            function([1], [0.5])
    assert st.brier_score([1], [0.5]) == 0.25
    assert np.isnan(st.brier_interval([1], [0.5]).ci_low)
    assert np.isnan(st.ipcw_brier_score([5], [1], [0.2], 3).p)
    assert st.kaplan_meier([3], [1]).survival.tolist() == [1, 0]
    for function, call in (
        (st.t_test, ([1], [2])),
        (st.bland_altman, ([1], [2])),
        (st.correlation, ([1], [2])),
        (st.icc_2_1, ([[1, 2]],)),
    ):
        with pytest.raises(ValueError, match="at least"):
            function(*call)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: st.auc([0, 1], [1, 2, 3]), "score: 3 values for 2 labels"),
        (lambda: st.auc([0, 2], [1, 2]), "label: expected 0 and 1 only"),
        (lambda: st.calibration_slope([0, 1], [0.5, 1.0]), "probability: 0 and 1 have no logit"),
        (
            lambda: st.net_benefit([0, 1], [0.1, 0.2], [1.0]),
            "thresholds: .* strictly between 0 and 1",
        ),
        (lambda: st.kaplan_meier([1, -1], [0, 1]), "time: .* can't be negative"),
        (lambda: st.confusion_matrix([0, 1], [1, 2], np.nan), "cutoff"),
        (lambda: st.delong_interval([0, 1], [1, 2], level=95), "level"),
        (lambda: st.horizon_status([1, 2], [1, 0], 5), "horizon: nobody is followed beyond"),
        (lambda: st.weighted_kappa(["a", None], ["a", "b"]), "first: 1 of 2 values are missing"),
        (lambda: st.log_rank([1, 2], [1, 1], ["a", None]), "group: 1 of 2 values are missing"),
        (lambda: st.death_as_event([0, 3]), "event: expected 0"),
        (
            lambda: st.variance_inflation(pd.DataFrame({"a": [1.0, 2, 3], "b": [2.0, 4, 6]})),
            "table: .* dependent",
        ),
        (
            lambda: st.hosmer_lemeshow([0, 1] * 10, np.repeat([0.0, 0.2, 0.5, 0.8], 5), groups=4),
            "probability",
        ),
    ],
)
def test_wrong_input_names_the_argument(call, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        call()


def test_certain_and_wrong_probabilities_are_refuted():
    assert st.spiegelhalter_test([1, 0], [0, 0]).p == 0
    assert st.spiegelhalter_test([1, 0], [1, 0]).p == 1
