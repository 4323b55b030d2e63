"""Real schedulers and workers of Dask on this machine, each a process with an environment and a
code tree of its own."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import dask
from distributed import LocalCluster
from distributed.utils import get_mp_context

from analysis.core.arithmetic import KERNELS
from analysis.core.code_identity import OWN
from tests.conftest import ROOT

# A machine that is not at leisure takes long to start a process.
SECONDS = 240
PRELOADED = ["early_recurrence", "analysis.training", "models.deep", "distributed"]
BLOCK = """
import sys
class Block:
    def find_spec(self, name, path=None, target=None):
        if name.partition('.')[0] in {names!r}:
            raise ModuleNotFoundError(f'No module named {{name!r}}', name=name)
sys.meta_path.insert(0, Block())
"""


@contextmanager
def within(seconds: float = SECONDS) -> Iterator[None]:
    """Raises TimeoutError where what is inside takes longer: a hang ends as a failure."""

    def late(*_: object) -> None:
        raise TimeoutError(f"not done within {seconds} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def without_package(folder: Path) -> dict[str, str]:
    """Environment of a process in which this package can't be imported, wherever it lies."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sitecustomize.py").write_text(BLOCK.format(names=set(OWN)))
    return os.environ | {"PYTHONPATH": str(folder)}


def not_pinned() -> dict[str, str]:
    """Environment in which nobody has set the arithmetic."""
    left_out = {*KERNELS, "NPY_DISABLE_CPU_FEATURES"}
    return {name: value for name, value in os.environ.items() if name not in left_out} | {
        "PYTHONPATH": str(ROOT)
    }


def other_tree(folder: Path, file: str) -> dict[str, str]:
    """Environment with a copy of the code in `folder`, in which `file` has one line more."""
    for name in OWN:
        shutil.copytree(ROOT / name, folder / name)
    with (folder / file).open("a") as code:
        code.write("# another version\n")
    return os.environ | {"PYTHONPATH": str(folder)}


@contextmanager
def local_cluster(workers: int) -> Iterator[LocalCluster]:
    """Workers of this process's own cluster, each a process with one thread. They are forked from
    one that has imported what they need, which each of them would take seconds for."""
    with dask.config.set({"distributed.worker.multiprocessing-method": "forkserver"}):
        get_mp_context().set_forkserver_preload(PRELOADED)
        with LocalCluster(
            n_workers=workers, threads_per_worker=1, dashboard_address=":0", host="127.0.0.1"
        ) as cluster:
            yield cluster


class Processes:
    """Processes that are ended with the test. folder: for their logs, and where they run."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.stack = folder, ExitStack()

    def __enter__(self) -> Processes:
        self.folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.close()

    def start(self, name: str, arguments: list[str], env: dict[str, str]) -> subprocess.Popen:
        log = self.stack.enter_context((self.folder / f"{name}.log").open("w"))
        process = subprocess.Popen(
            [sys.executable, *arguments], cwd=self.folder, env=env, stdout=log, stderr=log
        )
        self.stack.callback(process.wait)
        self.stack.callback(process.kill)
        return process

    def scheduler(self, env: dict[str, str]) -> str:
        """Its address; `self.scheduler_process` is the process."""
        self.scheduler_process = self.start(
            "scheduler",
            "-m dask scheduler --host 127.0.0.1 --port 0 --dashboard-address 127.0.0.1:0".split(),
            env,
        )
        with within():
            while True:
                log = (self.folder / "scheduler.log").read_text()
                if found := re.search(r"Scheduler at:\s+(tcp://[\d.:]+)", log):
                    return found[1]
                assert self.scheduler_process.poll() is None, log

    def worker(self, name: str, address: str, env: dict[str, str]) -> subprocess.Popen:
        """By this package's command, without Dask's second process that would start it again."""
        arguments = ["-m", "early_recurrence", "worker", address]
        more = ["--no-nanny", "--name", name, "--no-dashboard"]
        return self.start(name, [*arguments, "--", *more], env)

    def plain_worker(self, name: str, address: str, env: dict[str, str]) -> subprocess.Popen:
        """By Dask's command."""
        more = ["--no-nanny", "--name", name, "--no-dashboard", "--nthreads", "1"]
        return self.start(name, ["-m", "dask", "worker", address, *more], env)
