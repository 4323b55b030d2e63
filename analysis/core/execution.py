"""Place of work: processes of this machine, or a Dask cluster that the study file names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from joblib import effective_n_jobs

from analysis.core.cluster import Cluster, ExecutionError, connected

__all__ = ["ExecutionError", "Place", "current_cluster", "executing", "process_count"]


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


_cluster: Cluster | None = None


@contextmanager
def executing(place: Place) -> Iterator[None]:
    """Context in which parallel work runs at a given place.

    Everything that `analysis.core.progress.in_parallel` does inside runs at `place`, the study
    file's `execution`.

    dask: on those workers of the scheduler that have this process's code, libraries and arithmetic
    and run one thread each, because networks are seeded by process; they must see the study's
    folder and cache under the same path. Raises ExecutionError naming the scheduler where it does
    not answer, or has no such worker.
    """
    global _cluster
    if place.backend == "loky":
        yield
        return
    with connected(str(place.scheduler)) as cluster:
        before, _cluster = _cluster, cluster
        try:
            yield
        finally:
            _cluster = before


def current_cluster() -> Cluster | None:
    """The cluster that work goes to now; None where it stays on this machine."""
    return _cluster


def process_count(jobs: int) -> int:
    """Number of processes that share the work: `jobs` here, or the workers of the cluster."""
    return effective_n_jobs(jobs) if _cluster is None else len(_cluster.admitted)
