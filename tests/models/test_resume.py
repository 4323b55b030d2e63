"""A killed training goes on at its last epoch, with the numbers of one that was never killed."""

import errno
import os
from multiprocessing import get_context

import pandas as pd
import pytest
import torch

from analysis.core.cache import StorageError
from models.deep import DeepModel, Watch
from tests.support.pictures import pictures

SETTINGS = {
    "epochs": 4,
    "batch_size": 8,
    "width": 0.1,
    "members": 2,
    "precision": "bfloat16",
    "schedule": "cosine",
    "warmup_epochs": 1,
    "early_stopping": {"share": 0.25, "patience": 9},
}


class Killed(Watch):
    """Fails after so many epochs of all members, once their state is kept."""

    after = 0

    def epoch(self, history, total):
        super().epoch(history, total)
        if len(history) == self.after:
            raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("settings", "after"),
    [(SETTINGS, 1), (SETTINGS, 6), ({"epochs": 4, "batch_size": 8, "width": 0.1, "members": 2}, 4)],
)
def test_it_goes_on_where_it_was(tmp_path, settings, after):
    inputs, label = pictures()
    whole = DeepModel("resnet18", **settings).fit(inputs, label)
    killed = Killed(checkpoint=tmp_path / "state.pt", seconds=0)
    killed.after = after
    with pytest.raises(KeyboardInterrupt):
        DeepModel("resnet18", **settings).fit(inputs, label, killed)
    watch = Watch(tmp_path / "log.csv", tmp_path / "state.pt", seconds=0)
    resumed = DeepModel("resnet18", **settings).fit(inputs, label, watch)
    assert all(
        torch.equal(value, resumed.tensors()[name]) for name, value in whole.tensors().items()
    )
    pd.testing.assert_series_equal(resumed.predict(inputs), whole.predict(inputs), check_exact=True)
    assert resumed.history_ == whole.history_
    log = pd.read_csv(tmp_path / "log.csv")
    assert list(log["epoch"]) == [1, 2, 3, 4] * 2
    assert list(log["member"]) == [1] * 4 + [2] * 4
    assert log["seconds"].isna().sum() == after
    assert log["seconds_left"].iloc[-1] == 0
    watch.finish()
    assert not (tmp_path / "state.pt").exists()


class Dies(Watch):
    """Ends its process after three epochs, the last of which is kept."""

    def epoch(self, history, total):
        if len(history) == 3:
            os._exit(9)


def _train_and_die(checkpoint):
    model = DeepModel("resnet18", epochs=4, batch_size=8, width=0.1)
    model.fit(*pictures(), Dies(checkpoint=checkpoint, seconds=0))


def test_a_process_that_was_killed_leaves_a_whole_state(tmp_path):
    # A fork, as PyTorch is imported here already.
    process = get_context("fork").Process(target=_train_and_die, args=(tmp_path / "state.pt",))
    process.start()
    process.join(240)
    assert process.exitcode == 9
    inputs, label = pictures()
    assert (
        torch.load(tmp_path / "state.pt", weights_only=True)["training"]["history"][-1]["epoch"]
        == 3
    )
    resumed, whole = (
        DeepModel("resnet18", epochs=4, batch_size=8, width=0.1)
        .fit(inputs, label, watch)
        .predict(inputs)
        for watch in (Watch(checkpoint=tmp_path / "state.pt"), None)
    )
    pd.testing.assert_series_equal(resumed, whole, check_exact=True)


def test_a_damaged_state_is_thrown_away_and_a_young_one_not_written_again(tmp_path):
    state = tmp_path / "state.pt"
    state.write_bytes(b"half a file")
    assert Watch(checkpoint=state).load() is None
    assert not state.exists()
    Watch(checkpoint=state).save(lambda: {"epoch": 1})
    assert not state.exists()


class FullDisk:
    """A file that takes so many bytes, and then no more."""

    def __init__(self, file, size):
        self.file, self.left = file, size

    def write(self, data):
        self.left -= len(data)
        if self.left < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return self.file.write(data)

    def __getattr__(self, name):
        return getattr(self.file, name)


def test_a_state_that_does_not_fit_on_the_disk_leaves_the_old_one_and_says_why(
    tmp_path, monkeypatch
):
    watch = Watch(checkpoint=tmp_path / "state.pt", seconds=0)
    watch.save(lambda: {"epoch": 1})
    save = torch.save
    monkeypatch.setattr(torch, "save", lambda state, file: save(state, FullDisk(file, 10_000)))
    with pytest.raises(StorageError, match="the disk is full"):
        watch.save(lambda: {"epoch": 2, "weights": torch.zeros(100_000)})
    assert watch.load() == {"epoch": 1}
    assert list(tmp_path.iterdir()) == [tmp_path / "state.pt"]


def test_a_ctrl_c_while_a_state_is_written_stays_one(tmp_path, monkeypatch):
    """PyTorch raises an error of its own after what writing raised."""
    watch = Watch(checkpoint=tmp_path / "state.pt", seconds=0)
    watch.save(lambda: {"epoch": 1})

    class Stopped(FullDisk):
        def write(self, data):
            self.left -= len(data)
            if self.left < 0:
                raise KeyboardInterrupt
            return self.file.write(data)

    save = torch.save
    monkeypatch.setattr(torch, "save", lambda state, file: save(state, Stopped(file, 10_000)))
    with pytest.raises(KeyboardInterrupt):
        watch.save(lambda: {"epoch": 2, "weights": torch.zeros(100_000)})
    assert watch.load() == {"epoch": 1}
    assert list(tmp_path.iterdir()) == [tmp_path / "state.pt"]
