"""Files that users write: other encodings, broken YAML, tags that run code."""

import pytest

from analysis.core.yaml_file import read_yaml
from analysis.imaging.convert.rules import load_rules
from analysis.study import StudyError, load_study
from analysis.study.dictionary import DictionaryError, load_dictionary
from tests.support.command_line import command
from tests.support.record import tried

READERS = {
    "study.yml": (load_study, StudyError),
    "dictionary.yml": (load_dictionary, DictionaryError),
    "rules.yml": (load_rules, ValueError),
}


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            "a: 1\ntitle: Müller\n".encode("latin-1"),
            "line 2: the byte 0xfc is not UTF-8; save the file as UTF-8",
        ),
        (b"a: [1, 2\nb: 3\n", "is not valid YAML"),
        (b"a: !!python/name:os.system\n", "holds something that is no plain value"),
        (b"a\x00b", "is not valid YAML"),
    ],
)
def test_what_is_wrong_is_said_with_the_file(tmp_path, name, content, words):
    read, kind = READERS[name]
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(kind) as error:
        read(path)
    assert str(path) in str(error.value)
    assert words in str(error.value)
    tried(
        "Study files",
        f"{name}: {words.partition(';')[0].removeprefix('line 2: ')}",
        str(error.value),
    )


def test_a_byte_order_mark_is_no_fault(tmp_path):
    path = tmp_path / "study.yml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert read_yaml(path, ValueError) == {"a": 1}
    assert read_yaml(path, ValueError, "rt") == {"a": 1}
    path.write_bytes(b"")
    assert read_yaml(path, ValueError) is None


def test_what_is_done_to_one_content_is_not_in_the_next(tmp_path):
    path = tmp_path / "study.yml"
    path.write_text("a: {b: [1]}\n")
    read_yaml(path, ValueError)["a"]["b"].append(2)
    assert read_yaml(path, ValueError) == {"a": {"b": [1]}}


def test_the_command_names_the_file(tmp_path, capsys):
    path = tmp_path / "study.yml"
    path.write_bytes("study: {name: Müller}\n".encode("latin-1"))
    assert command("check", "--study", path) == 2
    said = capsys.readouterr().out
    assert "is not UTF-8" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a:\n  b: *art*\n", r"line 2: it is not valid YAML .*put quotes around text"),
        ("a:\n\tb: 1\n", r"line 2: it is not valid YAML .*indent with spaces, not with a tab"),
        ("a: b: c\n", r"line 1: it is not valid YAML .*put a blank behind the colon"),
    ],
)
def test_what_was_likely_meant_is_said(tmp_path, text, words):
    path = tmp_path / "rules.yml"
    path.write_text(text)
    with pytest.raises(ValueError, match=words):
        read_yaml(path, ValueError)
