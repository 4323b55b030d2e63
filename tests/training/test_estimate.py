"""The estimate of a protocol's time is a pilot on the study's own inputs, multiplied by what the
protocol asks for."""

import numpy as np
import pandas as pd

import analysis.training.estimate as estimate
from analysis.training.contexts import Folds, contexts_of
from analysis.training.estimate import estimate_text, estimated_seconds
from models.inputs import Inputs
from tests.support.configured import configured


def _inputs():
    random = np.random.default_rng(0)
    patients = pd.Index([f"P{place:02d}" for place in range(24)])
    label = pd.Series(np.tile([0.0, 1.0], 12), index=patients)
    return (
        Inputs(
            patients,
            pd.DataFrame({"ast": random.normal(size=24)}, index=patients),
            pd.DataFrame(
                random.normal(size=(24, 12)),
                index=patients,
                columns=[f"f{place}" for place in range(12)],
            ),
            random.normal(size=(24, 1, 3, 24, 24)).astype(np.float32),
        ),
        label,
    )


def test_time_grows_with_epochs_members_and_fits(monkeypatch):
    inputs, label = _inputs()
    contexts = contexts_of(list(inputs.patients), [], label, Folds(2, 2, seed=1))
    asked = []

    def seconds(group, context, *_):
        asked.append((group, context.name))
        return 5.0 if len(asked) == 3 else 1.0  # the first epoch of the network

    monkeypatch.setattr(estimate, "_seconds", seconds)
    models = [
        configured("cr", candidates=["ast"]),
        configured("radiomics_svm", features=[]),
        configured("radiomics_knn", features=[]),
        configured("resnet18", epochs=10, members=3, batch_size=4),
    ]
    found = estimated_seconds({model.id: model for model in models}, contexts, inputs, label)
    # 24 + 2 x 12 + 4 x 6 patients are learnt from in all.
    assert found == {"cr": 72 / 12, "radiomics": 72 / 12, "resnet18": 30 * 72 / 24}
    assert [(tuple(model.id for model in group), context) for group, context in asked] == [
        (("cr",), "outer_1"),
        (("radiomics_svm", "radiomics_knn"), "outer_1"),
        *[(("resnet18",), "final")] * 2,
    ]
    timed = asked[-1][0][0].settings
    assert timed.epochs == 1
    assert timed.members == 1


def test_the_pilot_fits_every_kind_of_model():
    inputs, label = _inputs()
    contexts = contexts_of(list(inputs.patients), [], label, Folds(2, 2, seed=1))
    radiomics = {"features": list(inputs.radiomics), "selected_features": 2, "tuning_folds": 0}
    models = [
        configured("cr", candidates=["ast"]),
        configured("radiomics_logistic", **radiomics),
        configured("radiomics_svm", **radiomics),
        configured("resnet18", epochs=2, width=0.1, batch_size=8),
    ]
    found = estimated_seconds({model.id: model for model in models}, contexts, inputs, label)
    assert list(found) == ["cr", "radiomics", "resnet18"]
    assert all(value > 0 for value in found.values())
    text = estimate_text({"cr": 30.0, "resnet18": 7200.0}, 31, 2)
    assert "31 fits of each model: about 60 min on 2 processes" in text
    assert "cr 30 s" in text
    assert "resnet18 2.0 h" in text
    assert "early" not in text


def test_networks_that_may_stop_early_take_the_share_that_earlier_ones_ran(monkeypatch):
    inputs, label = _inputs()
    contexts = contexts_of(list(inputs.patients), [], label, Folds(2, 2, seed=1))
    monkeypatch.setattr(estimate, "_seconds", lambda *_: 1.0)
    models = {
        model.id: model
        for model in (
            configured("cr", candidates=["ast"]),
            configured("resnet18", epochs=10, batch_size=4),
        )
    }
    whole = estimated_seconds(models, contexts, inputs, label)
    part = estimated_seconds(models, contexts, inputs, label=label, share=0.4)
    assert part == {"cr": whole["cr"], "resnet18": 0.4 * whole["resnet18"]}
    unknown = estimate_text({"resnet18": 7200.0}, 31, 2, stops=True)
    assert (
        "about 60 min on 2 processes if nothing is cached and no network stops early (" in unknown
    )
    known = estimate_text({"resnet18": 7200.0}, 31, 2, stops=True, share=0.4)
    assert (
        "if nothing is cached and networks run 40% of their epochs, the mean of earlier fits"
        in known
    )
