"""Workers of a cluster with other code, other arithmetic or no package; workers and schedulers that
go away; one call at a time. Real processes of Dask on this machine."""

import os
import re
import signal
import threading
import time
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest

import analysis.core.cluster
import analysis.core.cluster_work
from analysis.core.cache import read_timings
from analysis.core.execution import ExecutionError, executing, process_count
from analysis.core.machine_errors import MemoryFault
from analysis.core.progress import in_parallel
from analysis.study import load_study
from analysis.training import trained
from analysis.workflow.check.load import load_cohort
from tests.support.cluster_calls import broken, busy, kept, killed, own_pid
from tests.support.dask_cluster import (
    Processes,
    local_cluster,
    not_pinned,
    other_tree,
    within,
    without_package,
)
from tests.support.tiny_study import tiny_study

OTHER_FILE = "models/inputs.py"


def _place(address):
    return SimpleNamespace(backend="dask", scheduler=address)


def _wait_for(count, address):
    from distributed import Client

    with Client(address) as client:
        client.wait_for_workers(count)


def _right(folder):
    return os.environ | {"PYTHONPATH": str(Path(analysis.__file__).parents[1])}


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """A scheduler without the package; one right worker, and three that must take no part."""
    folder = tmp_path_factory.mktemp("cluster")
    with Processes(folder / "run") as processes, within():
        address = processes.scheduler(without_package(folder / "blocked"))
        right = processes.worker("right", address, _right(folder))
        processes.worker("other", address, other_tree(folder / "tree", OTHER_FILE))
        processes.plain_worker("bare", address, without_package(folder / "blocked"))
        processes.plain_worker("unpinned", address, not_pinned())
        _wait_for(4, address)
        yield SimpleNamespace(address=address, right=right.pid)


def test_workers_that_would_compute_other_numbers_are_left_out_with_their_reason(cluster, capsys):
    with within(), executing(_place(cluster.address)):
        assert process_count(jobs=7) == 1
        assert set(in_parallel(own_pid, [(0.0,)] * 6, "pids")) == {cluster.right}
    said = capsys.readouterr().err
    left_out = re.findall(r"execution: worker tcp://\S+ is left out: (.*)", said)
    assert len(left_out) == 3
    assert f"its code of hcc-early-recurrence is another ({OTHER_FILE})" in left_out
    assert "hcc-early-recurrence is not installed there" in left_out
    native = next(text for text in left_out if "arithmetic" in text)
    assert native.startswith("its arithmetic is native (")
    assert f"start it by `early-recurrence worker {cluster.address} --nworkers 16`" in native
    assert re.search(
        rf"execution: 1 worker of the Dask cluster at {cluster.address}; what they do:"
        r" http://127\.0\.0\.1:\d+/status",
        said,
    )


def test_work_inside_a_task_is_sequential_and_no_other_task_is_seated_beside_it(cluster):
    with within(), executing(_place(cluster.address)):
        found = in_parallel(busy, [(number,) for number in range(4)], "busy")
    moments = sorted(moment for parts in found for moment in parts)
    assert len(moments) == 16
    assert all(end <= start for (_, end), (start, _) in pairwise(moments))


def test_an_error_of_a_call_is_the_error_itself(cluster):
    with within(), executing(_place(cluster.address)), pytest.raises(KeyError, match="patient P2"):
        in_parallel(broken, [(number,) for number in range(4)], "broken")


def _kill_when(folder, count, processes):
    """Kill processes once `count` pieces were computed; the thread that does it."""

    def kill():
        while len(read_timings(folder)) < count:
            time.sleep(0.02)
        for process in processes:
            process.kill()

    thread = threading.Thread(target=kill, daemon=True)
    thread.start()
    return thread


class Own:
    """A cluster whose processes tests may end; what they leave of it, the next one takes over."""

    def __init__(self, processes, folder):
        self.processes, self.env, self.started = processes, _right(folder), []
        self.address = processes.scheduler(self.env)

    def worker(self):
        name = f"worker{len(self.started)}"
        self.started.append(self.processes.worker(name, self.address, self.env))

    def workers(self, count):
        """So many at work."""
        while len(there := [each for each in self.started if each.poll() is None]) < count:
            self.worker()
        _wait_for(count, self.address)
        return there


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    folder = tmp_path_factory.mktemp("own")
    with Processes(folder) as processes, within():
        yield Own(processes, folder)


def _soon(monkeypatch):
    """What is waited for, a result whose worker is gone too, is given up after a second."""
    for module in (analysis.core.cluster, analysis.core.cluster_work):
        monkeypatch.setattr(module, "PATIENCE", 1.0)


def test_all_workers_killed_is_said_and_the_same_run_goes_on_with_new_ones(
    own, tmp_path, monkeypatch
):
    arguments = [(tmp_path / "cache" / "fits", number) for number in range(20)]
    with within():
        _kill_when(tmp_path / "cache", 3, own.workers(2))
        with executing(_place(own.address)):
            _soon(monkeypatch)
            with pytest.raises(ExecutionError) as error:
                in_parallel(kept, arguments, "kept")
        monkeypatch.undo()
        text = str(error.value)
        assert f"the Dask scheduler at {own.address} has had no workers for 1 s" in text
        assert f"start some by `early-recurrence worker {own.address} --nworkers 16`" in text
        assert "What was finished is kept" in text
        before = len(read_timings(tmp_path / "cache"))
        assert 3 <= before < 20
        own.worker()
        with executing(_place(own.address)):
            found = in_parallel(kept, arguments, "kept")
        assert found == [number * number for number in range(20)]
        assert len(read_timings(tmp_path / "cache")) == 20


def test_one_of_two_workers_killed_gives_the_same_bytes(own, tmp_path):
    def study(name, **more):
        return load_study(tiny_study(tmp_path / name, **more))

    def predictions(each):
        with executing(each.execution):
            return trained(load_cohort(each))[1].predictions.table.to_csv()

    here = predictions(study("here"))
    with within():
        workers = own.workers(2)
        there = study("there", execution={"backend": "dask", "scheduler": own.address})
        killer = _kill_when(there.cache_folder, 1, workers[:1])
        assert predictions(there) == here
        killer.join()
        assert workers[0].wait() == -signal.SIGKILL
        assert len(read_timings(there.cache_folder)) > 1


def test_a_scheduler_that_goes_away_is_said(own, tmp_path, monkeypatch):
    """The last that takes this cluster."""
    arguments = [(tmp_path / "cache" / "fits", number) for number in range(200)]
    with within():
        own.workers(1)
        with executing(_place(own.address)):
            _soon(monkeypatch)
            _kill_when(tmp_path / "cache", 2, [own.processes.scheduler_process])
            with pytest.raises(
                ExecutionError, match=f"scheduler at {own.address} no longer answers; start it and"
            ):
                in_parallel(kept, arguments, "kept")


def test_a_call_that_ends_worker_after_worker_is_named():
    with (
        within(),
        local_cluster(1) as local,
        executing(_place(local.scheduler_address)),
    ):
        local.scheduler.allowed_failures = 0
        with pytest.raises(MemoryFault, match="at work on patient P7, most likely because memory"):
            in_parallel(killed, [()], "radiomics", names=["patient P7"])
