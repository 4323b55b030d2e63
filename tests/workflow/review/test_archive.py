"""A stranger's zip: nothing lands outside of its folder, nothing bursts the disk, and a changed
file is found."""

import stat
import zipfile

import pytest

from analysis.workflow.review.archive import (
    ArchiveError,
    check_manifest,
    open_archive,
    write_archive,
)


def _zip(path, entries):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content, mode in entries:
            entry = zipfile.ZipInfo(name)
            entry.external_attr = mode << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return path


@pytest.mark.parametrize(
    ("name", "mode", "message"),
    [
        ("/etc/passwd", 0o644, "outside of the folder"),
        ("../escaped.txt", 0o644, "outside of the folder"),
        ("a/../../escaped.txt", 0o644, "outside of the folder"),
        ("..\\escaped.txt", 0o644, "outside of the folder"),
        ("C:/escaped.txt", 0o644, "outside of the folder"),
        ("new\nline.txt", 0o644, "outside of the folder"),
        ("link", stat.S_IFLNK | 0o777, "a link or a device"),
        ("device", stat.S_IFCHR | 0o666, "a link or a device"),
    ],
)
def test_an_entry_that_would_leave_the_folder_is_refused(tmp_path, name, mode, message):
    inside = tmp_path / "inside"
    inside.mkdir()
    with pytest.raises(ArchiveError, match=message):
        open_archive(
            _zip(tmp_path / "bad.zip", [("good.txt", "x", 0o644), (name, "/etc/passwd", mode)]),
            inside,
        )
    assert list(inside.iterdir()) == []
    assert not (tmp_path / "escaped.txt").exists()


def test_bombs_doubles_and_other_files_are_refused(tmp_path):
    (tmp_path / "inside").mkdir()
    with pytest.raises(ArchiveError, match="times its size"):
        open_archive(
            _zip(tmp_path / "bomb.zip", [("zeros.csv", b"0" * 20_000_000, 0o644)]),
            tmp_path / "inside",
        )
    with pytest.warns(UserWarning, match="Duplicate"):
        double = _zip(tmp_path / "double.zip", [("a.csv", "1", 0o644), ("a.csv", "2", 0o644)])
    with pytest.raises(ArchiveError, match="twice"):
        open_archive(double, tmp_path / "inside")
    # One file on a disk that doesn't tell letters' case.
    with pytest.raises(ArchiveError, match="twice"):
        open_archive(
            _zip(tmp_path / "case.zip", [("a.csv", "1", 0o644), ("A.csv", "2", 0o644)]),
            tmp_path / "inside",
        )
    with pytest.raises(ArchiveError, match="2001 files"):
        open_archive(
            _zip(tmp_path / "many.zip", [(f"{number}.txt", "", 0o644) for number in range(2001)]),
            tmp_path / "inside",
        )
    (tmp_path / "text.zip").write_text("no zip")
    with pytest.raises(ArchiveError, match="no intact zip file"):
        open_archive(tmp_path / "text.zip", tmp_path / "inside")
    assert list((tmp_path / "inside").iterdir()) == []


def test_an_entry_larger_than_it_says_is_refused(tmp_path):
    path = _zip(tmp_path / "lie.zip", [("a.csv", "0123456789" * 400, 0o644)])
    data = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        size = archive.infolist()[0].file_size
    path.write_bytes(data.replace(size.to_bytes(4, "little"), (20).to_bytes(4, "little")))
    (tmp_path / "inside").mkdir()
    with pytest.raises(ArchiveError):
        open_archive(path, tmp_path / "inside")


def test_the_same_content_is_the_same_file_and_every_change_is_found(tmp_path):
    files = {"b.csv": b"1\n", "a/c.csv": b"2\n", "d.csv": b"3\n"}
    first, second = (
        write_archive(tmp_path / f"{number}.zip", dict(order))
        for number, order in enumerate((files.items(), reversed(files.items())))
    )
    assert first.read_bytes() == second.read_bytes()
    names = open_archive(first, tmp_path / "inside")
    assert check_manifest(tmp_path / "inside", names) == []
    (tmp_path / "inside" / "b.csv").write_bytes(b"1.5\n")
    assert check_manifest(
        tmp_path / "inside", [*[name for name in names if name != "d.csv"], "e.csv"]
    ) == [
        "d.csv is listed and not there",
        "e.csv is there and not listed",
        "b.csv was changed: its checksum differs",
    ]
    (tmp_path / "inside" / "manifest.sha256").unlink()
    assert check_manifest(tmp_path / "inside", names) == [
        "manifest.sha256 is missing, so no file can be checked"
    ]
