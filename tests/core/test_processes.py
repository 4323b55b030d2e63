"""Worker processes: with our own packages whatever lies beside the script, and never replaced for
the memory that a library takes."""

import os
import subprocess
import sys
import textwrap

from analysis.core.processes import MOST_GROWTH
from analysis.core.progress import in_parallel
from tests.conftest import ROOT


def _script(folder, text):
    (folder / "script.py").write_text(textwrap.dedent(text))
    return subprocess.run(
        [sys.executable, "-W", "always", "script.py"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_workers_beside_a_folder_called_analysis_load_ours(tmp_path):
    for name in ("analysis", "models"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise SystemExit('the folder of the user')")
    said = _script(
        tmp_path,
        """
        import early_recurrence
        from analysis.core.cache import source_digest
        from analysis.core.progress import in_parallel
        from pathlib import Path

        found = in_parallel(source_digest, [(Path("script.py"),)] * 4, "digests", jobs=2)
        print(len(set(found)), len(found))
        """,
    )
    assert said.stdout.split() == ["1", "4"], said.stderr


def test_a_worker_whose_memory_grows_as_by_importing_pytorch_stays(tmp_path):
    """loky looks after a task that ends more than a second after its last look."""
    said = _script(
        tmp_path,
        """
        import os, time
        import early_recurrence
        from analysis.core.progress import in_parallel

        def task(number):
            import builtins
            builtins.kept = getattr(builtins, "kept", [])
            builtins.kept.append(b"1" * (4 * 10**8 if number == 3 else 1))
            time.sleep(1.1)
            return os.getpid()

        pids = in_parallel(task, [(number,) for number in range(6)], "growing", jobs=2)
        print(len(set(pids)))
        """,
    )
    assert said.returncode == 0, said.stderr
    assert int(said.stdout) <= 2
    assert "memory leak" not in said.stderr


def _limit():
    from joblib.externals.loky import process_executor

    return process_executor._MAX_MEMORY_LEAK_SIZE


def test_the_limit_of_the_installed_loky_is_the_one_that_is_raised():
    assert set(in_parallel(_limit, [()] * 2, "limits", jobs=2)) == {MOST_GROWTH}


def test_prepared_processes_have_loaded_what_work_needs_and_end_with_the_command(tmp_path):
    """The module takes until two processes load it: otherwise one that starts late may find that
    the other has loaded it twice."""
    (tmp_path / "slow_to_load.py").write_text(
        textwrap.dedent(
            """
            import os, time
            from pathlib import Path

            Path(f"loading-{os.getpid()}").touch()
            until = time.monotonic() + 60
            while len(list(Path().glob("loading-*"))) < 2 and time.monotonic() < until:
                time.sleep(0.01)
            assert len(list(Path().glob("loading-*"))) == 2
            """
        )
    )
    said = _script(
        tmp_path,
        """
        import os, sys
        import early_recurrence
        from analysis.core.processes import end_processes, prepared_processes
        from analysis.core.progress import in_parallel

        def task(_):
            import sys
            return "slow_to_load" in sys.modules, os.getpid()

        with prepared_processes(2, ["slow_to_load"]):
            found = in_parallel(task, [(number,) for number in range(6)], "tasks", jobs=2)
        assert "slow_to_load" not in sys.modules
        end_processes()
        alive = [pid for _, pid in found if os.path.exists(f"/proc/{pid}/exe")]
        print(sorted({loaded for loaded, _ in found}), alive)
        """,
    )
    assert said.stdout.split() == ["[True]", "[]"], said.stderr
    assert said.stderr == ""


def test_a_module_that_can_not_be_loaded_is_met_where_it_is_needed(tmp_path):
    said = _script(
        tmp_path,
        """
        import early_recurrence
        from analysis.core.processes import prepared_processes
        from analysis.core.progress import in_parallel

        with prepared_processes(2, ["no_such_module"]):
            print(in_parallel(abs, [(-1,), (-2,)], "numbers", jobs=2))
        """,
    )
    assert said.stdout.strip() == "[1, 2]", said.stderr
    assert "no_such_module" not in said.stderr


def test_an_error_does_not_wait_for_what_processes_load_and_says_nothing_of_it(tmp_path):
    said = _script(
        tmp_path,
        """
        import sys, time
        from pathlib import Path
        import early_recurrence
        from analysis.core.processes import end_processes, prepared_processes
        from analysis.core.progress import in_parallel

        Path("slow_to_load.py").write_text("import time; time.sleep(60)")
        sys.path.insert(0, "")
        start = time.monotonic()
        try:
            with prepared_processes(2, ["slow_to_load"]):
                time.sleep(0.5)
                raise ValueError("the table has no such column")
        except ValueError as error:
            print(error)
        # Work goes on with other processes.
        print(in_parallel(abs, [(-1,), (-2,)], "numbers", jobs=2))
        end_processes()
        print(time.monotonic() - start < 40)
        """,
    )
    assert said.stdout.splitlines() == ["the table has no such column", "[1, 2]", "True"]
    assert said.stderr == ""
