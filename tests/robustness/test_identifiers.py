"""Nothing that names somebody in a DICOM header reaches anything that a study leaves behind: every
file of it is searched."""

import gzip
import re
import shutil
import zipfile
import zlib
from functools import cache

import numpy as np
import pydicom
import pytest

from tests.support.command_line import command
from tests.support.dicom_files import IDENTIFIERS, write_series, write_structures
from tests.support.record import tried
from tests.support.small_cohort import (
    DICOM_PHASES,
    FEW_FEATURES,
    clinical_study,
    phase_values,
    tumour_values,
)

pytestmark = pytest.mark.usefixtures("no_kernels")

GEOMETRY = (1.0, 1.0, 3.0), (0.0, 0.0, 0.0)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Twelve patients' images as DICOM, with names, dates and places in every header, through every
    command that writes."""
    folder = tmp_path_factory.mktemp("identifiers")
    path = clinical_study(
        folder,
        12,
        clinical={"candidates": ["ast"]},
        radiomics=FEW_FEATURES,
        phases=DICOM_PHASES,
        robustness={"instability_resamples": 2, "gallery": 4},
    )
    for number in range(1, 13):
        place, tags = (
            folder / "data" / "images" / f"P{number:02d}",
            {
                "PatientID": f"PLANTEDID{number:02d}",
                "PatientComments": "Planted remark",
                "DeviceSerialNumber": "PLANTED-SN-4",
            },
        )
        paths = write_series(
            place / "arterial",
            np.round(phase_values("arterial", number)).astype(np.int16),
            *GEOMETRY,
            description="Planted protocol",
            **tags,
        )
        write_structures(
            place / "mask.dcm",
            paths[0],
            {"tumour": tumour_values(number).astype(bool)},
            *GEOMETRY,
            **tags,
        )
    return path


def planted(folder):
    """Every text in the headers that tells one object or person from another."""
    found = {value for value in IDENTIFIERS.values() if len(value) > 6} | {
        "Planted",
        "PLANTED",
        "2019-03-02",
        "1963-04-17",
    }
    for path in (each for each in folder.rglob("*") if each.is_file()):
        for element in pydicom.dcmread(path, stop_before_pixels=True).iterall():
            # UIDs that name a kind of object, not this one, begin with the standard's own root.
            if (
                element.VR == "UI"
                and element.value
                and not str(element.value).startswith("1.2.840.10008.")
            ):
                found.add(str(element.value))
    return frozenset(found)


def texts(name, content):
    """(name, bytes) of a file, and of what is compressed in it: gzip, parts of a zip file, streams
    of a PDF, texts of a PNG."""
    yield name, content
    if content[:2] == b"\x1f\x8b":
        yield from texts(f"{name}: unpacked", gzip.decompress(content))
    for start in re.finditer(rb"stream\r?\n", content) if content[:5] == b"%PDF-" else ():
        try:
            yield f"{name}: stream", zlib.decompressobj().decompress(content[start.end() :])
        except zlib.error:
            continue
    if content[:4] == b"\x89PNG":
        for kind in (b"zTXt", b"eXIf"):
            assert kind not in content, f"{name} has texts that this test can't read"


def every_text(folder):
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield from texts(path.relative_to(folder).as_posix(), path.read_bytes())
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as archive:
                    for entry in archive.namelist():
                        yield from texts(f"{path.name}:{entry}", archive.read(entry))


@cache
def searched(words):
    """Each word as bytes, and the pattern of what counts: a number is not its digits within a
    longer one."""
    return [
        (
            word.encode(encoding),
            re.compile(
                rb"(?<!\d)%s(?!\d)" % re.escape(word.encode(encoding))
                if word.isdigit() and encoding == "utf-8"
                else re.escape(word.encode(encoding))
            ),
        )
        for word in words
        for encoding in ("utf-8", "utf-16-le")
    ]


def leaks(words, name, content):
    text = name.encode() + b"\n" + content
    # Whether bytes are there at all is found much faster than where a pattern is.
    return [
        found
        for word, pattern in searched(words)
        if word in text
        for found in pattern.findall(text)
    ]


def test_the_search_finds_what_is_planted(tmp_path):
    words = frozenset({"Planted", "19630417"})
    for name, content in {
        "plain": b"a Planted^Surname",
        "wide": "Planted".encode("utf-16-le"),
        "packed.gz": gzip.compress(b"born 19630417"),
        "page.pdf": b"%PDF-1.7\nstream\n" + zlib.compress(b"(Planted) Tj"),
    }.items():
        (tmp_path / name).write_bytes(content)
    with zipfile.ZipFile(tmp_path / "whole.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("part.xml", "<w>Planted</w>")
    found = {
        name.split(":")[0] for name, content in every_text(tmp_path) if leaks(words, name, content)
    }
    assert found == {path.name for path in tmp_path.iterdir()}
    assert not leaks(words, "numbers", b"0.3196304178")


def test_no_identifier_of_the_images_reaches_an_output(study, capfd, monkeypatch):
    folder = study.parent
    words = planted(folder / "data" / "images")
    assert len(words) > 12 * 6
    monkeypatch.chdir(folder)
    for words_of_command in (
        ("check",),
        ("run",),
        ("status",),
        ("lock",),
        ("bundle",),
        ("render", "--format", "html"),
    ):
        assert command(*words_of_command, "--study", study) == 0, (
            words_of_command,
            capfd.readouterr().err[-2000:],
        )
    said = capfd.readouterr()
    assert not leaks(words, "said", (said.out + said.err).encode())
    # What was read, and only that, is not searched.
    shutil.rmtree(folder / "data" / "images")
    looked = list(every_text(folder))
    assert not {name: found for name, _ in looked if (found := leaks(words, name, b""))}
    # The same content, as a file and in the bundle, is searched once.
    contents = {content: name for name, content in looked}
    assert not {
        name: found for content, name in contents.items() if (found := leaks(words, "", content))
    }
    suffixes = {name.rpartition(".")[2] for name, _ in looked}
    assert {"json", "csv", "png", "svg", "html", "pickle", "zip"} <= suffixes, suffixes
    tried(
        "Security and privacy",
        f"{len(words)} names, dates, places and UIDs planted in the DICOM headers of a cohort,"
        " looked for in every file that check, run, lock, bundle and render leave",
        "none is there",
        count=len(looked),
    )
