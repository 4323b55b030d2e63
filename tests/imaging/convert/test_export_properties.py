"""How an export is laid out on disk changes no volume: names, order, folders, copies, preambles."""

import shutil
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.imaging.convert import ConvertRules, convert
from analysis.imaging.convert.pseudonyms import Keys
from tests.support.dicom_files import without_preamble, write_series
from tests.support.pacs_exports import SHAPE, add_structures
from tests.support.record import tried

KEYS = Keys(b"0" * 32)
RULES = ConvertRules.model_validate(
    {
        "examination": "first",
        "masks": {"mask": "tumour"},
        "phases": {
            "arterial": {"description": "dyn", "volume": 1},
            "portal_venous": {"description": "dyn", "volume": 2},
            "delayed": "late",
        },
    }
)


def _volumes(export: Path, folder: Path) -> dict[str, tuple]:
    """file -> what the manifest says of it that does not name the source's files."""
    done = convert(export, folder, RULES, KEYS, jobs=1)
    columns = [
        "size",
        "spacing_mm",
        "lesions",
        "series",
        "seconds_since_first_phase",
        "days_since_first_phase",
        "source",
        "sha256",
    ]
    assert len(done.problems) == 0
    return {
        row["file"]: tuple(row[column] for column in columns)
        for row in done.manifest.to_dict("records")
    }


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """Two patients: two volumes in one series, a late series, a follow-up, a tumour."""
    folder = tmp_path_factory.mktemp("original")
    random = np.random.default_rng(5)
    for patient in "AB":
        known = {
            "PatientID": patient,
            "frame": f"1.2.{ord(patient)}.1",
            "PatientName": f"Planted^{patient}",
        }
        place = folder / "export" / patient
        for turn in (0, 1):
            stored = random.integers(0, 900, SHAPE).astype(np.uint16)
            images = write_series(
                place / f"v{turn}",
                stored,
                description="dyn",
                series=f"1.2.{ord(patient)}.2",
                AcquisitionTime=f"0816{10 + 20 * turn}",
                **known,
            )
        late = write_series(
            place / "late", stored + 1, description="late", AcquisitionTime="081900", **known
        )
        add_structures(place / "rt.dcm", late[0])
        write_series(
            place / "follow-up",
            stored,
            description="late",
            StudyInstanceUID=f"1.2.{ord(patient)}.9",
            **(known | {"StudyDate": "20210909", "frame": "1.2.5"}),
        )
        assert images
    return folder, _volumes(folder / "export", folder / "study")


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_shuffled_duplicated_split_and_renamed_exports_give_the_same_volumes(original, data):
    folder, expected = original
    files = sorted(path for path in (folder / "export").rglob("*") if path.is_file())
    order = data.draw(st.permutations(range(len(files))), label="names")
    folders = data.draw(
        st.lists(
            st.sampled_from(["", "a", "b/c", "d e/ü"]), min_size=len(files), max_size=len(files)
        ),
        label="folders",
    )
    copied = data.draw(st.sets(st.integers(0, len(files) - 1), max_size=8), label="copied")
    # An implicit data set of a copy is another file with the same content.
    bare = data.draw(st.sets(st.integers(0, len(files) - 1), max_size=8), label="without preamble")
    with tempfile.TemporaryDirectory() as other:
        for number, path in enumerate(files):
            target = Path(other) / "export" / folders[number] / f"{order[number]:03d}"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
            if number in copied:
                copy = Path(other) / "export" / f"copy {order[number]}.dcm"
                shutil.copy(path, copy)
                if number in bare:
                    without_preamble(copy)
        made = _volumes(Path(other) / "export", Path(other) / "study")
    without_source = [
        {file: each[:-2] + each[-1:] for file, each in volumes.items()}
        for volumes in (made, expected)
    ]
    assert without_source[0] == without_source[1]
    tried(
        "layouts of a DICOM export",
        "shuffled, duplicated, split over folders and renamed",
        "the same volumes, masks and times",
    )
