"""Networks inside a study: their settings, what they show while they train, and a killed fit that
goes on."""

import hashlib
import time

import numpy as np
import pandas as pd
import pytest

from analysis.study import load_study
from analysis.training import fits
from analysis.training.contexts import Context
from analysis.training.fits import fit_one
from analysis.training.networks import log_path, network_settings
from analysis.training.training_progress import network_status
from models.deep.device import resolved_device, resolved_precision
from tests.conftest import small_study
from tests.support.configured import configured, task
from tests.support.pictures import pictures

HEAD = "member,epoch,loss,auc,held_out_loss,held_out_auc,learning_rate,seconds,seconds_left\n"


def test_settings_name_what_the_machine_does_and_what_was_loaded(tmp_path):
    study = load_study(small_study(tmp_path))
    plain = study.model_copy(
        update={
            "deep_learning": study.deep_learning.model_copy(
                update={"precision": "float32", "device": "cpu"}
            )
        }
    )
    assert {each.precision for each in network_settings(plain).values()} == {"float32"}
    assert {each.precision for each in network_settings(study).values()} == {
        resolved_precision("auto", resolved_device("auto"), 2.5, 24)
    }
    (tmp_path / "w.safetensors").write_bytes(b"weights")
    weights = type(study.deep_learning)(
        **study.deep_learning.model_dump()
        | {"pretrained": {"resnet34": {"file": "w.safetensors", "source": "a test"}}}
    )
    settings = network_settings(study.model_copy(update={"deep_learning": weights}))
    assert settings["resnet34"].pretrained == {
        "file": "w.safetensors",
        "sha256": hashlib.sha256(b"weights").hexdigest(),
        "source": "a test",
    }
    assert settings["resnet18"].pretrained is None
    assert settings["resnet34"].root == str(study.root)
    (tmp_path / "w.safetensors").unlink()
    with pytest.raises(ValueError, match="no file of pretrained weights"):
        network_settings(study.model_copy(update={"deep_learning": weights}))


def test_a_gpu_that_is_not_there_is_an_error(monkeypatch):
    import torch

    if torch.cuda.is_available():
        pytest.skip("this machine has a GPU")
    assert resolved_device("auto") == "cpu"
    monkeypatch.setattr("analysis.core.arithmetic.mode", lambda: "native")
    assert resolved_device("auto") == "cpu"
    with pytest.raises(ValueError, match="PyTorch sees no GPU here"):
        resolved_device("cuda")


def test_the_bar_says_what_is_trained(tmp_path):
    (tmp_path / "resnet50-outer_1.csv").write_text(
        HEAD + "1,1,0.7,0.5,,,0.001,2.0,38.0\n1,2,0.61,0.72,,,0.001,4.0,66.0\n"
    )
    assert (
        network_status(tmp_path, 0.0) == "resnet50-outer_1 epoch 2, loss 0.61, AUC 0.72, 1:06 left"
    )
    (tmp_path / "resnet18-final.csv").write_text(HEAD + "1,4,0.5,0.9,0.8,0.6,0.001,4.0,5.0\n")
    assert "(+1)" in network_status(tmp_path, 0.0)
    for ended in ("1,4,0.5,0.9,0.8,0.6,0.001,4.0,0.0\n", "half a li", ""):
        for path in tmp_path.glob("*.csv"):
            path.write_text(HEAD + ended)
        assert network_status(tmp_path, 0.0) == ""
    assert network_status(tmp_path, time.time() + 60) == ""


def test_a_killed_fit_goes_on_and_clears_up(tmp_path, monkeypatch):
    from models.deep import Watch

    inputs, label = pictures()
    context = Context("outer_1/inner_2", tuple(inputs.patients[:16]), tuple(inputs.patients[16:]))
    arguments = (
        [configured("resnet18", epochs=3, batch_size=8, width=0.1)],
        context,
        inputs,
        label,
    )
    whole = fit_one(task(*arguments, tmp_path / "whole" / "fits"))

    def killed(self, history, total):
        if len(history) == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        # Every epoch's state is old enough to be written.
        patch.setattr(fits, "CHECKPOINT_SECONDS", 0.0)
        patch.setattr(Watch, "epoch", killed)
        with pytest.raises(KeyboardInterrupt):
            fit_one(task(*arguments, tmp_path / "cache" / "fits"))
    (kept,) = (tmp_path / "cache" / "training").glob("*.pt")
    logs = tmp_path / "logs"
    fit = fit_one(task(*arguments, tmp_path / "cache" / "fits", logs=logs))
    assert not kept.exists()
    pd.testing.assert_series_equal(fit.scores, whole.scores, check_exact=True)
    log = pd.read_csv(log_path(logs, "resnet18", "outer_1/inner_2"))
    assert list(log["epoch"]) == [1, 2, 3]
    assert list(log["seconds"].notna()) == [False, False, True]
    assert [row["epoch"] for row in fit.history] == [1, 2, 3]
    assert np.isfinite([row["loss"] for row in fit.history]).all()
