"""The machine's faults: killed, stopped, full, read-only, damaged, twice at once. Nothing is lost,
and the end is the same."""

import errno
import json
import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from analysis.core.cache import PART, StorageError, cached, piece, write_atomically
from analysis.core.private_files import NotPrivateError
from analysis.core.progress import in_parallel
from tests.support.forked import Forks
from tests.support.record import tried
from tests.support.tiny_study import tiny_study

# `make prove` sets them to 50 and to the study with features.
KILLS = int(os.environ.get("EARLY_RECURRENCE_KILLS", "3"))
WHOLE = {} if "EARLY_RECURRENCE_KILLS" in os.environ else {"radiomics": None}
KIND = "Faults of the machine"


def state_of(study: Path) -> dict[str, bytes]:
    """Every file that a run leaves, but for the log of timings, the lock's file and the cache,
    whose entries are compared by what they make."""
    files = {
        path.relative_to(study.parent).as_posix(): path
        for folder in ("outputs", ".early-recurrence")
        for path in sorted((study.parent / folder).rglob("*"))
        if path.is_file()
    }
    return {name: path.read_bytes() for name, path in files.items() if path.name != ".running"}


@pytest.fixture(scope="module")
def forks(tmp_path_factory):
    study = tiny_study(tmp_path_factory.mktemp("undisturbed"), **WHOLE)
    with Forks(study) as server:
        server.expected = state_of(study)
        assert len(server.expected) > 30
        assert "outputs/results.json" in server.expected
        yield server


def run(forks, study, *options, **limits):
    return forks.start(study.parent, "run", "--study", str(study), *options, **limits)


def fresh(folder):
    return tiny_study(folder, **WHOLE)


def finished(forks, folder):
    """A study whose undisturbed run is over: a copy."""
    shutil.copytree(forks.study.parent, folder, dirs_exist_ok=True)
    return folder / "study.yml"


def same(study, forks):
    found = state_of(study)
    assert sorted(found) == sorted(forks.expected)
    assert [name for name in found if found[name] != forks.expected[name]] == []


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


@pytest.mark.parametrize("moment", [0.3, 0.7])
def test_ctrl_c_ends_with_130_and_nothing_half_written(forks, tmp_path, moment):
    study = fresh(tmp_path)
    first = run(forks, study).wait()
    assert first.code == 0, first.said
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
    script = (
        "import sys, time\nfrom analysis import cli\nfrom analysis.core.progress import"
        " in_parallel\ncli.COMMANDS['scores'] = lambda options: in_parallel(time.sleep, [(5,)] * 4,"
        " 'patients', 2) and 0\nsys.exit(cli.main(['scores']))"
    )
    process = subprocess.Popen(
        [os.sys.executable, "-c", script],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    for line in iter(process.stderr.readline, ""):
        if "patients" in line:
            break
    time.sleep(2.5)
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


@pytest.fixture
def mounts():
    """A file system can be mounted in a namespace of the test's own; else the test is skipped."""
    if (
        shutil.which("unshare") is None
        or subprocess.run(
            ["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True
        ).returncode
    ):
        pytest.skip("no file system can be mounted here")


@pytest.mark.usefixtures("mounts")
def test_a_disk_that_is_full(forks, tmp_path):
    """A real one: a file system of a few hundred kilobytes, in a namespace of the test's own."""
    study = fresh(tmp_path)
    command = (
        f"mkdir outputs && mount -t tmpfs -o size=64k tmpfs outputs && {os.sys.executable} -m"
        f" analysis.cli run --study study.yml; code=$?; ls -A outputs | grep -c '{PART}$'; exit"
        " $code"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    shutil.copytree(
        forks.study.parent / ".cache", tmp_path / ".cache", ignore=shutil.ignore_patterns("outputs")
    )
    full = subprocess.run(
        ["unshare", "-rm", "bash", "-c", command],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=environment,
    )
    assert full.returncode == 1, full.stderr
    assert "the disk is full" in full.stderr, full.stderr
    assert "Traceback" not in full.stderr, full.stderr
    assert full.stdout.split()[-1] == "0", full.stderr
    shutil.rmtree(tmp_path / "outputs")
    assert run(forks, study).wait().code == 0
    same(study, forks)
    tried(
        KIND,
        "disk full",
        next(
            line
            for line in full.stderr.replace("\r", "\n").splitlines()
            if line.startswith("early-recurrence:")
        ),
    )


def test_a_file_larger_than_the_system_allows(forks, tmp_path):
    study = fresh(tmp_path)
    limited = run(forks, study, largest_file=20_000).wait()
    message = limited.message
    assert limited.code == 1, limited.said
    assert "larger than this system allows" in message, limited.said
    assert "Traceback" not in limited.said, limited.said
    assert run(forks, study).wait().code == 0
    same(study, forks)
    tried(KIND, "a limit on the size of files (ulimit -f)", message)


@pytest.mark.usefixtures("mounts")
def test_a_folder_that_is_read_only(tmp_path):
    study = fresh(tmp_path)
    command = (
        f"mkdir outputs && mount -t tmpfs -o ro tmpfs outputs && {os.sys.executable} -m"
        " analysis.cli run --study study.yml"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    refused = subprocess.run(
        ["unshare", "-rm", "bash", "-c", command],
        cwd=study.parent,
        capture_output=True,
        text=True,
        env=environment,
    )
    assert refused.returncode == 1
    assert refused.stderr.startswith("early-recurrence: ")
    assert "is read-only; name another folder" in refused.stderr
    assert refused.stderr.count("\n") == 1
    tried(KIND, "read-only folder", refused.stderr)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EDQUOT, "your quota"),
        (errno.EACCES, "you may not write there"),
        (errno.EIO, "an error of its own"),
    ],
)
def test_a_write_that_fails_leaves_the_old_file_and_says_why(tmp_path, monkeypatch, number, words):
    path = write_atomically(tmp_path / "results.json", "old")

    def failing(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(StorageError, match=words) as error:
        write_atomically(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
    assert str(path) in str(error.value)
    tried(KIND, f"a write that fails: {os.strerror(number)}", str(error.value))


def test_every_bit_of_a_cache_entry_is_checked_before_it_is_opened(tmp_path, capsys, monkeypatch):
    import analysis.core.cache

    monkeypatch.setattr(analysis.core.cache, "_damaged", [])
    value, room, key = {"score": [0.25, 0.75]}, tmp_path / "fits", "aa" + "0" * 62
    cached(room, key, lambda: value, "cr in final")
    whole = piece(room, key).read_bytes()
    opened = []
    monkeypatch.setattr(analysis.core.cache.pickle, "loads", lambda stored: opened.append(stored))
    flipped = [
        whole[: bit // 8] + bytes([whole[bit // 8] ^ 1 << bit % 8]) + whole[bit // 8 + 1 :]
        for bit in range(8 * len(whole))
    ]
    cut = [whole[:length] for length in range(len(whole))]
    for damaged in flipped + cut:
        piece(room, key).write_bytes(damaged)
        assert cached(room, key, lambda: value, "cr in final") == value
        assert piece(room, key).read_bytes() == whole
    said = capsys.readouterr().err
    assert opened == []
    assert said.count("\n") == 1
    assert "the stored cr in final" in said
    assert "was damaged, and is computed again" in said
    # One that lies under another's key is whole, and another's.
    other = "aa" + "1" * 62
    shutil.copy(piece(room, key), piece(room, other))
    assert cached(room, other, lambda: "its own") == "its own"
    assert opened == []
    tried(KIND, "a cache entry with one bit flipped", said, count=len(flipped))
    tried(KIND, "a cache entry cut off", said, count=len(cut))


def test_damaged_entries_of_a_run_are_said_and_made_again(forks, tmp_path):
    study = finished(forks, tmp_path)
    for number, entry in enumerate(sorted((tmp_path / ".cache").rglob("*.pickle"))):
        content = bytearray(entry.read_bytes())
        content[40 + number % (len(content) - 40)] ^= 0x10
        entry.write_bytes(bytes(content[:-1] if number % 2 else content))
    shutil.rmtree(tmp_path / ".cache" / "outputs")
    again = run(forks, study, "--force").wait()
    assert again.code == 0, again.said
    assert again.message.count("was damaged") == 1, again.said
    same(study, forks)
    tried(KIND, "every cache entry of a study damaged", again.message, count=number + 1)


def test_a_cache_of_somebody_else_is_not_opened(tmp_path, monkeypatch):
    import analysis.core.cache
    import analysis.core.private_files

    key = "bb" + "0" * 62
    cached(tmp_path / "mine" / "fits", key, lambda: 1)
    folder = tmp_path / "mine" / "fits"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert piece(folder, key).stat().st_mode & 0o777 == 0o600
    monkeypatch.setattr(analysis.core.cache.pickle, "loads", lambda _: pytest.fail("unpickled"))
    for mode in (0o777, 0o770, 0o722):
        folder.chmod(mode)
        analysis.core.cache._own.clear()
        with pytest.raises(NotPrivateError, match="can be changed by other users") as others:
            cached(folder, key, lambda: 2)
        tried("Security and privacy", "a cache folder that others can write in", str(others.value))
    folder.chmod(0o700)
    piece(folder, key).chmod(0o666)
    with pytest.raises(NotPrivateError, match="can be changed by other users"):
        cached(folder, key, lambda: 2)
    piece(folder, key).chmod(0o600)
    shutil.move(piece(folder, key), tmp_path / "elsewhere")
    piece(folder, key).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(NotPrivateError, match="is a link"):
        cached(folder, key, lambda: 2)
    monkeypatch.setattr(analysis.core.private_files.os, "getuid", lambda: 4711)
    analysis.core.cache._own.clear()
    with pytest.raises(NotPrivateError, match="belongs to another user") as stranger:
        cached(folder, key, lambda: 2)
    tried("Security and privacy", "a cache folder of another user", str(stranger.value))
    # Readable by others only: taken back.
    monkeypatch.undo()
    folder.chmod(0o755)
    piece(folder, key).unlink()
    analysis.core.cache._own.clear()
    assert cached(folder, key, lambda: 2) == 2
    assert folder.stat().st_mode & 0o777 == 0o700


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


def _killed(number):
    time.sleep(0.2)
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def test_a_worker_that_the_system_kills_is_named_with_its_patient():
    from analysis.core.machine_errors import MemoryFault

    with pytest.raises(MemoryFault) as error:
        in_parallel(
            _killed,
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
    assert in_parallel(_killed, [(1,), (2,)], "radiomics", 2) == [1, 2]
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
