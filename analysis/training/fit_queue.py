"""Order in which fits are carried out, and where.

Networks for a GPU run one at a time on each, all others on the processors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from analysis.core.cache import is_planning
from analysis.core.execution import current_cluster
from analysis.core.progress import in_parallel
from analysis.core.side_processes import side_processes
from analysis.training.fits import Fit, FitTask, fit_group
from analysis.training.settings import ConfiguredModel


def card_count() -> int:
    """GPUs of this machine."""
    # Imported here: without networks on a GPU nothing must wait for PyTorch.
    from models.deep.cards import cards

    return len(cards())


def _on_card(model: ConfiguredModel) -> bool:
    return getattr(model.settings, "device", "cpu") == "cuda"


def jobs_on(models: Iterable[ConfiguredModel], jobs: int) -> int:
    """Number of processes for fits of models that come together.

    They are no more than there are GPUs, where one of the models waits for one.
    """
    if not any(map(_on_card, models)) or current_cluster() is not None:
        return jobs
    there = max(1, card_count())
    return there if jobs < 0 else min(jobs, there)


def fit_all(
    tasks: Sequence[FitTask], jobs: int, status: Callable[[], str] | None = None
) -> list[list[Fit]]:
    """The fits of each task, in order.

    With a GPU on this machine, a process of its own for each GPU takes the networks one by one,
    while `jobs` processes fit everything else.
    """
    numbers = [number for number, task in enumerate(tasks) if _on_card(task.models[0])]
    if not numbers or current_cluster() is not None or is_planning():
        return _on_processors(tasks, jobs, status)
    others = [number for number in range(len(tasks)) if number not in set(numbers)]
    with side_processes(
        min(len(numbers), max(1, card_count())),
        fit_group,
        [(tasks[number],) for number in numbers],
        "networks on GPUs",
    ) as networks:
        found = dict(
            zip(
                others,
                _on_processors([tasks[number] for number in others], jobs, status),
                strict=True,
            )
        )
        found |= dict(zip(numbers, networks(), strict=True))
    return [found[number] for number in range(len(tasks))]


def _on_processors(
    tasks: Sequence[FitTask], jobs: int, status: Callable[[], str] | None
) -> list[list[Fit]]:
    return in_parallel(
        fit_group,
        [(task,) for task in tasks],
        "models",
        jobs=jobs,
        status=status,
        names=[task.title for task in tasks],
    )
