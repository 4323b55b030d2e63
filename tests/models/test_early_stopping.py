"""Early stopping: who is held out, when it ends, and which weights are taken."""

import numpy as np
import pytest
import torch

from models.deep import DeepModel
from models.deep.settings import EarlyStopping
from models.deep.stopping import Best, held_out_split
from tests.support.pictures import pictures


def test_the_split_is_stratified_seeded_and_another_for_each_member():
    label = np.tile([0.0, 0.0, 1.0], 20)
    train, held = held_out_split(label, EarlyStopping(0.2), seed=1)
    assert sorted([*train, *held]) == list(range(60))
    assert len(held) == 12
    assert label[held].mean() == pytest.approx(1 / 3)
    assert np.array_equal(held, held_out_split(label, EarlyStopping(0.2), seed=1)[1])
    assert not np.array_equal(held, held_out_split(label, EarlyStopping(0.2), seed=2)[1])


@pytest.mark.parametrize(
    ("label", "share"), [([0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 0.2), ([0, 1, 0, 1, 0, 1], 0.1)]
)
def test_a_share_that_cannot_hold_both_outcomes(label, share):
    with pytest.raises(
        ValueError,
        match=(
            f"early_stopping: a share of {share:g} of {len(label)} patients .*take a larger share"
        ),
    ):
        held_out_split(np.array(label, dtype=float), EarlyStopping(share), seed=0)


def test_it_ends_after_its_patience_and_takes_the_best_epoch():
    inputs, label = pictures(contrast=0.0)  # nothing to learn: the held-out loss rises
    model = DeepModel(
        "resnet18",
        epochs=40,
        batch_size=8,
        width=0.1,
        learning_rate=5e-3,
        early_stopping={"share": 0.25, "patience": 3},
    ).fit(inputs, label)
    losses = [row["held_out_loss"] for row in model.history_]
    (kept,) = (row["epoch"] for row in model.history_ if row["kept"])
    assert len(losses) == kept + 3 < 40
    assert kept == 1 + int(np.argmin(losses))
    # The same training cut at the best epoch has the same weights.
    cut = DeepModel(
        "resnet18",
        epochs=40,
        batch_size=8,
        width=0.1,
        learning_rate=5e-3,
        early_stopping={"share": 0.25, "patience": 1},
    ).fit(inputs, label)
    if next(row["epoch"] for row in cut.history_ if row["kept"]) == kept:
        assert all(
            torch.equal(value, cut.tensors()[name]) for name, value in model.tensors().items()
        )


def test_the_best_weights_are_a_copy_and_a_loss_that_is_no_number_is_no_improvement():
    layer, best = torch.nn.Linear(2, 1), Best()
    best.update(1, 0.5, layer)
    with torch.no_grad():
        layer.weight.add_(1.0)
    best.update(2, float("nan"), layer)
    assert (best.epoch, best.waited) == (1, 1)
    assert torch.allclose(best.weights["weight"] + 1, layer.weight)
