"""Where the time of a run goes: stages within stages, and the table of `--timings`."""

from __future__ import annotations

import threading
from pathlib import Path

from analysis.cli import main
from analysis.core.progress import in_parallel
from analysis.core.stages import STAGES, Stages
from analysis.workflow import run as run_module
from tests.conftest import ROOT


def test_no_second_counts_twice():
    clock = iter([0.0, 1.0, 4.0, 10.0, 20.0, 25.0])
    stages = Stages(clock=lambda: next(clock))
    with stages.stage("outer"), stages.stage("inner"):
        pass
    with stages.stage("inner"):
        pass
    assert stages.seconds == {"outer": 7.0, "inner": 8.0}


def test_a_stage_beside_the_main_thread_is_not_counted():
    now = [0.0]
    stages = Stages(clock=lambda: now[0])

    def beside():
        with stages.stage("beside"):
            now[0] = 5.0

    with stages.stage("outer"):
        thread = threading.Thread(target=beside)
        thread.start()
        thread.join()
        now[0] = 7.0
    assert stages.seconds == {"outer": 7.0}


def test_the_table_has_the_longest_first_and_all_of_the_time():
    stages = Stages(seconds={"figures": 20.0, "radiomics": 50.0, "a moment": 0.1})
    assert [line.split() for line in stages.table(100.0).splitlines()] == [
        ["radiomics", "50", "s", "50.0%"],
        ["figures", "20", "s", "20.0%"],
        ["everything", "else", "30", "s", "30.0%"],
        ["together", "2", "min", "100.0%"],
    ]


def test_a_stage_that_fails_counts():
    stages = Stages()
    try:
        with stages.stage("fits"):
            raise ValueError
    except ValueError:
        pass
    assert list(stages.seconds) == ["fits"]


def test_parallel_work_is_a_stage_by_its_name():
    in_parallel(abs, [(-1,)], "magnitudes", jobs=1)
    assert "magnitudes" in STAGES.seconds


def test_the_command_says_it_where_it_is_asked(monkeypatch, capsys):
    done = run_module.Run(Path("outputs/demo"), computed=False)
    monkeypatch.setattr(run_module, "run", lambda *_, **__: done)
    assert main(["run", "--study", str(ROOT / "study.yml"), "--timings"]) == 0
    assert "together" in capsys.readouterr().err
    assert main(["run", "--study", str(ROOT / "study.yml")]) == 0
    assert "together" not in capsys.readouterr().err
