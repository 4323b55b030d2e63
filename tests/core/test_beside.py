"""Calls that run while the process goes on with something else."""

import threading

import pytest

from analysis.core.beside import begun
from analysis.core.cache import planning
from analysis.core.progress import in_parallel


def _wait_for(event, other):
    assert event.wait(30)
    other.set()
    return threading.current_thread() is threading.main_thread()


def test_the_call_runs_beside_this_process():
    go, done = threading.Event(), threading.Event()
    result = begun(2, _wait_for, go, done)
    assert not done.is_set()
    go.set()
    assert result() is False
    assert done.is_set()
    assert result() is False


def test_its_error_is_raised_where_the_result_is_taken():
    result = begun(2, int, "no number")
    with pytest.raises(ValueError, match="no number"):
        result()


@pytest.mark.parametrize("planned", [False, True])
def test_with_one_process_or_while_planning_it_is_called_when_it_is_asked_for(planned):
    called = []
    if planned:
        with planning():
            result = begun(2, called.append, 1)
    else:
        result = begun(1, called.append, 1)
    assert called == []
    result()
    assert called == [1]


def test_its_work_is_done_by_processes():
    result = begun(2, in_parallel, abs, [(-1,), (-2,), (3,)], "numbers", 2)
    assert result() == [1, 2, 3]
