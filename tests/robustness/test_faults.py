"""The machine's faults: killed, stopped, full, read-only, damaged, twice at once. Nothing is lost,
and the end is the same."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time

import pytest

from analysis.core.cache import PART
from analysis.core.progress import in_parallel
from tests.support.killed_workers import killed_at_three
from tests.support.record import tried
from tests.support.undisturbed import KILLS, KIND, finished, fresh, run, same


def test_killed_at_random_moments_a_study_ends_in_the_same_bytes(forks, tmp_path):
    study = fresh(tmp_path)
    first = run(forks, study).wait()
    assert first.code == 0, first.said
    same(study, forks)
    draw, done = random.Random(os.environ.get("EARLY_RECURRENCE_SEED", "9")), 0
    while done < KILLS:
        for name in ("outputs", ".cache", ".early-recurrence"):
            shutil.rmtree(study.parent / name, ignore_errors=True)
        # In the tests all kills hit one study, one after the other; in the proof each is followed
        # by a run to the end.
        moments = [draw.uniform(0, 0.95 * first.seconds) for _ in range(1 if KILLS > 10 else KILLS)]
        for moment in moments:
            killed = run(forks, study)
            time.sleep(moment)
            killed.signal(signal.SIGKILL)
            killed.wait()
            done += killed.code is None
        again = run(forks, study).wait()
        assert again.code == 0, (moments, again.said)
        same(study, forks)
        assert not [
            path
            for path in tmp_path.rglob(f".*{PART}")
            if path.is_relative_to(tmp_path / "outputs")
        ]
    tried(
        KIND,
        "kill -9 at a random moment of a run",
        "the same command goes on from there; every output is identical to the byte to that of an"
        " undisturbed run",
        count=done,
    )


def test_ctrl_c_ends_with_130_and_nothing_half_written(forks, tmp_path):
    study = fresh(tmp_path)
    first = run(forks, study).wait()
    assert first.code == 0, first.said
    for moment in (0.3, 0.7):
        seconds = first.seconds
        for _ in range(6):
            for name in ("outputs", ".cache", ".early-recurrence"):
                shutil.rmtree(tmp_path / name, ignore_errors=True)
            stopped = run(forks, study)
            time.sleep(moment * seconds)
            stopped.signal(signal.SIGINT)
            stopped.wait()
            if stopped.code:
                break
            seconds *= 0.7  # it was faster this time, and over
        assert stopped.code == 130, stopped.said
        assert "stopped; what was finished is kept" in stopped.message, stopped.said
        assert "Traceback" not in stopped.said, stopped.said
        assert not list(tmp_path.rglob(f".*{PART}"))
        again = run(forks, study).wait()
        assert again.code == 0, again.said
        same(study, forks)
        tried(KIND, "Ctrl-C", f"exit status 130; {stopped.message}")


def test_ctrl_c_with_worker_processes(tmp_path):
    """The real command with two processes, signalled as a terminal does: all of its group."""
    script = f"""
import sys, time
from pathlib import Path
from analysis import cli
from analysis.core.progress import in_parallel

def slow(number):
    (Path({str(tmp_path)!r}) / str(number)).touch()
    time.sleep(20)

cli.COMMANDS["scores"] = lambda options: len(
    in_parallel(slow, [(each,) for each in range(4)], "patients", jobs=2)
)
sys.exit(cli.main(["scores"]))
"""
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    while len(list(tmp_path.iterdir())) < 2:  # both processes are at work
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130, said
    assert said.splitlines()[-1].startswith(
        "early-recurrence: stopped; what was finished is kept"
    ), said
    tried(KIND, "Ctrl-C", f"exit status 130; {said.splitlines()[-1]}")


def test_two_runs_at_once(forks, tmp_path):
    study = fresh(tmp_path)
    (tmp_path / "second").mkdir()
    first = run(forks, study)
    while (
        not (tmp_path / "outputs" / ".running").is_file()
        or not (tmp_path / "outputs" / ".running").read_text()
    ):
        time.sleep(0.01)
    refused = forks.start(tmp_path / "second", "run", "--no-wait", "--study", str(study)).wait()
    assert refused.code == 1, refused.said
    assert f"process {first.process} on " in refused.message, refused.said
    assert "without --no-wait" in refused.message, refused.said
    waited = forks.start(tmp_path / "second", "run", "--study", str(study)).wait()
    assert first.wait().code == 0, waited.said
    assert waited.code == 0, waited.said
    assert "waiting for it to end" in waited.message, waited.said
    assert "is current" in waited.said, waited.said
    same(study, forks)
    tried(KIND, "two runs of one study at once", waited.message)
    tried(KIND, "two runs of one study at once, --no-wait", refused.message)


def test_a_clock_that_is_wrong_changes_nothing(forks, tmp_path):
    study = finished(forks, tmp_path)
    for when in (0, 4102444800):  # 1970, 2100
        for path in [
            *(tmp_path / "outputs").rglob("*"),
            *(tmp_path / ".cache").rglob("*"),
            *(tmp_path / ".early-recurrence").rglob("*"),
        ]:
            os.utime(path, (when, when))
        shutil.rmtree(tmp_path / "outputs" / "figures")
        assert "is current" in run(forks, study).wait().said
        again = run(forks, study, "--force").wait()
        assert again.code == 0, again.said
        same(study, forks)
    tried(
        KIND,
        "a clock that was set to 1970, or to 2100",
        "the same results: what is kept is found by its content, not by its time",
        count=2,
    )


def test_a_worker_that_the_system_kills_is_named_with_its_patient():
    from analysis.core.machine_errors import MemoryFault

    with pytest.raises(MemoryFault) as error:
        in_parallel(
            killed_at_three,
            [(number,) for number in range(6)],
            "radiomics",
            2,
            names=[f"patient P{number}" for number in range(6)],
        )
    text = str(error.value)
    assert text.startswith(
        "radiomics: a worker process was ended by the system while at work on patient"
    )
    assert "patient P3" in text
    assert "patient P0" not in text
    assert "memory ran out" in text
    assert "Set `jobs: 1` in the study file" in text
    assert "the same command goes on" in text
    assert in_parallel(killed_at_three, [(1,), (2,)], "radiomics", 2) == [1, 2]
    tried(KIND, "a worker process killed by the system for want of memory", text)


def test_a_lock_of_a_run_that_died_stops_nobody(tmp_path):
    from analysis.core.run_lock import LOCK, BusyError, only_run

    (tmp_path / "results.json").write_text("[]")
    (tmp_path / LOCK).write_text(json.dumps({"pid": 1, "host": "elsewhere", "since": "2020-01-01"}))
    with (
        only_run(tmp_path, wait=False),
        pytest.raises(BusyError, match=f"process {os.getpid()} on "),
        only_run(tmp_path, wait=False),
    ):
        pytest.fail("two at once")
    (tmp_path / LOCK).write_text("cut o")
    with only_run(tmp_path, wait=False):
        pass
    with only_run(tmp_path / "outputs" / "new", wait=False):
        pass
    assert not (tmp_path / "outputs").exists()
    assert (tmp_path / LOCK).exists()
    tried(KIND, "a lock left by a run that was killed", "the next run starts at once")
