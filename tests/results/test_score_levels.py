"""The best model's score between stages, and the imaging scores' correlation with volume held."""

import numpy as np
import pandas as pd
import pytest

from analysis import statistics as st
from analysis.results import score_levels as module
from analysis.results.record import Records, reference
from analysis.results.robustness import add_delineations, add_volume
from analysis.training import Predictions

random = np.random.default_rng(4)
PATIENTS = pd.Index([f"P{i}" for i in range(40)])
STAGE = pd.Series(
    pd.Categorical(
        np.repeat(["A", "B", "0", "C"], [20, 12, 6, 2]), ["0", "A", "B", "C"], ordered=True
    ),
    index=PATIENTS,
)
SCORE = pd.Series(STAGE.cat.codes + random.standard_normal(40), index=PATIENTS)


def _rows(model, score, how="validation"):
    return pd.DataFrame(
        {
            "patient_id": PATIENTS,
            "model": model,
            "how": how,
            "score": score.to_numpy(),
            "probability": (1 / (1 + np.exp(-score))).to_numpy(),
        }
    )


def test_pairs_run_from_the_better_to_the_worse_level_and_small_levels_are_left_out(monkeypatch):
    monkeypatch.setattr(
        module,
        "staged",
        lambda cohort, name: STAGE if name == "bclc" else pd.Series(dtype="category"),
    )
    found = module.score_levels(None, _rows("dlrcr", SCORE), ["bclc", "albi"], "dlrcr")
    assert list(
        zip(found["first"], found["second"], found["n_first"], found["n_second"], strict=True)
    ) == [("0", "A", 6, 20), ("0", "B", 6, 12), ("A", "B", 20, 12)]
    assert set(found["system"]) == {"bclc"}
    assert (found["p_holm"] <= 1).all()
    one, two = SCORE[STAGE == "A"], SCORE[STAGE == "B"]
    assert found["superiority"].iloc[2] == pytest.approx(
        st.auc(np.repeat([0, 1], [20, 12]), np.r_[one, two])
    )
    assert len(module.score_levels(None, _rows("dlrcr", SCORE), ["albi"], "dlrcr")) == 0


def test_imaging_scores_are_compared_with_volume_held():
    volume = pd.Series(random.standard_normal(40), index=PATIENTS)
    radiomics, deep = (volume + random.standard_normal(40) for _ in range(2))
    frames = [
        _rows(name, score, "out_of_fold")
        for name, score in (("volume", volume), ("radiomics", radiomics), ("dl", deep))
    ]
    records = Records()
    add_volume(records, pd.concat(frames), "radiomics")
    assert records.value("volume.correlation.radiomics") == pytest.approx(
        st.correlation(radiomics, volume, "spearman")[0]
    )
    assert records.value("score_correlation.radiomics_vs_dl") == pytest.approx(
        st.correlation(radiomics, deep, "spearman")[0]
    )
    assert records.value("score_correlation.radiomics_vs_dl.given_volume") == pytest.approx(
        st.partial_correlation(radiomics, deep, [volume])[0]
    )
    alone = Records()
    add_volume(alone, pd.concat(frames[:2]), "radiomics")
    assert [record.key for record in alone.sorted()] == ["volume.correlation.radiomics"]


@pytest.mark.parametrize("level", [0.95, 0.9])
def test_agreement_between_readers_has_the_studys_level(level):
    again = SCORE + 0.3 * random.standard_normal(40)
    delineations = _rows("radiomics", again).assign(delineation="reader_2")
    records = Records()
    add_delineations(
        records,
        Predictions(_rows("radiomics", SCORE), delineations),
        ["radiomics"],
        level,
    )
    record = next(
        each for each in records.sorted() if each.key == "delineation.icc.reader_2.radiomics"
    )
    ratings = np.column_stack([1 / (1 + np.exp(-each)) for each in (SCORE, again)])
    own = st.icc_2_1(ratings, level)
    assert (record.value, record.ci_low, record.ci_high, record.n) == pytest.approx(
        (own.icc[0], own.ci_low[0], own.ci_high[0], 40)
    )
    assert record.source == reference(st.reader_agreement)
