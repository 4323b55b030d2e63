"""`early-recurrence worker`: Dask workers that compute as the runs do which they serve."""

from __future__ import annotations

import argparse
import os
import sys
from importlib.util import find_spec


def add_worker_command(commands: argparse._SubParsersAction) -> None:
    """The command's options."""
    worker = commands.add_parser(
        "worker",
        help="join a Dask cluster that a study file names under `execution`, with this code",
    )
    worker.add_argument("scheduler", metavar="HOST:PORT", help="of `dask scheduler --port PORT`")
    worker.add_argument(
        "--nworkers", type=int, default=1, help="processes, of one thread each (default: 1)"
    )
    worker.add_argument(
        "more",
        nargs="*",
        metavar="OPTION",
        help="more options of `dask worker`, after --, such as -- --memory-limit 8GB",
    )


def worker_command(options: argparse.Namespace) -> list[str]:
    """`dask worker`, of this Python, with this package imported first."""
    # Imported when called, as below: the command line makes its parser from this module before it
    # has chosen the arithmetic, and NumPy must not be loaded by then.
    from analysis.core.processes import PACKAGE

    return [
        *(sys.executable, "-P", "-m", "dask", "worker", options.scheduler),
        *("--nworkers", str(options.nworkers), "--nthreads", "1", "--preload", PACKAGE),
        *options.more,
    ]


def run_worker(options: argparse.Namespace) -> int:
    """Become the workers.

    Dask loads NumPy before this package, so that the arithmetic has to be in the environment, where
    importing this package has put it. Raises RuntimeError without Dask.
    """
    if find_spec("distributed") is None:
        raise RuntimeError(
            "a worker needs the packages dask and distributed: pip install"
            " 'hcc-early-recurrence[cluster]'"
        )
    # Imported here: the check above must come first.
    from analysis.core.code_identity import HOME

    path = os.pathsep.join([str(HOME), *filter(None, [os.environ.get("PYTHONPATH")])])
    command = worker_command(options)
    sys.stdout.flush()
    os.execve(command[0], command, os.environ | {"PYTHONPATH": path})
