"""The cache: keys are content, damaged entries are made again, writes are whole or nothing."""

import pytest

from analysis.core.cache import cached, digest, write_atomically


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
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_each_computation_is_one_line_of_the_log_and_planning_computes_nothing(tmp_path):
    from analysis.core.cache import planning, read_timings
    from analysis.core.progress import NotThere, in_parallel

    room = tmp_path / "fits"
    cached(room, "aa1", lambda: 1, "cr in final")
    cached(room, "aa1", lambda: 1, "cr in final")
    assert [(each["room"], each["what"], each["key"]) for each in read_timings(tmp_path)] == [
        ("fits", "cr in final", "aa1")
    ]
    with (tmp_path / "timings.jsonl").open("a") as log:
        log.write('{"room": "fi')  # cut off by a crash
    with planning() as plan, pytest.raises(NotThere, match="2 of 3"):
        in_parallel(
            lambda key: cached(room, key, lambda: pytest.fail("computed"), f"model {key}"),
            [("aa1",), ("bb2",), ("cc3",)],
            "fits",
        )
    assert plan.there == {"fits": 1}
    assert plan.missing == [
        ("fits", "model bb2"),
        ("fits", "model cc3"),
    ]
    assert len(read_timings(tmp_path)) == 1
    assert cached(room, "bb2", lambda: 2) == 2
