"""SHAP values of a fusion add up to its log odds; one patient of median probability is shown."""

from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from scipy.special import logit

from analysis.reporting.figures.contributions import draw_contributions
from analysis.results.fusion_contributions import fusion_contributions
from analysis.results.record import Records
from models.fusion import FusionModel
from tests.support.printed_figures import faults_in_print


@pytest.fixture
def study():
    random = np.random.default_rng(4)
    index = pd.Index([f"P{number:02d}" for number in range(40)])
    parts = pd.DataFrame(random.normal(size=(40, 3)), index=index, columns=["dl", "cr", "ast"])
    label = pd.Series((parts["dl"] + random.normal(size=40) > 0).astype(int), index=index)
    model = FusionModel().fit(parts.iloc[:29], label)
    fused = SimpleNamespace(parts=parts, model=model)
    fitted = SimpleNamespace(models={"cr": 1}, fusions={"final": {"dlrcr": fused}})
    cohort = SimpleNamespace(labelled=lambda name: index[29:])
    return cohort, SimpleNamespace(fitted=fitted), fused, index[29:]


def test_they_add_up_to_the_log_odds_and_the_median_patient_is_shown(study):
    cohort, training, fused, validation = study
    records = Records()
    points = fusion_contributions(records, cohort, training, "dlrcr")
    predicted = fused.model.predict(fused.parts.loc[validation])
    base = logit(records.value("contributions.base"))
    total = points.groupby("patient_id")["shap"].sum() + base
    assert total.to_numpy() == pytest.approx(logit(predicted[total.index].to_numpy()))
    (shown,) = points.loc[points["shown"], "patient_id"].unique()
    assert predicted[shown] == predicted.sort_values().iloc[5]
    assert records.value("contributions.probability") == pytest.approx(predicted[shown])


def test_another_model_has_none(study):
    cohort, training, *_ = study
    assert fusion_contributions(Records(), cohort, training, "cr").empty


def test_the_waterfall_ends_at_the_patient_s_log_odds(study):
    cohort, training, *_ = study
    records = Records()
    points = fusion_contributions(records, cohort, training, "dlrcr")
    base, probability = (records.value(f"contributions.{end}") for end in ("base", "probability"))
    figure = draw_contributions(points, {"dl": "DL score"}, base, probability)
    _, waterfall, _ = figure.axes
    bars = waterfall.patches
    assert bars[0].get_x() == pytest.approx(logit(base))
    assert bars[-1].get_x() + bars[-1].get_width() == pytest.approx(logit(probability))
    assert faults_in_print(figure) == []
    plt.close(figure)


def test_terms_beyond_the_most_are_one_bar_and_the_sum_stays_whole():
    patients, terms = [f"P{number}" for number in range(5)], [f"term {n}" for n in range(15)]
    random = np.random.default_rng(1)
    points = pd.DataFrame(
        [(patient, term) for term in terms for patient in patients],
        columns=["patient_id", "variable"],
    ).assign(value=random.normal(size=75), shap=random.normal(size=75))
    points["shown"] = points["patient_id"] == "P2"
    total = points.loc[points["shown"], "shap"].sum()
    figure = draw_contributions(points, {}, 0.4, 0.6)
    left, waterfall, _ = figure.axes
    bars = waterfall.patches
    assert len(bars) == 12
    assert bars[-1].get_x() + bars[-1].get_width() == pytest.approx(logit(0.4) + total)
    assert left.get_yticklabels()[-1].get_text() == "4 other terms"
    plt.close(figure)
