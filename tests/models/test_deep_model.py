"""Networks: the same seed gives the same score, a visible difference is learnt, and a fitted
network can be written down and built again."""

import json

import numpy as np
import pandas as pd
import pytest
import torch

from models.deep import DeepModel, architecture
from tests.support.pictures import pictures

SMALL = {"epochs": 2, "batch_size": 8, "width": 0.1}


@pytest.mark.parametrize(
    ("network", "settings"),
    [
        ("resnet18", {}),
        ("resnet34", {}),
        ("resnet50", {}),
        ("resnet18", {"precision": "bfloat16"}),
        ("resnet18", {"dimensions": 3}),
        (
            "resnet18",
            {
                "schedule": "cosine",
                "warmup_epochs": 1,
                "class_weights": "balanced",
                "early_stopping": {"share": 0.25, "patience": 2},
                "members": 2,
            },
        ),
    ],
)
def test_same_seed_same_score(network, settings):
    inputs, label = pictures(slices=8 if settings.get("dimensions") == 3 else 2)
    state = torch.get_rng_state()
    first, second, other = (
        DeepModel(network, **SMALL, **settings, seed=seed).fit(inputs, label).predict(inputs)
        for seed in (4, 4, 5)
    )
    pd.testing.assert_series_equal(first, second, check_exact=True)
    assert first.between(0, 1).all()
    assert not np.array_equal(first, other)
    assert torch.equal(torch.get_rng_state(), state)
    assert not torch.are_deterministic_algorithms_enabled()


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"precision": "bfloat16", "schedule": "cosine", "warmup_epochs": 2},
        {"early_stopping": {"share": 0.25, "patience": 8}, "class_weights": "balanced"},
    ],
)
def test_a_visible_difference_is_learnt(settings):
    (train, label), (new, truth) = pictures(), pictures(seed=1)
    score = (
        DeepModel("resnet18", epochs=15, batch_size=8, width=0.25, learning_rate=3e-3, **settings)
        .fit(train, label)
        .predict(new)
    )
    assert score[truth == 1].mean() > score[truth == 0].mean() + 0.3


def test_a_block_is_learnt_in_three_dimensions():
    (train, label), (new, truth) = pictures(slices=8), pictures(slices=8, seed=1)
    score = (
        DeepModel("resnet18", epochs=12, batch_size=8, width=0.1, learning_rate=3e-3, dimensions=3)
        .fit(train, label)
        .predict(new)
    )
    assert score[truth == 1].mean() > score[truth == 0].mean() + 0.2


def test_a_patient_scores_the_same_in_any_company():
    inputs, label = pictures()
    model = DeepModel("resnet18", **SMALL).fit(inputs, label)
    together = model.predict(inputs)
    for patient in ("P3", "P11"):
        assert model.predict(inputs.subset([patient]))[patient] == together[patient]


@pytest.mark.parametrize("wide", [0.5, 0.0])
def test_gradient_checkpointing_changes_no_number(monkeypatch, wide):
    """In either order in memory of the deepest layer."""
    monkeypatch.setattr(architecture, "WIDE", wide)
    inputs, label = pictures()
    plain, checkpointed = (
        DeepModel("resnet50", **SMALL, gradient_checkpointing=each).fit(inputs, label)
        for each in (False, True)
    )
    pd.testing.assert_series_equal(
        plain.predict(inputs), checkpointed.predict(inputs), check_exact=True
    )
    assert all(
        torch.equal(value, checkpointed.tensors()[name]) for name, value in plain.tensors().items()
    )


def test_balanced_classes_keep_the_probability_of_the_cohort():
    inputs, label = pictures(n=40, contrast=0.0)
    rare = pd.Series(np.where(np.arange(40) % 5 == 0, 1.0, 0.0), index=label.index)
    model = DeepModel("resnet18", **SMALL | {"learning_rate": 1e-3}, class_weights="balanced").fit(
        inputs, rare
    )
    assert model.log_odds_shift_ == pytest.approx(np.log(32 / 8))
    # Nothing is to be seen, so that the probability must be about one in five, and not the half
    # that the loss was balanced to.
    assert model.predict(inputs).mean() == pytest.approx(0.2, abs=0.1)


@pytest.mark.parametrize(
    "settings", [{"members": 2, "class_weights": "balanced"}, {"dimensions": 3}]
)
def test_a_fitted_network_is_built_again_from_its_description(settings, tmp_path):
    from safetensors.torch import load_file, save_file

    inputs, label = pictures(slices=8)
    model = DeepModel(
        "resnet18", **SMALL, **settings, early_stopping={"share": 0.25, "patience": 3}, seed=3
    ).fit(inputs, label)
    save_file(model.tensors(), tmp_path / "weights.safetensors")
    description = json.loads(json.dumps(model.description()))
    again = DeepModel.from_description(description, load_file(tmp_path / "weights.safetensors"))
    pd.testing.assert_series_equal(again.predict(inputs), model.predict(inputs), check_exact=True)
    assert again.description() == model.description() | {
        "training": again.description()["training"]
    }
    assert description["training"]["seed"] == 3
    some = {
        name: value for name, value in model.tensors().items() if name != "member_1.conv1.weight"
    }
    with pytest.raises(ValueError, match="member 1 do not fit resnet18.*conv1.weight"):
        DeepModel.from_description(description, some)
    with pytest.raises(ValueError, match="are not those of"):
        DeepModel.from_description(description, {"other.conv1.weight": torch.zeros(1)})


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"network": "resnet9"}, "unknown network 'resnet9'; known are resnet18"),
        ({"schedule": "linear"}, "schedule must be one_cycle or cosine"),
        ({"dimensions": 2}, "dimensions must be 2.5 or 3"),
        ({"precision": "float16"}, "precision must be float32 or bfloat16"),
        ({"width": 0.01}, "width must be at least 1/64"),
    ],
)
def test_settings_that_are_none(settings, message):
    with pytest.raises(ValueError, match=message):
        DeepModel(settings.pop("network", "resnet18"), epochs=1, **settings)


def test_what_cannot_be_learnt_or_scored_is_named():
    inputs, label = pictures()
    with pytest.raises(ValueError, match="all patients have the same outcome"):
        DeepModel("resnet18", **SMALL).fit(inputs, label * 0)
    with pytest.raises(ValueError, match="trained on 3 phases, these images have 2"):
        DeepModel("resnet18", **SMALL).fit(inputs, label).predict(pictures(phases=2)[0])
    with pytest.raises(ValueError, match="training diverged"):
        DeepModel("resnet18", **SMALL | {"learning_rate": 1e30}).fit(inputs, label)
