"""Faults of the disk and of the cache: full, read-only, damaged, or of somebody else."""

import errno
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from analysis.core.cache import PART, StorageError, cached, piece, write_atomically
from analysis.core.private_files import NotPrivateError
from tests.support.record import tried
from tests.support.undisturbed import KIND, finished, fresh, run, same


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
