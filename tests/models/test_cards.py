"""One process a GPU, from a made list of them; words where the memory of one runs out; float32 that
is float32."""

import os
from contextlib import nullcontext
from itertools import pairwise
from multiprocessing import get_context

import pytest
import torch

import analysis.training.fit_queue as queue
import models.deep.cards as module
from analysis.core.machine_errors import MemoryFault
from analysis.core.side_processes import side_processes
from models.deep.cards import on_device
from models.deep.device import reproducible
from tests.support.cluster_calls import broken, own_pid
from tests.support.made_cards import hold
from tests.support.made_task import MadeTask


@pytest.fixture
def two_cards(monkeypatch, tmp_path):
    monkeypatch.setattr(module, "cards", lambda: ["GPU-a", "GPU-b"])
    monkeypatch.setattr(module, "_last", [])
    monkeypatch.setattr("torch.cuda.device", lambda number: nullcontext())
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


def test_processes_have_different_cards_and_no_card_two_processes(tmp_path):
    names = ["GPU-a", "GPU-b"]
    # Forks, which have PyTorch loaded: whose processes they are makes no difference to the locks.
    with get_context("fork").Pool(3) as processes:
        held = processes.starmap(hold, [(tmp_path, names, 0.05)] * 9, chunksize=1)
    assert {name for name, _, _, _ in held} == set(names)
    assert len({pid for _, _, _, pid in held}) > 1
    for name in names:
        times = sorted((start, end) for each, start, end, _ in held if each == name)
        assert all(end <= start for (_, end), (start, _) in pairwise(times))


def test_a_process_keeps_to_its_card_and_takes_another_where_it_is_taken(two_cards):
    with module.free_card() as first:
        assert first == 0
        with module.free_card() as second:
            assert second == 1
    with module.free_card() as again:
        assert again == 1


def test_no_card_is_said(monkeypatch):
    monkeypatch.setattr(module, "cards", list)
    with pytest.raises(ValueError, match="PyTorch sees no GPU here"), on_device("cuda"):
        pass
    with on_device("cpu"):
        pass


def test_memory_that_runs_out_says_what_to_lower_and_frees_the_card(two_cards, monkeypatch):
    emptied = []
    monkeypatch.setattr("torch.cuda.empty_cache", lambda: emptied.append(True))
    with pytest.raises(MemoryFault) as error, on_device("cuda"):
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")
    assert str(error.value) == (
        "the GPU's memory ran out; under deep_learning lower batch_size or crop_pixels, write"
        " gradient_checkpointing: true, or device: cpu. What was finished is kept, and the same"
        " command goes on from there"
    )
    assert emptied == [True]
    with module.free_card() as number:
        assert number == 0


def test_scores_are_computed_without_tf32_and_the_setting_comes_back():
    def settings():
        return torch.backends.cudnn.allow_tf32, torch.backends.cuda.matmul.allow_tf32

    before = settings()
    assert before[0]
    with reproducible():
        assert settings() == (False, False)
    assert settings() == before


def test_networks_have_a_process_for_each_card_and_other_fits_the_rest(monkeypatch):
    def fit_group(task):
        return [task.title, own_pid(0.2)]

    monkeypatch.setattr(queue, "fit_group", fit_group)
    monkeypatch.setattr(queue, "card_count", lambda: 2)
    tasks = [MadeTask(f"fit {number}", "cuda" if number % 2 else "cpu") for number in range(12)]
    found = queue.fit_all(tasks, jobs=2)
    assert [title for title, _ in found] == [task.title for task in tasks]
    on_cards, on_processors = ({pid for _, pid in found[start::2]} for start in (1, 0))
    assert 1 <= len(on_cards) <= 2
    assert not on_cards & on_processors
    assert os.getpid() not in on_cards | on_processors


@pytest.mark.parametrize(
    ("device", "jobs", "processes"),
    [("cuda", 4, 2), ("cuda", -1, 2), ("cuda", 1, 1), ("cpu", 4, 4)],
)
def test_no_more_processes_than_cards(monkeypatch, device, jobs, processes):
    monkeypatch.setattr(queue, "card_count", lambda: 2)
    assert queue.jobs_on(MadeTask("fit", device).models, jobs) == processes


def test_an_error_beside_is_the_error_itself():
    with (
        pytest.raises(KeyError, match="patient P2"),
        side_processes(1, broken, [(2,)], "networks on GPUs") as results,
    ):
        results()
