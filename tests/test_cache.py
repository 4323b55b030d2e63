"""The cache: keys are content, damaged entries are made again, writes are whole or nothing."""

import pytest

from analysis.cache import cached, digest, write_atomically


def test_digest_depends_on_content_not_on_path(tmp_path):
    first, second = tmp_path / "a", tmp_path / "b"
    first.write_bytes(b"same")
    second.write_bytes(b"same")
    assert digest(first) == digest(second)
    second.write_bytes(b"other")
    assert digest(first) != digest(second)


def test_parts_do_not_run_into_each_other():
    assert digest(b"ab", b"c") != digest(b"a", b"bc")


def test_value_is_computed_once_and_again_when_the_file_is_damaged(tmp_path):
    calls = []
    def compute():
        calls.append(1)
        return {"value": 3}
    key = digest("key")
    assert cached(tmp_path, key, compute) == cached(tmp_path, key, compute) == {"value": 3}
    assert len(calls) == 1
    (tmp_path / key[:2] / f"{key}.pickle").write_bytes(b"cut off")
    assert cached(tmp_path, key, compute) == {"value": 3}
    assert len(calls) == 2


def test_interrupted_write_leaves_the_old_file(tmp_path):
    path = write_atomically(tmp_path / "file.txt", "old")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(path, "\ud800")
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]
