"""What a model adds to a score, on predictions whose answer is known."""

import numpy as np
import pandas as pd
import pytest

from analysis.results.added_value import add_added_values, added_values, common_set
from analysis.results.comparisons import add_comparisons
from analysis.results.record import Records
from analysis.study.statistics import Statistics
from models.registry import score_spec
from models.staging import SCORES as DEFINITIONS

SPECS = {name: score_spec(each) for name, each in DEFINITIONS.items()}
SIZES = {"out_of_fold": 400, "validation": 200}


def predictions(**scores):
    """scores: model → function of (how, signal, rng) that gives score and probability (or None);
    truth follows the signal."""
    rng = np.random.default_rng(8)
    frames = []
    for how, size in SIZES.items():
        signal = rng.normal(size=size)
        label = (rng.uniform(size=size) < 1 / (1 + np.exp(-1.5 * signal))).astype(float)
        for name, make in scores.items():
            score = make(how, signal, rng)
            probability = 1 / (1 + np.exp(-score)) if name in ("dlrcr", "cr") else np.nan
            frames.append(
                pd.DataFrame(
                    {
                        "patient_id": [f"{how}{i}" for i in range(size)],
                        "model": name,
                        "family": "staging" if name in SCORES else "clinical",
                        "how": how,
                        "score": score,
                        "probability": probability,
                        "label": label,
                    }
                )
            )
    return pd.concat(frames, ignore_index=True)


@pytest.fixture(scope="module")
def table():
    return predictions(
        dlrcr=lambda how, signal, rng: 1.5 * signal,
        cr=lambda how, signal, rng: 0.7 * signal + rng.normal(size=len(signal)),
        bclc_2022=lambda how, signal, rng: rng.integers(0, 4, len(signal)).astype(float),
        albi=lambda how, signal, rng: signal,
        cnlc=lambda how, signal, rng: np.where(
            np.arange(len(signal)) % 4 == 0, np.nan, np.round(signal)
        ),
        okuda=lambda how, signal, rng: np.full(len(signal), np.nan),
        jis=lambda how, signal, rng: np.zeros(len(signal)),
    )


SCORES = ["bclc_2022", "albi", "cnlc", "okuda", "jis"]
SETTINGS = Statistics(
    bootstrap_resamples=200,
    contrasts={"model": "dlrcr", "primary": "cr", "family": ["bclc_2022", "albi"]},
)


def test_the_common_set_is_graded_by_all_and_names_who_is_left_out(table):
    common = common_set(table, "dlrcr", SCORES)
    assert common.scores == ["bclc_2022", "albi", "cnlc"]
    assert len(common.patients) == 150
    assert common.everyone == 200
    assert common.lost == {"bclc_2022": 0, "albi": 0, "cnlc": 50}
    assert common.left_out == {
        "okuda": "input_missing",
        "jis": "one_value",
    }


def test_a_model_adds_to_noise_and_nothing_to_a_score_of_the_same_information(table):
    common = common_set(table, "dlrcr", SCORES)
    found = added_values(table, "dlrcr", common, SETTINGS, seed=1, registry=SPECS)
    noise, same = found["bclc_2022"], found["albi"]
    assert noise.test.difference > 0.2
    assert noise.test.ci_low > 0
    assert noise.likelihood_ratio > 20
    assert noise.net_benefit.value > 0
    assert same.test.difference == 0
    assert same.test.p == 1
    assert same.likelihood_ratio == 0
    assert (noise.values_seen, noise.seen) == (4, ["0", "C"])
    assert 0.2 < noise.tied_pairs < 0.3
    assert same.tied_pairs == 0


def test_p_values_of_the_family_are_holm_adjusted_and_others_have_none(table):
    common = common_set(table, "dlrcr", SCORES)
    found = added_values(table, "dlrcr", common, SETTINGS, seed=1, registry=SPECS)
    records = Records()
    roles = add_comparisons(
        records, table, "dlrcr", SETTINGS, 1, {name: value.test.p for name, value in found.items()}
    )
    add_added_values(records, common, found, roles, SETTINGS)
    raw = sorted(found[name].test.p for name in ("bclc_2022", "albi"))
    adjusted = {key: records._records[f"added_value.{key}"].p for key in found}
    assert adjusted["bclc_2022"] == pytest.approx(2 * raw[0])
    assert adjusted["albi"] == pytest.approx(raw[1])
    assert adjusted["cnlc"] is None
    assert records._records["delong.dlrcr_vs_cr.validation"].p is not None
    assert records._records["delong.dlrcr_vs_albi.validation"].p is None
    assert records.value("contrasts.family") == ("bclc_2022", "albi")
    assert records.value("contrast_role.cr") == "primary"


def test_without_named_contrasts_nothing_has_a_p_value(table):
    common = common_set(table, "dlrcr", SCORES)
    settings = Statistics(bootstrap_resamples=200)
    found = added_values(table, "dlrcr", common, settings, seed=1)
    records = Records()
    roles = add_comparisons(
        records, table, "dlrcr", settings, 1, {name: value.test.p for name, value in found.items()}
    )
    assert all(record.p is None for record in records.sorted())
    assert {p for p, _ in roles.values()} == {None}


def test_a_contrast_model_that_the_study_lacks_is_named(table):
    with pytest.raises(ValueError, match="statistics.contrasts.model: 'rcr' has no predictions"):
        add_comparisons(Records(), table, "dlrcr", Statistics(contrasts={"model": "rcr"}), 1, {})


def test_an_undefined_number_says_why():
    def fails():
        raise ValueError("label: one class only")

    records = Records()
    records.attempt("auc.x.validation", fails, method="DeLong", n=3, unit="AUC", source=fails)
    (record,) = records.sorted()
    assert record.value is None
    assert record.method == "DeLong; not estimable: label: one class only"
    assert record.n == 3
