"""Workers of a Dask cluster.

They are those whose code, libraries and arithmetic are this process's; others are left out, and it
is said why.

Dask's own client, scheduler and workers, without joblib's back end for them: that one seats the
work inside a task as further tasks, and waits without end for workers that are gone.
"""

from __future__ import annotations

import asyncio
import pickle
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from analysis.core.code_identity import CodeIdentity, code_identity, differences
from analysis.core.machine_errors import KEPT
from analysis.core.word_lists import counted
from analysis.core.worker import answer, packed

if TYPE_CHECKING:
    from distributed import Client

# Seconds: for a scheduler or a worker to answer, and for a worker to come where there is none.
PATIENCE = 30.0
# Arguments of a task are megabytes of images; Dask warns from 10 MB on.
LARGEST_QUIET_TASK = "2GB"


class ExecutionError(RuntimeError):
    """The cluster that the study file names can't be used; the message says why."""


def _start(address: str) -> str:
    return f"`early-recurrence worker {address} --nworkers 16` on each machine"


def _reason(address: str, own: CodeIdentity, found: Any) -> str | None:
    """Reason why a worker that answered `found` can't take part; None where it can."""
    if isinstance(found, TimeoutError):
        return f"it did not answer within {PATIENCE:.0f} s"
    if isinstance(found, ModuleNotFoundError) and found.name == "early_recurrence":
        return "hcc-early-recurrence is not installed there"
    if isinstance(found, BaseException):
        return str(found) or type(found).__name__
    differ = differences(own, found)
    if not differ:
        return None
    again = ""
    if found.arithmetic != own.arithmetic:
        again = f"; start it by {_start(address)}, which sets the arithmetic before NumPy is loaded"
    return "; ".join(differ) + again


class Cluster:
    """admitted: addresses of workers that work may go to. refused: address → why none may."""

    def __init__(self, client: Client, address: str) -> None:
        self.client, self.address, self.identity = client, address, code_identity()
        self.admitted: frozenset[str] = frozenset()
        self.refused: dict[str, str] = {}
        self._right: set[str] = set()
        self._seen = time.monotonic()
        self._paused = False

    @property
    def token(self) -> str:
        """Token of the code that calls may be carried out by."""
        return self.identity.token

    def ask_again(self) -> None:
        """Trust no worker until it has said anew which code it has."""
        self._right.clear()

    def review(self) -> None:
        """Look which workers there are, and ask new ones for their code.

        Raises ExecutionError where there was none to work with for PATIENCE seconds.
        """
        there = self._there()
        self.refused = {each: why for each, why in self.refused.items() if each in there}
        new = [each for each in there if each not in self._right and each not in self.refused]
        for each, reason in (self._asked(new, there) if new else {}).items():
            if reason is None:
                self._right.add(each)
            else:
                self.refused[each] = reason
                _say(f"worker {each} is left out: {reason}")
        self._right &= there.keys()
        self.admitted = frozenset(self._right)
        if self.admitted:
            self._seen = time.monotonic()
            self._say_paused(there)
        elif self.client.status == "closed" or time.monotonic() - self._seen > PATIENCE:
            raise ExecutionError(self._alone(bool(there)))

    def _say_paused(self, there: Mapping[str, Any]) -> None:
        paused = all(there[each].get("status") == "paused" for each in self.admitted)
        if paused and not self._paused:
            _say(
                "all workers are paused, as their memory is nearly full; they go on when it is"
                " free again, or start fewer on a machine (--nworkers)"
            )
        self._paused = paused

    def _there(self) -> dict[str, Any]:
        """Address → what the scheduler knows of the worker; none where it does not answer."""
        if self.client.status != "running":
            return {}

        scheduler = self.client.scheduler
        assert scheduler is not None

        async def look() -> dict[str, Any]:
            found = await asyncio.wait_for(scheduler.identity(n_workers=-1), PATIENCE)
            return dict(found["workers"])

        try:
            workers: dict[str, Any] = self.client.sync(look)
        except (OSError, TimeoutError):
            return {}
        return workers

    def _asked(self, addresses: list[str], there: Mapping[str, Any]) -> dict[str, str | None]:
        """Address → why it can't take part, or None; without those that went away meanwhile."""
        question = packed(answer)

        async def one(address: str) -> Any:
            try:
                found = await asyncio.wait_for(
                    self.client.run(pickle.loads, question, workers=[address], on_error="return"),
                    PATIENCE,
                )
            except TimeoutError as error:
                return error
            return found.get(address)

        async def all_of() -> list[Any]:
            return await asyncio.gather(*map(one, addresses))

        said = dict(zip(addresses, self.client.sync(all_of), strict=True))
        found: dict[str, str | None] = {}
        for each, identity in said.items():
            threads = there[each]["nthreads"]
            if threads > 1:
                found[each] = (
                    f"it runs {threads} threads; start it with --nthreads 1, since networks are"
                    " seeded by process"
                )
            elif identity is not None and not isinstance(identity, OSError):
                found[each] = _reason(self.address, self.identity, identity)
        return found

    def _alone(self, others: bool) -> str:
        if self.client.status != "running":
            return (
                f"execution: the Dask scheduler at {self.address} no longer answers; start it and"
                f" its workers again. {KEPT}"
            )
        why = "".join(f"\n  {each}: {reason}" for each, reason in sorted(self.refused.items()))
        none = (
            f"no worker of the Dask cluster at {self.address} can take part:{why}\nStart"
            if others and why
            else f"the Dask scheduler at {self.address} has had no workers for {PATIENCE:.0f} s;"
            " start"
        )
        return f"execution: {none} some by {_start(self.address)}. {KEPT}"


def _say(text: str) -> None:
    print(f"execution: {text}", file=sys.stderr, flush=True)


def _client(address: str) -> Client:
    # Imported here: only a study on a cluster needs it, and it is not always installed.
    try:
        import dask
        from distributed import Client
    except ModuleNotFoundError:
        raise ExecutionError(
            "execution: backend dask needs the packages dask and distributed: pip install"
            " 'hcc-early-recurrence[cluster]'"
        ) from None
    port = address.rpartition(":")[2]
    dask.config.set({"distributed.admin.large-graph-warning-threshold": LARGEST_QUIET_TASK})
    try:
        return Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, ImportError) as error:
        raise ExecutionError(
            f"execution: no Dask scheduler answers at {address} ({error}); start one with `dask"
            f" scheduler --port {port}`, and workers by {_start(address)}"
        ) from None


@contextmanager
def connected(address: str) -> Iterator[Cluster]:
    """The cluster of a scheduler, host:port, with a worker at least that can take part.

    Raises ExecutionError naming the scheduler where it does not answer or has no such worker.
    """
    client = _client(address)
    try:
        cluster = Cluster(client, address)
        cluster.review()
        while not cluster.admitted and not cluster.refused:
            time.sleep(0.2)
            cluster.review()
        if not cluster.admitted:
            raise ExecutionError(cluster._alone(True))
        _say(
            f"{counted(len(cluster.admitted), 'worker')} of the Dask cluster at {address}; what"
            f" they do: {client.dashboard_link}"
        )
        yield cluster
    finally:
        client.close(timeout=2)
