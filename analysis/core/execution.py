"""Where the work runs: processes of this machine, or a Dask cluster that the study file names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from joblib import parallel_config

PATIENCE = 30.0


class Place(Protocol):
    """backend: loky or dask; scheduler: host:port of the cluster, where it is dask."""

    @property
    def backend(self) -> str:
        """Loky or dask."""
        ...

    @property
    def scheduler(self) -> str | None:
        """Host and port of the cluster."""
        ...


class ExecutionError(RuntimeError):
    """The cluster that the study file names can't be used; the message says why."""


@contextmanager
def executing(place: Place) -> Iterator[None]:
    """Everything that `analysis.core.progress.in_parallel` does inside runs at `place`, the study
    file's `execution`.

    dask: on the workers of the scheduler, which must see the study's folder and cache under the
    same path and run one thread each, because networks are seeded by process. Raises ExecutionError
    naming the scheduler where it does not answer, has no workers, or has workers of several
    threads.
    """
    if place.backend == "loky":
        yield
        return
    address = str(place.scheduler)
    try:
        from distributed import Client
    except ModuleNotFoundError:
        raise ExecutionError(
            "execution: backend dask needs the packages dask and distributed: pip install"
            " 'hcc-early-recurrence[cluster]'"
        ) from None
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=True)
    except (OSError, ValueError) as error:
        raise ExecutionError(
            f"execution: no Dask scheduler answers at {address} ({error}); start one with `dask"
            f" scheduler`, and workers with `dask worker {address} --nthreads 1`"
        ) from None
    with client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            raise ExecutionError(
                f"execution: the Dask scheduler at {address} has no workers; start some with `dask"
                f" worker {address} --nthreads 1`"
            ) from None
        workers = client.scheduler_info(n_workers=-1)["workers"]
        several = [name for name, worker in workers.items() if worker["nthreads"] > 1]
        if several:
            raise ExecutionError(
                f"execution: {len(several)} Dask worker(s) at {address} run several threads; start"
                " them with --nthreads 1, since networks are seeded by process"
            )
        with parallel_config(backend="dask", wait_for_workers_timeout=PATIENCE):
            yield
