"""Calls handed out to the workers of a Dask cluster, and their results in order.

A call is handed out again where a worker goes away.
"""

from __future__ import annotations

import pickle
import time
from collections import Counter, deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from analysis.core.cluster import PATIENCE, Cluster, ExecutionError
from analysis.core.machine_errors import KEPT, MemoryFault
from analysis.core.worker import OtherCode, packed, perform

if TYPE_CHECKING:
    from distributed import Future

# Seconds between looks at the workers.
LOOK = 1.0
# Calls handed out for each worker: the one at work, and the next.
AHEAD = 2
# Times that a call is refused by workers that said beforehand that their code is the right one.
MOST_REFUSALS = 3


class ClusterWork:
    """Calls of one function on the workers of a Dask cluster.

    `function(*each)` is called for `each` of `arguments` on the workers of `cluster`. names: of
    what each call works on.
    """

    def __init__(
        self,
        cluster: Cluster,
        function: Callable[..., Any],
        arguments: Sequence[tuple[Any, ...]],
        names: Sequence[str],
    ) -> None:
        self.cluster, self.function, self.arguments = cluster, function, arguments
        self.names = names
        self.waiting = deque(range(len(arguments)))
        self.underway: dict[Any, tuple[int, frozenset[str], Future[Any]]] = {}
        self.ended: SimpleQueue[Future[Any]] = SimpleQueue()
        self.done: dict[int, Any] = {}
        self.refusals: Counter[int] = Counter()

    def results(self) -> Generator[Any]:
        """Results in the order of the arguments, each as soon as it and those before it are there.

        Raises what a call raised, ExecutionError where no worker is left, and MemoryFault where the
        system ends worker after worker on one call.
        """
        looked = float("-inf")
        try:
            for number in range(len(self.arguments)):
                while number not in self.done:
                    if time.monotonic() - looked > LOOK:
                        self.cluster.review()
                        self._take_back()
                        looked = time.monotonic()
                    self._hand_out()
                    with suppress(Empty):
                        self._settle(self.ended.get(timeout=LOOK))
                yield self.done.pop(number)
        finally:
            for _, _, future in self.underway.values():
                future.cancel()

    def _hand_out(self) -> None:
        # Installed with Dask. By value, what is no function of a module.
        import cloudpickle

        admitted = self.cluster.admitted
        while self.waiting and len(self.underway) < AHEAD * len(admitted):
            number = self.waiting.popleft()
            call = cloudpickle.dumps((self.function, self.arguments[number]))
            future = self.cluster.client.submit(
                pickle.loads,
                packed(perform, self.cluster.token, call),
                workers=sorted(admitted),
                allow_other_workers=False,
                pure=False,
            )
            self.underway[future.key] = (number, admitted, future)
            future.add_done_callback(self.ended.put)

    def _take_back(self) -> None:
        """Calls whose workers have all gone: the scheduler would keep them for those."""
        for key, (number, workers, future) in list(self.underway.items()):
            if not workers & self.cluster.admitted:
                del self.underway[key]
                future.cancel()
                self.waiting.appendleft(number)

    def _settle(self, future: Future[Any]) -> None:
        sent = self.underway.pop(future.key, None)
        if sent is None:
            return
        number = sent[0]
        if future.status == "error":
            self._failed(number, future)
            return
        try:
            self.done[number] = future.result(timeout=PATIENCE)
        except (CancelledError, OSError, TimeoutError):
            # The worker that held the result, or the connection, went away meanwhile.
            self.waiting.appendleft(number)

    def _failed(self, number: int, future: Future[Any]) -> None:
        """Raise the error of a call; one that a worker refused waits for another worker."""
        error = future.exception(timeout=PATIENCE)
        if isinstance(error, OtherCode) and self.refusals[number] < MOST_REFUSALS:
            self.refusals[number] += 1
            self.cluster.ask_again()
            self.cluster.review()
            self.waiting.appendleft(number)
            return
        if isinstance(error, OtherCode):
            raise ExecutionError(f"execution: a worker refuses its work: {error}") from error
        # By name: dask is not always installed.
        if type(error).__name__ == "KilledWorker":
            raise MemoryFault(
                f"worker after worker of the cluster was ended by the system while at work on"
                f" {self.names[number]}, most likely because memory ran out. Start fewer workers on"
                f" a machine (--nworkers), or give them more memory. {KEPT}"
            ) from error
        future.result(timeout=PATIENCE)
